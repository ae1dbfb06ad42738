"""How the printers are, as far as anybody has said, and who prints on them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hardware.printers import Condition
from hardware.printers.interface import REASONS
from server import journal
from server.offices.models import Printer
from server.people.models import AccessToken
from server.printing.jobs import make_due

SILENT_S = 25
"""An agent that has said nothing for so many seconds is gone; it speaks every ten."""

NO_AGENT = "agent-silent"
"""The condition of a printer whose agent is gone: nobody knows more."""


def note_condition(session: Session, printer_id: int, condition: Condition, now: datetime) -> None:
    """Record how a printer is; screens are told when that has changed."""
    _note(session, printer_id, condition.word, condition.detail[:200], now)


def has_changed(session: Session, printer_id: int, condition: Condition) -> bool:
    """Whether :func:`note_condition` would record anything new."""
    printer = session.get(Printer, printer_id)
    if printer is None:
        return False
    return (printer.condition, printer.detail) != (condition.word, condition.detail[:200])


def note_silence(session: Session, printer_id: int, now: datetime) -> None:
    """The agent of a printer is gone."""
    _note(session, printer_id, NO_AGENT, "", now)


def hear(
    session: Session,
    token_id: int,
    said: dict[str, str],
    reasons: tuple[str, ...] | None,
    detail: str,
    now: datetime,
) -> None:
    """A device says that it is there; an agent also how its printer is (``reasons``)."""
    token = session.get_one(AccessToken, token_id)
    token.seen_at, token.said = now, said
    if reasons is None or token.printer_id is None or token.scope != "agent":
        return
    known = tuple(reason for reason in REASONS if reason in reasons)
    # What a newer agent complains of is at least a complaint.
    heard = known or (("offline",) if reasons else ())
    condition = Condition(heard, detail[:200])
    if has_changed(session, token.printer_id, condition):
        note_condition(session, token.printer_id, condition, now)


def heard_since(session: Session, printer_id: int, moment: datetime) -> bool:
    """Whether a printer's agent has been heard after ``moment``, or has none any more."""
    agents = select(AccessToken.seen_at).where(*_agent(), AccessToken.printer_id == printer_id)
    seen = session.scalars(agents).all()
    return not seen or any(at is not None and at > moment for at in seen)


def silent_printers(session: Session, now: datetime) -> list[int]:
    """Printers whose agents have fallen silent and that nobody has said so of yet."""
    since = now - timedelta(seconds=SILENT_S)
    agents = select(AccessToken.printer_id).where(*_agent())
    heard = agents.where(or_(AccessToken.seen_at >= since, AccessToken.created_at >= since))
    return list(
        session.scalars(
            select(Printer.id).where(
                Printer.active,
                Printer.condition != NO_AGENT,
                Printer.id.in_(agents),
                Printer.id.not_in(heard),
            )
        )
    )


def own_printers(session: Session) -> list[tuple[int, str]]:
    """Ids and addresses of the printers the server itself prints on: those without an agent."""
    agents = select(AccessToken.printer_id).where(*_agent())
    rows = session.execute(
        select(Printer.id, Printer.uri).where(Printer.active, Printer.id.not_in(agents))
    )
    return [(row.id, row.uri) for row in rows]


def agents_of(session: Session, office_id: int) -> dict[int, AccessToken]:
    """The agents of an office, by the id of the printer each prints on."""
    agents = session.scalars(
        select(AccessToken)
        .join(Printer, Printer.id == AccessToken.printer_id)
        .where(*_agent(), Printer.office_id == office_id)
        .order_by(AccessToken.id)
    )
    return {agent.printer_id: agent for agent in agents if agent.printer_id is not None}


def _agent() -> tuple[ColumnElement[bool], ...]:
    return (
        AccessToken.scope == "agent",
        AccessToken.revoked_at.is_(None),
        AccessToken.printer_id.is_not(None),
    )


def _note(session: Session, printer_id: int, word: str, detail: str, now: datetime) -> None:
    printer = session.get_one(Printer, printer_id)
    office = journal.lock_office(session, printer.office_id)
    session.refresh(printer)
    if (printer.condition, printer.detail) == (word, detail):
        return
    news = printer.condition != word
    printer.condition, printer.detail, printer.condition_at = word, detail, now
    if word in ("ok", "paper-near-end"):
        make_due(session, printer_id, now)
    if news:
        journal.record(
            session,
            office,
            "printer.changed",
            subject=printer.name,
            actor="printing",
            data={"condition": word},
            at=now,
        )
