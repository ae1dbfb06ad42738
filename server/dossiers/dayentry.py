"""Entering a day of the calendar by hand: off, or made up, from a date on and with its source.

What dossiers were promised does not move: an entry counts for those received from its
``valid_from`` on, and that is today or later. An older entry for the same day stays beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.dossiers.calendar import CERTAINTIES, Calendar, Day
from server.dossiers.daysoff import calendar_of, chain, nationwide, set_day, stored_days
from server.errors import FieldProblem, FieldsRefused, marked
from server.journal import lock_office
from server.offices.models import Office
from server.offices.procedureterms import tidy
from server.seen import require_unchanged

KINDS = {"off": False, "work": True}
LONGEST = {"name": 200, "name_en": 200, "source": 500}


def coming_calendar(session: Session, office: Office, today: date) -> Calendar:
    """The calendar once all that has been entered is in force, for people to look at."""
    begins = [row.valid_from for row in stored_days(session, office) if row.valid_from]
    return calendar_of(session, office, max([today, *begins]))


def entries(session: Session, office: Office, day: date) -> list[Day]:
    """Everything that has been said of a day in this office, the nationwide table's row first."""
    rows = [*nationwide(), *stored_days(session, office)]
    return [row for row in rows if row.day == day]


def state_of(rows: list[Day]) -> list[dict[str, Any]]:
    """Entries as plain data, for :mod:`server.seen`."""
    return [
        {
            "working": row.working,
            "names": dict(row.names),
            "source": row.source,
            "certainty": row.certainty,
            "office": row.office,
            "valid_from": row.valid_from.isoformat() if row.valid_from else "",
        }
        for row in rows
    ]


def enter_day(
    session: Session,
    office: Office,
    cells: Mapping[str, str],
    *,
    everywhere: bool,
    seen: str,
    today: date,
    now: datetime,
    actor: str,
) -> date:
    """Enter a day, or say something else of one.

    Args:
        session: of an open transaction.
        office: where it holds, with all below.
        cells: ``day``, ``kind`` (of :data:`KINDS`), ``name``, ``name_en``, ``source``,
            ``certainty`` and ``valid_from``.
        everywhere: in every office instead.
        seen: the digest of the :func:`entries` that were shown for the day; empty for a day that
            was not known to have any.
        today: the office's day.
        now: this moment, for the journal.
        actor: who does it.

    Returns:
        The day.

    Raises:
        FieldsRefused: cells that will not do, or a day that has an entry already.
        ChangedMeanwhile: its entries are no longer what was shown.
    """
    for place in (chain(session, office)[-1], office) if everywhere else (office,):
        lock_office(session, place.id)
    known = coming_calendar(session, office, today)
    row, problems = _read(cells, today, known)
    if row is None:
        raise FieldsRefused(problems)
    said = entries(session, office, row.day)
    if seen:
        require_unchanged(seen, state_of(said))
    elif said:
        message = marked("This day is in the calendar already: %(name)s. Please change it there.")
        raise FieldsRefused([FieldProblem("day", message, {"name": said[-1].names["vi"]})])
    set_day(session, office, row, everywhere=everywhere, now=now, actor=actor)
    return row.day


def _read(
    cells: Mapping[str, str], today: date, known: Calendar
) -> tuple[Day | None, list[FieldProblem]]:
    values = {name: tidy(value) for name, value in cells.items()}
    problems: list[FieldProblem] = []

    def refuse(field: str, message: str, **params: object) -> None:
        problems.append(FieldProblem(field, message, params))

    day, begins = (_day(values, name, refuse) for name in ("day", "valid_from"))
    if day and day.year not in known.years:
        refuse(
            "day",
            marked("The calendar knows the years %(first)s to %(last)s only."),
            first=min(known.years),
            last=max(known.years),
        )
    if begins and begins < today:
        refuse(
            "valid_from",
            marked("Dossiers already accepted keep their dates: please choose today or later."),
        )
    if values.get("kind") not in KINDS:
        refuse("kind", marked("Please choose one of the list."))
    if values.get("certainty") not in CERTAINTIES:
        refuse("certainty", marked("Please choose one of the list."))
    if not values.get("name"):
        refuse("name", marked("Please write what the day is called."))
    if not values.get("source"):
        refuse("source", marked("Please name the decision that says so."))
    for name, longest in LONGEST.items():
        value = values.get(name, "")
        if len(value) > longest:
            refuse(name, marked("This is too long: at most %(count)s characters."), count=longest)
        if any(unicodedata.category(sign) == "Cc" for sign in value):
            refuse(name, marked("There is a control character in it. Please write words only."))
    if problems or day is None:
        return None, problems
    names = {"vi": values["name"]} | ({"en": values["name_en"]} if values.get("name_en") else {})
    working = KINDS[values["kind"]]
    row = Day(day, working, names, values["source"], values["certainty"], valid_from=begins)
    return row, []


def _day(values: Mapping[str, str], name: str, refuse: Any) -> date | None:
    text = values.get(name, "")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        refuse(name, marked("This is no day. Please write year-month-day, like 2026-01-31."))
        return None
    return found
