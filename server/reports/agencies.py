"""How agencies (*cơ quan phối hợp*) keep to their shares of interlinked dossiers.

What came (carried over and handed over in the period) is what was done, what is still held and what
a citizen withdrew: the figures of an agency make up its total exactly, as in the layout of QĐ 766.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.calendar import Calendar, calendar_for
from server.dossiers.daysoff import nationwide
from server.dossiers.models import Agency
from server.offices.models import Office
from server.reports.parts import Part, days_held, parts_of
from server.reports.settlement import Period, share
from server.reports.states import below

COUNTED = (
    "carried_over",
    "handed_over",
    "taken_over",
    "taken_over_in_time",
    "done_within",
    "done_beyond",
    "held_within",
    "held_beyond",
    "withdrawn",
)
"""The figures of an agency. ``in_time`` and ``within``: by the last day of its share."""


def agency_report(
    session: Session, office: Office, period: Period, *, children: bool = False
) -> dict[str, Any]:
    """What the agencies did with an office's dossiers; with ``children`` for each office below too.

    ``median_working_days`` is how long the parts done in the period were with the agency, by the
    nationwide calendar: days that an office enters for itself do not change the past. None when
    nothing was done.
    """
    tree = below(session, office) if children else {}
    ids = {office.id} | {one.id for group in tree.values() for one in group}
    parts = parts_of(session, ids, period)
    agencies = {
        one.id: one
        for one in session.scalars(
            select(Agency).where(Agency.id.in_({part.agency_id for part in parts}))
        )
    }
    report = _of_office(office, parts, agencies, period, tree)
    if children:
        lower = [part for part in parts if part.office_id != office.id]
        report["below"] = _by_agency(lower, agencies, period)
    return report


def figures(parts: Sequence[Part], period: Period) -> dict[str, Any]:
    """The figures of some parts, all in the period."""
    judged = [part.judged(period) for part in parts]
    count = {name: sum(name in one for one in judged) for name in COUNTED}
    done = count["done_within"] + count["done_beyond"]
    return {
        "total": len(parts),
        **count,
        "done": done,
        "held": count["held_within"] + count["held_beyond"],
        "share_within": share(count["done_within"], done),
        "median_working_days": _median(parts),
    }


def _median(parts: Iterable[Part]) -> float | None:
    spans = [span for span in map(days_held, parts) if span is not None]
    if not spans:
        return None
    return float(median(_calendar().working_between(begin, end) for begin, end in spans))


@cache
def _calendar() -> Calendar:
    """The project's own table; outside of its years weekends alone are days off."""
    known = calendar_for(nationwide(), (), max(row.day for row in nationwide()))
    return Calendar(known.days, frozenset(range(1990, 2101)))


def _of_office(
    office: Office,
    parts: Sequence[Part],
    agencies: dict[int, Agency],
    period: Period,
    tree: dict[int, list[Office]],
) -> dict[str, Any]:
    own = [part for part in parts if part.office_id == office.id]
    return {
        "office": office.slug,
        "names": office.names,
        "from": period.begin.isoformat(),
        "to": period.end.isoformat(),
        "agencies": _by_agency(own, agencies, period),
        "children": [
            _of_office(child, parts, agencies, period, tree) for child in tree.get(office.id, ())
        ],
    }


def _by_agency(
    parts: Sequence[Part], agencies: dict[int, Agency], period: Period
) -> list[dict[str, Any]]:
    """A row for each agency, by its code and then the office whose it is."""
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.agency_id, []).append(part)
    found = sorted(groups, key=lambda one: (agencies[one].code, one))
    return [
        {
            "agency": agencies[one].code,
            "id": one,
            "names": agencies[one].names,
            **figures(groups[one], period),
        }
        for one in found
    ]
