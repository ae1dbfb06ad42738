"""The calendar of days off and make-up working days: a sourced table, and counting on it.

Saturday and Sunday are days of rest unless the table says that people work (*ngày làm bù*). The
table says nothing of a year whose 1 January it lacks; counting into such a year is refused, because
a provincial system that guessed there counted wrongly across New Year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import holidays

from server.errors import Refused, marked

REST = frozenset({5, 6})
"""Weekdays without work: Saturday and Sunday (QĐ 188/1999/QĐ-TTg, the 40-hour week)."""

CERTAINTIES = ("verified", "law", "decided", "assumed")
"""``verified``: read in a public source; ``law``: follows from the Labour Code; ``decided``: a
yearly decision known in general; ``assumed``: the decision was not known when the row was made."""

ONE_DAY = timedelta(days=1)


class CalendarEnds(Refused):
    """A count that leaves the years the calendar knows."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one row of the table says of one day."""

    day: date
    working: bool
    names: Mapping[str, str]
    """Why, by language: ``{"vi": "Quốc khánh"}``."""
    source: str
    certainty: str
    office: str = ""
    """Slug of the office it holds for, with every office below; empty: everywhere."""
    valid_from: date | None = None
    """A dossier received before this date is not judged by this row; none: always."""
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the row counts for dossiers received on this date."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """One office's calendar as it held on one date."""

    days: Mapping[date, Day]
    years: frozenset[int]
    """The years it knows."""

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day.

        Raises:
            CalendarEnds: the table does not know that year.
        """
        if day.year not in self.years:
            raise CalendarEnds(
                marked("The calendar of days off knows nothing of %(year)s. Load that year first."),
                year=day.year,
            )
        row = self.days.get(day)
        return row.working if row else day.weekday() not in REST

    def on_or_after(self, day: date) -> date:
        """The first working day that is not before ``day``."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add_working(self, day: date, count: int) -> date:
        """The working day number ``count`` after ``day``, which itself does not count."""
        for _ in range(count):
            day = self.on_or_after(day + ONE_DAY)
        return self.on_or_after(day)

    def working_between(self, after: date, until: date) -> int:
        """How many working days lie after ``after`` up to ``until``, that day included."""
        count, day = 0, after
        while day < until:
            day += ONE_DAY
            count += self.is_working(day)
        return count

    def left(self, today: date, due: date) -> int:
        """Working days after ``today`` until a due date, below 0 when it has passed."""
        if due >= today:
            return self.working_between(today, due)
        return -self.working_between(due, today)

    def holidays_between(self, after: date, until: date) -> list[Day]:
        """The days off that the table names after ``after`` up to ``until``, weekends apart."""
        found, day = [], after
        while day < until:
            day += ONE_DAY
            row = self.days.get(day)
            if row is not None and not row.working and day.weekday() not in REST:
                found.append(row)
        return found


def calendar_for(rows: Iterable[Day], offices: Sequence[str], on: date) -> Calendar:
    """The calendar of an office for dossiers received on a date.

    Where several rows speak of the same day, the nearest office's holds; of one office, the one
    that is valid from the latest date; of those, the one that stands last.

    Args:
        rows: the whole table.
        offices: slugs from the office up to the root of its tree.
        on: the day of reception.
    """
    near = {slug: len(offices) - place for place, slug in enumerate(offices)} | {"": 0}
    holding = [row for row in rows if row.office in near and row.holds(on)]
    holding.sort(key=lambda row: (near[row.office], row.valid_from or date.min))
    days = {row.day: row for row in holding}
    years = frozenset(row.day.year for row in holding if (row.day.month, row.day.day) == (1, 1))
    return Calendar(days, years)


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which our table and the package ``holidays`` disagree."""

    day: date
    ours: bool
    """Whether people work, by our table."""
    theirs: bool
    reason: str
    """What our row, or their holiday, is called."""
    certainty: str
    """How sure our row is; empty where the difference comes from theirs alone."""


def differences(calendar: Calendar, year: int) -> list[Difference]:
    """Where the calendar and PyPI ``holidays`` disagree about working days of a year.

    A cross-check only: the package lacks the swap of January 2026, and it guesses yearly decisions
    without saying so.

    Raises:
        CalendarEnds: the table does not know that year.
    """
    theirs = holidays.country_holidays("VN", years=year)
    found, day = [], date(year, 1, 1)
    while day.year == year:
        ours, other = calendar.is_working(day), theirs.is_working_day(day)
        if ours != other:
            row = calendar.days.get(day)
            reason = row.names["vi"] if row else theirs.get(day, "")
            found.append(Difference(day, ours, other, reason, row.certainty if row else ""))
        day += ONE_DAY
    return found


def gaps(calendar: Calendar) -> list[int]:
    """Years that are missing between the first and the last that the table knows."""
    known = sorted(calendar.years)
    return [year for one, other in pairwise(known) for year in range(one + 1, other)]
