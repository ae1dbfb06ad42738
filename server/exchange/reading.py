"""From the bytes of a file to its rows, one by one and without holding the file in memory.

What makes a whole file doubtful (another encoding, a broken table, a formula in a cell, an unknown
column) ends the reading with :class:`FileRefused`; what is wrong in one row alone comes as a
:class:`~server.exchange.rows.Problem` in that row's place.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, BinaryIO

from server.errors import Invalid, marked
from server.exchange.rows import COLUMNS, LISTS, PEOPLE, PERSON_FIELDS, Problem, Row, read_row
from server.offices.encodings import WORKBOOK, wrong_kind
from server.offices.hallvalues import did_you_mean
from server.offices.procedureterms import FORMULA

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000
MAX_LINE = 1024 * 1024
MOST_PROBLEMS = 100
"""So many are told; whoever has more repairs the program that wrote the file."""

NEEDED = ("code", "office", "procedure")
RISKY = (*FORMULA, "\t", "\r")
"""A cell that begins so is run by spreadsheets as a formula, whoever opens the file later."""

NEUTRAL = "'"
"""Put before such a cell when we write one; taken off again when it is read."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Reading = Iterator[tuple[int, Row | Problem]]


class FileRefused(Invalid):
    """Nothing of the file was read in; ``problems`` says why, row by row."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = list(problems)
        super().__init__(
            marked("Nothing was read in. Problems in the file: %(count)s."),
            count=len(self.problems),
        )


def read_file(file: BinaryIO, form: str) -> Reading:
    """The rows of a file with their numbers, in order.

    Numbers are those a spreadsheet shows: in CSV the header is row 1; JSON lines begin with 1.

    Args:
        file: at its beginning.
        form: ``csv`` or ``jsonl``.

    Raises:
        FileRefused: while reading, as soon as the file cannot be trusted.
    """
    lines = _lines(file)
    reading = _csv_rows(lines) if form == "csv" else _json_rows(lines)
    for count, found in enumerate(reading, start=1):
        if count > MAX_ROWS:
            raise FileRefused(too_many(found[0]))
        yield found


def too_many(row: int) -> Problem:
    """What is said of a file with more than :data:`MAX_ROWS` rows."""
    return Problem(
        row, "", marked("too many rows; at most %(count)s at once"), {"count": MAX_ROWS}, True
    )


def check_beginning(beginning: bytes) -> None:
    """Refuse a file that cannot be text by its first four bytes.

    Raises:
        FileRefused: it is a workbook or in UTF-16.
    """
    kind = wrong_kind(beginning)
    if kind:
        words = (
            marked("is a workbook of a spreadsheet; save it as “CSV UTF-8”")
            if kind == WORKBOOK
            else marked("is in UTF-16 (“Unicode text”); save it as “CSV UTF-8”")
        )
        raise FileRefused(Problem(1, "", words, file=True))


def collected(reading: Reading) -> list[tuple[int, Row | Problem]]:
    """All rows; refuses the file with all it has against it, up to :data:`MOST_PROBLEMS`.

    A row that stands there twice and says the same is kept; it will be unchanged.

    Raises:
        FileRefused: as soon as nothing more can be read, else at the end.
    """
    rows: list[tuple[int, Row | Problem]] = []
    against: list[Problem] = []
    first: dict[str, tuple[int, Row]] = {}
    try:
        for number, found in reading:
            if isinstance(found, Problem):
                if found.file:
                    against.append(found)
            else:
                earlier, same = first.setdefault(found.code, (number, found))
                if earlier != number and same != found:
                    against.append(
                        Problem(
                            number,
                            "code",
                            marked("stands in row %(row)s already and says something else there"),
                            {"row": earlier},
                            True,
                        )
                    )
            rows.append((number, found))
            if len(against) >= MOST_PROBLEMS:
                break
    except FileRefused as refused:
        against += refused.problems
    if against:
        raise FileRefused(*against)
    return rows


def is_neutralised(cell: str) -> bool:
    """Whether we, or a careful other, put a sign before what a spreadsheet would run."""
    return cell.startswith(NEUTRAL) and cell.lstrip(NEUTRAL).startswith(RISKY)


def _lines(file: BinaryIO) -> Iterator[str]:
    """Lines with accents composed one way; a byte order mark is left out."""
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            check_beginning(raw[:4])
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > MAX_LINE:
            raise FileRefused(Problem(number, "", marked("this line is too long"), file=True))
        try:
            line = raw.decode()
        except UnicodeDecodeError:
            words = marked(
                "is not in UTF-8 but perhaps in Windows-1258 or another old encoding; save it as"
                " “CSV UTF-8”"
            )
            raise FileRefused(Problem(number, "", words, file=True)) from None
        if _CONTROL.search(line):
            raise FileRefused(_control(number, ""))
        yield unicodedata.normalize("NFC", line)


def _control(number: int, column: str) -> Problem:
    return Problem(number, column, marked("holds a control character"), file=True)


def _json_rows(lines: Iterator[str]) -> Reading:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            # Escapes may hide accents composed another way, and control characters.
            values = json.loads(line)
            if "\\u" in line or "\\" in line:
                values = _plain(values, number)
        except (ValueError, RecursionError):
            words = marked("is no JSON; each line is one object")
            raise FileRefused(Problem(number, "", words, file=True)) from None
        if not isinstance(values, dict):
            words = marked("is no JSON object; each line is one dossier")
            raise FileRefused(Problem(number, "", words, file=True))
        yield number, read_row(number, values)


def _plain(value: Any, number: int, field: str = "") -> Any:
    """Words as they are meant, all the way down."""
    if isinstance(value, str):
        if _CONTROL.search(value):
            raise FileRefused(_control(number, field))
        if any(0xD800 <= ord(sign) <= 0xDFFF for sign in value):
            raise ValueError("half a character")
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {name: _plain(one, number, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, number, field) for one in value]
    return value


def _csv_rows(lines: Iterator[str]) -> Reading:
    first = next(lines, "")
    separator = ";" if ";" in first and "," not in first else ","

    def again() -> Iterator[str]:
        yield first
        yield from lines

    reader = csv.reader(again(), strict=True, delimiter=separator)
    number = 1
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header)
        places = _places(header)
        for cells in reader:
            number += 1
            if not any(cells):
                continue
            problem = _wrong_cells(number, header, cells)
            yield number, problem or _shaped_row(number, places, cells)
    except csv.Error as error:
        words = marked("is no CSV: %(error)s")
        raise FileRefused(Problem(number + 1, "", words, {"error": str(error)}, True)) from None


def _check_header(header: list[str]) -> None:
    problems = []
    for column in header:
        if column not in COLUMNS:
            near = did_you_mean(column, COLUMNS).strip()
            words = marked("there is no such column. %(near)s")
            problems.append(Problem(1, column[:80], words, {"near": near}, True))
        elif header.count(column) > 1:
            problems.append(Problem(1, column, marked("stands here twice"), file=True))
    problems += [
        Problem(1, column, marked("the column is missing"), file=True)
        for column in NEEDED
        if column not in header
    ]
    if problems:
        raise FileRefused(*problems[:MOST_PROBLEMS])


def _wrong_cells(number: int, header: list[str], cells: list[str]) -> Problem | None:
    if len(cells) != len(header):
        words = marked("has %(cells)s cells, the header has %(columns)s")
        params = {"cells": len(cells), "columns": len(header)}
        return Problem(number, "", words, params, True)
    for column, cell in zip(header, cells, strict=True):
        if cell.startswith(RISKY):
            words = marked("begins with “%(sign)s”, which a spreadsheet runs as a formula")
            sign = {"\t": "Tab", "\r": "Enter"}.get(cell[0], cell[0])
            return Problem(number, column, words, {"sign": sign}, True)
    return None


def _places(header: list[str]) -> list[tuple[str, str, int]]:
    """Where each cell goes: the field, for people also the field of the person, and its place."""
    places = []
    for place, column in enumerate(header):
        person, _, name = column.partition("_")
        if person in PEOPLE and name in PERSON_FIELDS:
            places.append((person, name, place))
        else:
            places.append((column, "", place))
    return places


def _shaped_row(number: int, places: list[tuple[str, str, int]], cells: list[str]) -> Row | Problem:
    values: dict[str, Any] = {}
    for field, name, place in places:
        cell = cells[place].strip()
        if not cell:
            continue
        if is_neutralised(cell):
            cell = cell[1:]
        if name:
            # A spreadsheet lets people break lines within a name.
            values.setdefault(field, {})[name] = " ".join(cell.split())
        elif field in LISTS:
            try:
                values[field] = _plain(json.loads(cell), number, field)
            except (ValueError, RecursionError):
                return Problem(number, field, marked("this cell is no JSON list"))
        else:
            values[field] = cell
    found = read_row(number, values)
    if isinstance(found, Problem):
        found.field = _column(found.field)
    return found


def _column(field: str) -> str:
    person, _, name = field.partition(".")
    return f"{person}_{name}" if person in PEOPLE else field
