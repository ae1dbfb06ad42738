"""The periods that can be picked with one press, and the one an address asks for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from server.errors import Invalid, marked
from server.reports.settlement import Period

WORDS = {
    "this-month": marked("This month"),
    "last-month": marked("Last month"),
    "this-half-year": marked("This half-year"),
    "last-half-year": marked("Last half-year"),
    "this-year": marked("This year"),
    "last-year": marked("Last year"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A period with a name."""

    name: str
    """A key of :data:`WORDS`."""
    begin: date
    end: date


def choices(today: date) -> list[Choice]:
    """The named periods; those that are under way end today, so that nothing to come is counted."""
    month = today.replace(day=1)
    half = date(today.year, 1 if today.month <= 6 else 7, 1)
    year = date(today.year, 1, 1)
    before_half = half - timedelta(days=1)
    before_month = month - timedelta(days=1)
    return [
        Choice("this-month", month, today),
        Choice("last-month", before_month.replace(day=1), before_month),
        Choice("this-half-year", half, today),
        Choice("last-half-year", date(before_half.year, before_half.month - 5, 1), before_half),
        Choice("this-year", year, today),
        Choice("last-year", date(today.year - 1, 1, 1), year - timedelta(days=1)),
    ]


def asked_period(values: Mapping[str, str], today: date) -> Period:
    """The period of ``from``, ``to`` and ``known``; without dates this half-year so far.

    Raises:
        Invalid: one of them is no date, or they are the wrong way round; names the field.
    """
    usual = choices(today)[2]
    begin = _day(values, "from") or usual.begin
    return Period(begin, _day(values, "to") or max(today, begin), _known(values))


def _day(values: Mapping[str, str], name: str) -> date | None:
    given = values.get(name, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Invalid(
            "“%(given)s” is not a date.",
            given=given[:40],
            errors=[{"field": name, "detail": "2026-01-31"}],
        ) from None


def _known(values: Mapping[str, str]) -> datetime | None:
    given = values.get("known", "").strip()
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year < 2100:
        raise Invalid(
            "“%(given)s” is not a moment.",
            given=given[:40],
            errors=[{"field": "known", "detail": "2026-01-31T17:00:00+07:00"}],
        )
    return moment
