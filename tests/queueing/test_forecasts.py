"""What the kiosk tells of a real hall, and that reading it does not grow with the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, insert

from server.database import Database
from server.offices.models import Office
from server.queueing import calling
from server.queueing.forecasts import Forecast, Wait, forecast
from server.queueing.loads import read_load, sessions_to_come
from server.queueing.models import Ticket
from tests.conftest import Clock, Hall, store_hall

WEEK = {day: [["07:00", "11:00"], ["13:00", "17:00"]] for day in ("mon", "tue")}


def outlook(hall: Hall) -> tuple[Forecast, dict[str, int]]:
    """The forecast, and the ids of the services by code."""
    with hall.database.read() as session:
        office = session.get_one(Office, hall.office_id)
        ids = {service.code: service.id for service in office.services}
        return forecast(session, office, hall.clock.now), ids


def served(hall: Hall, minutes: float) -> Ticket:
    ticket = hall.issue()
    hall.call(ticket)
    hall.clock.forward(minutes=minutes)
    return hall.step(calling.finish, ticket)


def test_the_wait_follows_the_open_counters_and_those_in_front(hall: Hall) -> None:
    hall.open("1")
    for _ in range(3):
        hall.issue("civil")
    view, ids = outlook(hall)
    assert view.waiting(ids["civil"]) == 3
    assert view.wait(ids["civil"]) == Wait(1800, (30, 40))
    assert view.wait(ids["civil"], 1) == Wait(600, (10, 15))
    assert view.pace(ids["civil"]) == {"first": 0, "each": 600.0}


def test_nothing_is_told_while_no_counter_serves(hall: Hall) -> None:
    hall.open("1")
    view, ids = outlook(hall)
    assert view.wait(ids["land"]) is None
    assert view.pace(ids["land"]) is None
    assert view.pace(ids["civil"]) == {"first": 0, "each": 600.0}


def test_measured_times_of_today_and_before_count(hall: Hall) -> None:
    for _ in range(10):
        served(hall, 2)
    hall.clock.forward(days=1)
    for _ in range(10):
        served(hall, 2)
    hall.open("1")
    hall.issue()
    view, ids = outlook(hall)
    seconds = view.outlook.load.seconds[ids["civil"]]
    assert 120 < seconds < 240  # the office said ten minutes
    assert view.outlook.load.seconds[ids["land"]] == 900


def test_who_is_being_served_is_seen_at_the_counter(hall: Hall) -> None:
    hall.issue()
    hall.call_next()
    hall.clock.forward(minutes=4)
    view, ids = outlook(hall)
    (busy,) = [desk for desk in view.outlook.load.desks if desk.busy_with]
    assert (busy.busy_with, busy.busy_s) == (ids["civil"], 240)
    assert view.wait(ids["civil"]) == Wait(360, (5, 10))


def test_the_cap_and_the_time_left_limit_what_is_given_out(hall: Hall) -> None:
    hall.change(hours=WEEK)
    hall.change_service("civil", daily_cap=5)
    hall.issue()
    view, ids = outlook(hall)
    assert (view.left(ids["civil"]), view.full(ids["civil"])) == (4, None)
    for _ in range(4):
        hall.issue()
    view, _ = outlook(hall)
    assert (view.left(ids["civil"]), view.full(ids["civil"])) == (0, "cap")


def test_at_the_end_of_the_day_it_is_full(hall: Hall) -> None:
    hall.change(hours=WEEK)
    hall.clock.now = datetime(2026, 3, 2, 9, 57, tzinfo=UTC)  # three minutes before five
    view, ids = outlook(hall)
    assert (view.left(ids["land"]), view.full(ids["land"])) == (0, "full")
    assert view.full(ids["results"]) is None
    hall.change(rules={"stop_when_full": False})
    view, _ = outlook(hall)
    assert (view.left(ids["land"]), view.full(ids["land"])) == (None, None)


def test_an_office_without_a_word_on_times_limits_nothing(hall: Hall) -> None:
    for code in ("civil", "land", "results"):
        hall.change_service(code, typical_minutes=None)
    view, ids = outlook(hall)
    assert (view.left(ids["civil"]), view.full(ids["civil"])) == (None, None)


def test_the_open_parts_of_the_day_are_counted_from_now(hall: Hall) -> None:
    hall.change(hours=WEEK)
    hall.clock.now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)  # 10:00
    with hall.database.read() as session:
        office = session.get_one(Office, hall.office_id)
        hour = 3600
        now = hall.clock.now
        assert sessions_to_come(office, now) == [(0, hour), (3 * hour, 7 * hour)]
        assert sessions_to_come(office, now + timedelta(hours=2)) == [(hour, 5 * hour)]
        assert sessions_to_come(office, now + timedelta(hours=7)) == []
        assert sessions_to_come(office, now + timedelta(days=2)) == []  # Wednesday: closed


def test_other_offices_and_services_no_longer_offered_do_not_count(hall: Hall) -> None:
    other = store_hall(hall.database, hall.clock, "other")
    other.issue()
    hall.issue("land")
    hall.change_service("land", active=False)
    view, ids = outlook(hall)
    assert view.outlook.load.waiting == {ids["civil"]: 0, ids["results"]: 0}
    assert view.waiting(ids["land"]) == 0


def test_reading_takes_the_same_few_look_ups_whatever_has_happened_before(hall: Hall) -> None:
    def look_ups() -> list[str]:
        sent: list[str] = []

        def listen(*arguments: Any) -> None:
            sent.append(arguments[2])

        with hall.database.read() as session:
            office = session.get_one(Office, hall.office_id)
            event.listen(hall.database.engine, "before_cursor_execute", listen)
            read_load(session, office, hall.clock.now)
            event.remove(hall.database.engine, "before_cursor_execute", listen)
        return sent

    hall.issue()
    few = look_ups()
    assert len(few) == 5
    for _ in range(5):
        hall.issue()
    served(hall, 3)
    assert look_ups() == few


def test_no_look_up_reads_the_whole_table_of_tickets(
    sqlite_database: Database, clock: Clock
) -> None:
    hall = store_hall(sqlite_database, clock)
    _, ids = outlook(hall)
    row = {
        "office_id": hall.office_id,
        "letter": "A",
        "service_id": ids["civil"],
        "status": "done",
        "priority": "none",
        "language": "vi",
        "place": 0,
        "calls": 1,
        "issued_at": clock.now,
    }
    past = [
        row | {"token": str(n), "ref": str(n), "day": f"2025-{n // 300:02}", "serial": n}
        for n in range(3000)
    ]
    with sqlite_database.transaction() as session:
        session.execute(insert(Ticket), past)
    plans: list[str] = []

    def listen(connection: Any, cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith("SELECT") and "FROM ticket" in statement:
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in plan)

    event.listen(sqlite_database.engine, "before_cursor_execute", listen)
    try:
        called = hall.issue()
        hall.call_next()
        hall.step(calling.mark_no_show, called)
        hall.step(calling.resume, called)
        hall.call_next()
        outlook(hall)
    finally:
        event.remove(sqlite_database.engine, "before_cursor_execute", listen)
    assert [plan for plan in plans if "ticket" in plan and "SEARCH" in plan]
    assert [plan for plan in plans if plan.startswith("SCAN ticket")] == []
