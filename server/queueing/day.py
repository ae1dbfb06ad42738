"""The business day: who still waits when it ends is closed as such, and numbers begin at 1.

Counters that were left open are closed, and what was paused "for now" is no longer paused.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server import journal
from server.journal import lock_office
from server.offices.hours import business_day
from server.offices.models import Counter, Office, Service
from server.queueing.history import changes, snapshot
from server.queueing.models import Press, Ticket
from server.queueing.steps import EVENTS

OPEN_STATUSES = ("waiting", "called", "serving", "parked")


def open_day(session: Session, office_id: int, now: datetime) -> Office:
    """Lock the office and make sure its open day is today's; every command begins with this.

    The day never goes back: when somebody sets the clock back over midnight, the numbers of the
    later day go on.
    """
    office = lock_office(session, office_id)
    today = business_day(now, office.timezone).isoformat()
    if office.day is None:
        office.day = today
    elif today > office.day:
        _close(session, office, today, now)
    return office


def _close(session: Session, office: Office, today: str, now: datetime) -> None:
    tickets = session.scalars(
        select(Ticket).where(Ticket.office_id == office.id, Ticket.status.in_(OPEN_STATUSES))
    ).all()
    changed = []
    for ticket in tickets:
        before = snapshot(ticket)
        if ticket.status in ("called", "serving"):
            ticket.status = "done"  # the clerk forgot to press; how long it took is not known
        else:
            ticket.status = "cancelled"
            ticket.closed_reason = "end_of_day"
        ticket.finished_at = now
        changed.append(changes(before, snapshot(ticket)))
    for service in session.scalars(select(Service).where(Service.office_id == office.id)):
        service.turn = 0
        service.paused, service.pause_reason = False, None
    for counter in session.scalars(select(Counter).where(Counter.office_id == office.id)):
        if counter.status != "closed":
            counter.status, counter.status_since = "closed", now
        counter.pause_reason = counter.clerk_id = None
    here = select(Counter.id).where(Counter.office_id == office.id).scalar_subquery()
    session.execute(delete(Press).where(Press.counter_id.in_(here)))
    ended, office.day = office.day, today
    journal.record(
        session,
        office,
        EVENTS["close-day"],
        subject=ended or "",
        actor="clock",
        data={"tickets": changed, "opened": today},
        at=now,
    )


def offices_behind(session: Session, now: datetime) -> list[int]:
    """Ids of the offices whose open day is over, for the clock of the server."""
    rows = session.execute(
        select(Office.id, Office.timezone, Office.day).where(Office.day.is_not(None))
    )
    return [
        office_id
        for office_id, timezone, day in rows
        if day and business_day(now, timezone).isoformat() > day
    ]
