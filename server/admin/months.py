"""A year of the calendar as twelve months of weeks, each day with what is to be said of it."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from server.dossiers.calendar import REST, Calendar, Day


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month."""

    day: date
    mark: str
    """``off`` and ``work`` where the calendar says so, ``rest`` for a weekend, else empty."""
    row: Day | None
    """What the calendar says of it."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month."""

    first: date
    weeks: list[list[Cell | None]]
    """From Monday to Sunday; none for days of the months beside it."""


def year_of(calendar: Calendar, year: int) -> list[Month]:
    """The twelve months of a year that the calendar knows."""
    weeks = months.Calendar()
    return [
        Month(
            date(year, month, 1),
            [
                [_cell(calendar, day) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def named_days(calendar: Calendar, year: int) -> list[Day]:
    """The days of a year that the calendar speaks of, in their order."""
    return [row for day, row in sorted(calendar.days.items()) if day.year == year]


def _cell(calendar: Calendar, day: date) -> Cell:
    row = calendar.days.get(day)
    if row is None:
        return Cell(day, "rest" if day.weekday() in REST else "", None)
    return Cell(day, "work" if row.working else "off", row)
