"""How a period went, week by week or month by month: what the plot shows.

A stretch counts the dossiers received in it, each in the class it is in when the whole period ends,
so that the stretches add up to the settlement exactly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.reports.settlement import CLASSES, Period, conditions
from server.reports.states import states

WEEKLY_UP_TO = 100
"""Periods of at most so many days are shown by weeks unless something else is asked for."""

BY = ("week", "month")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days of a period, the first and the last included."""

    begin: date
    end: date
    received: int = 0
    on_time: int = 0
    not_due: int = 0
    late: int = 0


def usual_steps(period: Period) -> str:
    """``week`` or ``month``: what makes a plot that can be read."""
    return "week" if (period.end - period.begin).days < WEEKLY_UP_TO else "month"


def stretches(period: Period, by: str) -> list[Stretch]:
    """The weeks (from Monday) or months of a period; the first and the last may be cut off."""
    found, begin = [], period.begin
    while begin <= period.end:
        if by == "week":
            end = begin + timedelta(days=6 - begin.weekday())
        else:
            end = (begin.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found.append(Stretch(begin, min(end, period.end)))
        begin = end + timedelta(days=1)
    return found


def course(session: Session, offices: Iterable[int], period: Period, by: str) -> list[Stretch]:
    """The stretches of a period with what was received in them, for the offices with these ids."""
    state = states(offices, period.end, begin=period.begin, known=period.known)
    counted = conditions(state, period)
    days = session.execute(
        select(
            state.c.received_on,
            func.count(),
            *(func.sum(case((counted[name], 1), else_=0)) for name in CLASSES),
        )
        .where(state.c.received_on <= period.end.isoformat())
        .group_by(state.c.received_on)
    )
    parts = stretches(period, by)
    begins = [part.begin.isoformat() for part in parts]
    sums = [[0] * (1 + len(CLASSES)) for _ in parts]
    for day, *counts in days:
        place = bisect_right(begins, day) - 1
        sums[place] = [one + more for one, more in zip(sums[place], counts, strict=True)]
    return [
        Stretch(part.begin, part.end, *counts) for part, counts in zip(parts, sums, strict=True)
    ]
