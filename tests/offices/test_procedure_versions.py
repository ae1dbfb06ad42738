"""Terms of a procedure follow each other: a new fee ends the one before, and nothing overlaps."""

import pytest
from sqlalchemy import select

from server.offices.models import Procedure
from server.offices.procedurefile import ProcedureFileError
from server.offices.procedures import load_procedures

HEADER = "field_code,field_vi,code,name_vi,days,unit,fee_vnd,fee_note,valid_from,valid_to\n"


def row(fee, since="", until="", code="2.000815"):
    return f"CT,Chứng thực,{code},Bản sao,0,same_day,{fee},,{since},{until}\n"


def load(database, *rows):
    with database.transaction() as session:
        return load_procedures(session, HEADER + "".join(rows), file="fees.csv")


def terms(database, code="2.000815"):
    with database.read() as session:
        found = session.scalars(select(Procedure).where(Procedure.code == code))
        return sorted((one.valid_from, one.valid_to, one.fee_vnd) for one in found)


def test_a_new_fee_ends_the_one_before_and_loading_it_twice_changes_nothing(database):
    load(database, row(2000))
    assert load(database, row(3000, "2026-07-01")) == 2
    assert terms(database) == [("", "2026-06-30", 2000), ("2026-07-01", "", 3000)]
    assert load(database, row(3000, "2026-07-01")) == 0
    assert load(database, row(2000)) == 0, "the first file does not open the old terms again"


def test_terms_may_be_put_between_others(database):
    load(database, row(2000), row(4000, "2027-01-01"))
    load(database, row(3000, "2026-07-01"))
    assert terms(database) == [
        ("", "2026-06-30", 2000),
        ("2026-07-01", "2026-12-31", 3000),
        ("2027-01-01", "", 4000),
    ]


def test_an_end_that_leaves_a_gap_is_kept(database):
    load(database, row(2000, "", "2026-03-31"), row(3000, "2026-07-01"))
    assert terms(database)[0] == ("", "2026-03-31", 2000)


def test_new_terms_cut_short_those_that_were_to_last_longer(database):
    load(database, row(2000, "2026-01-01", "2026-12-31"))
    load(database, row(3000, "2026-07-01"))
    assert terms(database)[0] == ("2026-01-01", "2026-06-30", 2000)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_terms_of_a_file_that_overlap_are_refused_with_both_lines(database, order):
    rows = [row(2000, "", "2026-07-01"), row(3000, "2026-07-01")]
    with pytest.raises(ProcedureFileError) as refusal:
        load(database, *(rows[index] for index in order))
    (problem,) = refusal.value.problems
    line, other = order.index(0) + 2, order.index(1) + 2
    assert problem.startswith(f"fees.csv:{line}: valid_to: 2026-07-01 overlaps the terms of")
    assert f"from 2026-07-01 in line {other};" in problem
    assert terms(database) == []


def test_a_file_that_overlaps_what_is_stored_is_refused_and_changes_nothing(database):
    load(database, row(2000), row(3000, "2026-07-01"))
    with pytest.raises(ProcedureFileError) as refusal:
        load(database, row(1, "2020-01-01", "2026-07-01"), row(1, code="2.000884"))
    assert "in the catalogue" in refusal.value.problems[0]
    assert len(terms(database)) == 2
    assert terms(database, "2.000884") == []


def test_a_file_with_one_row_leaves_the_order_of_the_board(database):
    codes = ("2.000815", "2.000884", "2.001035")
    load(database, *(row(1, code=code) for code in codes))
    load(database, row(9, code="1.000001"), row(2, "2026-07-01", code="2.000884"))
    with database.read() as session:
        found = session.scalars(select(Procedure).order_by(Procedure.position)).all()
        assert [one.code for one in found] == [
            "2.000815",
            "2.000884",
            "2.000884",
            "2.001035",
            "1.000001",
        ]


def test_a_file_with_everything_sets_the_order(database):
    load(database, row(1), row(1, code="2.000884"))
    assert load(database, row(1, code="2.000884"), row(1)) == 2
    with database.read() as session:
        found = session.scalars(select(Procedure).order_by(Procedure.position)).all()
        assert [one.code for one in found] == ["2.000884", "2.000815"]
