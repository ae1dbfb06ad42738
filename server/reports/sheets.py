"""Excel files that open well: a heading that stays, columns wide enough, dates as dates, A4."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be taken for a formula by a spreadsheet."""

NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
"""What Excel refuses in the name of a sheet."""

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold (XML 1.0, production 2): a file with such a character opens nowhere."""

DATE = "DD/MM/YYYY"

_HEAD = PatternFill("solid", fgColor="F3ECE1")
_LINE = Border(*(Side("thin", color="C9BEAF"),) * 4)


def new_book() -> Workbook:
    """A workbook without a sheet."""
    book = Workbook()
    book.remove(book.active)
    return book


def written(book: Workbook) -> bytes:
    """The file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def add_sheet(
    book: Workbook,
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widths: Sequence[float] = (),
    above: Sequence[str] = (),
    fixed: int = 1,
) -> Worksheet:
    """A sheet with a heading row that stays in view and comes again on each printed page.

    Args:
        book: gets the sheet.
        title: of the sheet.
        heads: of the columns.
        rows: below them; texts stay texts whatever they begin with, dates are dates.
        widths: of the columns in characters; where it ends, 14.
        above: lines over the heading row.
        fixed: how many columns stay in view.
    """
    sheet: Worksheet = book.create_sheet(title.translate(NOT_IN_TITLES)[:31])
    for number, line in enumerate(above, 1):
        _write(sheet.cell(number, 1), line)
        sheet.cell(number, 1).font = Font(bold=number == 1, size=13 if number == 1 else 11)
    top = len(above) + 1
    for place, head in enumerate(heads, 1):
        cell = sheet.cell(top, place)
        _write(cell, head)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _LINE
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        width = widths[place - 1] if place <= len(widths) else 14
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows, top + 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            _write(cell, value)
            cell.border = _LINE
            cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
    sheet.freeze_panes = sheet.cell(top + 1, fixed + 1)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(heads))}{max(sheet.max_row, top)}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
    return sheet


def _write(cell: Cell, value: Any) -> None:
    """Write a value; a text stays a text whatever it begins with."""
    if isinstance(value, str):
        cell.value = NOT_IN_XML.sub(" ", value)
        cell.data_type = "s"
        # Kept as a text also when somebody edits the cell or saves the sheet as CSV.
        cell.quotePrefix = value.lstrip().startswith(RISKY)
        return
    cell.value = value
    if isinstance(value, float):
        cell.number_format = "0.0"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    elif isinstance(value, date):
        cell.number_format = DATE
