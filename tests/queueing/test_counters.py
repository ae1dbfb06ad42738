"""Opening, pausing and closing counters and services."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.errors import NotFound, Refused
from server.offices.models import Counter, Office, Service
from server.people.models import Person
from server.queueing import calling, counters
from server.queueing.services import pause_service, resume_service
from tests.conftest import Hall, store_hall


def look(hall: Hall, number: str = "1") -> Counter:
    with hall.database.read() as session:
        return session.get_one(Counter, hall.counter_ids[number])


def service(hall: Hall, code: str = "civil") -> Service:
    with hall.database.read() as session:
        office = session.get_one(Office, hall.office_id)
        return next(service for service in office.services if service.code == code)


def events(hall: Hall) -> list[str]:
    return [entry.event for entry in hall.journal()]


def clerk(hall: Hall, name: str = "lan") -> int:
    with hall.database.transaction() as session:
        person = Person(
            name=name, role="clerk", password_hash="-", created_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        session.add(person)
        session.flush()
        return person.id


def pause(hall: Hall, number: str = "1", **more: object) -> Counter:
    return hall.do(counters.pause, hall.counter_ids[number], **more)


def close(hall: Hall, number: str = "1") -> Counter:
    return hall.do(counters.close, hall.counter_ids[number])


def test_a_counter_opens_pauses_and_closes(hall: Hall) -> None:
    lan = clerk(hall)
    opened = hall.open(clerk_id=lan)
    assert (opened.status, opened.clerk_id, opened.status_since) == ("open", lan, hall.clock.now)
    hall.clock.forward(hours=1)
    paused = pause(hall, reason="Nghỉ giải lao")
    assert (paused.status, paused.pause_reason) == ("paused", "Nghỉ giải lao")
    assert (paused.clerk_id, paused.status_since) == (lan, hall.clock.now)
    hall.open()
    assert look(hall).pause_reason is None
    assert close(hall).status == "closed"
    assert look(hall).clerk_id is None
    assert events(hall) == ["counter.opened", "counter.paused", "counter.opened", "counter.closed"]


def test_a_second_press_changes_nothing_and_writes_nothing(hall: Hall) -> None:
    lan = clerk(hall)
    for _ in range(2):
        hall.open(clerk_id=lan)
    since = hall.clock.now
    hall.clock.forward(minutes=1)
    for _ in range(2):
        hall.open()
    assert look(hall).status_since == since
    for _ in range(2):
        pause(hall, reason="x")
    for _ in range(2):
        close(hall)
    assert events(hall) == ["counter.opened", "counter.paused", "counter.closed"]


def test_another_clerk_takes_over(hall: Hall) -> None:
    lan, minh = clerk(hall, "lan"), clerk(hall, "minh")
    hall.open(clerk_id=lan)
    since = look(hall).status_since
    hall.clock.forward(minutes=5)
    hall.open(clerk_id=minh)
    assert (look(hall).clerk_id, look(hall).status_since) == (minh, since)


def test_a_clerk_sits_at_one_counter_of_the_hall(hall: Hall) -> None:
    lan = clerk(hall)
    hall.open("1", clerk_id=lan)
    hall.open("2", clerk_id=lan)
    assert (look(hall, "1").clerk_id, look(hall, "2").clerk_id) == (None, lan)


def test_whom_a_counter_holds_stays_while_it_is_paused(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    pause(hall)
    assert hall.step(calling.finish, ticket).status == "done"
    assert look(hall).status == "paused"


def test_a_counter_does_not_close_on_somebody(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    with pytest.raises(Refused, match="Number A001 is still at this counter"):
        close(hall)
    assert look(hall).status == "open"
    hall.step(calling.mark_no_show, ticket)
    assert close(hall).status == "closed"


def test_an_unknown_counter_is_not_found(hall: Hall) -> None:
    for command in (counters.open_counter, counters.pause, counters.close):
        with pytest.raises(NotFound):
            hall.do(command, 4711)


# ── services ──────────────────────────────────────────────────────────────────


def test_a_service_is_paused_with_a_reason_and_resumed(hall: Hall) -> None:
    paused = hall.do(pause_service, hall.office_id, "civil", reason={"vi": "Mất mạng"})
    assert (paused.paused, paused.pause_reason) == (True, {"vi": "Mất mạng"})
    resumed = hall.do(resume_service, hall.office_id, "civil")
    assert (resumed.paused, resumed.pause_reason) == (False, None)
    assert events(hall) == ["service.paused", "service.resumed"]
    assert hall.journal()[0].data == {"reason": {"vi": "Mất mạng"}}


def test_pausing_twice_is_one_entry_but_a_new_reason_is_told(hall: Hall) -> None:
    for reason in ({"vi": "Mất mạng"}, {"vi": "Mất mạng"}, {"vi": "Mất điện"}):
        hall.do(pause_service, hall.office_id, "civil", reason=reason)
    hall.do(resume_service, hall.office_id, "land")  # it was not paused
    assert events(hall) == ["service.paused", "service.paused"]
    assert service(hall).pause_reason == {"vi": "Mất điện"}


def test_who_already_waits_for_a_paused_service_is_still_called(hall: Hall) -> None:
    ticket = hall.issue()
    hall.do(pause_service, hall.office_id, "civil")
    assert hall.call_next().number == ticket.number


def test_an_unknown_service_cannot_be_paused(hall: Hall) -> None:
    other = store_hall(hall.database, hall.clock, "other")
    other.change_service("land", code="only-there")
    for code in ("unknown", "only-there"):
        with pytest.raises(NotFound):
            hall.do(pause_service, hall.office_id, code)


def test_the_counter_a_clerk_leaves_closes_unless_somebody_stands_there(hall: Hall) -> None:
    lan = clerk(hall)
    hall.open("1", clerk_id=lan)
    hall.open("2", clerk_id=lan)
    assert (look(hall, "1").status, look(hall, "1").clerk_id) == ("closed", None)
    hall.issue("land")
    hall.call_next("2")
    hall.open("3", clerk_id=lan)
    assert (look(hall, "2").status, look(hall, "2").clerk_id) == ("open", None)
    hall.check()
