"""A day of the calendar entered by hand: on both databases, and by two people at once."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlalchemy import select

from server.database import Database
from server.dossiers.dayentry import coming_calendar, enter_day, entries, state_of
from server.dossiers.models import DayOff
from server.errors import ChangedMeanwhile, FieldsRefused
from server.offices.models import Office
from server.seen import digest
from tests.conftest import make_office
from tests.dossiers.conftest import Clerk

TODAY = date(2026, 3, 2)
FLOOD = {
    "day": "2026-03-05",
    "kind": "off",
    "name": "Nghỉ lụt",
    "source": "Công văn 12/UBND",
    "certainty": "verified",
    "valid_from": "2026-03-02",
}


def enter(clerk: Clerk, seen: str = "", everywhere: bool = False, **cells: str) -> date:
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        return enter_day(
            session,
            office,
            FLOOD | cells,
            everywhere=everywhere,
            seen=seen,
            today=TODAY,
            now=clerk.clock.now,
            actor="manager:ha",
        )


def seen_of(clerk: Clerk, day: date) -> str:
    with clerk.database.read() as session:
        return digest(state_of(entries(session, session.get_one(Office, clerk.office_id), day)))


def works_on(database: Database, office_id: int, day: date) -> bool:
    with database.read() as session:
        return coming_calendar(session, session.get_one(Office, office_id), TODAY).is_working(day)


def test_a_day_off_moves_what_is_received_after_it_was_entered(clerk: Clerk) -> None:
    earlier = clerk.receive()
    assert enter(clerk) == date(2026, 3, 5)
    assert clerk.due(clerk.receive()) == "2026-03-10 08:00"
    assert clerk.due(earlier) == "2026-03-09 08:00"
    entry = clerk.journal()[-2]
    assert (entry.event, entry.subject, entry.actor) == ("calendar.set", "2026-03-05", "manager:ha")


def test_a_day_that_the_table_has_must_be_looked_at_first(clerk: Clerk) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        enter(clerk, day="2026-09-02", kind="work")
    assert refusal.value.problems[0].params == {"name": "Quốc khánh"}
    day = date(2026, 9, 2)
    enter(clerk, seen_of(clerk, day), day="2026-09-02", kind="work", name="Làm việc")
    assert works_on(clerk.database, clerk.office_id, day)


def test_of_many_who_enter_the_same_day_at_once_one_is_taken(clerk: Clerk) -> None:
    refused: list[Exception] = []
    ready = threading.Barrier(6)

    def manager(number: int) -> None:
        ready.wait()
        try:
            enter(clerk, name=f"Người {number}", everywhere=number % 2 == 0)
        except FieldsRefused as error:
            refused.append(error)

    people = [threading.Thread(target=manager, args=(number,)) for number in range(6)]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert len(refused) == 5
    with clerk.database.read() as session:
        assert len(session.scalars(select(DayOff)).all()) == 1


def test_who_changes_what_somebody_else_has_changed_is_told(clerk: Clerk) -> None:
    enter(clerk)
    seen = seen_of(clerk, date(2026, 3, 5))
    enter(clerk, seen, name="Bão")
    with pytest.raises(ChangedMeanwhile):
        enter(clerk, seen, kind="work")
    assert not works_on(clerk.database, clerk.office_id, date(2026, 3, 5))


def test_everywhere_is_also_beside_and_the_nearest_office_has_the_last_word(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        beside = make_office("beside")
        session.add(beside)
        session.flush()
        other = beside.id
    day = date(2026, 3, 5)
    enter(clerk, everywhere=True)
    assert not works_on(clerk.database, other, day)
    enter(clerk, seen_of(clerk, day), kind="work", name="Vẫn làm")
    assert works_on(clerk.database, clerk.office_id, day)
    assert not works_on(clerk.database, other, day)


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_stored(clerk: Clerk) -> None:
    with pytest.raises(FieldsRefused) as refusal:
        enter(clerk, day="x", kind="", name=" ", source="\t", certainty="sure", valid_from="")
    assert [one.field for one in refusal.value.problems] == [
        "day",
        "valid_from",
        "kind",
        "certainty",
        "name",
        "source",
    ]
    with clerk.database.read() as session:
        assert session.scalars(select(DayOff)).all() == []
