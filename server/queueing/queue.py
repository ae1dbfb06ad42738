"""Reading the waiting tickets out of the database as the pure rules want them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.offices.models import Office
from server.queueing.models import Ticket
from server.queueing.rules import Waiting


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, the unit of ``Ticket.place``."""
    return round(moment.timestamp() * 1_000_000)


def as_waiting(ticket: Ticket) -> Waiting:
    """The ticket as the rules see it."""
    return Waiting(
        id=ticket.id,
        service=ticket.service_id,
        priority=ticket.priority != "none",
        place=ticket.place,
        returned=microseconds(ticket.returned_at) if ticket.returned_at else None,
    )


def heads(session: Session, office: Office, service_ids: Iterable[int]) -> list[Waiting]:
    """The most senior of each class of each service, and the earliest returned one.

    One indexed look-up each, so that calling does not grow slower with the queue.
    """
    found: list[Waiting] = []
    for service_id in service_ids:
        waiting = (
            Ticket.service_id == service_id,
            Ticket.day == office.day,
            Ticket.status == "waiting",
        )
        back = _first(session, *waiting, Ticket.returned_at.is_not(None), by_return=True)
        if back:
            found.append(back)
            continue
        for of_class in (Ticket.priority != "none", Ticket.priority == "none"):
            head = _first(session, *waiting, of_class)
            if head:
                found.append(head)
    return found


def front_of_class(session: Session, ticket: Ticket, places: int) -> list[Waiting]:
    """Who waits in the service and class of ``ticket``, itself left out: the first ``places``."""
    ordinary = ticket.priority == "none"
    rows = session.scalars(
        select(Ticket)
        .where(
            Ticket.service_id == ticket.service_id,
            Ticket.day == ticket.day,
            Ticket.status == "waiting",
            Ticket.id != ticket.id,
            Ticket.returned_at.is_(None),
            Ticket.priority == "none" if ordinary else Ticket.priority != "none",
        )
        .order_by(Ticket.place, Ticket.id)
        .limit(places)
    )
    return [as_waiting(row) for row in rows]


def _first(
    session: Session, *where: ColumnElement[bool], by_return: bool = False
) -> Waiting | None:
    order = (Ticket.returned_at, Ticket.id) if by_return else (Ticket.place, Ticket.id)
    ticket = session.scalars(select(Ticket).where(*where).order_by(*order).limit(1)).first()
    return as_waiting(ticket) if ticket else None
