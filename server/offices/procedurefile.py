"""Reading a procedure catalogue from CSV, row by row, with every problem at its line and column."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from server.errors import Invalid
from server.offices.hallproblems import one_line
from server.offices.hallvalues import did_you_mean
from server.offices.models import AgencyShare, Names
from server.offices.procedureagencies import longest, read_agencies

if TYPE_CHECKING:
    import _csv

UNITS = ("working_day", "calendar_day", "hour", "same_day")
CERTAINTIES = ("certain", "partial", "uncertain")

NEEDED = ("field_code", "field_vi", "code", "name_vi", "days", "unit", "fee_vnd", "fee_note")
OPTIONAL = (
    "field_en",
    "field_km",
    "name_en",
    "name_km",
    "level",
    "interlinked",
    "afternoon_rule",
    "certainty",
    "remark",
    "source",
    "valid_from",
    "valid_to",
    "papers",
    "agencies",
)
NUMBERS = ("days", "fee_vnd")
COLUMNS = NEEDED + OPTIONAL
"""``remark`` is for those who edit the file; it is read over."""

MAX_ROWS = 20_000
"""More than any catalogue has (the national one: about 6,000); what is larger is another file."""

FORMULA = ("=", "+", "-", "@")
"""A cell that begins so is run by spreadsheets as a formula, whoever opens the file later."""


class ProcedureFileError(Invalid):
    """The catalogue cannot be loaded; nothing was changed. ``problems`` has a line a reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(
            "The procedures were not loaded; problems in the file: %(count)s.", count=len(problems)
        )


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
    level: str
    interlinked: bool
    afternoon_rule: bool
    certainty: str
    source: str
    valid_from: str
    valid_to: str
    papers: list[str]
    agencies: list[AgencyShare]


def read_rows(text: str, file: str) -> list[ProcedureRow]:
    """The rows of a catalogue.

    Raises:
        ProcedureFileError: each problem as ``FILE:LINE: column: what is wrong and allowed``.
    """
    problems: list[tuple[int, str, str]] = []
    rows: list[ProcedureRow] = []
    try:
        text = text.removeprefix("\ufeff")
        cells = list(_cells(text))
    except _TooLong:
        raise ProcedureFileError(
            [f"{file}: more than {MAX_ROWS} rows; a catalogue has less, please look at the file"]
        ) from None
    except csv.Error as error:
        raise ProcedureFileError([f"{file}:{_broken_line(text)}: file: no CSV: {error}"]) from None
    header = [_tidy(column) for column in cells[0][1]] if cells else []
    problems += [(1, column, words) for column, words in _header_problems(header)]
    if not problems:
        for line, values in cells[1:]:
            row = _Row(line, header, values)
            made = row.make()
            problems += row.problems
            if made is not None:
                rows.append(made)
        problems += _between(rows)
    if problems:
        raise ProcedureFileError(
            [
                one_line(f"{file}:{line}: {column}: {words}")
                for line, column, words in sorted(problems)
            ]
        )
    return rows


class _TooLong(Exception):
    """The file has more rows than are read."""


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line it begins on."""
    reader = _reader(text)
    begins = 1
    for count, values in enumerate(reader):
        if count > MAX_ROWS:
            raise _TooLong
        if any(value.strip() for value in values):
            yield begins, values
        begins = reader.line_num + 1


def _reader(text: str) -> _csv.Reader:
    """Commas; semicolons where the header has them: a Vietnamese Excel writes those."""
    header = text.split("\n", 1)[0]
    separator = ";" if ";" in header and "," not in header else ","
    return csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)


def _broken_line(text: str) -> int:
    """Where the row begins that the reader could not read."""
    reader = _reader(text)
    begins = 1
    try:
        for _ in reader:
            begins = reader.line_num + 1
    except csv.Error:
        pass
    return begins


def _header_problems(header: list[str]) -> Iterator[tuple[str, str]]:
    for column in header:
        if column not in COLUMNS:
            near = did_you_mean(column, COLUMNS)
            yield column, f"there is no such column.{near} Allowed: {', '.join(COLUMNS)}"
        elif header.count(column) > 1:
            yield column, "stands here twice; keep one"
    for column in NEEDED:
        if column not in header:
            yield column, f"the column is missing; needed: {', '.join(NEEDED)}"


def _between(rows: list[ProcedureRow]) -> Iterator[tuple[int, str, str]]:
    """Problems of rows with each other."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        first = seen.setdefault((row.code, row.valid_from), row.line)
        if first != row.line:
            since = f"from {row.valid_from}" if row.valid_from else "without valid_from"
            yield (
                row.line,
                "code",
                f'"{row.code}" {since} stands in line {first} already; '
                "terms that change need another valid_from",
            )


class _Row:
    """One row being read; collects its problems."""

    def __init__(self, line: int, header: list[str], values: list[str]) -> None:
        self.line = line
        self.header = header
        self.values = dict(zip(header, (_tidy(value) for value in values), strict=False))
        self.count = len(values)
        self.problems: list[tuple[int, str, str]] = []

    def make(self) -> ProcedureRow | None:
        """The row, or none when something in it will not do."""
        if self.count != len(self.header):
            self._refuse(
                "file",
                f"has {self.count} cells, the header has {len(self.header)}; a comma inside words "
                "needs quotes around the cell",
            )
            return None
        for column, value in self.values.items():
            if any(unicodedata.category(sign) == "Cc" for sign in value):
                self._refuse(column, "holds a control character; write words only")
                return None
            if column not in NUMBERS and value.startswith(FORMULA):
                self._refuse(
                    column,
                    f'begins with "{value[0]}", which a spreadsheet runs as a formula; begin with '
                    "a letter or a digit",
                )
                return None
        row = ProcedureRow(
            line=self.line,
            field_code=self._matching("field_code", r"[A-Z]{1,16}", 'capital letters like "HT"'),
            field_names=self._names("field"),
            code=self._code(),
            names=self._names("name"),
            days=self._count("days", "a whole number of the unit, or nothing if not known"),
            unit=self._one_of("unit", UNITS),
            fee_vnd=self._count(
                "fee_vnd", "đồng in digits only, like 2000, or nothing if the province sets it"
            ),
            fee_note=self._words("fee_note", 500),
            level=self._words("level", 64),
            interlinked=self._one_of("interlinked", ("true", "false"), "false") == "true",
            afternoon_rule=self._one_of("afternoon_rule", ("true", "false"), "false") == "true",
            certainty=self._one_of("certainty", CERTAINTIES, ""),
            source=self._words("source", 500),
            valid_from=self._date("valid_from"),
            valid_to=self._date("valid_to"),
            papers=self._papers(),
            agencies=self._agencies(),
        )
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            self._refuse("valid_to", f"is before valid_from ({row.valid_from})")
        if row.unit == "same_day" and row.days:
            self._refuse("days", 'must be 0 or nothing with unit "same_day"')
        if row.afternoon_rule and row.unit != "same_day":
            self._refuse("afternoon_rule", 'is for the unit "same_day" only')
        self._check_agencies(row)
        return None if self.problems else row

    def _check_agencies(self, row: ProcedureRow) -> None:
        if row.agencies and not row.interlinked:
            self._refuse("agencies", 'are for interlinked procedures; write "true" there')
        if row.days is not None and (needed := longest(row.agencies)) > row.days:
            self._refuse("agencies", f"need {needed} together, more than days ({row.days})")

    def _refuse(self, column: str, words: str) -> None:
        self.problems.append((self.line, column, words))

    def _matching(self, column: str, pattern: str, allowed: str) -> str:
        value = self.values.get(column, "")
        if not re.fullmatch(pattern, value, re.ASCII):
            self._refuse(column, f'"{value}" will not do; allowed: {allowed}')
        return value

    def _code(self) -> str:
        """The code without the suffix of a portal: ``1.001699.000.00.00.H17`` is ``1.001699``."""
        if re.fullmatch(r"\d\.\d{1,5}", self.values.get("code", ""), re.ASCII):
            self._refuse(
                "code",
                f'"{self.values["code"]}" has lost its last zeros, as in a spreadsheet; make the '
                "column text and write six digits",
            )
            return ""
        value = self._matching(
            "code",
            r"\d\.\d{6}(\.\d{3}(\.\d{2}){2}(\.[GH]\d{2})?)?",
            "a digit, a dot and six digits, like 1.001193",
        )
        return value[:8]

    def _names(self, column: str) -> Names:
        found = {
            language: value
            for language in ("vi", "en", "km")
            if (value := self.values.get(f"{column}_{language}"))
        }
        if "vi" not in found:
            self._refuse(f"{column}_vi", "is empty; the Vietnamese words are needed")
        return found

    def _count(self, column: str, allowed: str) -> int | None:
        value = self.values.get(column, "")
        if not value:
            return None
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII):
            self._refuse(column, f'"{value}" will not do; allowed: {allowed}')
            return None
        return int(value)

    def _one_of(self, column: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.values.get(column, "").lower()
        if not value and default is not None:
            return default
        if value not in allowed:
            near = did_you_mean(value, allowed)
            self._refuse(column, f'"{value}" will not do.{near} Allowed: {", ".join(allowed)}')
        return value

    def _words(self, column: str, longest: int) -> str:
        value = self.values.get(column, "")
        if len(value) > longest:
            self._refuse(column, f"is too long; allowed are {longest} characters")
        return value

    def _papers(self) -> list[str]:
        """The papers to bring, ``Tờ khai | Giấy chứng sinh``."""
        value = self._words("papers", 4000)
        papers = [paper.strip() for paper in value.split("|")] if value else []
        if not all(papers):
            self._refuse("papers", 'has an empty line; one "|" between two papers')
        if next((paper for paper in papers if paper.startswith(FORMULA)), None):
            self._refuse("papers", "has a line that begins like a formula; begin with a letter")
        return papers

    def _agencies(self) -> list[AgencyShare]:
        value = self.values.get("agencies", "")
        try:
            return read_agencies(value)
        except ValueError as error:
            self._refuse("agencies", str(error))
            return []

    def _date(self, column: str) -> str:
        value = self.values.get(column, "")
        if value and not _is_date(value):
            self._refuse(column, f'"{value}" is no date; write year-month-day like 2026-01-01')
        return value


EARLIEST = "1945-01-01"


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value >= EARLIEST
    except ValueError:
        return False


def _tidy(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))
