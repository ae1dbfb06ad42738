"""The half-year settlement (*báo cáo kết quả giải quyết hồ sơ*), as the contract defines it.

Every dossier received in the period is in exactly one class, as seen at the end of its last day:
resolved by its due date (``on_time``), unresolved and not past due (``not_due``), resolved late or
past due (``late``). Received means accepted; a withdrawn dossier is resolved on the day it was
withdrawn. The base of ``share`` is all received; ``share_of_resolved`` names the other base, by
which offices report as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, select, true
from sqlalchemy.orm import Session

from server.dossiers.models import Dossier
from server.errors import Invalid
from server.offices.models import Names, Office
from server.reports.states import below, not_late, past_due, states

CLASSES = ("on_time", "not_due", "late")

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included; ``known`` as in :func:`states`."""

    begin: date
    end: date
    known: datetime | None = None

    def __post_init__(self) -> None:
        if self.begin > self.end:
            raise Invalid(
                "The period ends before it begins.",
                errors=[{"field": "to", "detail": f"not before {self.begin}"}],
            )


@dataclass(frozen=True, slots=True)
class Count:
    """The dossiers of one procedure in one office."""

    office_id: int
    field: str
    procedure: str
    on_time: int
    not_due: int
    late: int
    resolved: int
    resolved_on_time: int
    example: int
    """A dossier that has the names of field and procedure."""


def settlement(
    session: Session, office: Office, period: Period, *, children: bool = False
) -> Figures:
    """The settlement of an office, and with ``children`` of every office below it.

    The figures of the office itself are its own alone; ``below`` sums those of all offices below.
    """
    tree = below(session, office) if children else {}
    ids = {office.id} | {one.id for group in tree.values() for one in group}
    counts = _count(session, ids, period)
    names = _names(session, counts)
    report = _of_office(office, period, counts, names, tree)
    if children:
        lower = [one for one in counts if one.office_id != office.id]
        report["below"] = figures(lower)
    return report


def figures(counts: Iterable[Count]) -> Figures:
    """The sums of counts, with their shares in per cent."""
    counts = list(counts)
    sums = {name: sum(getattr(one, name) for one in counts) for name in CLASSES}
    resolved = sum(one.resolved for one in counts)
    in_time = sum(one.resolved_on_time for one in counts)
    received = sum(sums.values())
    return {
        "received": received,
        **sums,
        "share": {name: share(sums[name], received) for name in CLASSES},
        "resolved": resolved,
        "share_of_resolved": {"on_time": share(in_time, resolved)},
    }


def share(part: int, whole: int) -> float | None:
    """Per cent with one decimal, rounded half up; none of nothing."""
    if whole == 0:
        return None
    return (2000 * part + whole) // (2 * whole) / 10


def conditions(state: FromClause, period: Period) -> dict[str, ColumnElement[bool]]:
    """Which dossiers each class of the settlement counts, of those received in the period."""
    resolved, in_time = state.c.resolved_on.is_not(None), not_late(state, period.end)
    return {
        "received": true(),
        "on_time": and_(resolved, in_time),
        "not_due": and_(~resolved, in_time),
        "late": past_due(state, period.end),
    }


def _count(session: Session, offices: Iterable[int], period: Period) -> list[Count]:
    state = states(offices, period.end, begin=period.begin, known=period.known)
    counted = conditions(state, period)

    def total(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = session.execute(
        select(
            state.c.office_id,
            state.c.field_code,
            state.c.procedure_code,
            *(total(counted[name]) for name in CLASSES),
            total(state.c.resolved_on.is_not(None)),
            total(counted["on_time"]),
            func.min(state.c.dossier_id),
        )
        .group_by(state.c.office_id, state.c.field_code, state.c.procedure_code)
        .order_by(state.c.field_code, state.c.procedure_code, state.c.office_id)
    )
    return [Count(*tuple(row)) for row in rows]


def _names(session: Session, counts: Iterable[Count]) -> dict[tuple[str, str], Names]:
    ids = {one.example for one in counts}
    found: dict[tuple[str, str], Names] = {}
    for row in session.execute(
        select(
            Dossier.field_code,
            Dossier.field_names,
            Dossier.procedure_code,
            Dossier.procedure_names,
        ).where(Dossier.id.in_(ids))
    ):
        found["field", row.field_code] = row.field_names
        found["procedure", row.procedure_code] = row.procedure_names
    return found


def _of_office(
    office: Office,
    period: Period,
    counts: list[Count],
    names: dict[tuple[str, str], Names],
    tree: dict[int, list[Office]],
) -> Figures:
    own = [one for one in counts if one.office_id == office.id]
    return {
        "office": office.slug,
        "names": office.names,
        "from": period.begin.isoformat(),
        "to": period.end.isoformat(),
        **figures(own),
        "by_field": _by("field", own, names),
        "by_procedure": _by("procedure", own, names),
        "children": [
            _of_office(child, period, counts, names, tree) for child in tree.get(office.id, ())
        ],
    }


def _by(what: str, counts: Iterable[Count], names: dict[tuple[str, str], Names]) -> list[Figures]:
    groups: dict[str, list[Count]] = {}
    for one in counts:
        groups.setdefault(getattr(one, what), []).append(one)
    return [
        {what: code, "names": names[what, code], **figures(group)}
        for code, group in sorted(groups.items())
    ]
