"""Who is next: pure rules over plain values.

Three rules decide, in this order:

1. Who comes back from fixing a form goes first, in the order of coming back.
2. A counter takes its services in its own order (*tiers*). When somebody among them has waited
   longer than ``overdue_after`` all tiers count as one, so that no service starves.
3. Within a tier, priority calls and calls by seniority alternate by the office's ratio. Each
   service keeps its place in that cycle (its *turn*): at turns below ``priority`` priority tickets
   go first, at the others the most senior ticket. A call is a turn of every service of the tier for
   which somebody waits, and a seniority turn that is due is due for the whole tier. So the ratio
   also holds at a counter with many services, and no service loses its turn to another.

What follows from it: a priority ticket is never called later than it would be without priority;
and while ``n`` more senior ones wait for the same counters, an ordinary ticket is called after at
most ``(n + 1) * (priority + 1)`` of their calls.
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
    elderly_age: int = 60
    """Completed years from which a citizen card offers priority."""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Rules:
        """Read the ``rules`` of an office (see docs/hall-file.md); what is missing is default."""
        ratio = str(stored.get("priority", "2:1"))
        default = cls()
        first, _, second = {"none": "0:1", "strict": "1:0"}.get(ratio, ratio).partition(":")
        numbers = int(first), int(second)
        return cls(
            priority=numbers[0],
            ordinary=numbers[1],
            strict=numbers[0] > 0 and numbers[1] == 0,
            overdue_after_s=round(60 * float(stored.get("overdue_after_minutes", 60))),
            no_show_return_s=round(60 * float(stored.get("no_show_return_minutes", 30))),
            no_show_return_places=int(stored.get("no_show_return_places", 3)),
            stop_when_full=bool(stored.get("stop_when_full", True)),
            show_left_below=int(stored.get("show_left_below", 20)),
            idle_seconds=int(stored.get("idle_seconds", 30)),
            priorities=tuple(stored.get("priorities", default.priorities)),
            elderly_age=int(stored.get("elderly_age", default.elderly_age)),
        )

    @property
    def uses_priority(self) -> bool:
        """Whether priority tickets are treated differently at all."""
        return self.priority > 0

    def priority_by_age(self, age: int) -> bool:
        """Whether somebody of this age, in completed years, is offered priority for it."""
        return self.uses_priority and "elderly" in self.priorities and age >= self.elderly_age


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is next, and the turns that are different after the call, by service id."""

    ticket: int
    service: int
    turns: Mapping[int, int]


@dataclass(slots=True)
class _Line:
    """The most senior of each class that wait for one service."""

    turn: int
    priority: Waiting | None = None
    ordinary: Waiting | None = None

    def add(self, ticket: Waiting) -> None:
        mine = self.priority if ticket.priority else self.ordinary
        if mine is None or by_seniority(ticket) < by_seniority(mine):
            if ticket.priority:
                self.priority = ticket
            else:
                self.ordinary = ticket


def by_seniority(ticket: Waiting) -> tuple[int, int]:
    """Sort key: who came first."""
    return (ticket.place, ticket.id)


def by_return(ticket: Waiting) -> tuple[int, int]:
    """Sort key: who came back first."""
    return (ticket.returned or 0, ticket.id)


def _overdue(rules: Rules, ticket: Waiting, now: int) -> bool:
    return ticket.place <= now - rules.overdue_after_s * 1_000_000


def _pick(rules: Rules, lines: Mapping[int, _Line], now: int) -> Choice | None:
    """Who is next among the lines of one tier, by service id."""
    heads = [ticket for line in lines.values() for ticket in (line.priority, line.ordinary)]
    waiting = [ticket for ticket in heads if ticket is not None]
    if not waiting:
        return None
    first = [ticket for ticket in waiting if ticket.priority]
    by_age = not first or any(
        line.turn >= rules.priority for line in lines.values() if line.priority or line.ordinary
    )
    if rules.strict and any(not t.priority and _overdue(rules, t, now) for t in waiting):
        by_age = True
    chosen = min(waiting if by_age else first, key=by_seniority)
    turns: dict[int, int] = {}
    for service, line in lines.items():
        if line.priority or line.ordinary:  # else nobody waited and it was not its turn
            turn = (line.turn + 1) % (rules.priority + rules.ordinary)
            if by_age and line.turn < rules.priority:
                turn = 0
            if turn != line.turn:
                turns[service] = turn
    return Choice(chosen.id, chosen.service, turns)


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
        first = min(back, key=by_return)
        return Choice(first.id, first.service, {})
    lines = {service: _Line(turns.get(service, 0)) for service in served}
    for ticket in mine:
        lines[ticket.service].add(ticket)
    if any(_overdue(rules, ticket, now) for ticket in mine):
        tiers = [sorted(served)]
    for tier in tiers:
        choice = _pick(rules, {service: lines[service] for service in tier}, now)
        if choice is not None:
            return choice
    return None


def place_behind(front: Sequence[Waiting], own: int) -> int:
    """The ``place`` of a ticket that missed its call and comes back.

    It waits behind those in ``front``, never before its own old place.

    Args:
        front: the most senior of its service and class, as many as it is put behind.
        own: its place until now.
    """
    return max([own, *(ticket.place + 1 for ticket in front[-1:])])
