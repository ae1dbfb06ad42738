"""The Excel files: they open, nothing in them is a formula, and a printed page says what it is."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from server.dossiers import lifecycle
from server.dossiers.reception import Person
from server.dossiers.register import COLUMNS, register
from server.offices.models import Office
from server.reports.registerbook import register_heading, register_workbook
from server.reports.settlement import Period
from server.reports.sheets import RISKY, add_sheet, new_book, written
from tests.dossiers.conftest import COPY, LAND, Clerk

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def clerk(sqlite_database: Any, clock: Any) -> Clerk:
    from tests.dossiers.conftest import furnish

    with sqlite_database.transaction() as session:
        return Clerk(sqlite_database, clock, furnish(session, clock).id)


def exported(clerk: Clerk, period: Period = YEAR) -> bytes:
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        lines = register(session, office, period.begin, period.end)
        return register_workbook(lines, register_heading(office, period))


def test_the_register_has_a_row_for_each_dossier(clerk: Clerk) -> None:
    dossier = clerk.at("2026-03-02 08:00").receive(COPY)
    clerk.receive(LAND)
    clerk.at("2026-03-04 08:00").step(dossier, "finish")
    clerk.do(lifecycle.give_back, dossier)
    book = load_workbook(io.BytesIO(exported(clerk)))
    (sheet,) = book.worksheets
    assert sheet.title == "Quyển 2026"
    rows = list(sheet.values)
    assert rows[0][0] == "SỔ THEO DÕI HỒ SƠ"
    assert rows[2][0] == "Từ ngày 01/01/2026 đến ngày 31/12/2026"
    assert list(rows[3]) == list(COLUMNS.values())
    first = dict(zip(COLUMNS, rows[4], strict=True))
    assert (first["serial"], first["code"]) == (1, dossier.code)
    assert first["received_on"] == datetime(2026, 3, 2)
    assert first["result_on"] == first["collected_on"] == datetime(2026, 3, 4)
    assert len(rows) == 6
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C5", "$4:$4")
    assert (sheet.page_setup.orientation, sheet["H5"].number_format) == ("landscape", "DD/MM/YYYY")
    assert sheet.auto_filter.ref == "A4:N6"


def test_a_book_is_a_sheet_and_an_empty_register_opens_too(clerk: Clerk) -> None:
    clerk.at("2026-12-30 08:00").receive(COPY)
    clerk.at("2027-01-04 08:00").receive(COPY)
    both = load_workbook(io.BytesIO(exported(clerk, Period(date(2026, 1, 1), date(2027, 1, 31)))))
    assert both.sheetnames == ["Quyển 2026", "Quyển 2027"]
    none = load_workbook(io.BytesIO(exported(clerk, Period(date(2020, 1, 1), date(2020, 1, 31)))))
    assert len(list(none.worksheets[0].values)) == 4


def test_no_name_is_ever_a_formula(clerk: Clerk) -> None:
    evil = ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", ' =HYPERLINK("http://x")']
    for name in evil:
        clerk.at("2026-03-02 08:00").receive(COPY, applicant=Person(name, address=name))
    sheet = load_workbook(io.BytesIO(exported(clerk))).worksheets[0]
    for row, name in enumerate(evil, 5):
        for letter in "EF":
            cell = sheet[f"{letter}{row}"]
            assert (cell.data_type, cell.quotePrefix) == ("s", True), name
        assert sheet[f"E{row}"].value.strip() == name.strip()
    assert set("=+-@") <= set(RISKY)


def test_every_part_of_the_file_is_well_formed(clerk: Clerk) -> None:
    clerk.at("2026-03-02 08:00").receive(
        COPY, applicant=Person("A\x01 <&> \x0b\ufffe B" + "x" * 99)
    )
    with zipfile.ZipFile(io.BytesIO(exported(clerk))) as file:
        assert file.testzip() is None
        parts = [name for name in file.namelist() if name.endswith((".xml", ".rels"))]
        for name in parts:
            ElementTree.fromstring(file.read(name))
    assert "xl/worksheets/sheet1.xml" in parts


def test_a_sheet_may_be_named_anything() -> None:
    book = new_book()
    add_sheet(book, "Quý I/2019: [tất cả] *?\\" + "x" * 40, ["Đầu"], [["a"], [1.25], [None]])
    sheet = load_workbook(io.BytesIO(written(book))).worksheets[0]
    assert sheet.title.startswith("Quý I 2019") and len(sheet.title) <= 31
    assert sheet["A3"].number_format == "0.0"
