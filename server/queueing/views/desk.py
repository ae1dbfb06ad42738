"""The clerk's desk: who is in front, who waits, what can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from server.offices.hours import iso
from server.offices.models import Counter, Office
from server.people.models import Person
from server.printing.views import doubtful_slips, printer_states
from server.queueing.calling import UNDO_S
from server.queueing.loads import waiting_by_service
from server.queueing.models import Press, Ticket
from server.queueing.queue import as_waiting, microseconds
from server.queueing.rules import Rules
from server.queueing.sequence import calling_sequence
from server.queueing.steps import allowed
from server.queueing.views.parts import (
    State,
    active_services,
    counters,
    held_tickets,
    office_head,
    printer_condition,
    served_codes,
    service_head,
)

SHOWN_WAITING = 100
SHOWN_TODAY = 20


def desk(session: Session, office: Office, counter: Counter, now: datetime) -> State:
    """Everything the counter screen shows. No names, no tokens: numbers only."""
    held = held_tickets(session, office)
    waiting = waiting_by_service(session, office)
    mine = set(served_codes(counter))
    services = active_services(office)
    own = [service for service in services if service.code in mine]
    since = now - timedelta(seconds=Rules.of(office.rules).no_show_return_s)
    current = held.get(counter.id)
    return {
        "office": office_head(office),
        "now": iso(now, office),
        "counter": _counter(session, office, counter),
        "current": _ticket(current, office) if current else None,
        "queue": [_ticket(ticket, office) for ticket in _queue(session, office, counter, now)],
        "waiting": sum(waiting.get(service.id, 0) for service in own),
        "others": [
            {"service": service.code, "waiting": waiting.get(service.id, 0)}
            for service in services
            if service.code not in mine
        ],
        "parked": _tickets(session, office, Ticket.status == "parked", order=Ticket.parked_at),
        "missed": _tickets(
            session,
            office,
            (Ticket.status == "no_show") & (Ticket.no_show_at >= since),
            order=Ticket.no_show_at,
        ),
        "services": [
            {
                **service_head(service),
                "letter": service.letter,
                "tint": service.tint,
                "waiting": waiting.get(service.id, 0),
                "paused": service.paused,
                "mine": service.code in mine,
            }
            for service in services
        ],
        "counters": counters(office, held),
        "today": _today(session, office, counter),
        "undo": _undo(session, office, counter, now),
        "printer": printer_condition(office),
        "printers": printer_states(office),
        "slips": doubtful_slips(session, office, now),
        "parks": office.words.get("parks", []),
    }


def _counter(session: Session, office: Office, counter: Counter) -> State:
    clerk = session.get(Person, counter.clerk_id) if counter.clerk_id else None
    return {
        "id": counter.id,
        "number": counter.number,
        "names": counter.names,
        "status": counter.status,
        "since": iso(counter.status_since, office),
        "pause_reason": counter.pause_reason,
        "clerk": {"name": clerk.name, "display_name": clerk.display_name} if clerk else None,
        "services": served_codes(counter),
    }


def _ticket(ticket: Ticket, office: Office) -> State:
    return {
        "id": ticket.id,
        "number": ticket.number,
        "letter": ticket.letter,
        "tint": ticket.service.tint,
        "service": ticket.service.code,
        "status": ticket.status,
        "priority": ticket.priority,
        "language": ticket.language,
        "issued_at": iso(ticket.issued_at, office),
        "called_at": iso(ticket.called_at, office),
        "serving_at": iso(ticket.serving_at, office),
        "finished_at": iso(ticket.finished_at, office),
        "returned": ticket.returned_at is not None,
        "parked_at": iso(ticket.parked_at, office),
        "park_reason": ticket.park_reason,
        "no_show_at": iso(ticket.no_show_at, office),
        "calls": ticket.calls,
        "dossier_code": ticket.dossier_code,
        "limit_minutes": ticket.service.limit_minutes,
        "allowed": allowed(ticket.status),
    }


def _queue(session: Session, office: Office, counter: Counter, now: datetime) -> list[Ticket]:
    """Who waits for this counter, in the order it would call them if nobody else did."""
    services = {service.code: service for service in active_services(office)}
    tiers = [[services[code].id for code in tier if code in services] for tier in counter.services]
    rows: dict[int, Ticket] = {}
    for service_id in {service_id for tier in tiers for service_id in tier}:
        waiting = session.scalars(
            select(Ticket)
            .where(
                Ticket.service_id == service_id,
                Ticket.day == office.day,
                Ticket.status == "waiting",
            )
            .order_by(Ticket.place, Ticket.id)
            .limit(SHOWN_WAITING)
        )
        rows |= {ticket.id: ticket for ticket in waiting}
    order = calling_sequence(
        Rules.of(office.rules),
        [as_waiting(ticket) for ticket in rows.values()],
        tiers,
        {service.id: service.turn for service in services.values()},
        microseconds(now),
        SHOWN_WAITING,
    )
    return [rows[ticket_id] for ticket_id in order]


def _tickets(
    session: Session, office: Office, where: ColumnElement[bool], *, order: Any
) -> list[State]:
    rows = session.scalars(
        select(Ticket)
        .where(Ticket.office_id == office.id, Ticket.day == office.day, where)
        .order_by(order, Ticket.id)
        .limit(SHOWN_WAITING)
    )
    return [_ticket(ticket, office) for ticket in rows]


def _today(session: Session, office: Office, counter: Counter) -> State:
    here = (
        Ticket.office_id == office.id,
        Ticket.day == office.day,
        Ticket.counter_id == counter.id,
    )
    served, mean = session.execute(
        select(func.count(), func.avg(Ticket.service_seconds)).where(*here, Ticket.status == "done")
    ).one()
    missed = session.scalar(select(func.count()).where(*here, Ticket.status == "no_show"))
    last = session.scalars(
        select(Ticket)
        .where(*here, Ticket.status.in_(("done", "no_show")))
        .order_by(Ticket.called_at.desc(), Ticket.id.desc())
        .limit(SHOWN_TODAY)
    )
    return {
        "served": served,
        "no_show": missed or 0,
        "mean_service_seconds": round(mean) if mean is not None else None,
        "tickets": [_ticket(ticket, office) for ticket in last],
    }


def _undo(session: Session, office: Office, counter: Counter, now: datetime) -> State | None:
    press = session.get(Press, counter.id)
    if press is None:
        return None
    until = press.at + timedelta(seconds=UNDO_S)
    if until <= now:
        return None
    return {"step": press.step, "number": press.number, "until": iso(until, office)}
