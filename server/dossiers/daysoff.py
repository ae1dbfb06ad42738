"""Where the rows of the calendar come from: the project's own table, and what offices add to it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.dossiers.calendar import Calendar, Day, calendar_for
from server.dossiers.deadlines import Hours
from server.dossiers.models import DayOff
from server.errors import Invalid
from server.journal import lock_office, record
from server.offices.models import Office

TABLE = Path(__file__).with_name("data") / "holidays.csv"
"""Nationwide days off and make-up days since 2018, a source and a certainty a row."""


@cache
def nationwide() -> tuple[Day, ...]:
    """The project's table, read once."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_row(values) for values in csv.DictReader(file))


def _row(values: Mapping[str, str]) -> Day:
    return Day(
        day=date.fromisoformat(values["day"]),
        working={"off": False, "work": True}[values["kind"]],
        names={"vi": values["name_vi"], "en": values["name_en"]},
        source=values["source"],
        certainty=values["certainty"],
        valid_from=date.fromisoformat(values["valid_from"]) if values["valid_from"] else None,
        valid_to=date.fromisoformat(values["valid_to"]) if values["valid_to"] else None,
    )


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def hours_of(spans: Mapping[str, Iterable[Sequence[str]]]) -> Hours:
    """An office's hours (``{"mon": [["07:00", "11:00"]]}``) as the deadlines want them."""
    return {
        number: tuple((_clock(first), _clock(last)) for first, last in spans.get(name, ()))
        for number, name in enumerate(WEEKDAYS)
    }


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


def local(moment: datetime, timezone: str) -> datetime:
    """The moment on the office's own clock."""
    return moment.astimezone(ZoneInfo(timezone))


def calendar_of(session: Session, office: Office, on: date) -> Calendar:
    """The calendar of an office for dossiers received on a date: the project's and its own rows."""
    rows, slugs = calendar_rows(session, office)
    return calendar_for(rows, slugs, on)


def calendar_rows(session: Session, office: Office) -> tuple[list[Day], list[str]]:
    """What :func:`server.dossiers.calendar.calendar_for` makes an office's calendars of.

    Returns:
        All rows that hold in the office on some date, and the slugs from it up to the root.
    """
    slugs = [one.slug for one in chain(session, office)]
    return [*nationwide(), *stored_days(session, office)], slugs


def stored_days(session: Session, office: Office) -> list[Day]:
    """What has been entered for an office, those above it and everywhere, as entered."""
    names = {one.id: one.slug for one in chain(session, office)}
    stored = session.scalars(
        select(DayOff)
        .where(or_(DayOff.office_id.is_(None), DayOff.office_id.in_(names)))
        .order_by(DayOff.id)
    )
    return [_stored(row, names.get(row.office_id or 0, "")) for row in stored]


def chain(session: Session, office: Office) -> list[Office]:
    """The office and all above it, nearest first."""
    found, above = [office], office.parent_id
    while above is not None and above not in {one.id for one in found}:
        found.append(session.get_one(Office, above))
        above = found[-1].parent_id
    return found


def set_day(
    session: Session, office: Office, row: Day, *, everywhere: bool, now: datetime, actor: str
) -> DayOff:
    """Enter a day off or a make-up day, or correct one with the same beginning of validity.

    Dossiers received before ``valid_from`` keep their due dates; so do all that were accepted
    before this entry was made, because a due date is kept with the step that set it.

    Raises:
        Invalid: the row names no source.
    """
    if not row.source.strip():
        raise Invalid("A day of the calendar needs a source: the decision that says so.")
    place = lock_office(session, office.id)
    begins = row.valid_from.isoformat() if row.valid_from else ""
    where = None if everywhere else office.id
    stored = session.scalar(
        select(DayOff).where(
            DayOff.office_id.is_(None) if where is None else DayOff.office_id == where,
            DayOff.day == row.day.isoformat(),
            DayOff.valid_from == begins,
        )
    )
    if stored is None:
        stored = DayOff(office_id=where, day=row.day.isoformat(), valid_from=begins)
        session.add(stored)
    stored.working, stored.names = row.working, dict(row.names)
    stored.source, stored.certainty = row.source, row.certainty
    stored.valid_to = row.valid_to.isoformat() if row.valid_to else ""
    data = {"day": stored.day, "working": row.working, "everywhere": everywhere}
    record(session, place, "calendar.set", subject=stored.day, actor=actor, data=data, at=now)
    return stored


def _stored(row: DayOff, slug: str) -> Day:
    return Day(
        day=date.fromisoformat(row.day),
        working=row.working,
        names=row.names,
        source=row.source,
        certainty=row.certainty,
        office=slug,
        valid_from=date.fromisoformat(row.valid_from) if row.valid_from else None,
        valid_to=date.fromisoformat(row.valid_to) if row.valid_to else None,
    )
