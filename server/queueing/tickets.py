"""Taking a number, giving it back, going to another service, and coming back with a slip."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound, Refused, StepRefused
from server.offices.models import Office
from server.queueing.calling import forget_press, held_at, leave_counter, may_return, resume
from server.queueing.changing import Changing, changing_ticket
from server.queueing.day import open_day
from server.queueing.models import Ticket
from server.queueing.numbering import next_number
from server.queueing.queue import microseconds
from server.queueing.refusing import refuse_number
from server.queueing.rules import Rules
from server.queueing.services import service_of
from server.queueing.steps import EVENTS, next_status

HOLDER_CANCELS = ("waiting", "parked", "no_show")
"""In these statuses the holder may give the number back; once called, only a clerk may."""


def issue(
    session: Session,
    office_id: int,
    service_code: str,
    *,
    priority: str = "none",
    language: str = "vi",
    dossier_code: str | None = None,
    now: datetime,
    actor: str,
) -> Ticket:
    """Give out the next number of a service.

    Args:
        session: of one ``transaction()``; the number is given back if that fails.
        office_id: whose hall it is.
        service_code: what the citizen chose.
        priority: one of the reasons the office accepts, or ``none``.
        language: of the slip and the phone page; one of the office's.
        dossier_code: of the dossier the visit is about.
        now: this moment.
        actor: who asks, for the journal.

    Raises:
        NotFound: there is no such office or service.
        Invalid: the office knows no such priority or language.
        Refused: no numbers are given out: closed, paused, the day's cap, or no time left today.
    """
    office = open_day(session, office_id, now)
    service = service_of(session, office, service_code)
    rules = Rules.of(office.rules)
    _check(priority, ("none", *rules.priorities), "priority")
    _check(language, office.languages, "language")
    refuse_number(session, office, service, language, now)
    assert office.day is not None  # open_day has set it
    serial, place = next_number(session, office.id, office.day, service.letter, microseconds(now))
    ticket = Ticket(
        token=secrets.token_urlsafe(16),
        ref=secrets.token_urlsafe(9),
        office_id=office.id,
        day=office.day,
        letter=service.letter,
        serial=serial,
        service_id=service.id,
        status="waiting",
        priority=priority,
        language=language,
        dossier_code=dossier_code,
        place=place,
        issued_at=now,
    )
    change = Changing(session, office, now, actor)
    change.create(ticket)
    change.record(EVENTS["issue"], ticket.number, service=service.code)
    return ticket


def cancel(
    session: Session,
    ticket_id: int,
    now: datetime,
    actor: str,
    *,
    by: Literal["holder", "clerk"],
) -> Ticket:
    """Give a number back.

    Raises:
        StepRefused: the status forbids it; the holder may not once the number was called.
    """
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    held = ticket.status in ("called", "serving")
    if by == "holder" and ticket.status not in HOLDER_CANCELS:
        if held:
            raise StepRefused(
                "Your number has been called. Please go to counter %(counter)s.",
                allowed=[],
                counter=held_at(ticket).number,
            )
        raise StepRefused("This number is no longer in use.", allowed=[])
    change.take(ticket, "cancel")
    ticket.closed_reason = by
    ticket.finished_at = now
    if held:
        change.press(held_at(ticket), "cancel", ticket)
    else:
        change.record(EVENTS["cancel"], ticket.number, by=by)
    return ticket


def transfer(
    session: Session, ticket_id: int, service_code: str, now: datetime, actor: str
) -> Ticket:
    """Send the citizen to another service; number and seniority are kept.

    Raises:
        NotFound: the office offers no such service.
        StepRefused: the status forbids it.
        Refused: it is the same service, or one that is paused.
    """
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    service = service_of(session, change.office, service_code)
    next_status(ticket.status, "transfer")  # what the status forbids is said first
    if service.id == ticket.service_id:
        raise Refused("The number is already waiting for this service. Choose another one.")
    if service.paused:
        raise Refused("This service is paused. Nobody can be sent there now.")
    held = ticket.counter if ticket.status in ("called", "serving") else None
    change.take(ticket, "transfer")
    ticket.service = service
    ticket.returned_at = None
    leave_counter(ticket)
    if held is not None:
        change.press(held, "transfer", ticket)
    else:
        change.record(EVENTS["transfer"], ticket.number, service=service.code)
    return ticket


def name_dossier(
    session: Session, ticket_id: int, code: str | None, now: datetime, actor: str
) -> Ticket:
    """Note which dossier a visit is about, or with none that it is about none.

    Possible in every status, so that a clerk may put right what was scanned. The last press of the
    counter can then no longer be taken back.
    """
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    if ticket.dossier_code == code:
        return ticket  # scanned twice: nothing changes, so nothing is written
    change.touch(ticket)
    ticket.dossier_code = code
    if ticket.status in ("called", "serving"):
        forget_press(change, held_at(ticket))
    change.record(EVENTS["name-dossier"], ticket.number)
    return ticket


def check_in(session: Session, office_id: int, token: str, now: datetime, actor: str) -> Ticket:
    """The holder of a slip is back and shows it: a parked or missed number waits again.

    Raises:
        NotFound: no ticket has this token.
        Refused: of another office or an earlier day, too late, or there is nothing to do; says
            what to do instead.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.token == token))
    if ticket is None:
        raise NotFound("This code is not one of our numbers. Please ask the staff.")
    if ticket.office_id != office_id:
        raise Refused(
            "This number belongs to another office: %(office)s.", office=_name(ticket.office)
        )
    _, ticket = changing_ticket(session, ticket.id, now, actor)
    if ticket.status == "waiting":
        raise Refused("You are in the queue. Please wait until your number is called.")
    if ticket.status in ("called", "serving"):
        raise Refused(
            "Your number has been called. Please go to counter %(counter)s.",
            counter=held_at(ticket).number,
        )
    if ticket.status not in ("parked", "no_show"):
        raise Refused("This number is no longer in use. Please take a new number.")
    return resume(session, ticket.id, now, actor)


def can_check_in(ticket: Ticket, office: Office, now: datetime) -> bool:
    """Whether :func:`check_in` at this office would bring the holder back into the queue."""
    if ticket.office_id != office.id or ticket.day != office.day:
        return False
    return ticket.status == "parked" or (
        ticket.status == "no_show" and may_return(Rules.of(office.rules), ticket, now)
    )


def _check(value: str, allowed: tuple[str, ...] | list[str], field: str) -> None:
    if value not in allowed:
        raise Invalid(
            "This office does not offer that choice.",
            errors=[{"field": field, "detail": ", ".join(allowed)}],
        )


def _name(office: Office) -> str:
    return office.names.get("vi", office.slug)
