"""Corrections: new steps that take the place of wrong ones. Nothing is ever deleted or rewritten.

A correction has two times: when the thing happened, and when the correction was written down. A
report of a past period counts what happened by then, as it is known today; asked what was known on
an earlier day, it leaves later corrections out (``known`` of the settlement).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.dossiers.interlinked import MOMENTS, keep_shares, mark, reckon_shares, written
from server.dossiers.models import DossierStep
from server.dossiers.recording import Recording, recording
from server.dossiers.steps import Standing, standing_of, take
from server.errors import Invalid, NotFound, Refused


def correct_time(
    session: Session,
    dossier_id: int,
    step_id: int,
    at: datetime,
    reason: str,
    now: datetime,
    actor: str,
) -> DossierStep:
    """Say that a step happened at another time than was recorded.

    Steps after it are reckoned anew where they depend on it (a due date moved by a pause).

    Raises:
        NotFound: no such dossier, or no such step in force in it.
        Invalid: no reason; or the time is not between the steps before and after, or to come.
    """
    work, place = _begin(session, dossier_id, step_id, reason, now, actor)
    when = work.local(at)
    earliest = work.steps[place - 1].at if place else None
    following = [*work.steps[place + 1 :]]
    latest = min([work.now, *(step.at for step in following[:1])])
    if when > latest or (earliest is not None and when < earliest):
        raise Invalid(
            "The time must lie between the steps before and after it, and not in the future.",
            errors=[{"field": "at", "detail": f"{earliest or ''} … {latest}"}],
        )
    return _rewrite(work, place, when, reason)


def take_back(
    session: Session, dossier_id: int, step_id: int, reason: str, now: datetime, actor: str
) -> DossierStep:
    """Say that a step never happened.

    Raises:
        NotFound: no such dossier, or no such step in force in it.
        Invalid: no reason.
        Refused: it is the first step, without which there is no dossier.
        StepRefused: a later step is not possible without it.
    """
    work, place = _begin(session, dossier_id, step_id, reason, now, actor)
    if not any(step.kind != "void" for step in work.steps[:place]):
        raise Refused("The first step of a dossier cannot be taken back.")
    return _rewrite(work, place, None, reason)


def _begin(
    session: Session, dossier_id: int, step_id: int, reason: str, now: datetime, actor: str
) -> tuple[Recording, int]:
    if not reason.strip():
        raise Invalid("A correction needs a reason.")
    work = recording(session, dossier_id, now, actor)
    for place, step in enumerate(work.steps):
        if step.id == step_id and step.kind != "void":
            return work, place
    raise NotFound("There is no such step in force in this dossier.")


def _rewrite(work: Recording, place: int, at: datetime | None, reason: str) -> DossierStep:
    """Put a row in place of the wrong step, and of each later one that comes out otherwise."""
    wrong = work.steps[place]
    before = standing_of(work.taken(work.steps[:place]))
    _set_part(work, wrong, at)
    first = before if at is None else _again(work, before, wrong, at)
    later: list[tuple[DossierStep, Standing]] = []
    standing = first
    for step in work.steps[place + 1 :]:
        if step.kind != "void":
            standing = _again(work, standing, step, work.local(step.at))
            later.append((step, standing))
    work.keep(standing)
    ends = reckon_shares(work, standing.pauses, done=True)
    keep_shares(work, ends)
    # The ends of all shares stand in this row; the later rows that it moves say nothing of them.
    shares = written(ends) if ends else {}
    if at is None:
        correction = work.append(
            "void",
            work.local(wrong.at),
            wrong.seq,
            first,
            note=reason,
            corrects_id=wrong.id,
            data={"was": wrong.kind} | shares,
        )
    else:
        correction = _copy(work, wrong, at, first, reason, shares)
    for step, after in later:
        if _differs(step, after):
            _copy(work, step, work.local(step.at), after, reason, {})
    work.journal("correct", correction, corrects=wrong.id, was=wrong.kind)
    return correction


def _again(work: Recording, standing: Standing, step: DossierStep, at: datetime) -> Standing:
    promised = work.local(step.promised_at) if step.promised_at else None
    return take(standing, step.kind, at, work.due, promised=promised)


def _differs(step: DossierStep, standing: Standing) -> bool:
    days = [
        moment.date().isoformat() if moment else None
        for moment in (standing.received_at, standing.paused_at, standing.resolved_at)
    ]
    return (step.status, step.due_at, step.promised_at, step.received_on) != (
        standing.status,
        standing.due_at,
        standing.promised_at,
        days[0],
    ) or [step.paused_on, step.resolved_on] != days[1:]


def _copy(
    work: Recording,
    step: DossierStep,
    at: datetime,
    standing: Standing,
    reason: str,
    shares: dict[str, Any],
) -> DossierStep:
    data = {name: value for name, value in step.data.items() if name != "shares"} | shares
    return work.append(
        step.kind,
        at,
        step.seq,
        standing,
        note=reason,
        corrects_id=step.id,
        agency_id=step.agency_id,
        data=data,
    )


def _set_part(work: Recording, step: DossierStep, at: datetime | None) -> None:
    """What an agency's part remembers follows its steps."""
    if step.kind in MOMENTS:
        part = next(part for part in work.dossier.parts if part.id == step.data["part"])
        mark(work, part, step.kind, at)
