"""In which order tickets would be called if nobody else came: pure rules over plain values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from server.queueing.rules import Rules, Waiting, by_return, by_seniority, choose


def calling_sequence(
    rules: Rules,
    waiting: Iterable[Waiting],
    tiers: Sequence[Sequence[int]],
    turns: Mapping[int, int],
    now: int,
    limit: int,
) -> list[int]:
    """Ticket ids in the order one counter alone would call them if nobody else came.

    Args:
        rules: the office's rules.
        waiting: everybody who waits for the counter's services.
        tiers: the counter's service ids in order of preference; equals in one inner list.
        turns: place in the priority cycle by service id; missing means 0.
        now: microseconds since 1970.
        limit: how many are wanted at most.
    """
    # Only the head of each class can be next, so each step looks at a few tickets, not at all.
    queues: dict[tuple[int, str], list[Waiting]] = defaultdict(list)
    for ticket in waiting:
        queues[ticket.service, _class(ticket)].append(ticket)
    for (_, kind), queue in queues.items():
        queue.sort(key=by_return if kind == "back" else by_seniority, reverse=True)
    turn = dict(turns)
    order: list[int] = []
    while len(order) < limit:
        heads = {queue[-1].id: queue for queue in queues.values() if queue}
        chosen = choose(rules, [queue[-1] for queue in heads.values()], tiers, turn, now)
        if chosen is None:
            break
        heads[chosen.ticket].pop()
        turn |= chosen.turns
        order.append(chosen.ticket)
    return order


def calling_order(rules: Rules, waiting: Iterable[Waiting], turn: int, now: int) -> list[int]:
    """Ticket ids of one service in the order they would be called if nobody else came."""
    tickets = list(waiting)
    tiers = [sorted({ticket.service for ticket in tickets})]
    return calling_sequence(rules, tickets, tiers, dict.fromkeys(tiers[0], turn), now, len(tickets))


def _class(ticket: Waiting) -> str:
    if ticket.returned is not None:
        return "back"
    return "priority" if ticket.priority else "ordinary"
