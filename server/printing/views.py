"""Printers, devices and slips as plain data, for the screens of those who look after them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from server.offices.hours import iso
from server.offices.models import Office, Printer
from server.people.access import DEVICES
from server.people.models import AccessToken
from server.printing.conditions import SILENT_S, agents_of
from server.printing.jobs import DOUBTFUL, ENDED, OWED
from server.printing.models import PrintJob
from server.queueing.models import Ticket

State = dict[str, Any]

SCREEN_SILENT_S = 90
"""A kiosk or a board that has said nothing for so many seconds is gone; it speaks every thirty."""

DOUBT_S = 30 * 60
"""How long a slip that may be missing is shown: its holder has been called, or has asked."""

SHOWN = 20


def job_state(job: PrintJob) -> State:
    """A print job as the API answers it."""
    return {
        "id": job.id,
        "ref": job.ref,
        "state": job.state,
        "reasons": job.reasons,
        "reprint_of": job.reprint_of,
    }


def printer_states(office: Office) -> list[State]:
    """The printers of a hall that are in use: how they are, for screens and staff."""
    return [_printer(printer) for printer in office.printers if printer.active]


def doubtful_slips(session: Session, office: Office, now: datetime) -> list[State]:
    """Slips that may be missing and that nobody has done anything about, newest first.

    ``{id, number, dossier, state, reasons, printer, at}``; ``number`` is a ticket's, ``dossier``
    the code of what a form is about; both are none for a test slip.
    """
    again = aliased(PrintJob)
    rows = session.execute(
        select(PrintJob, Ticket)
        .outerjoin(Ticket, Ticket.id == PrintJob.ticket_id)
        .where(
            PrintJob.office_id == office.id,
            PrintJob.state.in_(DOUBTFUL),
            PrintJob.created_at >= now - timedelta(seconds=DOUBT_S),
            ~select(again.id).where(again.reprint_of == PrintJob.id).exists(),
        )
        .order_by(PrintJob.id.desc())
        .limit(SHOWN)
    ).all()
    return [_slip(job, ticket, office) for job, ticket in rows]


def devices(session: Session, office: Office, now: datetime) -> State:
    """Everything that stands in a hall: ``{office, now, printers, devices, slips, latest}``."""
    agents = agents_of(session, office.id)
    owed = _owed(session, office)
    printers = [printer for printer in office.printers if printer.active]
    tokens = session.scalars(
        select(AccessToken)
        .where(
            AccessToken.office_id == office.id,
            AccessToken.scope.in_(DEVICES),
            AccessToken.revoked_at.is_(None),
        )
        .order_by(AccessToken.scope, AccessToken.name, AccessToken.id)
    ).all()
    return {
        "office": {"slug": office.slug, "names": office.names, "timezone": office.timezone},
        "now": iso(now, office),
        "printers": [
            _printer(printer)
            | {
                "id": printer.id,
                "uri": printer.uri,
                "paper_mm": printer.paper_mm,
                "detail": printer.detail,
                "condition_at": iso(printer.condition_at, office),
                "agent": _device(agents[printer.id], office, now) if printer.id in agents else None,
                "jobs_waiting": owed.get(printer.id, 0),
            }
            for printer in printers
        ],
        "devices": [_device(token, office, now) for token in tokens],
        "slips": doubtful_slips(session, office, now),
        "latest": _latest(session, office, now),
    }


def _printer(printer: Printer) -> State:
    paper = {"paper-out": "out", "paper-near-end": "low"}.get(printer.condition, "ok")
    reasons = [] if printer.condition in ("ok", "unknown") else [printer.condition]
    return {
        "name": printer.name,
        "condition": printer.condition,
        "paper": paper,
        "reasons": reasons,
    }


def _device(token: AccessToken, office: Office, now: datetime) -> State:
    silent_s = SILENT_S if token.scope == "agent" else SCREEN_SILENT_S
    alive = token.seen_at is not None and now - token.seen_at < timedelta(seconds=silent_s)
    return {
        "id": token.id,
        "name": token.name,
        "kind": token.scope,
        "alive": alive,
        "seen_at": iso(token.seen_at, office),
        "said": token.said,
        "printer": token.printer.name if token.printer else None,
    }


def _slip(job: PrintJob, ticket: Ticket | None, office: Office) -> State:
    return {
        "id": job.id,
        "number": ticket.number if ticket else None,
        "dossier": job.slip.get("code"),
        "state": job.state,
        "reasons": job.reasons,
        "printer": job.printer.name,
        "reprint": job.reprint_of is not None,
        "at": iso(job.created_at, office),
    }


def _latest(session: Session, office: Office, now: datetime) -> list[State]:
    rows = session.execute(
        select(PrintJob, Ticket)
        .outerjoin(Ticket, Ticket.id == PrintJob.ticket_id)
        .where(
            PrintJob.office_id == office.id,
            # All the states, so that the index finds the day's among the years'.
            PrintJob.state.in_((*OWED, *ENDED)),
            PrintJob.created_at >= now - timedelta(days=1),
        )
        .order_by(PrintJob.id.desc())
        .limit(SHOWN)
    ).all()
    return [_slip(job, ticket, office) for job, ticket in rows]


def _owed(session: Session, office: Office) -> dict[int, int]:
    rows = session.execute(
        select(PrintJob.printer_id, func.count())
        .where(PrintJob.office_id == office.id, PrintJob.state.in_(OWED))
        .group_by(PrintJob.printer_id)
    )
    return {printer_id: count for printer_id, count in rows}  # noqa: C416
