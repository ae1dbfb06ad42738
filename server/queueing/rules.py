"""Who is next: pure rules over plain values.

Three rules decide, in this order:

1. Who comes back from fixing a form goes first, in the order of coming back.
2. A counter takes its services in its own order (*tiers*). When somebody among them has waited
   longer than ``overdue_after`` all tiers count as one, so that no service starves.
3. Within a tier, priority and ordinary tickets alternate by the office's ratio. Each service keeps
   its place in that cycle (its *turn*): turns below ``priority`` belong to priority tickets, the
   rest of the cycle to seniority.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting ticket, as far as the order is concerned."""

    id: int
    service: int
    priority: bool
    place: int
    """Microseconds since 1970; smaller is more senior."""
    returned: int | None = None
    """When a parked holder came back, microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules an office chose in its hall file."""

    priority: int = 2
    ordinary: int = 1
    strict: bool = False
    """Priority always first (an overdue ordinary ticket then competes by seniority)."""
    overdue_after_s: int = 3600
    no_show_return_s: int = 1800
    no_show_return_places: int = 3
    stop_when_full: bool = True
    show_left_below: int = 20
    idle_seconds: int = 30
    priorities: tuple[str, ...] = (
        "elderly",
        "disability",
        "pregnancy",
        "small_child",
        "merit",
    )

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Rules:
        """Read the ``rules`` of an office (see docs/hall-file.md); what is missing is default."""
        ratio = str(stored.get("priority", "2:1"))
        default = cls()
        if ratio == "none":
            numbers, strict = (0, 1), False
        elif ratio == "strict":
            numbers, strict = (1, 0), True
        else:
            first, _, second = ratio.partition(":")
            numbers, strict = (int(first), int(second)), False
        return cls(
            priority=numbers[0],
            ordinary=numbers[1],
            strict=strict,
            overdue_after_s=round(60 * float(stored.get("overdue_after_minutes", 60))),
            no_show_return_s=round(60 * float(stored.get("no_show_return_minutes", 30))),
            no_show_return_places=int(stored.get("no_show_return_places", 3)),
            stop_when_full=bool(stored.get("stop_when_full", True)),
            show_left_below=int(stored.get("show_left_below", 20)),
            idle_seconds=int(stored.get("idle_seconds", 30)),
            priorities=tuple(stored.get("priorities", default.priorities)),
        )

    @property
    def uses_priority(self) -> bool:
        """Whether priority tickets are treated differently at all."""
        return self.priority > 0


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is next, and the turn of that ticket's service after the call."""

    ticket: int
    service: int
    turn: int


def _by_seniority(ticket: Waiting) -> tuple[int, int]:
    return (ticket.place, ticket.id)


def next_turn(rules: Rules, turn: int, *, priority: bool) -> int:
    """The service's turn after a call of a ``priority`` or an ordinary ticket."""
    if turn < rules.priority:
        return (turn + 1) % (rules.priority + rules.ordinary) if priority else 0
    return (turn + 1) % (rules.priority + rules.ordinary)


def _head(
    rules: Rules, turn: int, first: Waiting | None, ordinary: Waiting | None, now: int
) -> tuple[bool, Waiting] | None:
    """The next of one service and whether it goes before ordinary tickets of other services."""
    if first is None or ordinary is None or not rules.uses_priority:
        options = [ticket for ticket in (first, ordinary) if ticket]
        if not options:
            return None
        head = min(options, key=_by_seniority)
        return (rules.uses_priority and head.priority and turn < rules.priority, head)
    overdue = ordinary.place <= now - rules.overdue_after_s * 1_000_000
    if rules.strict:
        return (False, min(first, ordinary, key=_by_seniority)) if overdue else (True, first)
    return (True, first) if turn < rules.priority else (False, ordinary)


def choose(
    rules: Rules,
    candidates: Iterable[Waiting],
    tiers: Sequence[Sequence[int]],
    turns: Mapping[int, int],
    now: int,
) -> Choice | None:
    """Who a counter calls next, or none.

    Args:
        rules: the office's rules.
        candidates: waiting tickets; at least the most senior of each class and service and the
            earliest returned one (more do no harm).
        tiers: service ids in the counter's order of preference; equals in one inner list.
        turns: place in the priority cycle by service id; missing means 0.
        now: microseconds since 1970.
    """
    served = {service for tier in tiers for service in tier}
    mine = [ticket for ticket in candidates if ticket.service in served]
    back = [ticket for ticket in mine if ticket.returned is not None]
    if back:
        first = min(back, key=lambda ticket: (ticket.returned or 0, ticket.id))
        return Choice(first.id, first.service, turns.get(first.service, 0))
    if any(ticket.place <= now - rules.overdue_after_s * 1_000_000 for ticket in mine):
        tiers = [sorted(served)]
    for tier in tiers:
        heads = []
        for service in tier:
            here = [ticket for ticket in mine if ticket.service == service]
            head = _head(
                rules,
                turns.get(service, 0),
                min((t for t in here if t.priority), key=_by_seniority, default=None),
                min((t for t in here if not t.priority), key=_by_seniority, default=None),
                now,
            )
            if head:
                heads.append(head)
        if heads:
            _, chosen = min(heads, key=lambda head: (not head[0], *_by_seniority(head[1])))
            turn = turns.get(chosen.service, 0)
            return Choice(
                chosen.id, chosen.service, next_turn(rules, turn, priority=chosen.priority)
            )
    return None


def calling_order(rules: Rules, waiting: Iterable[Waiting], turn: int, now: int) -> list[int]:
    """Ticket ids of one service in the order they would be called if nobody else came."""
    tickets = list(waiting)
    back = [ticket for ticket in tickets if ticket.returned is not None]
    rest = [ticket for ticket in tickets if ticket.returned is None]
    order = [t.id for t in sorted(back, key=lambda ticket: (ticket.returned or 0, ticket.id))]
    first = sorted((t for t in rest if t.priority), key=_by_seniority)
    ordinary = sorted((t for t in rest if not t.priority), key=_by_seniority)
    i = j = 0
    while i < len(first) or j < len(ordinary):
        head = _head(
            rules,
            turn,
            first[i] if i < len(first) else None,
            ordinary[j] if j < len(ordinary) else None,
            now,
        )
        assert head is not None  # one of the two is there
        ticket = head[1]
        order.append(ticket.id)
        turn = next_turn(rules, turn, priority=ticket.priority)
        i, j = (i + 1, j) if ticket.priority else (i, j + 1)
    return order


def place_behind(order: Sequence[Waiting], places: int, own: int) -> int:
    """The ``place`` of a ticket that missed its call and comes back.

    It waits behind at most ``places`` tickets of its class, never before its own old place.

    Args:
        order: the waiting tickets of its service and class, most senior first.
        places: how many stay in front of it.
        own: its place until now.
    """
    ahead = order[:places]
    return max([own, *(ticket.place + 1 for ticket in ahead[-1:])])
