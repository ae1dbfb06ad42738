"""Do the offices' calendars agree with the package ``holidays``, and how far do they go?

A cross-check only: the package guesses yearly decisions without saying so. Where our row was read
in a public source, the difference is the package's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from server.checking.findings import Finding, named
from server.dossiers.calendar import Calendar, CalendarEnds, Difference, differences
from server.dossiers.daysoff import calendar_of
from server.offices.models import Office

SURE = ("verified",)


def check_calendars(session: Session, offices: Sequence[Office], today: date) -> Iterator[Finding]:
    """This year and the next, a line for all offices whose calendars are alike."""
    for year in (today.year, today.year + 1):
        alike: dict[tuple[Finding, ...], list[str]] = {}
        for office in offices:
            found = tuple(_year(calendar_of(session, office, today), year))
            alike.setdefault(found, []).append(office.slug)
        for findings, slugs in alike.items():
            where = "every office" if len(slugs) == len(offices) else named(slugs)
            for one in findings:
                yield Finding(one.level, f"Calendar {year} of {where}: {one.words}")


def _year(calendar: Calendar, year: int) -> Iterator[Finding]:
    try:
        found = differences(calendar, year)
    except CalendarEnds:
        yield Finding(
            "attention",
            "nothing is known of it, and no due date can be counted into it. Enter its days off: "
            "motcua dossiers day.",
        )
        return
    doubtful = [one for one in found if one.certainty not in SURE]
    if doubtful:
        yield Finding("attention", f"differs from `holidays` on {_days(doubtful)}.")
    sure = [one for one in found if one.certainty in SURE]
    if sure:
        yield Finding(
            "ok", f"differs from `holidays` on {_days(sure)}; ours was read in a public source."
        )
    guessed = [
        str(day)
        for day, row in sorted(calendar.days.items())
        if day.year == year and row.certainty == "assumed"
    ]
    if guessed:
        yield Finding(
            "attention",
            f"{len(guessed)} days are assumed, nobody had decided them yet ({named(guessed)}). "
            "Correct them when they are: motcua dossiers day.",
        )
    if not found and not guessed:
        yield Finding("ok", "agrees with `holidays` on every day.")


def _days(found: Sequence[Difference]) -> str:
    words = [
        f"{one.day} ({'work' if one.ours else 'off'} here{': ' if one.reason else ''}{one.reason})"
        for one in found
    ]
    return named(words)
