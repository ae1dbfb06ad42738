"""One tap: number, slip and journal entry in one transaction, and safe to send again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import NotFound
from server.journal import lock_office
from server.offices.models import Office, Printer
from server.printing.jobs import enqueue
from server.printing.slips import slip_of
from server.queueing import views
from server.queueing.models import Ticket
from server.queueing.remembering import recall_answer, remember
from server.queueing.tickets import issue


@dataclass(frozen=True, slots=True)
class Wish:
    """What the citizen chose."""

    service: str
    priority: str = "none"
    language: str = "vi"
    dossier_code: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """How a request that is sent again is recognised."""

    asker: str
    key: str
    digest: str


def take_number(
    session: Session,
    office: Office,
    wish: Wish,
    *,
    now: datetime,
    actor: str,
    link: Callable[[str], str],
    printer_id: int | None = None,
    retry: Retry | None = None,
    demo: bool = False,
) -> tuple[Ticket, bool]:
    """Issue a ticket with its slip; whether it is the one an earlier try was given.

    Args:
        session: of one ``transaction()``.
        office: whose hall it is.
        wish: what the citizen chose.
        now: this moment.
        actor: who asks, for the journal.
        link: makes the absolute address of a ticket's phone page out of its path.
        printer_id: where the slip comes out; none means the office's first printer.
        retry: how a repeated request is recognised; none means it is not.
        demo: marks the slip.

    Raises:
        Refused, NotFound, Invalid: see :func:`server.queueing.tickets.issue`.
    """
    lock_office(session, office.id)  # so that the same request sent twice at once is in line
    if retry is not None:
        earlier = recall_answer(session, retry.asker, retry.key, retry.digest)
        if earlier is not None:
            return session.get_one(Ticket, earlier.ticket_id), True
    ticket = issue(
        session,
        office.id,
        wish.service,
        priority=wish.priority,
        language=wish.language,
        dossier_code=wish.dossier_code,
        now=now,
        actor=actor,
    )
    printer = _printer(session, office, printer_id)
    if printer is not None:
        ahead = views.people_ahead(session, ticket, now) or 0
        slip = slip_of(
            ticket,
            office,
            ahead=ahead,
            url=link(f"/t/{ticket.token}"),
            now=now,
            printer=printer,
            demo=demo,
        )
        enqueue(session, printer, slip.to_dict(), now, ticket_id=ticket.id)
    if retry is not None:
        remember(session, retry.asker, retry.key, retry.digest, ticket.id, now)
    return ticket, False


def _printer(session: Session, office: Office, printer_id: int | None) -> Printer | None:
    where = Printer.id == printer_id if printer_id else Printer.office_id == office.id
    printer = session.scalars(
        select(Printer).where(where, Printer.active).order_by(Printer.position).limit(1)
    ).first()
    if printer_id and printer is None:
        raise NotFound("The printer of this kiosk is not in use.")
    return printer
