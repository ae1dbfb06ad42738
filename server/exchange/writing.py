"""Rows as JSON lines, or as a table that every spreadsheet may open without running anything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from server.exchange.reading import NEUTRAL, RISKY
from server.exchange.rows import COLUMNS, LISTS, PEOPLE

Told = Mapping[str, Any]


def json_lines(rows: Iterable[Told]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def csv_lines(rows: Iterable[Told]) -> Iterator[str]:
    """A header and one line a dossier; its steps, papers and parts are JSON in their cells.

    Text that a spreadsheet would run as a formula gets an apostrophe in front, which reading it
    in takes off again.
    """
    yield _line(COLUMNS)
    for row in rows:
        yield _line(_cells(row))


def _cells(row: Told) -> Iterator[str]:
    for column in COLUMNS:
        person, _, name = column.partition("_")
        if person in PEOPLE and name:
            yield _safe(str(row.get(person, {}).get(name, "")))
        elif column in LISTS:
            value = row.get(column)
            yield json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
        else:
            value = row.get(column)
            yield "" if value is None else _safe(str(value))


def _safe(text: str) -> str:
    return NEUTRAL + text if text.lstrip(NEUTRAL).startswith(RISKY) else text


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
