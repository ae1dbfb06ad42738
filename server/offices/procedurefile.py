"""Reading a procedure catalogue from CSV, row by row, with every problem at its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from server.errors import Invalid
from server.offices.hallproblems import one_line
from server.offices.hallvalues import did_you_mean
from server.offices.procedureterms import ProcedureRow, read_terms, tidy

if TYPE_CHECKING:
    import _csv

NEEDED = ("field_code", "field_vi", "code", "name_vi", "days", "unit", "fee_vnd", "fee_note")
OPTIONAL = (
    "charge_vnd",
    "charge_note",
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
COLUMNS = NEEDED + OPTIONAL
"""``remark`` is for those who edit the file; it is read over."""

MAX_ROWS = 20_000
"""More than any catalogue has (the national one: about 6,000); what is larger is another file."""


class ProcedureFileError(Invalid):
    """The catalogue cannot be loaded; nothing was changed. ``problems`` has a line a reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(
            "The procedures were not loaded; problems in the file: %(count)s.", count=len(problems)
        )


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
    header = [tidy(column) for column in cells[0][1]] if cells else []
    problems += [(1, column, words) for column, words in _header_problems(header)]
    if not problems:
        for line, values in cells[1:]:
            if len(values) != len(header):
                problems.append(
                    (
                        line,
                        "file",
                        f"has {len(values)} cells, the header has {len(header)}; a comma inside "
                        "words needs quotes around the cell",
                    )
                )
                continue
            row, wrong = read_terms(dict(zip(header, values, strict=True)), line=line)
            problems += [(line, one.column, one.words) for one in wrong]
            if row is not None:
                rows.append(row)
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
