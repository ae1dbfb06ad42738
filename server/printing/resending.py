"""What a person does about a slip: have it printed again, say that it is there, call it off."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hardware.slips import sample_slip
from server import journal
from server.errors import NotFound, Refused
from server.offices.models import Office, Printer
from server.printing.jobs import OWED, enqueue, tell
from server.printing.models import PrintJob


def reprint(session: Session, job_id: int, now: datetime, actor: str) -> PrintJob:
    """Print a slip once more, marked as such; the new job.

    Raises:
        NotFound: there is no such job.
        Refused: it is still to come, so that there would be two.
    """
    office, job = _locked(session, job_id)
    if job.state in OWED or _comes_again(session, job):
        raise Refused("This slip is still to come out of the printer.")
    if not job.printer.active:
        raise Refused("This printer is not in use any more.")
    slip = job.slip | {"reprint": True}
    again = enqueue(session, job.printer, slip, now, ticket_id=job.ticket_id, reprint_of=job.id)
    tell(session, office, again, now, actor)
    return again


def confirm(session: Session, job_id: int, now: datetime, actor: str) -> PrintJob:
    """Somebody has the slip in hand, whatever the printer said.

    Raises:
        NotFound: there is no such job.
        Refused: it has not been printed, as far as anybody can know.
    """
    office, job = _locked(session, job_id)
    if job.state == "printed":
        return job
    if job.state not in ("unknown", "held"):
        raise Refused("This slip has not been printed.")
    _end(session, office, job, "printed", now, actor)
    return job


def cancel(session: Session, job_id: int, now: datetime, actor: str) -> PrintJob:
    """Nobody needs this slip.

    Raises:
        NotFound: there is no such job.
        Refused: it is being printed.
    """
    office, job = _locked(session, job_id)
    if job.state == "processing":
        raise Refused("This slip is being printed.")
    if job.state not in ("printed", "cancelled"):
        _end(session, office, job, "cancelled", now, actor)
    return job


def print_test(session: Session, printer_id: int, url: str, now: datetime, actor: str) -> PrintJob:
    """A test slip on a printer of the hall; ``url`` is what its QR code holds.

    Raises:
        NotFound: there is no such printer in use.
    """
    printer = session.get(Printer, printer_id)
    if printer is None or not printer.active:
        raise NotFound("There is no such printer.")
    office = journal.lock_office(session, printer.office_id)
    local = now.astimezone(ZoneInfo(office.timezone))
    slip = sample_slip(url, printed_at=f"{local:%H:%M · %d/%m/%Y}", paper_mm=printer.paper_mm)
    job = enqueue(session, printer, slip.to_dict(), now)
    tell(session, office, job, now, actor)
    return job


def _comes_again(session: Session, job: PrintJob) -> bool:
    """Whether somebody has had it printed again already, and that is not out yet."""
    again = select(PrintJob.id).where(PrintJob.reprint_of == job.id, PrintJob.state.in_(OWED))
    return session.scalar(again.limit(1)) is not None


def _locked(session: Session, job_id: int) -> tuple[Office, PrintJob]:
    known = session.get(PrintJob, job_id)
    if known is None:
        raise NotFound("There is no such print job.")
    office = journal.lock_office(session, known.office_id)
    session.get(Printer, known.printer_id, with_for_update={"key_share": True})
    return office, session.get_one(PrintJob, job_id, populate_existing=True)


def _end(
    session: Session, office: Office, job: PrintJob, state: str, now: datetime, actor: str
) -> None:
    job.state, job.leased_until = state, None
    job.finished_at = job.finished_at or now
    tell(session, office, job, now, actor)
