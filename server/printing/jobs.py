"""The life of a print job, states after IPP (RFC 8011).

``pending`` → ``processing`` (leased by an agent) → ``printed``, ``failed`` or ``unknown``, or first
``held`` while the printer has the slip and waits for somebody. A job that failed before its first
byte was sent goes back to ``pending`` with a longer pause each time (``leasing``); one that failed
after it is ``unknown``: it may be in somebody's hand, so only a person has it printed again
(``resending``). ``cancelled``: nobody needs it any more.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server import journal
from server.offices.models import Office, Printer
from server.printing.models import PrintJob

OWED = ("pending", "processing", "held")
"""Still to come."""

ENDED = ("printed", "failed", "unknown", "cancelled")

DOUBTFUL = ("failed", "unknown", "held")
"""Somebody should look whether the slip is there."""


def enqueue(
    session: Session,
    printer: Printer,
    slip: dict[str, Any],
    now: datetime,
    *,
    ticket_id: int | None = None,
    reprint_of: int | None = None,
) -> PrintJob:
    """Add a slip to the printer's jobs, in the caller's transaction."""
    job = PrintJob(
        ref=secrets.token_hex(6),
        office_id=printer.office_id,
        printer_id=printer.id,
        ticket_id=ticket_id,
        slip=slip,
        created_at=now,
        due_at=now,
        reprint_of=reprint_of,
    )
    session.add(job)
    session.flush()
    return job


def make_due(session: Session, printer_id: int, now: datetime) -> None:
    """The printer is fine again: what was put off is tried at once."""
    session.execute(
        update(PrintJob)
        .where(PrintJob.printer_id == printer_id, PrintJob.state == "pending")
        .values(due_at=now)
    )


def jobs_waiting(session: Session, printer_id: int) -> int:
    """How many slips the printer still owes."""
    owed = PrintJob.printer_id == printer_id, PrintJob.state.in_(OWED)
    return session.scalar(select(func.count()).select_from(PrintJob).where(*owed)) or 0


def slip_of_ticket(session: Session, ticket_id: int) -> PrintJob | None:
    """The latest print job of a ticket."""
    return session.scalars(
        select(PrintJob)
        .where(PrintJob.ticket_id == ticket_id)
        .order_by(PrintJob.id.desc())
        .limit(1)
    ).first()


def slip_picture(folder: Path, ref: str) -> Path | None:
    """The PNG that a ``virtual:`` printer made of a job, in whatever folder below ``folder``."""
    return next(iter(sorted(folder.glob(f"*/*-{ref}.png"))), None)


def tell(session: Session, office: Office, job: PrintJob, now: datetime, actor: str) -> None:
    """Record a job's new state in the journal, from where screens learn of it.

    The caller holds the office's lock.
    """
    data: dict[str, Any] = {"state": job.state, "reasons": job.reasons}
    if job.ticket_id is not None:
        data["slip_of"] = job.ticket_id
    journal.record(
        session, office, f"slip.{job.state}", subject=job.ref, actor=actor, data=data, at=now
    )
