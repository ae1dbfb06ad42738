"""The settlement as text for a terminal and as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from server.reports.settlement import CLASSES
from server.words import translate

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be taken for a formula by a spreadsheet."""


def settlement_text(report: dict[str, Any], language: str = "vi") -> str:
    """The offices of a settlement as a table for a terminal."""
    heads = _heads(language)
    rows = [[_cell(value) for value in row] for row in _office_rows(report, language)]
    widths = [max(len(line[place]) for line in [heads, *rows]) for place in range(len(heads))]
    lines = []
    for row in [heads, *rows]:
        first = row[0].ljust(widths[0])
        rest = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([first, *rest]).rstrip())
    return "\n".join([f"{report['from']} – {report['to']}", *lines, ""])


def settlement_workbook(report: dict[str, Any], language: str = "vi") -> bytes:
    """The settlement as an Excel file: offices, fields and procedures on a sheet each."""
    book = Workbook()
    book.remove(book.active)
    _sheet(book, translate(language, "Offices"), _heads(language), _office_rows(report, language))
    for title, what in (
        (translate(language, "Fields"), "field"),
        (translate(language, "Procedures"), "procedure"),
    ):
        heads = [translate(language, "Office"), translate(language, "Code"), *_heads(language)]
        heads[2] = translate(language, "Name")
        _sheet(book, title, heads, _part_rows(report, what, language))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _heads(language: str) -> list[str]:
    return [
        translate(language, "Office"),
        translate(language, "Received"),
        translate(language, "On time"),
        translate(language, "Per cent of received"),
        translate(language, "Not yet due"),
        translate(language, "Per cent of received"),
        translate(language, "Late"),
        translate(language, "Per cent of received"),
        translate(language, "On time, per cent of resolved"),
    ]


def _values(figures: dict[str, Any]) -> list[Any]:
    values: list[Any] = [figures["received"]]
    for name in CLASSES:
        values += [figures[name], figures["share"][name]]
    return [*values, figures["share_of_resolved"]["on_time"]]


def _office_rows(report: dict[str, Any], language: str) -> Iterable[list[Any]]:
    yield from _tree_rows(report, language, 0)
    if report["children"]:
        yield [translate(language, "All offices below"), *_values(report["below"])]


def _tree_rows(report: dict[str, Any], language: str, depth: int) -> Iterable[list[Any]]:
    yield ["  " * depth + _name(report["names"], language), *_values(report)]
    for child in report["children"]:
        yield from _tree_rows(child, language, depth + 1)


def _part_rows(report: dict[str, Any], what: str, language: str) -> Iterable[list[Any]]:
    office = _name(report["names"], language)
    for part in report[f"by_{what}"]:
        yield [office, part[what], _name(part["names"], language), *_values(part)]
    for child in report["children"]:
        yield from _part_rows(child, what, language)


def _name(names: dict[str, str], language: str) -> str:
    return names.get(language) or names["vi"]


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _sheet(book: Workbook, title: str, heads: Sequence[str], rows: Iterable[list[Any]]) -> None:
    sheet: Worksheet = book.create_sheet(title[:31])
    sheet.append([None] * len(heads))
    for place, head in enumerate(heads, 1):
        _write(sheet.cell(1, place), head)
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows, 2):
        for place, value in enumerate(row, 1):
            _write(sheet.cell(number, place), value)
    for letter, width in zip("ABCDEFGHIJKL", [36] + [14] * 11, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B2"


def _write(cell: Cell, value: Any) -> None:
    """Write a value; a text stays a text whatever it begins with."""
    cell.value = value
    if isinstance(value, float):
        cell.number_format = "0.0"
    if isinstance(value, str):
        cell.data_type = "s"
        # Kept as a text also when somebody edits the cell or saves the sheet as CSV.
        cell.quotePrefix = value.lstrip().startswith(RISKY)
