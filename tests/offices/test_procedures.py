"""The procedure catalogue: loading it, correcting it, and the fee board."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server.errors import NotFound
from server.offices import hallfile, sample
from server.offices.models import Office, Procedure
from server.offices.procedurefile import COLUMNS, NEEDED
from server.offices.procedures import (
    FEE_OF_PROVINCE,
    ProcedureFileError,
    fees,
    load_procedures,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TEXT = sample.procedures_text()

HEADER = "field_code,field_vi,code,name_vi,days,unit,fee_vnd,fee_note,valid_from,valid_to\n"
BIRTH = "HT,Hộ tịch,1.001193,Đăng ký khai sinh,0,same_day,0,Miễn phí,,\n"
COPY = "CT,Chứng thực,2.000815,Bản sao,0,same_day,2000,2.000 đ/trang,,\n"


def load(database, text):
    with database.transaction() as session:
        return load_procedures(session, text, file="procedures.csv")


def problems_of(database, text):
    with pytest.raises(ProcedureFileError) as refusal:
        load(database, text)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Procedure)) == 0
    return refusal.value.problems


def board(database, service=None, now=NOW):
    with database.read() as session:
        office = session.scalars(select(Office).where(Office.slug == sample.SLUG)).one()
        return fees(session, office, service, now=now)


@pytest.fixture
def hall(database):
    with database.transaction() as session:
        hallfile.load(session, sample.hall_text(), file="hall.toml", now=NOW)
    return database


def test_the_53_procedures_of_the_sample_load_and_loading_them_twice_changes_nothing(database):
    assert load(database, TEXT) == 53
    assert load(database, TEXT) == 0


def test_every_cell_that_people_see_is_stored_as_it_stands(database):
    load(database, TEXT)
    with database.read() as session:
        stored = {row.code: row for row in session.scalars(select(Procedure))}
        for row in csv.DictReader(io.StringIO(TEXT)):
            procedure = stored[row["code"]]
            assert procedure.names == {"vi": row["name_vi"], "en": row["name_en"]}
            assert procedure.field_names["km"] == row["field_km"]
            assert procedure.days == (int(row["days"]) if row["days"] else None)
            assert procedure.fee_vnd == (int(row["fee_vnd"]) if row["fee_vnd"] else None)
            assert (procedure.fee_note, procedure.unit) == (row["fee_note"], row["unit"])
            assert procedure.interlinked == (row["interlinked"] == "true")
            assert procedure.certainty == row["certainty"]


def test_the_sample_is_the_catalogue_unchanged_in_number_and_fields(hall):
    load(hall, TEXT)
    rows = board(hall)
    assert len(rows) == len({row["code"] for row in rows}) == 53
    assert [row["service"] for row in rows if row["field"] == "NU"] == ["ho-tich"]


def test_a_fee_that_nobody_entered_is_none_with_words_and_never_zero(hall):
    load(hall, TEXT.replace("Theo nghị quyết của HĐND tỉnh", ""))
    unknown = {row["code"] for row in csv.DictReader(io.StringIO(TEXT)) if not row["fee_vnd"]}
    rows = {row["code"]: row for row in board(hall)}
    assert len(unknown) > 10
    for code in unknown:
        assert rows[code]["fee_vnd"] is None
        assert rows[code]["fee_note"] == FEE_OF_PROVINCE == "Theo nghị quyết của HĐND tỉnh"
    assert (rows["1.001193"]["fee_vnd"], rows["1.001193"]["fee_note"]) == (0, "Miễn phí")


def test_the_board_of_a_service_has_its_fields_in_its_order(hall):
    load(hall, TEXT)
    fields = [row["field"] for row in board(hall, "ho-tich")]
    assert list(dict.fromkeys(fields)) == ["HT", "LT", "NU"]
    first = board(hall, "chung-thuc")[0]
    assert {
        "code": "2.000815",
        "field": "CT",
        "days": 0,
        "unit": "same_day",
        "fee_vnd": 2000,
        "level": "xã",
        "certain": True,
    }.items() <= first.items()
    assert first["names"]["en"] == "Certified copy from the original"
    assert board(hall, "tra-ket-qua") == []


def test_an_unknown_service_has_no_board(hall):
    with pytest.raises(NotFound):
        board(hall, "nowhere")


def test_terms_hold_from_their_date_on_the_offices_calendar(hall):
    newer = BIRTH.replace(",0,Miễn phí,,", ",8000,8.000 đ,2026-07-01,")
    assert load(hall, HEADER + BIRTH + newer) == 2

    def fee(*moment):
        (row,) = board(hall, "ho-tich", datetime(*moment, tzinfo=UTC))
        return row["fee_vnd"]

    assert fee(2026, 6, 30, 16, 59) == 0
    assert fee(2026, 6, 30, 17, 0) == 8000  # 1 July in Vietnam
    assert fee(2030, 1, 1) == 8000


def test_a_charge_is_kept_by_a_file_that_knows_of_none(hall):
    with_charge = HEADER.replace("\n", ",charge_vnd,charge_note\n")
    load(hall, with_charge + COPY.replace("\n", ",50000,Miễn cho hộ nghèo\n"))
    assert load(hall, HEADER + COPY) == 0
    (row,) = board(hall, "chung-thuc")
    assert (row["charge_vnd"], row["charge_note"]) == (50_000, "Miễn cho hộ nghèo")
    assert load(hall, with_charge + COPY.replace("\n", ",,\n")) == 1
    assert board(hall, "chung-thuc")[0]["charge_vnd"] is None


def test_a_procedure_that_has_ended_is_not_shown(hall):
    load(hall, HEADER + BIRTH.replace(",,\n", ",,2026-03-01\n") + COPY)
    assert board(hall, "ho-tich", datetime(2026, 3, 1, 5, tzinfo=UTC)) != []
    assert board(hall, "ho-tich", datetime(2026, 3, 2, 5, tzinfo=UTC)) == []


def test_a_procedure_that_moved_to_another_field_is_shown_there_only(hall):
    moved = BIRTH.replace("HT,Hộ tịch", "CT,Chứng thực").replace(",,\n", ",2026-01-01,\n")
    load(hall, HEADER + BIRTH + moved)
    assert board(hall, "ho-tich") == []
    assert [row["code"] for row in board(hall, "chung-thuc")] == ["1.001193"]


def test_a_correction_changes_only_its_row_and_rows_left_out_stay(hall):
    load(hall, HEADER + BIRTH + COPY)
    assert load(hall, HEADER + BIRTH + COPY.replace("2000", "3000")) == 1
    assert load(hall, HEADER + BIRTH) == 0
    assert board(hall, "chung-thuc")[0]["fee_vnd"] == 3000


def test_the_suffix_of_a_portal_is_dropped(hall):
    load(hall, HEADER + BIRTH.replace("1.001193", "1.001193.000.00.00.H17"))
    assert board(hall)[0]["code"] == "1.001193"


def test_a_spreadsheet_may_add_a_byte_order_mark_windows_lines_and_empty_rows(database):
    text = "\ufeff" + (HEADER + BIRTH + ",,,,,,,,,\n" + COPY + "\n").replace("\n", "\r\n")
    assert load(database, text) == 2


@pytest.mark.parametrize(
    ("correct", "wrong", "column", "words"),
    [
        (",0,Miễn phí", ",2.000,Miễn phí", "fee_vnd", "digits only, like 2000"),
        (",0,Miễn phí", ",-1,Miễn phí", "fee_vnd", "digits only, like 2000"),
        (",0,Miễn phí", ",٢٠٠,Miễn phí", "fee_vnd", "digits only, like 2000"),
        ("Đăng ký khai sinh", "Đ" * 1001, "name_vi", "allowed are 1000 characters"),
        (",0,same_day", ",two,same_day", "days", "a whole number"),
        (",0,same_day", ",3,same_day", "days", 'must be 0 or nothing with unit "same_day"'),
        ("same_day", "sameday", "unit", "Did you mean “same_day”.*working_day, calendar_day, hour"),
        ("same_day", "", "unit", "Allowed: working_day"),
        ("1.001193", "001193", "code", "like 1.001193"),
        ("HT,", "ht,", "field_code", 'capital letters like "HT"'),
        ("Hộ tịch", "", "field_vi", "Vietnamese words are needed"),
        ("Đăng ký khai sinh", "", "name_vi", "Vietnamese words are needed"),
        (",,\n", ",1/1/2026,\n", "valid_from", "year-month-day like 2026-01-01"),
        (",,\n", ",2026-02-30,\n", "valid_from", "year-month-day like 2026-01-01"),
        (",,\n", ",2026-02-03,2026-01-01\n", "valid_to", "is before valid_from"),
        ("Miễn phí", "Miễn\x00phí", "fee_note", "holds a control character"),
        ("Miễn phí", "x" * 501, "fee_note", "allowed are 500 characters"),
        ("Miễn phí", "Miễn, phí", "file", "has 11 cells, the header has 10; a comma inside"),
    ],
)
def test_a_mistake_is_named_with_its_line_its_column_and_what_is_allowed(
    database, correct, wrong, column, words
):
    text = HEADER + COPY + BIRTH.replace(correct, wrong, 1)
    (problem,) = problems_of(database, text)
    assert re.fullmatch(rf"procedures\.csv:3: {column}: .*{words}.*", problem)


def test_all_mistakes_come_at_once_also_behind_a_cell_of_several_lines(database):
    several = BIRTH.replace("Miễn phí", '"Miễn\nphí"')
    wrong = COPY.replace("2.000815", "?").replace("same_day", "day")
    problems = problems_of(database, HEADER + several + wrong)
    assert [problem.split(": ")[0] + problem.split(": ")[1] for problem in problems] == [
        "procedures.csv:4code",
        "procedures.csv:4unit",
    ]
    (twice,) = problems_of(database, HEADER + several + BIRTH)
    assert twice.startswith(
        'procedures.csv:4: code: "1.001193" without valid_from stands in line 2 already'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", r".*:1: code: the column is missing; needed: .*"),
        (HEADER.replace("unit,", "unit,unit,"), r".*:1: unit: stands here twice.*"),
        (HEADER.replace("fee_vnd", "fee_vn"), r".*:1: fee_vn: .*Did you mean “fee_vnd”.*"),
        (HEADER + "\n" * 3 + BIRTH * 20_001, r"procedures.csv: more than 20000 rows; .*"),
        (HEADER + BIRTH + 'HT,"Hộ tịch,1', r".*:3: file: no CSV: .*"),
        (HEADER + BIRTH.replace("Miễn phí", '"a\nb"') + 'HT,"Hộ', r".*:4: file: no CSV: .*"),
    ],
)
def test_what_is_no_catalogue_at_all_is_said_plainly(database, text, expected):
    assert any(re.fullmatch(expected, problem) for problem in problems_of(database, text))


def test_the_guide_names_every_column():
    guide = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text("utf-8")
    rows = guide.split("## ")[0].split("\n")
    named = {
        column: row
        for row in rows
        if row.startswith("| `")
        for column in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    assert set(named) == set(COLUMNS)
    for column in NEEDED:
        needed = "**needed**" in named[column]
        assert needed or column in ("days", "fee_vnd", "fee_note")  # the column, not a value
