"""Opening, pausing and closing counters. Each is one journal entry; a second press changes nothing.

A counter that is paused or closed is opened by calling as well: see ``calling.call_next``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Refused
from server.offices.models import Counter
from server.queueing.calling import forget_press
from server.queueing.changing import Changing, changing_counter
from server.queueing.models import Ticket
from server.queueing.steps import EVENTS


def open_counter(
    session: Session, counter_id: int, now: datetime, actor: str, *, clerk_id: int | None = None
) -> Counter:
    """Open a counter; the clerk who opens it works there from now on, and nowhere else.

    The counter the clerk leaves closes, unless somebody still stands there: an open counter without
    a clerk would promise citizens a shorter wait than they get.

    Raises:
        NotFound: there is no such counter.
    """
    change, counter = changing_counter(session, counter_id, now, actor)
    if counter.status == "open" and clerk_id in (None, counter.clerk_id):
        return counter
    if clerk_id is not None:
        elsewhere = select(Counter).where(
            Counter.office_id == change.office.id, Counter.clerk_id == clerk_id
        )
        for other in session.scalars(elsewhere).all():
            other.clerk_id = None
            if other.id != counter.id and _holds(change, other) is None:
                forget_press(change, other)
                _switch(change, other, "closed", "close-counter", None)
        counter.clerk_id = clerk_id
    return _switch(change, counter, "open", "open-counter", None)


def pause(
    session: Session, counter_id: int, now: datetime, actor: str, *, reason: str | None = None
) -> Counter:
    """A short absence. Whom the counter holds stays there and can be finished.

    Raises:
        NotFound: there is no such counter.
    """
    change, counter = changing_counter(session, counter_id, now, actor)
    if (counter.status, counter.pause_reason) == ("paused", reason):
        return counter
    return _switch(change, counter, "paused", "pause-counter", reason)


def close(session: Session, counter_id: int, now: datetime, actor: str) -> Counter:
    """Nobody works here any more today.

    Closing never ends somebody's service on the quiet: whoever is still there was perhaps not
    served, or is on the way.

    Raises:
        NotFound: there is no such counter.
        Refused: it still holds somebody.
    """
    change, counter = changing_counter(session, counter_id, now, actor)
    if counter.status == "closed" and counter.clerk_id is None:
        return counter
    held = _holds(change, counter)
    if held is not None:
        raise Refused(
            "Number %(number)s is still at this counter. Finish it or mark it as not there first.",
            number=held.number,
        )
    counter.clerk_id = None
    forget_press(change, counter)
    return _switch(change, counter, "closed", "close-counter", None)


def _holds(change: Changing, counter: Counter) -> Ticket | None:
    """Who is at the counter, or on the way to it."""
    return change.session.scalars(
        select(Ticket)
        .where(
            Ticket.office_id == change.office.id,
            Ticket.day == change.office.day,
            Ticket.status.in_(("called", "serving")),
            Ticket.counter_id == counter.id,
        )
        .limit(1)
    ).first()


def _switch(
    change: Changing, counter: Counter, status: str, step: str, reason: str | None
) -> Counter:
    if counter.status != status:
        counter.status_since = change.now
    counter.status, counter.pause_reason = status, reason
    data = {"reason": reason} if reason else {}
    change.record(EVENTS[step], counter.number, **data)
    return counter
