"""The life of an accepted dossier: every step by somebody, with its time and note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.dossiers.calendar import Calendar
from server.dossiers.interlinked import keep_shares, reckon_shares, written
from server.dossiers.models import Applicant, DossierStep
from server.dossiers.recording import recording
from server.dossiers.steps import Standing, ended_pauses
from server.errors import Invalid, Refused

PLAIN = ("accept", "supplement", "ask-payment", "pay", "process", "continue", "finish", "withdraw")
"""Steps that need nothing but a note."""

GOES_ON = frozenset({"supplement", "pay", "continue"})
"""After these the clock goes on: the due dates, the dossier's and its agencies', have moved."""


def take_step(
    session: Session, dossier_id: int, step: str, now: datetime, actor: str, *, note: str = ""
) -> DossierStep:
    """Take one of the :data:`PLAIN` steps.

    ``accept`` begins the time of a registered dossier; ``supplement``, ``pay`` and ``continue``
    let the clock go on, and the due date moves by the pause; ``finish`` says that the result is
    ready, which is what a dossier is judged by.

    Raises:
        NotFound: there is no such dossier.
        StepRefused: its status forbids the step.
        Refused: agencies still have it (``finish``).
    """
    assert step in PLAIN
    work = recording(session, dossier_id, now, actor)
    if step == "finish" and any(part.done_at is None for part in work.dossier.parts):
        raise Refused("An agency has not finished its part of this dossier.")
    if step not in GOES_ON or not work.dossier.parts:
        return work.take(step, note=note)
    ends = reckon_shares(work, ended_pauses(work.standing, work.moment))
    taken = work.take(step, note=note, data=written(ends))
    keep_shares(work, ends)
    return taken


def ask_for_papers(
    session: Session,
    dossier_id: int,
    missing: Sequence[str],
    now: datetime,
    actor: str,
    *,
    note: str = "",
) -> DossierStep:
    """Ask the citizen for papers (form 02); the clock stands still until they come.

    Raises:
        NotFound: there is no such dossier.
        StepRefused: its status forbids it.
        Invalid: nothing is missing.
    """
    if not missing:
        raise Invalid("Say what is missing.")
    work = recording(session, dossier_id, now, actor)
    return work.take("ask-supplement", note=note, data={"missing": list(missing)})


def give_reason(
    session: Session,
    dossier_id: int,
    step: str,
    reason: str,
    now: datetime,
    actor: str,
    *,
    note: str = "",
) -> DossierStep:
    """Refuse a registered dossier (form 03), or stop working on one (form 05 of 2025).

    Raises:
        NotFound: there is no such dossier.
        StepRefused: its status forbids it.
        Invalid: no reason is given.
    """
    assert step in ("refuse", "stop")
    if not reason.strip():
        raise Invalid("A refusal needs a reason.")
    work = recording(session, dossier_id, now, actor)
    return work.take(step, note=note, data={"reason": reason.strip()})


def apologise(
    session: Session,
    dossier_id: int,
    promised: date,
    reason: str,
    now: datetime,
    actor: str,
    *,
    note: str = "",
) -> DossierStep:
    """Say sorry and name a new date (form 04). The due date, and the judgement by it, stay.

    Raises:
        NotFound: there is no such dossier.
        StepRefused: its status forbids it.
        Invalid: no reason, or the date is past, a day off, or not after the one told before.
    """
    if not reason.strip():
        raise Invalid("An apology needs a reason.")
    work = recording(session, dossier_id, now, actor)
    before = work.standing
    calendar = work.calendar(before.received_at or work.now)
    moment, was = promise(before, promised, work.now.date(), calendar)
    data: dict[str, Any] = {"reason": reason.strip(), "was": was.isoformat()}
    return work.take("apologise", note=note, promised=moment, data=data)


def promise(
    before: Standing, promised: date, today: date, calendar: Calendar
) -> tuple[datetime, datetime]:
    """The moment that an apology of today promises, and the one it was before.

    Raises:
        Refused: there is no due date.
        Invalid: the date is past, a day off, or not after the one told before.
    """
    was = before.promised_at
    if was is None:
        raise Refused("This dossier has no due date that could be missed.")
    if promised < today or promised <= was.date():
        raise Invalid(
            "The new date must be after the one told before, and not in the past.",
            errors=[{"field": "promised_on", "detail": f"after {was.date()}"}],
        )
    if not calendar.is_working(promised):
        raise Invalid(
            "The new date is a day off.",
            errors=[{"field": "promised_on", "detail": "a working day"}],
        )
    return datetime.combine(promised, was.timetz()), was


def give_back(
    session: Session,
    dossier_id: int,
    now: datetime,
    actor: str,
    *,
    collector: str | None = None,
    identity_number: str = "",
    note: str = "",
) -> DossierStep:
    """Give the result to the citizen, or to whoever collects it.

    Args:
        session: of one ``transaction()``.
        dossier_id: whose result it is.
        now: this moment.
        actor: who gives it.
        collector: the name of whoever collects it; none: the applicant.
        identity_number: of the collector's card.
        note: anything else.

    Raises:
        NotFound: there is no such dossier.
        StepRefused: the result is not ready, or was given back already.
    """
    work = recording(session, dossier_id, now, actor)
    who = "applicant" if collector is None else "other"
    step = work.take("return", note=note, data={"collected_by": who})
    if collector is not None:
        session.add(
            Applicant(
                dossier_id=dossier_id,
                role="collector",
                name=collector,
                identity_number=identity_number,
            )
        )
        session.flush()
    return step


def add_note(
    session: Session, dossier_id: int, note: str, now: datetime, actor: str
) -> DossierStep:
    """Write something down that changes nothing else.

    Raises:
        NotFound: there is no such dossier.
        Invalid: the note is empty.
    """
    if not note.strip():
        raise Invalid("The note is empty.")
    work = recording(session, dossier_id, now, actor)
    return work.take("note", note=note)
