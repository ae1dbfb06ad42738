"""Why no number is given out, in words a citizen understands, with when to come back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.errors import Refused
from server.offices.hours import OpeningState, issuing_of
from server.offices.models import Names, Office, Service
from server.queueing.forecasts import forecast
from server.queueing.rules import Rules


def refuse_number(
    session: Session, office: Office, service: Service, language: str, now: datetime
) -> None:
    """Raise unless a number of ``service`` can be given out now.

    Args:
        session: of the transaction that would give it out.
        office: whose hall it is, locked.
        service: what the citizen chose.
        language: of the citizen, for the reasons the office has written itself.
        now: this moment.

    Raises:
        Refused: the service is paused, no numbers are given out at this time, the day's cap is
            reached, or those who wait already fill the rest of the day.
    """
    if service.paused:
        if service.pause_reason:
            raise Refused(
                "This service is paused: %(reason)s",
                reason=_in(service.pause_reason, language),
            )
        raise Refused("This service is paused. Please ask the staff or come back later.")
    state = issuing_of(office, now)
    if not state.open:
        raise _closed(state, office, language, now)
    if service.daily_cap is None and not Rules.of(office.rules).stop_when_full:
        return  # nothing limits the day, so nobody need reckon how long it will take
    full = forecast(session, office, now).full(service.id)
    if full == "cap":
        raise _cap_reached(service.daily_cap, _next_day(office, state, now))
    if full == "full":
        raise _no_time_left(_next_day(office, state, now))


def _closed(state: OpeningState, office: Office, language: str, now: datetime) -> Refused:
    if state.opens_at is None:
        return Refused("No numbers are given out at the moment. Please ask the staff.")
    date, time = _local(state.opens_at, office)
    if state.reason:
        return Refused(
            "The office is closed: %(reason)s. Please come back on %(date)s from %(time)s.",
            reason=_in(state.reason, language),
            date=date,
            time=time,
        )
    if date == _local(now, office)[0]:
        return Refused("No numbers are given out now. Please come back from %(time)s.", time=time)
    return Refused(
        "No more numbers are given out today. Please come back on %(date)s from %(time)s.",
        date=date,
        time=time,
    )


def _cap_reached(count: int | None, again: tuple[str, str] | None) -> Refused:
    if again is None:
        return Refused("All %(count)s numbers of today have been given out.", count=count)
    return Refused(
        "All %(count)s numbers of today have been given out. "
        "Please come back on %(date)s from %(time)s.",
        count=count,
        date=again[0],
        time=again[1],
    )


def _no_time_left(again: tuple[str, str] | None) -> Refused:
    if again is None:
        return Refused("Those who wait already fill the time until closing.")
    return Refused(
        "Those who wait already fill the time until closing. "
        "Please come back on %(date)s from %(time)s.",
        date=again[0],
        time=again[1],
    )


def _next_day(office: Office, state: OpeningState, now: datetime) -> tuple[str, str] | None:
    """Date and time from which numbers are given out on the next day that has any."""
    after = issuing_of(office, state.day_ends_at or now)
    return _local(after.opens_at, office) if after.opens_at else None


def _local(moment: datetime, office: Office) -> tuple[str, str]:
    there = moment.astimezone(ZoneInfo(office.timezone))
    return f"{there:%d/%m/%Y}", f"{there:%H:%M}"


def _in(names: Names, language: str) -> str:
    return names.get(language) or names.get("vi") or next(iter(names.values()), "")
