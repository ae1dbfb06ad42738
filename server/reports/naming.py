"""Periods by the names that Vietnamese reports give them, and the period before one. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from server.reports.settlement import Period

QUARTERS = ("I", "II", "III", "IV")


def period_name(period: Period) -> str:
    """``6 tháng đầu năm 2019``, ``tháng 3 năm 2019``, ``quý II năm 2019`` …, else the dates."""
    begin, months = period.begin, whole_months(period)
    year = f"năm {begin.year}"
    if months is not None and begin.year == period.end.year:
        if months == 12:
            return year
        if months == 1:
            return f"tháng {begin.month} {year}"
        if months == 3 and begin.month % 3 == 1:
            return f"quý {QUARTERS[begin.month // 3]} {year}"
        if begin.month == 1:
            return f"{months} tháng đầu {year}"
        if months == 6 and begin.month == 7:
            return f"6 tháng cuối {year}"
    return span(period)


def span(period: Period) -> str:
    """``từ ngày 01/02/2019 đến ngày 15/03/2019``."""
    return f"từ ngày {period.begin:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"


def whole_months(period: Period) -> int | None:
    """How many months a period is, when it is nothing but whole months."""
    begin, end = period.begin, period.end
    if begin.day != 1 or end.day != monthrange(end.year, end.month)[1]:
        return None
    return (end.year - begin.year) * 12 + end.month - begin.month + 1


def period_before(period: Period) -> Period:
    """The period directly before: as many months where it is whole months, else as many days."""
    end = period.begin - timedelta(days=1)
    months = whole_months(period)
    if months is None:
        return Period(end - (period.end - period.begin), end, period.known)
    number = period.begin.year * 12 + period.begin.month - 1 - months
    return Period(date(number // 12, number % 12 + 1, 1), end, period.known)
