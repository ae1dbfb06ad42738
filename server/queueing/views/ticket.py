"""One ticket: for its holder's phone, for programs, and the order of its queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.views import dossiers_of_ticket
from server.offices.hours import iso, opening_of
from server.offices.models import Office, Service
from server.printing.models import PrintJob
from server.queueing.forecasts import forecast
from server.queueing.models import Ticket
from server.queueing.queue import microseconds
from server.queueing.rules import Rules, Waiting
from server.queueing.sequence import calling_order
from server.queueing.tickets import HOLDER_CANCELS
from server.queueing.views.parts import State, office_head, service_head


def ticket_status(session: Session, ticket: Ticket, now: datetime) -> State:
    """What the phone page shows. No token: whoever asks has it, and logs need not."""
    office = ticket.office
    rules = Rules.of(office.rules)
    hours = opening_of(office, now)
    ahead = people_ahead(session, ticket, now)
    wait = None if ahead is None else forecast(session, office, now).wait(ticket.service_id, ahead)
    until = None
    if ticket.status == "no_show" and ticket.no_show_at:
        until = ticket.no_show_at + timedelta(seconds=rules.no_show_return_s)
    return {
        "ref": ticket.ref,
        "number": ticket.number,
        "letter": ticket.letter,
        "tint": ticket.service.tint,
        "office": office_head(office),
        "service": service_head(ticket.service),
        "status": ticket.status,
        "priority": ticket.priority,
        "language": ticket.language,
        "languages": office.languages,
        "issued_at": iso(ticket.issued_at, office),
        "called_at": iso(ticket.called_at, office),
        "calls": ticket.calls,
        "counter": ticket.counter.number if ticket.counter else None,
        "counter_names": ticket.counter.names if ticket.counter else None,
        "ahead": ahead,
        "estimated_wait_seconds": wait.seconds if wait else None,
        "wait_minutes": wait.minutes if wait else None,
        "closed_reason": ticket.closed_reason,
        "can_cancel": ticket.status in HOLDER_CANCELS,
        "return_until": iso(until, office),
        "return_places": rules.no_show_return_places,
        "park_reason": ticket.park_reason,
        "slip": slip_state(session, ticket),
        "dossiers": dossiers_of_ticket(session, ticket.id),
        "open": hours.open,
        "opens_at": iso(hours.opens_at, office),
        "now": iso(now, office),
    }


def api_ticket(
    session: Session, ticket: Ticket, now: datetime, *, link: Callable[[str], str] | None = None
) -> State:
    """The contract's ``ticket``; with ``link`` also what only its issuer and holder may have."""
    office = ticket.office
    ahead = people_ahead(session, ticket, now)
    wait = None if ahead is None else forecast(session, office, now).wait(ticket.service_id, ahead)
    shown: State = {
        "id": ticket.id,
        "number": ticket.number,
        "office": office.slug,
        "service": ticket.service.code,
        "status": ticket.status,
        "priority": ticket.priority,
        "issued_at": iso(ticket.issued_at, office),
        "called_at": iso(ticket.called_at, office),
        "counter": ticket.counter.number if ticket.counter else None,
        "ahead": ahead,
        "estimated_wait_seconds": wait.seconds if wait else None,
        "wait_minutes": wait.minutes if wait else None,
        "dossier_code": ticket.dossier_code,
        "revision": office.revision,
    }
    if link is not None:
        shown |= {"token": ticket.token, "lookup_url": link(f"/t/{ticket.token}")}
    return shown


def holder_ticket(
    session: Session, ticket: Ticket, now: datetime, *, link: Callable[[str], str]
) -> State:
    """The contract's ``ticket`` together with all that the phone page shows."""
    return (
        api_ticket(session, ticket, now, link=link)
        | {"slip": slip_state(session, ticket), "ref": ticket.ref}
        | {"dossiers": dossiers_of_ticket(session, ticket.id)}
        | {"can_cancel": ticket.status in HOLDER_CANCELS}
    )


def queue_order(session: Session, office: Office, service: Service, now: datetime) -> State:
    """The waiting tickets of a service in calling order, by ``ref``: the body of ``queue``.

    ``pace`` lets a phone tell its likely wait from its place: ``first`` seconds until the first in
    line is called and ``each`` for everybody before it; none when there is nothing to go by.
    """
    waiting, refs = _waiting(session, office.day, service.id)
    order = calling_order(Rules.of(office.rules), waiting, service.turn, microseconds(now))
    return {
        "office": office.slug,
        "service": service.code,
        "revision": office.revision,
        "order": [refs[ticket_id] for ticket_id in order],
        "pace": forecast(session, office, now).pace(service.id),
    }


def people_ahead(session: Session, ticket: Ticket, now: datetime) -> int | None:
    """How many of its service are called before this ticket; none unless it waits today."""
    if ticket.status != "waiting" or ticket.day != ticket.office.day:
        return None
    waiting, _ = _waiting(session, ticket.day, ticket.service_id)
    order = calling_order(
        Rules.of(ticket.office.rules), waiting, ticket.service.turn, microseconds(now)
    )
    return order.index(ticket.id)


def slip_state(session: Session, ticket: Ticket) -> State | None:
    """How far the ticket's slip is; none when no printer was there for it."""
    job = session.execute(
        select(PrintJob.ref, PrintJob.state, PrintJob.reasons)
        .where(PrintJob.ticket_id == ticket.id)
        .order_by(PrintJob.id.desc())
        .limit(1)
    ).first()
    return {"ref": job.ref, "state": job.state, "reasons": job.reasons} if job else None


def _waiting(
    session: Session, day: str | None, service_id: int
) -> tuple[list[Waiting], dict[int, str]]:
    """Who waits for a service, as the rules see them, and their ``ref`` by id.

    Columns and not whole tickets: a full hall is read at every tap, and objects cost ten times as
    much.
    """
    rows = session.execute(
        select(Ticket.id, Ticket.ref, Ticket.priority, Ticket.place, Ticket.returned_at).where(
            Ticket.service_id == service_id, Ticket.day == day, Ticket.status == "waiting"
        )
    ).all()
    waiting = [
        Waiting(
            id=row.id,
            service=service_id,
            priority=row.priority != "none",
            place=row.place,
            returned=microseconds(row.returned_at) if row.returned_at else None,
        )
        for row in rows
    ]
    return waiting, {row.id: row.ref for row in rows}
