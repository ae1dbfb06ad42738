"""A manager changes a procedure by hand: from a day on, never what was, never on the quiet."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import select

from server.database import Database
from server.errors import ChangedMeanwhile, FieldsRefused, NotFound
from server.journal import JournalEntry
from server.offices.procedureediting import (
    set_last_day,
    set_terms,
    state_of,
    versions,
    withdraw_terms,
)
from server.offices.procedures import load_procedures, procedure_on
from server.seen import digest
from tests.conftest import MORNING, Hall, make_office

TODAY = date(2026, 3, 2)
CODE = "2.000815"
HEADER = "field_code,field_vi,code,name_vi,days,unit,fee_vnd,fee_note,valid_from,source\n"
CELLS = {
    "field_code": "CT",
    "field_vi": "Chứng thực",
    "code": CODE,
    "name_vi": "Bản sao",
    "days": "",
    "unit": "same_day",
    "fee_vnd": "3000",
    "fee_note": "3.000 đ/trang",
    "valid_from": "2026-03-03",
    "source": "NQ 05/2026",
}


@pytest.fixture
def catalogue(database: Database, hall: Hall) -> Database:
    with database.transaction() as session:
        row = f"CT,Chứng thực,{CODE},Bản sao,0,same_day,2000,,,Cổng quốc gia\n"
        load_procedures(session, HEADER + row, file="fees.csv")
    return database


def seen(database: Database, code: str = CODE) -> str:
    with database.read() as session:
        return digest(state_of(versions(session, code)))


def save(database: Database, *, shown: str | None = None, **cells: str) -> str:
    given = CELLS | cells
    shown = seen(database, given["code"]) if shown is None else shown
    with database.transaction() as session:
        return set_terms(session, given, seen=shown, today=TODAY, now=MORNING, actor="manager:ha")


def end(database: Database, last_day: str, shown: str | None = None, code: str = CODE) -> None:
    shown = seen(database) if shown is None else shown
    with database.transaction() as session:
        set_last_day(
            session, code, last_day, seen=shown, today=TODAY, now=MORNING, actor="manager:ha"
        )


def terms(database: Database, code: str = CODE) -> list[tuple[str, str, int | None]]:
    with database.read() as session:
        return [(one.valid_from, one.valid_to, one.fee_vnd) for one in versions(session, code)]


def problems(database: Database, **cells: str) -> dict[str, str]:
    before = terms(database)
    with pytest.raises(FieldsRefused) as refusal:
        save(database, **cells)
    assert terms(database) == before, "nothing is half done"
    return {one.field: one.message % one.params for one in refusal.value.problems}


def test_a_new_fee_holds_from_its_day_and_the_old_one_until_the_day_before(
    catalogue: Database,
) -> None:
    save(catalogue)
    assert terms(catalogue) == [("2026-03-03", "", 3000), ("", "2026-03-02", 2000)]
    with catalogue.read() as session:
        holding = [procedure_on(session, CODE, date(2026, 3, day)) for day in (2, 3)]
        assert [one.fee_vnd for one in holding if one] == [2000, 3000]
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert entry is not None
        assert (entry.event, entry.subject, entry.actor) == ("procedure.set", CODE, "manager:ha")


def test_what_has_not_begun_or_began_today_may_be_put_right(catalogue: Database) -> None:
    save(catalogue)
    save(catalogue, fee_vnd="3500")
    save(catalogue, fee_vnd="2500", valid_from="2026-03-02")
    save(catalogue, fee_vnd="2600", valid_from="2026-03-02")
    assert terms(catalogue) == [
        ("2026-03-03", "", 3500),
        ("2026-03-02", "2026-03-02", 2600),
        ("", "2026-03-01", 2000),
    ]


def test_what_has_begun_stays_as_it_is(catalogue: Database) -> None:
    found = problems(catalogue, valid_from="2026-03-01")
    assert found == {
        "valid_from": "What has begun stays as it is: please choose today or a later day."
    }


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("valid_from", "", "the first day"),
        ("valid_from", "2026-02-30", "This is no day"),
        ("valid_from", "mai", "This is no day"),
        ("valid_to", "2026-03-02", "before the first"),
        ("source", " ", "the decision or page"),
        ("fee_vnd", "-5", "digits only"),
        ("fee_vnd", "1e9", "digits only"),
        ("charge_vnd", "-5", "digits only"),
        ("days", "3", "no number"),
        ("name_vi", "", "Vietnamese words"),
        ("name_vi", "Đ" * 1001, "at most 1000"),
        ("name_en", "x\0y", "control character"),
        ("fee_note", "=1+1", "formula"),
        ("charge_note", "x" * 501, "at most 500"),
        ("papers", "Tờ khai | -1", "letter or a digit"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    catalogue: Database, column: str, value: str, words: str
) -> None:
    found = problems(catalogue, **{column: value})
    assert list(found) == [column]
    assert words in found[column]


def test_terms_end_before_the_next_begin(catalogue: Database) -> None:
    save(catalogue, valid_from="2026-07-01")
    found = problems(catalogue, valid_to="2026-07-01")
    assert found == {
        "valid_to": "The next terms begin on 01/07/2026. Leave this empty, or end before."
    }


def test_the_second_of_two_managers_is_told(catalogue: Database) -> None:
    shown = seen(catalogue)
    save(catalogue, shown=shown)
    with pytest.raises(ChangedMeanwhile):
        save(catalogue, shown=shown, fee_vnd="9000", valid_from="2026-03-05")
    with pytest.raises(ChangedMeanwhile):
        end(catalogue, "2026-12-31", shown)
    assert len(terms(catalogue)) == 2
    save(catalogue, fee_vnd="9000", valid_from="2026-03-05")
    assert len(terms(catalogue)) == 3, "with the new page it goes through"


def test_of_many_who_save_at_the_same_moment_one_is_taken(catalogue: Database) -> None:
    shown, refused = seen(catalogue), []
    ready = threading.Barrier(6)

    def manager(number: int) -> None:
        ready.wait()
        try:
            save(catalogue, shown=shown, fee_vnd=f"{number}000", valid_from=f"2026-03-0{number}")
        except ChangedMeanwhile as error:
            refused.append(error)

    people = [threading.Thread(target=manager, args=(number,)) for number in range(3, 9)]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert len(refused) == 5
    assert len(terms(catalogue)) == 2


def test_a_new_procedure_comes_last_and_one_that_is_there_is_not_new(catalogue: Database) -> None:
    nothing = digest([])
    assert save(catalogue, shown=nothing, code="1.000001.000.00.00.H33") == "1.000001"
    with catalogue.read() as session:
        places = {one.code: one.position for one in versions(session, "1.000001")}
        assert places["1.000001"] > versions(session, CODE)[0].position
    with pytest.raises(ChangedMeanwhile):
        save(catalogue, shown=nothing)


def test_a_procedure_ends_and_goes_on(catalogue: Database) -> None:
    end(catalogue, "2026-03-02")
    assert terms(catalogue) == [("", "2026-03-02", 2000)]
    end(catalogue, "")
    assert terms(catalogue) == [("", "", 2000)]
    for last_day in ("2026-03-01", "2026-02-30", "x"):
        with pytest.raises(FieldsRefused) as refusal:
            end(catalogue, last_day)
        (problem,) = refusal.value.problems
        assert problem.message % problem.params == "Please choose 02/03/2026 or a later day."
    with pytest.raises(NotFound):
        end(catalogue, "2026-12-31", code="9.999999")


def withdraw(database: Database, begins: str, shown: str | None = None) -> None:
    shown = seen(database) if shown is None else shown
    with database.transaction() as session:
        withdraw_terms(
            session, CODE, begins, seen=shown, today=TODAY, now=MORNING, actor="manager:ha"
        )


def test_terms_to_come_are_withdrawn_and_those_before_go_on(catalogue: Database) -> None:
    first = seen(catalogue)
    save(catalogue, valid_from="2026-04-01")
    save(catalogue, valid_from="2026-07-01", fee_vnd="4000")
    withdraw(catalogue, "2026-04-01")
    assert terms(catalogue) == [("2026-07-01", "", 4000), ("", "2026-06-30", 2000)]
    with pytest.raises(ChangedMeanwhile):
        withdraw(catalogue, "2026-07-01", first)
    withdraw(catalogue, "2026-07-01")
    assert terms(catalogue) == [("", "", 2000)]
    assert seen(catalogue) == first
    with catalogue.read() as session:
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert entry is not None
        assert (entry.event, entry.data["fee_vnd"]) == ("procedure.withdrawn", 4000)


def test_what_has_begun_is_not_withdrawn(catalogue: Database) -> None:
    save(catalogue, valid_from="2026-03-02")
    for begins in ("2026-03-02", "", "2026-09-09"):
        with pytest.raises(NotFound):
            withdraw(catalogue, begins)
    assert len(terms(catalogue)) == 2


def test_what_has_ended_is_not_opened_again(catalogue: Database) -> None:
    row = f"CT,Chứng thực,{CODE},Bản sao,0,same_day,2000,,,2026-02-01\n"
    with catalogue.transaction() as session:
        load_procedures(session, HEADER.replace("source", "valid_to") + row, file="fees.csv")
    with pytest.raises(FieldsRefused, match="fields"):
        end(catalogue, "")
    save(catalogue)
    assert terms(catalogue) == [("2026-03-03", "", 3000), ("", "2026-02-01", 2000)]


def test_without_an_office_there_is_nobody_to_change_it(database: Database) -> None:
    with pytest.raises(NotFound, match="office"):
        save(database)


def test_the_office_above_all_keeps_the_journal(catalogue: Database) -> None:
    with catalogue.transaction() as session:
        session.add(make_office("other"))
    save(catalogue)
    with catalogue.read() as session:
        places = session.scalars(
            select(JournalEntry.office_id).where(JournalEntry.event == "procedure.set")
        ).all()
    assert len(places) == 1
