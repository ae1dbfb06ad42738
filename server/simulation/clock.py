"""The hours of an office over the months: its working days, and moments in its opening hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from server.dossiers.calendar import ONE_DAY, Calendar
from server.dossiers.deadlines import Hours

Span = tuple[datetime, datetime]

QUIET = timedelta(minutes=40)
"""Nobody comes so shortly before a session ends: the kiosk stops giving out numbers."""

EARLY_SHARE = 0.6
"""So many come before noon."""


class Clock:
    """An office's days and hours between two dates."""

    def __init__(self, hours: Hours, calendar: Calendar, zone: str) -> None:
        self.calendar = calendar
        self.zone = ZoneInfo(zone)
        self._hours = hours

    def days(self, begin: date, end: date) -> list[date]:
        """The working days from ``begin`` to ``end``, both included."""
        count = (end - begin).days + 1
        every = (begin + timedelta(days=number) for number in range(count))
        return [day for day in every if self.calendar.is_working(day)]

    def after(self, day: date, count: int) -> date:
        """The working day number ``count`` after ``day``."""
        return self.calendar.add_working(day, count)

    def sessions(self, day: date) -> list[Span]:
        """When the office is open on a working day; a make-up Saturday has a Monday's hours."""
        spans = self._hours.get(day.weekday()) or self._usual
        return [
            (datetime.combine(day, first, self.zone), datetime.combine(day, last, self.zone))
            for first, last in spans
        ]

    def at_work(self, moment: datetime) -> datetime:
        """The moment itself while the office is open or its day is over, else the next session."""
        for begin, end in self.sessions(moment.date()):
            if moment < end:
                return max(begin, moment)
        return moment

    def visit(self, day: date, rng: Random) -> datetime:
        """When somebody comes on a day: most soon after the doors open, few before they close."""
        sessions = self.sessions(day)
        begin, end = sessions[0] if rng.random() < EARLY_SHARE else sessions[-1]
        share = rng.betavariate(1.3, 2.2)
        return begin + share * (end - begin - QUIET)

    def between(self, begin: datetime, end: datetime, share: float) -> datetime:
        """The moment by which a share of the opening hours from ``begin`` to ``end`` is over."""
        spans = list(self._open(begin, end))
        left = share * sum((last - first for first, last in spans), timedelta())
        for first, last in spans:
            if left <= last - first:
                return first + left
            left -= last - first
        return end

    def _open(self, begin: datetime, end: datetime) -> Iterator[Span]:
        day = begin.date()
        while day <= end.date():
            if self.calendar.is_working(day):
                for first, last in self.sessions(day):
                    if last > begin and first < end:
                        yield max(first, begin), min(last, end)
            day += ONE_DAY

    @cached_property
    def _usual(self) -> Sequence[tuple[time, time]]:
        return next(spans for _, spans in sorted(self._hours.items()) if spans)
