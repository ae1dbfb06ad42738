"""Which forms hold on a day: two tables, no dates in the code.

``data/circulars.csv`` has the circulars with the dates between which their forms hold, a source and
a certainty each; ``data/forms.csv`` the forms of each: number, title, paper, and which wording of
ours fills it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from server.errors import NotFound

DATA = Path(__file__).parents[1] / "data"

KINDS = ("receipt", "supplement", "refusal", "apology", "stop", "control-sheet")
"""The forms of one dossier, as addresses name them; ``register`` is the office's."""

REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Form:
    """One form (*biểu mẫu*) of a circular."""

    circular: str
    """Its full name, for example *Thông tư 01/2018/TT-VPCP*."""
    kind: str
    number: str
    """Two digits: *Mẫu số 01*."""
    title: str
    wording: str
    """Which of our wordings fills it; see :mod:`server.dossiers.forms.filling`."""
    paper: str
    """``A5`` or ``A4 landscape``, as CSS has it."""
    suffix: str
    """What follows the running number of the paper, for example ``/TNHS``."""

    @property
    def mark(self) -> str:
        """What stands in its upper corner: *Mẫu số 01 (Thông tư 01/2018/TT-VPCP)*."""
        return f"Mẫu số {self.number} ({self.circular})"


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular with its forms and the days between which they hold."""

    name: str
    valid_from: date | None
    """None: also before whatever is the first."""
    valid_to: date | None
    certainty: str
    """As for the calendar: see :data:`server.dossiers.calendar.CERTAINTIES`."""
    source: str
    forms: Mapping[str, Form]

    def holds(self, day: date) -> bool:
        """Whether dossiers accepted on this day have its forms."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@cache
def circulars() -> tuple[Circular, ...]:
    """The project's tables, read once."""
    forms = list(_rows("forms.csv"))
    return tuple(
        Circular(
            name=row["name"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            certainty=row["certainty"],
            source=row["source"],
            forms={
                one["kind"]: Form(**one | {"circular": row["name"]})
                for one in forms
                if one["circular"] == row["circular"]
            },
        )
        for row in _rows("circulars.csv")
    )


def circular_on(day: date) -> Circular:
    """The circular whose forms a dossier accepted on this day has."""
    return next(one for one in circulars() if one.holds(day))


def form_on(day: date, kind: str) -> Form:
    """A form as it holds on a day.

    Raises:
        NotFound: the circular that holds then has none of this kind.
    """
    form = circular_on(day).forms.get(kind)
    if form is None:
        raise NotFound(
            "%(circular)s has no such form.",
            circular=circular_on(day).name,
        )
    return form


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
