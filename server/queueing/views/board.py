"""The hall's board: who is called where."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.offices.hours import iso, opening_of
from server.offices.models import Office
from server.queueing.loads import waiting_by_service
from server.queueing.models import CallRecord
from server.queueing.views.parts import (
    State,
    active_services,
    counters,
    held_tickets,
    office_head,
    service_head,
)

SHOWN_CALLS = 12
"""How many tickets the board remembers; the rest of the day is the journal's."""


def board(session: Session, office: Office, now: datetime) -> State:
    """What the display shows and speaks. Carries no personal data."""
    opening = opening_of(office, now)
    waiting = waiting_by_service(session, office)
    return {
        "office": office_head(office),
        "now": iso(now, office),
        "open": opening.open,
        "opens_at": iso(opening.opens_at, office),
        "closes_at": iso(opening.closes_at, office),
        "closed_reason": opening.reason,
        "waiting": sum(waiting.values()),
        "calls": recent_calls(session, office),
        "counters": counters(office, held_tickets(session, office)),
        "services": [
            {
                **service_head(service),
                "letter": service.letter,
                "tint": service.tint,
                "waiting": waiting.get(service.id, 0),
            }
            for service in active_services(office)
        ],
        "ticker": office.words.get("ticker", []),
        "voice": {"languages": ["vi"], "whole_numbers": False} | office.words.get("voice", {}),
    }


def recent_calls(session: Session, office: Office) -> list[State]:
    """The latest call of each ticket, newest first; calls taken back are left out."""
    records = session.scalars(
        select(CallRecord)
        .where(
            CallRecord.office_id == office.id, CallRecord.day == office.day, ~CallRecord.withdrawn
        )
        .order_by(CallRecord.id.desc())
        # A ticket may have been recalled several times; enough rows for SHOWN_CALLS tickets.
        .limit(SHOWN_CALLS * 4)
    )
    latest: dict[int, CallRecord] = {}
    for record in records:
        latest.setdefault(record.ticket_id, record)
    return [
        {
            "id": record.id,
            "number": record.ticket.number,
            "letter": record.ticket.letter,
            "tint": record.ticket.service.tint,
            "counter": record.counter.number,
            "counter_names": record.counter.names,
            "service": service_head(record.ticket.service),
            "repeat": record.repeat,
            "called_at": iso(record.called_at, office),
            "status": record.ticket.status,
        }
        for record in list(latest.values())[:SHOWN_CALLS]
    ]
