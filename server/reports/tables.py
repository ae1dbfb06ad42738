"""The settlement as text for a terminal and as an Excel file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.reports.settlement import CLASSES
from server.reports.sheets import add_sheet, new_book, written
from server.words import translate


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
    return "\n".join([_days(report), *lines, ""])


def settlement_workbook(report: dict[str, Any], language: str = "vi") -> bytes:
    """The settlement as an Excel file: offices, fields and procedures on a sheet each."""
    book = new_book()
    above = [translate(language, "Settlement of dossiers"), _days(report)]
    offices = _office_rows(report, language)
    title = translate(language, "Offices")
    add_sheet(book, title, _heads(language), offices, above=above, widths=[36])
    for title, what, name in (
        (translate(language, "Fields"), "field", translate(language, "Field")),
        (translate(language, "Procedures"), "procedure", translate(language, "Procedure")),
    ):
        heads = [translate(language, "Office"), translate(language, "Code"), *_heads(language)]
        heads[2] = name
        rows = _part_rows(report, what, language)
        add_sheet(book, title, heads, rows, above=above, widths=[36, 20, 48], fixed=3)
    return written(book)


def _days(report: dict[str, Any]) -> str:
    return f"{report['from']} – {report['to']}"


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
