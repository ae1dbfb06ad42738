"""Catalogues as they come out of spreadsheets, and back: encodings, formulas, papers, export."""

import re
import unicodedata

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from server.cli import motcua
from server.offices import sample
from server.offices.models import Procedure
from server.offices.procedurefile import ProcedureFileError, read_rows
from server.offices.procedurereading import MAX_BYTES, decoded
from server.offices.procedures import load_procedures
from server.offices.procedurewriting import export_procedures

HEADER = "field_code,field_vi,code,name_vi,days,unit,fee_vnd,fee_note,interlinked,papers,agencies\n"
LAND = (
    "DD,Đất đai,1.012784,Tách thửa,12,working_day,,,true,"
    "Đơn đề nghị | Giấy chứng nhận,dang-ky:7 | thue:5 + ngan-hang:3\n"
)


def load(database, text):
    with database.transaction() as session:
        return load_procedures(session, text, file="fees.csv")


def exported(database):
    with database.read() as session:
        return export_procedures(session)


def problems(text):
    with pytest.raises(ProcedureFileError) as refusal:
        read_rows(text, "fees.csv")
    return refusal.value.problems


def test_what_is_exported_loads_and_comes_back_byte_for_byte(database):
    newer = "CT,Chứng thực,2.000815,Bản sao,0,same_day,3000,\"3.000 đ, 'mới'\",false,,\n"
    load(database, sample.procedures_text())
    load(database, HEADER + LAND)
    load(
        database,
        (HEADER + newer).replace("interlinked", "valid_from").replace("false", "2030-01-01"),
    )
    first = exported(database)
    assert first.count("\n") == 55
    assert load(database, first) == 0
    with database.transaction() as session:
        for one in session.scalars(select(Procedure)):
            session.delete(one)
    assert load(database, first) == 54
    assert exported(database) == first


def test_papers_and_agencies_are_stored_in_their_order(database):
    load(database, HEADER + LAND)
    with database.read() as session:
        (land,) = session.scalars(select(Procedure))
        assert land.papers == ["Đơn đề nghị", "Giấy chứng nhận"]
        assert land.agencies == [
            {"agency": "dang-ky", "position": 1, "share": 7},
            {"agency": "thue", "position": 2, "share": 5},
            {"agency": "ngan-hang", "position": 2, "share": 3},
        ]


@pytest.mark.parametrize(
    ("correct", "wrong", "column", "words"),
    [
        ("thue:5", "thue:6", "agencies", r"need 13 together, more than days \(12\)"),
        ("thue:5", "thue", "agencies", '"thue" will not do; allowed: .*phong-tnmt:12'),
        ("thue:5", "Thuế:5", "agencies", '"Thuế:5" will not do'),
        ("thue:5", "thue:0", "agencies", '"thue:0" will not do'),
        ("thue:5", "dang-ky:5", "agencies", '"dang-ky" twice'),
        (" | thue", " || thue", "agencies", '"" will not do'),
        (",true,", ",false,", "agencies", "for interlinked procedures"),
        (" | Giấy", " | | Giấy", "papers", "empty line"),
        (" | Giấy", " | =Giấy", "papers", "like a formula"),
        ("Tách thửa", "=cmd|'/c calc'!A1", "name_vi", 'begins with "=".*formula'),
        ("Tách thửa", "@SUM(A1)", "name_vi", 'begins with "@"'),
        ("Tách thửa", '"\t=1+1"', "name_vi", 'begins with "="'),
        ("Đất đai", "-1+1", "field_vi", 'begins with "-"'),
        ("working_day,,", "working_day,=2000,", "fee_vnd", "digits only, like 2000"),
        ("1.012784", "2.0005", "code", "lost its last zeros"),
        ("1.012784", "", "code", "a digit, a dot and six digits"),
    ],
)
def test_a_cell_that_will_not_do_is_named(correct, wrong, column, words):
    assert correct in LAND
    text = HEADER + LAND.replace(correct, wrong, 1)
    assert any(re.fullmatch(rf"fees\.csv:2: {column}: .*{words}.*", one) for one in problems(text))


def test_accents_composed_either_way_spaces_and_semicolons_make_no_difference(database):
    assert load(database, HEADER + LAND) == 1
    other = unicodedata.normalize("NFD", HEADER + LAND)
    other = other.replace(",", " ;").replace("1.012784", "  1.012784.000.00.00.H17\u00a0")
    assert other != HEADER + LAND
    assert load(database, "\ufeff" + other.replace("\n", "\r\n")) == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ((HEADER + LAND).encode("utf-16"), "fees.csv: is in UTF-16 .*CSV UTF-8”"),
        ((HEADER + LAND).encode("utf-16-le"), "fees.csv: is in UTF-16 .*CSV UTF-8”"),
        ((HEADER + LAND).encode("utf-16-be"), "fees.csv: is in UTF-16 .*CSV UTF-8”"),
        ((HEADER + "DD,Đât đai").encode("cp1258"), "fees.csv:2: file: .*Windows-1258.*CSV UTF-8”"),
        (b"PK\x03\x04more", "fees.csv: is a workbook .*CSV UTF-8”"),
        (b"\n" * (MAX_BYTES + 1), "fees.csv: larger than 16 MB.*nothing read"),
    ],
)
def test_a_file_in_another_form_is_refused_with_what_to_do(data, words):
    with pytest.raises(ProcedureFileError) as refusal:
        decoded(data, "fees.csv")
    (problem,) = refusal.value.problems
    assert re.fullmatch(words, problem)


def test_utf_8_is_read_with_and_without_its_mark():
    assert decoded("\ufeffĐất".encode(), "fees.csv") == decoded("Đất".encode(), "fees.csv") == "Đất"


def test_the_commands_load_and_export(tmp_path):
    data = ["--data", str(tmp_path / "data")]
    file = tmp_path / "fees.csv"
    file.write_text(HEADER + LAND, "utf-8")
    first = CliRunner().invoke(motcua, ["procedures", "load", str(file), *data])
    assert (first.exit_code, first.stdout, first.stderr) == (0, "", "1 procedures changed\n")
    again = CliRunner().invoke(motcua, ["procedures", "load", str(file), *data])
    assert again.stderr == "0 procedures changed\n"
    out = CliRunner().invoke(motcua, ["procedures", "export", *data])
    assert out.stdout_bytes.decode().endswith("dang-ky:7 | thue:5 + ngan-hang:3\n")


def test_nothing_of_a_file_with_one_wrong_row_is_loaded(tmp_path):
    data = ["--data", str(tmp_path / "data")]
    file = tmp_path / "fees.csv"
    file.write_text(
        HEADER + LAND + LAND.replace("1.012784", "1.012785").replace("7 ", "x "), "utf-8"
    )
    refused = CliRunner().invoke(motcua, ["procedures", "load", str(file), *data])
    assert isinstance(refused.exception, ProcedureFileError)
    out = CliRunner().invoke(motcua, ["procedures", "export", *data])
    assert out.stdout.count("\n") == 1
