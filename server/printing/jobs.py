"""The life of a print job, states after IPP (RFC 8011).

``pending`` → ``processing`` (leased by a worker) → ``printed``, ``failed`` or ``unknown``. A job
that failed before its first byte was sent goes back to ``pending`` with a longer pause each time;
one that failed after it is ``unknown``: it may be in somebody's hand, so only a person reprints it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from server import journal
from server.errors import NotFound
from server.offices.models import Office, Printer
from server.printing.models import PrintJob

LEASE_S = 90
"""How long a worker has for a slip, in seconds; then the job comes back. Longer than the slowest
printer takes to confirm, so that no slip is printed while another worker still has it."""

RETRY_S = (1, 2, 4, 8, 15)
"""Pauses before each retry, in seconds; the last one repeats."""

TOO_OLD_S = 300
"""A slip not printed after this many seconds is of no use: its holder has left the kiosk."""

ENDED = ("printed", "failed", "unknown", "cancelled")


def enqueue(
    session: Session,
    printer: Printer,
    slip: dict[str, Any],
    now: datetime,
    *,
    ticket_id: int | None = None,
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
    )
    session.add(job)
    session.flush()
    return job


def lease(session: Session, printer_id: int, now: datetime) -> PrintJob | None:
    """The printer's oldest job that is due, now in ``processing``; none while another is printed.

    Raises:
        NotFound: there is no such printer.
    """
    office_id = session.scalar(select(Printer.office_id).where(Printer.id == printer_id))
    if office_id is None:
        raise NotFound("There is no such printer.")
    old = _too_old(printer_id, now)
    if session.scalars(select(PrintJob.id).where(old).limit(1)).first() is not None:
        journal.lock_office(session, office_id)  # office before printer, as everywhere
    # The printer's row is the lock: one writer a printer, whatever process asks.
    printer = session.get(
        Printer, printer_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if printer is None:
        raise NotFound("There is no such printer.")
    _give_up_old(session, printer_id, now)
    _take_back_lost(session, printer_id, now)
    busy = session.scalar(
        select(PrintJob.id).where(PrintJob.printer_id == printer_id, PrintJob.state == "processing")
    )
    if busy is not None:
        return None
    job = session.scalars(
        select(PrintJob)
        .where(
            PrintJob.printer_id == printer_id,
            PrintJob.state == "pending",
            PrintJob.due_at <= now,
        )
        .order_by(PrintJob.id)
        .limit(1)
    ).first()
    if job is not None:
        job.state = "processing"
        job.attempts += 1
        job.leased_until = now + timedelta(seconds=LEASE_S)
    return job


def settle(
    session: Session,
    job_id: int,
    state: str,
    reasons: tuple[str, ...],
    now: datetime,
    *,
    actor: str,
    attempt: int | None = None,
) -> PrintJob:
    """Record what became of a leased job; ``failed`` (nothing was sent) is tried again.

    ``attempt`` is the job's ``attempts`` when it was leased: a worker whose lease has ended
    meanwhile no longer speaks for the job.

    Raises:
        NotFound: there is no such job.
    """
    office_id = session.scalar(select(PrintJob.office_id).where(PrintJob.id == job_id))
    if office_id is None:
        raise NotFound("There is no such print job.")
    office = journal.lock_office(session, office_id)
    job = session.get_one(PrintJob, job_id, populate_existing=True)
    if job.state in ENDED or (attempt is not None and attempt != job.attempts):
        return job
    told = (job.state, job.reasons)
    job.reasons = list(reasons)
    job.leased_until = None
    if state == "failed" and (now - job.created_at).total_seconds() < TOO_OLD_S:
        job.state = "pending"
        pause = RETRY_S[min(job.attempts, len(RETRY_S)) - 1]
        job.due_at = now + timedelta(seconds=pause)
    else:
        job.state = state
        job.finished_at = now
    before = ("pending" if told[0] == "processing" else told[0], told[1])
    if (job.state, job.reasons) != before:
        _tell(session, office, job, now, actor)
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
    return len(
        session.scalars(
            select(PrintJob.id).where(
                PrintJob.printer_id == printer_id, PrintJob.state.in_(("pending", "processing"))
            )
        ).all()
    )


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


def _too_old(printer_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(
        PrintJob.printer_id == printer_id,
        PrintJob.state == "pending",
        PrintJob.created_at < now - timedelta(seconds=TOO_OLD_S),
    )


def _give_up_old(session: Session, printer_id: int, now: datetime) -> None:
    for job in session.scalars(select(PrintJob).where(_too_old(printer_id, now))).all():
        office = journal.lock_office(session, job.office_id)
        job.state, job.finished_at = "failed", now
        job.reasons = [*job.reasons, "too-old"]
        _tell(session, office, job, now, "clock")


def take_back_all(session: Session) -> None:
    """No worker is left that could confirm a lease: all of them are lost.

    Only for a process that knows itself to be the only one: the server of a SQLite file at its
    start. Otherwise its printers would stand still until the leases of before a crash are over.
    """
    _take_back(session, PrintJob.state == "processing")


def _take_back_lost(session: Session, printer_id: int, now: datetime) -> None:
    _take_back(
        session,
        (PrintJob.printer_id == printer_id)
        & (PrintJob.state == "processing")
        # A lease that ends later than any lease can was given before the clock was set back.
        & (
            (PrintJob.leased_until < now)
            | (PrintJob.leased_until > now + timedelta(seconds=LEASE_S))
        ),
    )


def _take_back(session: Session, which: ColumnElement[bool]) -> None:
    """Leases nobody confirmed: the worker died, and nobody knows how far it came."""
    for job in session.scalars(select(PrintJob).where(which)).all():
        job.state, job.leased_until = "pending", None
        # Marked on the paper, so that two slips of one number are told apart.
        job.slip = job.slip | {"reprint": True}


def _tell(session: Session, office: Office, job: PrintJob, now: datetime, actor: str) -> None:
    data: dict[str, Any] = {"state": job.state, "reasons": job.reasons}
    if job.ticket_id is not None:
        data["slip_of"] = job.ticket_id
    journal.record(
        session, office, f"slip.{job.state}", subject=job.ref, actor=actor, data=data, at=now
    )
