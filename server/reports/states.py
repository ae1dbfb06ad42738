"""How each dossier stood at the end of a day, out of the recorded steps and nothing else.

A step keeps the dates that hold after it, so the last step in force by that day says all. What
later steps or corrections made of it is not looked at, unless a correction says that something had
happened by that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, FromClause, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.dossiers.models import DossierStep
from server.dossiers.steps import TIMING
from server.offices.models import Office

ID_SPACE = 2**32
"""More than there can be ids of steps."""


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
        Columns ``dossier_id``, ``office_id``, ``field_code``, ``procedure_code``, ``channel``, and
        as ISO dates ``received_on``, ``due_on``, ``paused_on``, ``resolved_on``.
    """
    step = aliased(DossierStep)
    conditions: list[ColumnElement[bool]] = [
        step.office_id.in_(list(offices)),
        # Nothing is before the empty text; what was never accepted has no date at all.
        step.received_on >= (begin.isoformat() if begin else ""),
        step.kind.in_(sorted(TIMING)),
        step.on_day <= end.isoformat(),
        *in_force(step, known),
    ]
    # The last step and its id in one number: a window function took three times as long.
    last = func.max(cast(step.seq, BigInteger) * ID_SPACE + step.id)
    latest = select(last.label("last")).where(*conditions).group_by(step.dossier_id).subquery()
    state = aliased(DossierStep)
    return (
        select(
            state.dossier_id,
            state.office_id,
            state.field_code,
            state.procedure_code,
            state.channel,
            state.received_on,
            state.due_on,
            state.paused_on,
            state.resolved_on,
        )
        .join(latest, state.id == latest.c.last % ID_SPACE)
        .subquery("state")
    )


def in_force(step: type[DossierStep], known: datetime | None = None) -> list[ColumnElement[bool]]:
    """Conditions of rows that no other corrects; with ``known``, by what was written down then."""
    correction = aliased(DossierStep)
    corrected = select(correction.corrects_id).where(correction.corrects_id.is_not(None))
    if known is None:
        return [step.id.not_in(corrected)]
    corrected = corrected.where(correction.recorded_at <= known)
    return [step.id.not_in(corrected), step.recorded_at <= known]


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
