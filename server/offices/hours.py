"""When an office is open and when it gives out numbers: pure functions of plain values.

An office keeps hours by weekday in its own time zone, whatever the zone of the server. A closure
covers a range of dates and puts other hours in their place, or none; so a make-up Saturday (*ngày
làm bù*) is a closure with hours. Where closures overlap, the one listed last holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.offices.models import Names, Office

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

LOOK_AHEAD_DAYS = 370
"""How far ahead the next opening is looked for: a year, so also over the longest closure."""

Spans = Sequence[Sequence[str]]
"""Parts of a day as the hall file has them: ``[["07:00", "11:00"], …]``; ``24:00`` ends a day."""

Hours = Mapping[str, Spans]
Closures = Sequence[Mapping[str, Any]]
Session = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class OpeningState:
    """Whether it is open now, and until or from when. Moments are in UTC."""

    open: bool
    opens_at: datetime | None = None
    """The next opening; none while it is open, or when no opening is known within a year."""
    closes_at: datetime | None = None
    """End of the present session; none while it is closed."""
    day_ends_at: datetime | None = None
    """End of the last session today, also when that is past; none on a day without hours."""
    reason: Names | None = None
    """Why it is closed although it usually is not: the words of today's closure."""
    remaining_s: int = 0
    """Open seconds still to come today, from now."""


@dataclass(frozen=True, slots=True)
class Issuing:
    """When numbers are given out, relative to the hours or in windows of their own."""

    before_minutes: float = 15
    """Numbers are given out this long before a session opens, never before midnight."""
    stop_minutes: float = 0
    """Numbers stop this long before a session ends."""
    windows: Mapping[str, Spans] | None = None
    """Windows by weekday in place of the two rules above. A weekday that is not named follows
    the rules; so does a day with other hours. On a day without hours there are no numbers."""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Issuing:
        """Read the ``issuing`` of an office (see docs/hall-file.md); what is missing is default."""
        return cls(
            before_minutes=float(stored.get("before_minutes", 15)),
            stop_minutes=float(stored.get("stop_minutes", 0)),
            windows=stored.get("windows"),
        )


def business_day(now: datetime, timezone: str) -> date:
    """The date on the office's calendar: numbers begin at 1 when it changes.

    Raises:
        ValueError: ``now`` has no time zone.
    """
    return _local(now, timezone).date()


def opening(office_hours: Hours, closures: Closures, timezone: str, now: datetime) -> OpeningState:
    """Whether the office is open at ``now`` (any time zone, but aware)."""
    return _state(office_hours, closures, timezone, now, None)


def issuing(
    office_hours: Hours, closures: Closures, timezone: str, now: datetime, rule: Issuing
) -> OpeningState:
    """Whether numbers are given out at ``now``: like :func:`opening`, by the issuing rule."""
    return _state(office_hours, closures, timezone, now, rule)


def opening_of(office: Office, now: datetime) -> OpeningState:
    """:func:`opening` of a stored office."""
    return opening(office.hours, office.closures, office.timezone, now)


def issuing_of(office: Office, now: datetime) -> OpeningState:
    """:func:`issuing` of a stored office."""
    rule = Issuing.of(office.issuing)
    return issuing(office.hours, office.closures, office.timezone, now, rule)


def closure_on(closures: Closures, day: date) -> Mapping[str, Any] | None:
    """The closure that holds on ``day``: the last listed one that covers it."""
    iso = day.isoformat()
    for closure in reversed(closures):
        if closure["from"] <= iso <= closure.get("to", closure["from"]):
            return closure
    return None


def _state(
    hours: Hours, closures: Closures, timezone: str, now: datetime, rule: Issuing | None
) -> OpeningState:
    local = _local(now, timezone)
    zone, today, now = ZoneInfo(timezone), local.date(), now.astimezone(UTC)
    sessions = _sessions(hours, closures, zone, today, rule)
    state = OpeningState(
        open=False,
        day_ends_at=sessions[-1][1] if sessions else None,
        remaining_s=round(
            sum((end - max(start, now)).total_seconds() for start, end in sessions if end > now)
        ),
    )
    for start, end in sessions:
        if start <= now < end:
            return replace(state, open=True, closes_at=end)
    closure = closure_on(closures, today)
    usual = _sessions(hours, (), zone, today, rule)
    if closure and (not closure.get("hours") or any(start <= now < end for start, end in usual)):
        state = replace(state, reason=closure.get("reason"))
    coming = _starts(hours, closures, zone, today, rule)
    return replace(state, opens_at=next((start for start in coming if start > now), None))


def _starts(
    hours: Hours, closures: Closures, zone: ZoneInfo, today: date, rule: Issuing | None
) -> Iterator[datetime]:
    """Starts of all sessions from today on."""
    if not any(hours.values()) and not any(closure.get("hours") for closure in closures):
        return  # never open: no need to look at a whole year
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        for start, _ in _sessions(hours, closures, zone, today + timedelta(ahead), rule):
            yield start


def _sessions(
    hours: Hours, closures: Closures, zone: ZoneInfo, day: date, rule: Issuing | None
) -> list[Session]:
    """The sessions of ``day`` in UTC, in order and apart from each other."""
    weekday = WEEKDAYS[day.weekday()]
    closure = closure_on(closures, day)
    spans = hours.get(weekday, ()) if closure is None else closure.get("hours") or ()
    sessions = _merged(_moments(day, span, zone) for span in spans)
    if rule is None or not sessions:
        return sessions
    if closure is None and rule.windows is not None and weekday in rule.windows:
        return _merged(_moments(day, span, zone) for span in rule.windows[weekday])
    midnight = _moment(day, "00:00", zone)
    before, stop = timedelta(minutes=rule.before_minutes), timedelta(minutes=rule.stop_minutes)
    # Never before midnight: such a number would belong to the queue of the day before.
    return _merged((max(start - before, midnight), end - stop) for start, end in sessions)


def _merged(sessions: Iterable[Session]) -> list[Session]:
    """In order, empty ones left out, and joined where they touch (a clock change may do that)."""
    merged: list[Session] = []
    for start, end in sorted(sessions):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _moments(day: date, span: Sequence[str], zone: ZoneInfo) -> Session:
    return _moment(day, span[0], zone), _moment(day, span[1], zone)


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    # UTC, because differences of local times are wrong across a change of clocks.
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)


def iso(moment: datetime | None, office: Office) -> str | None:
    """A moment as ISO 8601 in the office's time zone."""
    return moment.astimezone(ZoneInfo(office.timezone)).isoformat() if moment else None


def _local(now: datetime, timezone: str) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone means something else on each server")
    return now.astimezone(ZoneInfo(timezone))
