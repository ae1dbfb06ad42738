"""How a due date was counted, for the person who has to explain it across the counter. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from server.dossiers.calendar import ONE_DAY, REST, Calendar, Day
from server.dossiers.deadlines import AFTERNOON, Reckoning

AFTER_15, DAY_OFF, MOVED = "after-15", "day-off", "moved"
"""Why a due date is later than its number says: received after 15:00; received on a day off;
its last calendar day was a day off."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count passed over, from the day after reception up to the due date."""

    weekends: int
    """Days of rest at a weekend."""
    holidays: tuple[Day, ...]
    """Other days off, as the calendar names them."""
    worked: tuple[Day, ...]
    """Days of rest on which people work all the same (*ngày làm bù*)."""
    rule: str
    """:data:`AFTER_15`, :data:`DAY_OFF` or :data:`MOVED`; empty when none of them counted."""


def how_counted(reckoned: Reckoning, calendar: Calendar) -> Counted:
    """What lies between reception and due date, and the rule that moved it, if any.

    Args:
        reckoned: the due date, without pauses.
        calendar: the one it was counted on.
    """
    passed = _days(reckoned.received.date(), reckoned.on)
    rest = [day for day in passed if day.weekday() in REST]
    worked = [calendar.days[day] for day in rest if calendar.is_working(day)]
    return Counted(
        weekends=len(rest) - len(worked),
        holidays=reckoned.holidays,
        worked=tuple(worked),
        rule=_rule(reckoned, calendar),
    )


def _rule(reckoned: Reckoning, calendar: Calendar) -> str:
    terms, received = reckoned.terms, reckoned.received
    if terms.unit == "same_day":
        if terms.afternoon_rule and received.time() > AFTERNOON:
            return AFTER_15
        return "" if calendar.is_working(received.date()) else DAY_OFF
    if terms.unit == "calendar_day":
        last = received.date() + timedelta(days=terms.count)
        return "" if calendar.is_working(last) else MOVED
    return ""


def _days(after: date, until: date) -> list[date]:
    return [after + ONE_DAY * number for number in range(1, (until - after).days + 1)]
