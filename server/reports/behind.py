"""The dossiers behind a figure: whatever a report counts can be clicked down to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from server.dossiers.models import Dossier
from server.errors import Invalid
from server.offices.models import Names, Office
from server.reports import processing, settlement
from server.reports.agencies import COUNTED as OF_AGENCIES
from server.reports.causes import causes
from server.reports.parts import AT_ONCE, parts_of
from server.reports.settlement import Period
from server.reports.states import below, states

FIGURES: dict[str, tuple[str, ...]] = {
    "settlement": ("received", *settlement.CLASSES, "resolved"),
    "processing": (*processing.COUNTED, *processing.GROUPS),
    "agencies": ("total", *OF_AGENCIES, "done", "held"),
    "apologies": ("apologised",),
}
"""What each report counts."""

SCOPES = ("own", "below", "all")

SUMS = {"done": ("done_within", "done_beyond"), "held": ("held_within", "held_beyond")}


@dataclass(frozen=True, slots=True)
class Figure:
    """Which figure of a report is meant."""

    which: str = "received"
    report: str = "settlement"
    field: str = ""
    """Only of this field of procedures, by its code."""
    procedure: str = ""
    agency: int | None = None
    """Only parts of the agency with this id (``agencies``)."""
    cause: str = ""
    """Only apologies for this reason (``apologies``): :attr:`server.reports.causes.Cause.key`."""
    received: Period | None = None
    """Only dossiers received on these days, within the period: a step of the plot."""

    def __post_init__(self) -> None:
        if self.which not in FIGURES.get(self.report, ()):
            raise Invalid(
                "Some fields of this request are not acceptable.",
                errors=[{"field": "class", "detail": ", ".join(FIGURES.get(self.report, FIGURES))}],
            )


@dataclass(frozen=True, slots=True)
class Behind:
    """A dossier as it stood at the end of the period. Nothing about its applicant."""

    code: str
    office: str
    """The slug."""
    office_names: Names
    procedure: str
    procedure_names: Names
    received_on: str
    due_on: str | None
    paused_on: str | None
    resolved_on: str | None


def offices_of(session: Session, office: Office, scope: str = "own") -> list[int]:
    """The ids of the offices a figure is about.

    Args:
        session: any session.
        office: whose report it is.
        scope: ``own``, ``below`` (all offices below it) or ``all``.
    """
    lower = [one.id for group in below(session, office).values() for one in group]
    return {"own": [office.id], "below": lower, "all": [office.id, *lower]}[scope]


def count_behind(session: Session, offices: Iterable[int], period: Period, figure: Figure) -> int:
    """How many dossiers :func:`dossiers_behind` and :func:`codes_behind` go through."""
    state, wanted = _chosen(session, offices, period, figure)
    return sum(
        session.scalar(select(func.count()).select_from(state).where(where)) or 0
        for where in wanted
    )


def dossiers_behind(
    session: Session,
    offices: Iterable[int],
    period: Period,
    figure: Figure,
    *,
    limit: int,
    skip: int = 0,
) -> list[Behind]:
    """The dossiers a figure counts, by their codes: ``limit`` of them after the first ``skip``."""
    columns = ("received_on", "due_on", "paused_on", "resolved_on")
    return _read(
        session,
        offices,
        period,
        figure,
        lambda state: (
            select(
                Dossier.code,
                Office.slug,
                Office.names,
                Dossier.procedure_code,
                Dossier.procedure_names,
                *(state.c[name] for name in columns),
            )
            .join(state, state.c.dossier_id == Dossier.id)
            .join(Office, Office.id == state.c.office_id)
        ),
        skip + limit,
        make=lambda row: Behind(*row),
    )[skip:]


def codes_behind(
    session: Session,
    offices: Iterable[int],
    period: Period,
    figure: Figure,
    *,
    limit: int = 1000,
    after: str = "",
) -> list[str]:
    """The codes of the dossiers a figure counts, in order, beginning behind ``after``."""
    return _read(
        session,
        offices,
        period,
        figure,
        lambda state: (
            select(Dossier.code)
            .join(state, state.c.dossier_id == Dossier.id)
            .where(Dossier.code > after)
        ),
        limit,
        make=lambda row: str(row[0]),
    )


def _read(
    session: Session,
    offices: Iterable[int],
    period: Period,
    figure: Figure,
    columns: Any,
    limit: int,
    *,
    make: Any,
) -> list[Any]:
    state, wanted = _chosen(session, offices, period, figure)
    rows: list[Any] = []
    for where in wanted:
        query: Select[Any] = columns(state).where(where).order_by(Dossier.code).limit(limit)
        rows += session.execute(query)
    return [make(row) for row in sorted(rows, key=lambda row: row[0])[:limit]]


def _chosen(
    session: Session, offices: Iterable[int], period: Period, figure: Figure
) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """The states and the conditions of the dossiers wanted, each dossier under one of them."""
    offices = list(offices)
    begin = period.begin if figure.report == "settlement" else None
    state = states(offices, period.end, begin=begin, known=period.known)
    usual: list[ColumnElement[bool]] = []
    if figure.field:
        usual.append(state.c.field_code == figure.field)
    if figure.procedure:
        usual.append(state.c.procedure_code == figure.procedure)
    if figure.received is not None:
        days = (figure.received.begin.isoformat(), figure.received.end.isoformat())
        usual.append(state.c.received_on.between(*days))
    if figure.report in ("agencies", "apologies"):
        ids = _named(session, offices, period, figure)
        batches = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
        return state, [and_(state.c.dossier_id.in_(batch), *usual) for batch in batches]
    if figure.report == "processing":
        conditions = processing.conditions(state, period)
        members = processing.GROUPS.get(figure.which, (figure.which,))
        wanted = or_(*(conditions[name] for name in members))
        return state, [and_(processing.concerned(state, period), wanted, *usual)]
    if figure.which == "resolved":
        return state, [and_(state.c.resolved_on.is_not(None), *usual)]
    return state, [and_(settlement.conditions(state, period)[figure.which], *usual)]


def _named(session: Session, offices: list[int], period: Period, figure: Figure) -> list[int]:
    """The ids of the dossiers that an agency's figure or an apology is about, each of them once."""
    found: set[int] = set()
    if figure.report == "apologies":
        for cause in causes(session, offices, period):
            if figure.cause in ("", cause.key):
                found |= cause.dossiers
        return sorted(found)
    wanted = SUMS.get(figure.which, (figure.which,))
    for part in parts_of(session, offices, period):
        named = figure.which == "total" or part.judged(period).intersection(wanted)
        if named and figure.agency in (None, part.agency_id):
            found.add(part.dossier_id)
    return sorted(found)
