"""Leases: who prints a job, until when, and what became of it.

Whoever prints is named by a string, ``by``: ``token:17`` for an agent, ``server:…`` for a server
process. A lease has two parts. Before ``begun`` nothing is on paper, and a lease that ends then
comes back. After it a part may be, and a lease that ends without a word leaves the job ``unknown``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from server import journal
from server.errors import NotFound
from server.offices.models import Office, Printer
from server.printing.jobs import ENDED, OWED, tell
from server.printing.models import PrintJob
from server.queueing.models import Ticket

LEASE_S = 90
"""How long an agent has for a slip, in seconds; then the job comes back. Longer than the slowest
printer takes to confirm."""

RETRY_S = (1, 2, 4, 8, 15)
"""Pauses before each retry, in seconds; the last one repeats."""

TOO_OLD_S = 300
"""A slip not printed after this many seconds is of no use: its holder has left the kiosk."""

OVER = ("done", "no_show", "cancelled")
"""A ticket like this needs no slip any more."""


def next_due(session: Session, printer_id: int, now: datetime) -> PrintJob | None:
    """The printer's oldest job that may be printed now; none while another one is.

    Only looks. Whoever goes on to print it says so with :func:`begin`.
    """
    if session.scalar(_busy(printer_id, now).limit(1)) is not None:
        return None
    return session.scalars(
        select(PrintJob)
        .outerjoin(Ticket, Ticket.id == PrintJob.ticket_id)
        .where(
            PrintJob.printer_id == printer_id,
            PrintJob.state.in_(OWED),
            _due(now),
            or_(Ticket.id.is_(None), Ticket.status.not_in(OVER)),
        )
        .order_by(PrintJob.id)
        .limit(1)
    ).first()


def lease(session: Session, printer_id: int, now: datetime, *, by: str) -> PrintJob | None:
    """Lease the printer's next job to ``by``, in ``processing`` but not yet begun.

    A job that ``by`` has leased and not begun is given again: the answer was lost on the way. One
    that it has begun and asks no more about is ``unknown`` from now on.

    Raises:
        NotFound: there is no such printer.
    """
    mine = select(PrintJob).where(
        PrintJob.printer_id == printer_id,
        PrintJob.state.in_(("processing", "held")),
        PrintJob.leased_by == by,
    )
    if any(job.begun_at for job in session.scalars(mine)):
        _lose(session, mine.where(PrintJob.begun_at.is_not(None)), now)
    _lock_printer(session, printer_id)
    again = session.scalars(mine.limit(1)).first()
    if again is not None:
        again.leased_until = now + timedelta(seconds=LEASE_S)
        return again
    job = next_due(session, printer_id, now)
    if job is not None:
        _give(job, by, now)
    return job


def begin(session: Session, job_id: int, attempt: int, now: datetime, *, by: str) -> bool:
    """``by`` prints the job now; false when it may not, because the lease has ended meanwhile.

    The server's own printers take a job in this one step: for a job that is still ``pending``,
    ``attempt`` is the one that begins.
    """
    printer_id = session.scalar(select(PrintJob.printer_id).where(PrintJob.id == job_id))
    if printer_id is None:
        return False
    _lock_printer(session, printer_id)
    job = session.get_one(PrintJob, job_id, populate_existing=True)
    if attempt == job.attempts + 1:
        due = next_due(session, printer_id, now)
        if due is None or due.id != job.id:
            return False
        _give(job, by, now)
    if not _is_theirs(job, by, attempt) or job.state != "processing":
        return False
    job.begun_at = now
    job.leased_until = now + timedelta(seconds=LEASE_S)
    return True


def settle(
    session: Session,
    job_id: int,
    state: str,
    reasons: tuple[str, ...],
    now: datetime,
    *,
    by: str,
    attempt: int,
    actor: str,
) -> PrintJob | None:
    """Record what became of a leased job; ``failed`` (nothing was sent) is tried again.

    Returns nothing when the job is no longer ``by``'s. Saying the same again changes nothing, and
    whoever printed a job may say so also after everybody has taken it for lost.
    """
    office_id = session.scalar(select(PrintJob.office_id).where(PrintJob.id == job_id))
    if office_id is None:
        return None
    office = journal.lock_office(session, office_id)
    job = session.get_one(PrintJob, job_id, populate_existing=True)
    if not _is_theirs(job, by, attempt):
        return None
    if job.state in ENDED and not (job.state == "unknown" and state == "printed"):
        return job
    before = ("pending" if job.state == "processing" else job.state, job.reasons)
    job.reasons = list(reasons)
    job.leased_until = None
    if state == "held":
        job.state = "held"
        job.leased_until = now + timedelta(seconds=LEASE_S)
    elif state == "failed" and _worth_another_try(job, now):
        job.state, job.begun_at = "pending", None
        pause = RETRY_S[min(job.attempts, len(RETRY_S)) - 1]
        job.due_at = now + timedelta(seconds=pause)
    else:
        job.state, job.finished_at = state, now
    if (job.state, job.reasons) != before:
        tell(session, office, job, now, actor)
    return job


def sweep(session: Session, office_id: int, now: datetime) -> None:
    """End what has ended by itself in an office: lost leases, old slips, slips nobody needs."""
    office = journal.lock_office(session, office_id)
    mine = and_(PrintJob.office_id == office_id, PrintJob.state.in_(OWED))
    ending = select(PrintJob.printer_id).where(mine, _ending(now)).distinct()
    for printer_id in session.scalars(ending.order_by(PrintJob.printer_id)).all():
        _lock_printer(session, printer_id)
    session.expire_all()
    _lose(session, select(PrintJob).where(mine, _lost(now), PrintJob.begun_at.is_not(None)), now)
    for job in session.scalars(select(PrintJob).where(mine, _unneeded(now))).all():
        _end(session, office, job, "cancelled", "not-needed", now)
    for job in session.scalars(select(PrintJob).where(mine, _too_old(now))).all():
        _end(session, office, job, "failed", "too-old", now)


def offices_to_sweep(session: Session, now: datetime) -> list[int]:
    """The ids of the offices in which :func:`sweep` would end something."""
    return list(session.scalars(select(PrintJob.office_id).where(_ending(now)).distinct()))


def give_up_all(session: Session, now: datetime, *, besides: str) -> None:
    """No server process is left that could confirm a lease: what they had begun is ``unknown``.

    Only for a process that knows itself to be the only one, the server of a SQLite file at its
    start, whose own leases are called like ``besides``. Agents still print what they have leased.
    """
    _lose(
        session,
        select(PrintJob).where(
            PrintJob.state.in_(("processing", "held")),
            PrintJob.leased_by.startswith("server"),
            PrintJob.leased_by != besides,
        ),
        now,
    )


def _lock_printer(session: Session, printer_id: int) -> None:
    """The printer's row is the lock: one writer a printer, whatever process asks."""
    locked = session.get(
        Printer, printer_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if locked is None:
        raise NotFound("There is no such printer.")


def _give(job: PrintJob, by: str, now: datetime) -> None:
    job.state, job.leased_by, job.begun_at = "processing", by, None
    job.attempts += 1
    job.leased_until = now + timedelta(seconds=LEASE_S)


def _is_theirs(job: PrintJob, by: str, attempt: int) -> bool:
    return job.leased_by == by and job.attempts == attempt and job.state != "pending"


def _worth_another_try(job: PrintJob, now: datetime) -> bool:
    fresh = now - job.created_at < timedelta(seconds=TOO_OLD_S)
    return fresh and "undrawable" not in job.reasons


def _lose(session: Session, which: Select[PrintJob], now: datetime) -> None:
    """Nobody knows how far these came."""
    for job in session.scalars(which).all():
        office = journal.lock_office(session, job.office_id)
        session.refresh(job)
        if job.state in ("processing", "held"):
            _end(session, office, job, "unknown", "lost", now)


def _end(
    session: Session, office: Office, job: PrintJob, state: str, reason: str, now: datetime
) -> None:
    job.state, job.finished_at, job.leased_until = state, now, None
    job.reasons = [*(known for known in job.reasons if known != reason), reason]
    tell(session, office, job, now, "clock")


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody prints it, or somebody leased it and let the lease end before beginning."""
    return or_(PrintJob.state == "pending", and_(_lost(now), PrintJob.begun_at.is_(None)))


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(_free(now), ~_too_old(now), PrintJob.due_at <= now)


def _busy(printer_id: int, now: datetime) -> Select[int]:
    return select(PrintJob.id).where(
        PrintJob.printer_id == printer_id,
        PrintJob.state.in_(("processing", "held")),
        ~_free(now),
    )


def _ending(now: datetime) -> ColumnElement[bool]:
    lost = and_(_lost(now), PrintJob.begun_at.is_not(None))
    # The states first: they are few rows of many, and what the index knows.
    return and_(PrintJob.state.in_(OWED), or_(lost, _too_old(now), _unneeded(now)))


def _lost(now: datetime) -> ColumnElement[bool]:
    return and_(
        PrintJob.state.in_(("processing", "held")),
        or_(
            PrintJob.leased_until < now,
            # A lease that ends later than any can was given before the clock was set back.
            PrintJob.leased_until > now + timedelta(seconds=LEASE_S),
        ),
    )


def _too_old(now: datetime) -> ColumnElement[bool]:
    return and_(_free(now), PrintJob.created_at < now - timedelta(seconds=TOO_OLD_S))


def _unneeded(now: datetime) -> ColumnElement[bool]:
    over = select(Ticket.id).where(Ticket.id == PrintJob.ticket_id, Ticket.status.in_(OVER))
    return and_(_free(now), over.exists())
