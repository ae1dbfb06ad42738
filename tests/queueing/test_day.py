"""Midnight in the hall: the day is closed once, and numbers begin at 1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.errors import StepRefused
from server.offices.models import Counter, Office, Service
from server.queueing import calling, tickets
from server.queueing.day import offices_behind, open_day
from server.queueing.models import Press
from server.queueing.services import pause_service
from tests.conftest import Hall, store_hall

LATE = datetime(2026, 3, 2, 16, 55, tzinfo=UTC)
"""23:55 in the hall; in UTC midnight is still seven hours away."""


@pytest.fixture(autouse=True)
def _numbers_until_the_end(hall: Hall) -> None:
    hall.change(rules={"stop_when_full": False})


def roll(hall: Hall) -> None:
    with hall.database.transaction() as session:
        open_day(session, hall.office_id, hall.clock.now)


def test_numbers_begin_at_one_after_the_halls_own_midnight(hall: Hall) -> None:
    hall.clock.now = LATE
    assert [hall.issue().number for _ in range(2)] == ["A001", "A002"]
    hall.clock.forward(minutes=10)
    ticket = hall.issue()
    assert (ticket.number, ticket.day) == ("A001", "2026-03-03")


def test_every_kind_of_ticket_is_closed_as_it_deserves(hall: Hall) -> None:
    hall.clock.now = LATE
    waiting, called, serving, parked, missed, done, back = [hall.issue() for _ in range(7)]
    hall.call(parked), hall.step(calling.park, parked, "photo")
    hall.call(back), hall.step(calling.park, back, "photo"), hall.step(calling.resume, back)
    hall.call(missed), hall.step(calling.mark_no_show, missed)
    hall.call(done), hall.step(calling.finish, done)
    hall.call(called, "1")
    hall.call(serving, "3"), hall.step(calling.serve, serving)
    hall.clock.forward(minutes=10)
    roll(hall)
    after = {
        name: (hall.look(ticket).status, hall.look(ticket).closed_reason)
        for name, ticket in locals().items()
        if hasattr(ticket, "serial")
    }
    assert after == {
        "waiting": ("cancelled", "end_of_day"),
        "parked": ("cancelled", "end_of_day"),
        "back": ("cancelled", "end_of_day"),
        "called": ("done", None),
        "serving": ("done", None),
        "missed": ("no_show", None),
        "done": ("done", None),
    }
    # The clerk forgot to press, so nobody knows how long it took.
    assert hall.look(serving).service_seconds is None
    assert hall.look(waiting).finished_at == hall.clock.now


def test_the_day_is_closed_once_with_one_entry(hall: Hall) -> None:
    hall.issue()
    hall.clock.forward(days=1)
    for _ in range(3):
        roll(hall)
    entries = [entry for entry in hall.journal() if entry.event == "day.closed"]
    assert [(entry.subject, entry.data["opened"]) for entry in entries] == [
        ("2026-03-02", "2026-03-03")
    ]


def test_counters_are_closed_and_pauses_end(hall: Hall) -> None:
    hall.open()
    hall.do(pause_service, hall.office_id, "civil", reason={"vi": "Mất mạng"})
    hall.clock.forward(days=1)
    roll(hall)
    with hall.database.read() as session:
        assert set(session.scalars(select(Counter.status))) == {"closed"}
        assert set(session.scalars(select(Service.paused))) == {False}
    assert hall.issue().number == "A001"


def test_turns_and_presses_do_not_reach_into_the_next_day(hall: Hall) -> None:
    for _ in range(2):
        hall.issue(priority="elderly")
    hall.call_next()
    hall.clock.forward(days=1)
    roll(hall)
    with hall.database.read() as session:
        assert set(session.scalars(select(Service.turn))) == {0}
        assert session.scalars(select(Press)).all() == []


def test_steps_of_yesterdays_numbers_are_refused(hall: Hall) -> None:
    hall.clock.now = LATE
    missed, held = hall.issue(), hall.issue()
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.call_next()
    hall.clock.forward(minutes=10)  # in time to come back, but it is another day
    for step in (calling.resume, calling.finish, calling.recall):
        for ticket in (missed, held):
            with pytest.raises(StepRefused, match="earlier day") as refused:
                hall.step(step, ticket)
            assert refused.value.allowed == []
    with pytest.raises(StepRefused, match="earlier day"):
        hall.do(tickets.cancel, missed.id, by="holder")


def test_the_day_never_goes_back(hall: Hall) -> None:
    hall.issue()
    hall.clock.forward(days=1)
    assert hall.issue().day == "2026-03-03"
    hall.clock.forward(days=-1)  # somebody sets the clock
    ticket = hall.issue()
    assert (ticket.number, ticket.day) == ("A002", "2026-03-03")


def test_a_day_without_visitors_is_skipped(hall: Hall) -> None:
    hall.issue()
    hall.clock.forward(days=5)
    roll(hall)
    assert hall.journal()[-1].data["opened"] == "2026-03-07"


def test_the_clock_of_the_server_finds_the_offices_that_are_behind(hall: Hall) -> None:
    west = store_hall(hall.database, hall.clock, "west", timezone="Asia/Kolkata")
    never = store_hall(hall.database, hall.clock, "never")
    hall.clock.now = LATE
    hall.issue(), west.issue()
    hall.clock.forward(minutes=10)  # in India it is 22:35

    def behind() -> list[int]:
        with hall.database.read() as session:
            return offices_behind(session, hall.clock.now)

    assert behind() == [hall.office_id]
    roll(hall)
    assert behind() == []
    hall.clock.forward(hours=2)
    assert behind() == [west.office_id]
    assert never.office_id not in behind()


def test_the_other_offices_keep_their_day(hall: Hall) -> None:
    west = store_hall(hall.database, hall.clock, "west", timezone="Asia/Kolkata")
    hall.clock.now = LATE
    ticket = west.issue()
    hall.issue()
    hall.clock.forward(minutes=10)
    roll(hall)
    assert west.look(ticket).status == "waiting"
    with hall.database.read() as session:
        days = dict(session.execute(select(Office.slug, Office.day)).all())
    assert days == {"hall": "2026-03-03", "west": "2026-03-02"}


def test_a_day_lasts_until_local_midnight_and_not_a_moment_longer(hall: Hall) -> None:
    hall.clock.now = datetime(2026, 3, 2, 16, 59, 58, 999_999, tzinfo=UTC)
    assert hall.issue().day == "2026-03-02"
    hall.clock.now += timedelta(microseconds=-999_999)
    assert hall.issue().day == "2026-03-03"
