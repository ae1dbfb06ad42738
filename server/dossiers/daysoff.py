"""Where the rows of the calendar come from: the project's own table, and what offices add to it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from server.dossiers.calendar import Day
from server.dossiers.deadlines import Hours

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
