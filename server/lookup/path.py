"""The four dots of a ticket's way: taken, waiting, called, done. Pure rules over plain values."""

from __future__ import annotations

from dataclasses import dataclass

from server.errors import marked

PAST, NOW, COMING, STOPPED = "past", "now", "coming", "stopped"


@dataclass(frozen=True, slots=True)
class Dot:
    """One stage of the way."""

    state: str
    """``past``, ``now``, ``coming``, or ``stopped``: it went no further, or not for now."""
    words: str
    """What it is called, as a message id."""


TAKEN = marked("Taken")
WAITING = marked("Waiting")
CALLED = marked("Your turn")
DONE = marked("Done")

_ENDS = {
    "done": Dot(PAST, DONE),
    "holder": Dot(STOPPED, marked("Given back")),
    "clerk": Dot(STOPPED, marked("Cancelled")),
    "end_of_day": Dot(STOPPED, marked("Day over")),
}

_CALLS = {
    "called": Dot(NOW, CALLED),
    "serving": Dot(NOW, marked("At the counter")),
    "parked": Dot(STOPPED, marked("Set aside")),
    "no_show": Dot(STOPPED, marked("Missed")),
}


def path(status: str, closed_reason: str | None = None, *, called: bool = False) -> list[Dot]:
    """The dots of a ticket.

    Args:
        status: the ticket's.
        closed_reason: why it ended without service: ``holder``, ``clerk`` or ``end_of_day``.
        called: whether it has ever been called.
    """
    taken = Dot(PAST, TAKEN)
    if status == "waiting":
        return [taken, Dot(NOW, WAITING), Dot(COMING, CALLED), Dot(COMING, DONE)]
    waited = Dot(PAST, WAITING)
    if status in _CALLS:
        return [taken, waited, _CALLS[status], Dot(COMING, DONE)]
    end = _ENDS["done"] if status == "done" else _ENDS[closed_reason or "clerk"]
    return [taken, waited, Dot(PAST if called or status == "done" else COMING, CALLED), end]
