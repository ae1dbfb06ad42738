"""How each dossier stood at the end of a day, out of the recorded steps and nothing else.

A step keeps the dates that hold after it, so the last step in force by that day says all. What
later steps or corrections made of it is not looked at, unless a correction says that something had
happened by that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, FromClause, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.dossiers.models import DossierStep
from server.offices.models import Office


def states(
    offices: Iterable[int], end: date, *, begin: date | None = None, known: datetime | None = None
) -> FromClause:
    """A table with one row for each dossier accepted by ``end``: how it stood when that day ended.

    Args:
        offices: ids of the offices meant.
        end: the last day that counts.
        begin: only dossiers accepted on this day or later.
        known: only what had been written down by this moment; without it, all that is known now.

    Returns:
        Columns ``dossier_id``, ``office_id``, ``received_on``, ``due_on``, ``paused_on``,
        ``resolved_on``, as ISO dates.
    """
    step, correction = aliased(DossierStep), aliased(DossierStep)
    corrected = select(correction.id).where(correction.corrects_id == step.id)
    conditions: list[ColumnElement[bool]] = [
        step.office_id.in_(list(offices)),
        step.kind != "void",
        step.on_day <= end.isoformat(),
        # Nothing is before the empty text; what was never accepted has no date at all.
        step.received_on >= (begin.isoformat() if begin else ""),
    ]
    if known is not None:
        corrected = corrected.where(correction.recorded_at <= known)
        conditions.append(step.recorded_at <= known)
    latest = func.row_number().over(partition_by=step.dossier_id, order_by=step.seq.desc())
    ranked = (
        select(
            step.dossier_id,
            step.office_id,
            step.received_on,
            step.due_on,
            step.paused_on,
            step.resolved_on,
            latest.label("latest"),
        )
        .where(*conditions, ~corrected.exists())
        .subquery()
    )
    return select(ranked).where(ranked.c.latest == 1).subquery("state")


def past_due(state: FromClause, end: date) -> ColumnElement[bool]:
    """Whether a dossier was resolved late or is past due; see :mod:`server.dossiers.judging`."""
    return func.coalesce(state.c.resolved_on, state.c.paused_on, end.isoformat()) > state.c.due_on


def not_late(state: FromClause, end: date) -> ColumnElement[bool]:
    """The opposite, also where no due date is set."""
    return or_(state.c.due_on.is_(None), ~past_due(state, end))


def below(session: Session, office: Office) -> dict[int, list[Office]]:
    """The offices below one, by the id of the office directly above, in the order of slugs."""
    children: dict[int, list[Office]] = {}
    for one in session.scalars(select(Office).order_by(Office.slug)):
        if one.parent_id is not None:
            children.setdefault(one.parent_id, []).append(one)
    found: dict[int, list[Office]] = {}
    todo = [office.id]
    while todo:
        above = todo.pop()
        if above not in found:
            found[above] = children.get(above, [])
            todo += [child.id for child in found[above]]
    return found
