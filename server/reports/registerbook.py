"""The register (*sổ theo dõi hồ sơ*) as an Excel file, a sheet for each book.

In Vietnamese whoever asks: it is a form of the circulars.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from server.dossiers.register import COLUMNS, Line
from server.offices.models import Office
from server.reports.settlement import Period
from server.reports.sheets import add_sheet, new_book, written

WIDTHS = (8, 24, 48, 9, 26, 34, 28, 12, 12, 12, 12, 16, 20, 28)
"""Of :data:`server.dossiers.register.COLUMNS`, in characters."""


def register_heading(office: Office, period: Period) -> list[str]:
    """What stands above the table."""
    return [
        "SỔ THEO DÕI HỒ SƠ",
        office.names["vi"],
        f"Từ ngày {period.begin:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}",
    ]


def register_workbook(lines: Sequence[Line], heading: Sequence[str]) -> bytes:
    """The file; without any line it has the one sheet with its heading.

    Args:
        lines: as :func:`server.dossiers.register.register` gives them, sorted by book.
        heading: of :func:`register_heading`.
    """
    book = new_book()
    heads = list(COLUMNS.values())
    for year, of_year in groupby(lines, key=lambda line: line.book):
        rows = [line.cells() for line in of_year]
        add_sheet(book, f"Quyển {year}", heads, rows, widths=WIDTHS, above=heading, fixed=2)
    if not book.worksheets:
        add_sheet(book, "Sổ theo dõi", heads, [], widths=WIDTHS, above=heading, fixed=2)
    return written(book)
