"""Pieces that several screens show alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.offices.models import Counter, Names, Office, Service
from server.printing.views import printer_states
from server.queueing.models import Ticket

State = dict[str, Any]


def office_head(office: Office) -> State:
    """Who this hall is: its names, colour and languages."""
    return {
        "slug": office.slug,
        "name": office.names.get("vi", office.slug),
        "names": office.names,
        "organisation": office.organisation,
        "brand": office.brand,
        "languages": office.languages,
        "timezone": office.timezone,
    }


def ticket_head(ticket: Ticket) -> State:
    """A ticket as any screen in the hall may show it: nothing that gives it away."""
    return {
        "number": ticket.number,
        "letter": ticket.letter,
        "tint": ticket.service.tint,
        "status": ticket.status,
    }


def service_head(service: Service) -> State:
    """A service's code and names."""
    return {"code": service.code, "names": service.names}


def active_services(office: Office) -> list[Service]:
    """The services this office offers, in its order."""
    return [service for service in office.services if service.active]


def active_counters(office: Office) -> list[Counter]:
    """The counters this office uses, in its order."""
    return [counter for counter in office.counters if counter.active]


def served_codes(counter: Counter) -> list[str]:
    """The codes a counter serves, most preferred first."""
    return [code for tier in counter.services for code in tier]


def held_tickets(session: Session, office: Office) -> dict[int, Ticket]:
    """Whom each counter has called or serves, by counter id."""
    held = session.scalars(
        select(Ticket)
        .where(
            Ticket.office_id == office.id,
            Ticket.day == office.day,
            Ticket.status.in_(("called", "serving")),
        )
        .order_by(Ticket.called_at)
    )
    return {ticket.counter_id: ticket for ticket in held if ticket.counter_id is not None}


def counters(office: Office, held: dict[int, Ticket]) -> list[State]:
    """Every counter with what it does now."""
    return [
        {
            "id": counter.id,
            "number": counter.number,
            "names": counter.names,
            "status": counter.status,
            "services": served_codes(counter),
            "ticket": ticket_head(held[counter.id]) if counter.id in held else None,
        }
        for counter in active_counters(office)
    ]


def printer_condition(office: Office) -> State | None:
    """What is known of the slip printer, for screens and staff; none when there is none."""
    return next(iter(printer_states(office)), None)


def pause_words(service: Service) -> Names | None:
    """Why a service is paused, in the words its office gave."""
    return service.pause_reason if service.paused else None
