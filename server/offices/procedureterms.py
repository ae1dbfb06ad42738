"""The terms of one procedure from cells of text: those of a file's row, or of a form's fields.

Every cell that will not do is a :class:`Problem` with words for the technician, who reads them in
English beside a file's line, and for the clerk, who reads them beside a field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from server.errors import marked
from server.offices.hallvalues import did_you_mean
from server.offices.models import AgencyShare, Names
from server.offices.procedureagencies import longest, read_agencies

UNITS = ("working_day", "calendar_day", "hour", "same_day")
CERTAINTIES = ("certain", "partial", "uncertain")
NUMBERS = ("days", "fee_vnd", "charge_vnd")

FORMULA = ("=", "+", "-", "@")
"""A cell that begins so is run by spreadsheets as a formula, whoever opens the file later."""

EARLIEST = "1945-01-01"
LONGEST_NAME = 1000
LONGEST_NOTE = 500

ONE_OF_THE_LIST = marked("Please choose one of the list.")
DIGITS_ONLY = marked("Please write the amount in đồng in digits only, like 2000.")


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that will not do."""

    column: str
    words: str
    """What is wrong and what is allowed, to follow the column's name, in English."""
    message: str
    """The same as a sentence for people: a message id with ``%(name)s`` for ``params``."""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """The terms of one procedure; see :class:`server.offices.models.Procedure`."""

    line: int
    field_code: str
    field_names: Names
    code: str
    names: Names
    days: int | None
    unit: str
    fee_vnd: int | None
    fee_note: str
    charge_vnd: int | None
    charge_note: str
    level: str
    interlinked: bool
    afternoon_rule: bool
    certainty: str
    source: str
    valid_from: str
    valid_to: str
    papers: list[str]
    agencies: list[AgencyShare]
    columns: frozenset[str]
    """Those that were there at all, empty or not."""


def read_terms(
    cells: Mapping[str, str], *, line: int = 0
) -> tuple[ProcedureRow | None, list[Problem]]:
    """The terms that cells say; none, and why, when something in them will not do.

    Args:
        cells: by column; those left out count as empty.
        line: where they stand in a file.
    """
    reading = _Reading(cells, line)
    return reading.make(), reading.problems


def tidy(value: str) -> str:
    """One space between words, accents composed one way."""
    return unicodedata.normalize("NFC", " ".join(value.split()))


class _Reading:
    """One set of cells being read; collects its problems."""

    def __init__(self, cells: Mapping[str, str], line: int) -> None:
        self.line = line
        self.values = {column: tidy(value) for column, value in cells.items()}
        self.problems: list[Problem] = []

    def make(self) -> ProcedureRow | None:
        """The terms, or none when something in them will not do."""
        self._look_for_signs()
        if self.problems:
            return None
        row = ProcedureRow(
            line=self.line,
            field_code=self._matching(
                "field_code", r"[A-Z]{1,16}", 'capital letters like "HT"', ONE_OF_THE_LIST
            ),
            field_names=self._names("field"),
            code=self._code(),
            names=self._names("name"),
            days=self._count(
                "days",
                "a whole number of the unit, or nothing if not known",
                marked("Please write a whole number, or nothing where it is not known."),
            ),
            unit=self._one_of("unit", UNITS),
            fee_vnd=self._count(
                "fee_vnd",
                "đồng in digits only, like 2000, or nothing if the province sets it",
                DIGITS_ONLY,
            ),
            fee_note=self._words("fee_note", LONGEST_NOTE),
            charge_vnd=self._count(
                "charge_vnd",
                "đồng in digits only, like 2000, or nothing if there is none",
                DIGITS_ONLY,
            ),
            charge_note=self._words("charge_note", LONGEST_NOTE),
            level=self._words("level", 64),
            interlinked=self._one_of("interlinked", ("true", "false"), "false") == "true",
            afternoon_rule=self._one_of("afternoon_rule", ("true", "false"), "false") == "true",
            certainty=self._one_of("certainty", CERTAINTIES, ""),
            source=self._words("source", LONGEST_NOTE),
            valid_from=self._date("valid_from"),
            valid_to=self._date("valid_to"),
            papers=self._papers(),
            agencies=self._agencies(),
            columns=frozenset(self.values),
        )
        self._check_together(row)
        return None if self.problems else row

    def _look_for_signs(self) -> None:
        """What no cell may hold or begin with."""
        for column, value in self.values.items():
            if any(unicodedata.category(sign) == "Cc" for sign in value):
                self._refuse(
                    column,
                    "holds a control character; write words only",
                    marked("There is a control character in it. Please write words only."),
                )
            elif column not in NUMBERS and value.startswith(FORMULA):
                self._refuse(
                    column,
                    f'begins with "{value[0]}", which a spreadsheet runs as a formula; begin with '
                    "a letter or a digit",
                    marked(
                        "Please begin with a letter or a digit: a spreadsheet runs what begins "
                        "with “%(sign)s” as a formula."
                    ),
                    sign=value[0],
                )

    def _check_together(self, row: ProcedureRow) -> None:
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            self._refuse(
                "valid_to",
                f"is before valid_from ({row.valid_from})",
                marked("The last day is before the first."),
            )
        if row.unit == "same_day" and row.days:
            self._refuse(
                "days",
                'must be 0 or nothing with unit "same_day"',
                marked("A result on the same day has no number: please leave this empty."),
            )
        if row.afternoon_rule and row.unit != "same_day":
            self._refuse(
                "afternoon_rule",
                'is for the unit "same_day" only',
                marked("This is for results on the same day only."),
            )
        if row.agencies and not row.interlinked:
            self._refuse(
                "agencies",
                'are for interlinked procedures; write "true" there',
                marked("Agencies are for interlinked procedures only."),
            )
        if row.days is not None and (needed := longest(row.agencies)) > row.days:
            self._refuse(
                "agencies",
                f"need {needed} together, more than days ({row.days})",
                marked("The agencies need %(needed)s together, the procedure has %(days)s."),
                needed=needed,
                days=row.days,
            )

    def _refuse(self, column: str, words: str, message: str, **params: object) -> None:
        self.problems.append(Problem(column, words, message, params))

    def _matching(self, column: str, pattern: str, allowed: str, message: str) -> str:
        value = self.values.get(column, "")
        if not re.fullmatch(pattern, value, re.ASCII):
            self._refuse(column, f'"{value}" will not do; allowed: {allowed}', message)
        return value

    def _code(self) -> str:
        """The code without the suffix of a portal: ``1.001699.000.00.00.H17`` is ``1.001699``."""
        message = marked("A code is a digit, a dot and six digits, like 1.001193.")
        if re.fullmatch(r"\d\.\d{1,5}", self.values.get("code", ""), re.ASCII):
            self._refuse(
                "code",
                f'"{self.values["code"]}" has lost its last zeros, as in a spreadsheet; make the '
                "column text and write six digits",
                message,
            )
            return ""
        value = self._matching(
            "code",
            r"\d\.\d{6}(\.\d{3}(\.\d{2}){2}(\.[GH]\d{2})?)?",
            "a digit, a dot and six digits, like 1.001193",
            message,
        )
        return value[:8]

    def _names(self, column: str) -> Names:
        found = {
            language: value
            for language in ("vi", "en", "km")
            if (value := self._words(f"{column}_{language}", LONGEST_NAME))
        }
        if "vi" not in found:
            self._refuse(
                f"{column}_vi",
                "is empty; the Vietnamese words are needed",
                marked("The Vietnamese words are needed."),
            )
        return found

    def _count(self, column: str, allowed: str, message: str) -> int | None:
        value = self.values.get(column, "")
        if not value:
            return None
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII):
            self._refuse(column, f'"{value}" will not do; allowed: {allowed}', message)
            return None
        return int(value)

    def _one_of(self, column: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.values.get(column, "").lower()
        if not value and default is not None:
            return default
        if value not in allowed:
            near = did_you_mean(value, allowed)
            self._refuse(
                column,
                f'"{value}" will not do.{near} Allowed: {", ".join(allowed)}',
                ONE_OF_THE_LIST,
            )
        return value

    def _words(self, column: str, longest: int) -> str:
        value = self.values.get(column, "")
        if len(value) > longest:
            self._refuse(
                column,
                f"is too long; allowed are {longest} characters",
                marked("This is too long: at most %(count)s characters."),
                count=longest,
            )
        return value

    def _papers(self) -> list[str]:
        """The papers to bring, ``Tờ khai | Giấy chứng sinh``."""
        value = self._words("papers", 4000)
        papers = [paper.strip() for paper in value.split("|")] if value else []
        message = marked("Please begin each line with a letter or a digit.")
        if not all(papers):
            self._refuse("papers", 'has an empty line; one "|" between two papers', message)
        if next((paper for paper in papers if paper.startswith(FORMULA)), None):
            self._refuse(
                "papers", "has a line that begins like a formula; begin with a letter", message
            )
        return papers

    def _agencies(self) -> list[AgencyShare]:
        value = self.values.get("agencies", "")
        try:
            return read_agencies(value)
        except ValueError as error:
            self._refuse(
                "agencies",
                str(error),
                marked("Please write whole numbers from 1: the turn of each agency and its time."),
            )
            return []

    def _date(self, column: str) -> str:
        value = self.values.get(column, "")
        if value and not _is_date(value):
            self._refuse(
                column,
                f'"{value}" is no date; write year-month-day like 2026-01-01',
                marked("This is no day. Please write year-month-day, like 2026-01-31."),
            )
        return value


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value >= EARLIEST
    except ValueError:
        return False
