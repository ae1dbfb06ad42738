"""Moments in words, by the office's clock: a phone may be in another time zone than the hall."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _


def clock(moment: str | datetime | None) -> str:
    """``9:05`` of a moment, in the offset it carries; empty for none."""
    if moment is None:
        return ""
    there = _moment(moment)
    return f"{there.hour}:{there:%M}"


def when(moment: str | datetime, now: str | datetime, timezone: str) -> str:
    """Time and day as people say them: "13:00 today", "7:00 tomorrow", "7:00 on 26/11/2026".

    Args:
        moment: what is told.
        now: the moment it is told at.
        timezone: of the office, by its IANA name.
    """
    zone = ZoneInfo(timezone)
    there, today = _moment(moment).astimezone(zone), _moment(now).astimezone(zone).date()
    time = clock(there)
    if there.date() == today:
        return str(_("%(time)s today", time=time))
    if there.date() == today + timedelta(days=1):
        return str(_("%(time)s tomorrow", time=time))
    return str(_("%(time)s on %(date)s", time=time, date=f"{there:%d/%m/%Y}"))


def past(moment: str, now: str, timezone: str) -> str:
    """The time alone when it was today, else with its date: "9:05" or "9:05 on 24/11/2026"."""
    zone = ZoneInfo(timezone)
    there = _moment(moment).astimezone(zone)
    if there.date() == _moment(now).astimezone(zone).date():
        return clock(there)
    return str(_("%(time)s on %(date)s", time=clock(there), date=f"{there:%d/%m/%Y}"))


def _moment(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
