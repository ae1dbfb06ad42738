"""When a result is due. Pure: the terms, the moment of reception, the calendar and the pauses.

How time is counted (Nghị định 118/2025/NĐ-CP and 61/2018/NĐ-CP; printed receipts in the tests):

- **working days**: the day of reception does not count, the clock time carries over.
- **calendar days**: likewise; a last day that is a day off moves forward to the next working day.
- **hours** are working hours: only the office's opening hours on working days count, from the
  minute of reception. Eight hours asked for at 16:00 are not due at midnight.
- **same day**: by closing time of the day of reception. Procedures with the 15:00 flag (civil
  status, certification): received after 15:00, due the next working day. Received on a day off:
  the next working day.

A **pause** (statuses 5, 6 and 8) takes its time out of the count: as many whole days of the unit as
lie after the day it began up to the day it ended; for hours, its opening hours. A pause that begins
when the due date has passed shifts nothing: it cannot make good what was late before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from server.dossiers.calendar import ONE_DAY, Calendar, Day

UNITS = ("working_day", "calendar_day", "hour", "same_day")

AFTERNOON = time(15, 0)
"""A flagged same-day procedure received after this is due the next working day."""

Hours = Mapping[int, Sequence[tuple[time, time]]]
"""Opening hours by weekday, Monday 0. On a working day without hours of its own (a make-up
Saturday) those of the first weekday that has some are taken."""

USUAL_HOURS: Hours = dict.fromkeys(range(5), ((time(7), time(11)), (time(13), time(17))))
"""Where an office has not said its hours: the eight hours usual in the south."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a procedure may take."""

    unit: str
    """One of :data:`UNITS`."""
    count: int = 0
    """How many of the unit; 0 with ``same_day``."""
    afternoon_rule: bool = False
    """Same day only: received after 15:00, due the next working day."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from ``begin`` to ``end``."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A due date and how it was counted."""

    at: datetime
    """In the time zone of the reception."""
    received: datetime
    terms: Terms
    holidays: tuple[Day, ...]
    """Days off other than weekends that were passed over."""
    paused: int
    """Days of the unit that pauses took out of the count; for hours, whole minutes."""

    @property
    def on(self) -> date:
        """The due date, by which a dossier is judged."""
        return self.at.date()


def reckon(
    terms: Terms,
    received: datetime,
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    hours: Hours = USUAL_HOURS,
) -> Reckoning:
    """When the result of a dossier is due.

    Args:
        terms: of the procedure, as they were when the dossier was received.
        received: the moment of reception, with the office's time zone.
        calendar: the office's, as it held on the day of reception.
        pauses: ended pauses in the order of time, not overlapping.
        hours: the office's opening hours; used by ``hour`` and ``same_day``.

    Raises:
        CalendarEnds: the count leaves the years that the calendar knows.
    """
    zone = received.tzinfo
    if zone is None:
        raise ValueError("a reception without a time zone means something else on each server")
    pauses = [Pause(one.begin.astimezone(zone), one.end.astimezone(zone)) for one in pauses]
    if terms.unit == "hour":
        at, paused = _hours(terms.count, received, calendar, pauses, hours)
    else:
        day, paused = _days(terms, received, calendar, pauses)
        at = datetime.combine(day, received.timetz())
        if terms.unit == "same_day":
            closing = datetime.combine(day, _closing(hours, day), zone)
            at = max(closing, received) if day == received.date() else closing
    passed = calendar.holidays_between(received.date(), at.date())
    return Reckoning(at, received, terms, tuple(passed), paused)


def _days(
    terms: Terms, received: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> tuple[date, int]:
    """The due day and how many days the pauses took."""
    start, count, taken = received.date(), terms.count, 0
    if terms.unit == "same_day":
        count = 1 if terms.afternoon_rule and received.time() > AFTERNOON else 0
        start = calendar.on_or_after(start) if count == 0 else start

    def due(paused: int) -> date:
        if terms.unit == "calendar_day":
            return calendar.on_or_after(start + timedelta(days=count + paused))
        return calendar.add_working(start, count + paused)

    day = due(0)
    for pause in pauses:
        begin, end = pause.begin.date(), pause.end.date()
        if begin > day:
            continue
        if terms.unit == "calendar_day":
            taken += (end - begin).days
        else:
            taken += calendar.working_between(begin, end)
        # Taken up again on a day off with nothing left: the next working day, not the one before.
        day = max(due(taken), calendar.on_or_after(end))
    return day, taken


def _hours(
    count: int,
    received: datetime,
    calendar: Calendar,
    pauses: Sequence[Pause],
    hours: Hours,
) -> tuple[datetime, int]:
    left, taken = timedelta(hours=count), timedelta()
    for begin, end in _sessions(received, calendar, hours):
        begin = max(begin, received)
        for pause in pauses:
            if pause.end <= begin or pause.begin >= end:
                continue
            before = max(pause.begin - begin, timedelta())
            if before >= left:
                break
            left -= before
            taken += min(pause.end, end) - max(pause.begin, begin)
            begin = min(pause.end, end)
        if end - begin >= left:
            return begin + left, int(taken.total_seconds() // 60)
        left -= end - begin
    raise AssertionError("sessions never end")


def _sessions(
    received: datetime, calendar: Calendar, hours: Hours
) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours that end after the reception, in order, without end."""
    day = received.date()
    while True:
        if calendar.is_working(day):
            for first, last in _hours_on(hours, day):
                begin = datetime.combine(day, first, received.tzinfo)
                end = datetime.combine(day, last, received.tzinfo)
                if last == time.max:
                    end += timedelta(microseconds=1)
                if end > received:
                    yield begin, end
        day += ONE_DAY


def _hours_on(hours: Hours, day: date) -> Sequence[tuple[time, time]]:
    usual = next((spans for _, spans in sorted(hours.items()) if spans), None)
    return hours.get(day.weekday()) or usual or USUAL_HOURS[0]


def _closing(hours: Hours, day: date) -> time:
    return max(last for _, last in _hours_on(hours, day))
