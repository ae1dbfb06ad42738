"""From a scanned text to what the screen may do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hardware.scanner import (
    CardScan,
    CitizenCard,
    DossierScan,
    Scan,
    TicketScan,
    UnknownScan,
    normal_code,
    read_scan,
)
from server.offices.models import Office, Service
from server.queueing import views
from server.queueing.models import Ticket
from server.queueing.rules import Rules
from server.queueing.steps import allowed
from server.queueing.tickets import can_check_in

Meaning = dict[str, Any]
UNKNOWN: Meaning = {"kind": "unknown"}


def meaning_of(
    session: Session,
    office: Office,
    text: str,
    by_place: str,
    now: datetime,
    *,
    may_read_cards: bool,
) -> Meaning:
    """What was scanned at ``office``, as the answer for its kiosk or counter.

    Args:
        session: for looking only.
        office: where it was scanned.
        text: what a field would hold after the scanner typed into it.
        by_place: the same by the places of the keys on a US keyboard, for the times an input
            method or another layout has changed the letters; may be empty.
        now: this moment.
        may_read_cards: whether the asker may know what a citizen card says.
    """
    for scan in dict.fromkeys(read_scan(typed) for typed in (text, by_place)):
        found = _meaning(session, office, scan, now, may_read_cards=may_read_cards)
        if found is not UNKNOWN:
            return found
    return UNKNOWN


def dossier_code_of(text: str) -> str:
    """A dossier's code in its usual form; what is of no known form is kept as it was written."""
    return normal_code(text) or text.strip()


def _meaning(
    session: Session, office: Office, scan: Scan, now: datetime, *, may_read_cards: bool
) -> Meaning:
    match scan:
        case TicketScan():
            ticket = _ticket(session, office, scan)
            return UNKNOWN if ticket is None else _of_ticket(session, ticket, office, now)
        case DossierScan():
            return _of_dossier(session, office, scan)
        case CardScan():
            return _of_card(office, scan.card, now, may_read_cards=may_read_cards)
        case UnknownScan():
            return UNKNOWN


def _ticket(session: Session, office: Office, scan: TicketScan) -> Ticket | None:
    """The ticket with this token; or the only one of today whose token may have become it."""
    if scan.whole:
        found = session.scalar(select(Ticket).where(Ticket.token == scan.token))
        if found is not None:
            return found
    tokens = session.scalars(
        select(Ticket.token).where(Ticket.office_id == office.id, Ticket.day == office.day)
    )
    fitting = [token for token in tokens if scan.fits(token)]
    if len(fitting) != 1:
        return None
    return session.scalar(select(Ticket).where(Ticket.token == fitting[0]))


def _of_ticket(session: Session, ticket: Ticket, office: Office, now: datetime) -> Meaning:
    status = views.ticket_status(session, ticket, now)
    shown = (
        "number letter tint service status counter counter_names ahead wait_minutes "
        "estimated_wait_seconds priority language park_reason"
    ).split()
    today = ticket.day == ticket.office.day
    return {
        "kind": "ticket",
        "id": ticket.id,
        "token": ticket.token,
        **{name: status[name] for name in shown},
        "office": {"slug": ticket.office.slug, "names": ticket.office.names},
        "here": ticket.office_id == office.id,
        "today": today,
        "can_check_in": can_check_in(ticket, office, now),
        "allowed": allowed(ticket.status) if today else [],
        "dossier_code": ticket.dossier_code,
    }


def _of_dossier(session: Session, office: Office, scan: DossierScan) -> Meaning:
    service = session.scalar(
        select(Service.code)
        .where(Service.office_id == office.id, Service.kind == "results", Service.active)
        .order_by(Service.position)
        .limit(1)
    )
    return {"kind": "dossier", "code": scan.code, "service": service}


def _of_card(office: Office, card: CitizenCard, now: datetime, *, may_read_cards: bool) -> Meaning:
    today = now.astimezone(ZoneInfo(office.timezone)).date()
    rules = Rules.of(office.rules)
    meaning: Meaning = {"kind": "card", "age_priority": rules.priority_by_age(card.age_on(today))}
    if may_read_cards:
        meaning["fields"] = {
            "number": card.number,
            "old_number": card.old_number,
            "name": card.name,
            "born": card.born.isoformat(),
            "sex": card.sex,
            "address": card.address,
            "issued": card.issued.isoformat() if card.issued else None,
        }
    return meaning
