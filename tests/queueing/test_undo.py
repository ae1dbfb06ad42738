"""A press taken back within five seconds leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from server.errors import Refused
from server.offices.models import Service
from server.queueing import calling, counters, tickets
from server.queueing.calling import UNDO_GRACE_S, UNDO_S
from server.queueing.history import snapshot
from server.queueing.models import CallRecord, Ticket
from tests.conftest import Hall


def state(hall: Hall) -> tuple[Any, ...]:
    """All that a press may change."""
    with hall.database.read() as session:
        stored = [
            snapshot(ticket) for ticket in session.scalars(select(Ticket).order_by(Ticket.id))
        ]
        turns = list(session.scalars(select(Service.turn).order_by(Service.id)))
        shown = list(session.scalars(select(CallRecord.id).where(~CallRecord.withdrawn)))
    return (stored, turns, shown)


def test_a_call_is_taken_back_and_the_number_waits_in_its_old_place(hall: Hall) -> None:
    first, second = hall.issue(), hall.issue()
    hall.call_next()
    undone = hall.undo()
    assert (undone.number, undone.status, undone.counter) == (first.number, "waiting", None)
    assert hall.call_next().number == first.number
    assert hall.call_next().number == second.number


PRESSES = {
    # press: (how the ticket got there, the press)
    "call-next": ([], lambda hall, ticket: hall.call_next()),
    "call-next, the last one": (["others served"], lambda hall, ticket: hall.call_next()),
    "call": (["sent back"], lambda hall, ticket: hall.call(ticket)),
    "call a parked one": (["park"], lambda hall, ticket: hall.call(ticket)),
    "call one who missed it": (["miss"], lambda hall, ticket: hall.call(ticket)),
    "serve": ([], lambda hall, ticket: hall.step(calling.serve, ticket)),
    "finish": (["serve"], lambda hall, ticket: hall.step(calling.finish, ticket)),
    "no-show": ([], lambda hall, ticket: hall.step(calling.mark_no_show, ticket)),
    "park": (["serve"], lambda hall, ticket: hall.step(calling.park, ticket, "photo")),
    "transfer": (["serve"], lambda hall, ticket: hall.step(tickets.transfer, ticket, "land")),
    "cancel": ([], lambda hall, ticket: hall.do(tickets.cancel, ticket.id, by="clerk")),
}


@pytest.mark.parametrize("press", PRESSES)
def test_every_press_is_taken_back_completely(hall: Hall, press: str) -> None:
    hall.issue(priority="elderly")
    ticket = hall.issue(priority="elderly")
    last = hall.issue()
    hall.call_next()
    hall.call_next()  # the second elderly one: the turn of its service has moved on
    way, do = PRESSES[press]
    steps: dict[str, Callable[[], object]] = {
        "serve": lambda: hall.step(calling.serve, ticket),
        "park": lambda: hall.step(calling.park, ticket, "photo"),
        "miss": lambda: hall.step(calling.mark_no_show, ticket),
        "sent back": lambda: hall.undo(),
        "others served": lambda: hall.call(last, "3"),
    }
    for step in way:
        steps[step]()
    hall.clock.forward(minutes=1)
    before = state(hall)
    do(hall, ticket)
    assert state(hall) != before
    hall.clock.forward(seconds=UNDO_S)
    hall.undo()
    assert state(hall) == before
    assert hall.journal()[-1].event == "press.undone"


def test_it_can_be_taken_back_once(hall: Hall) -> None:
    hall.issue()
    hall.call_next()
    hall.undo()
    with pytest.raises(Refused, match="nothing left to undo"):
        hall.undo()


def test_only_the_last_press_is_taken_back(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(calling.serve, ticket)
    assert hall.undo().status == "called"


def test_there_is_nothing_to_take_back_at_first(hall: Hall) -> None:
    with pytest.raises(Refused, match="nothing left to undo"):
        hall.undo()


def test_five_seconds_and_the_time_of_travel_later_it_is_too_late(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.clock.forward(seconds=UNDO_S + UNDO_GRACE_S + 0.001)
    with pytest.raises(Refused, match="nothing left to undo"):
        hall.undo()
    assert hall.look(ticket).status == "called"


def test_another_counters_press_stays(hall: Hall) -> None:
    first, second = hall.issue(), hall.issue()
    hall.call_next("1")
    hall.call_next("3")
    hall.undo("1")
    assert (hall.look(first).status, hall.look(second).status) == ("waiting", "called")


def test_what_another_has_changed_since_is_not_overwritten(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next("1")
    hall.step(calling.mark_no_show, ticket)
    hall.call(ticket, "3")
    with pytest.raises(Refused, match="changed since"):
        hall.undo("1")
    assert hall.look(ticket).counter.number == "3"


def test_the_turn_of_another_counters_later_call_stands(hall: Hall) -> None:
    for _ in range(3):
        hall.issue(priority="elderly")
    hall.issue()
    hall.call_next("1")
    hall.call_next("3")
    hall.undo("1")
    with hall.database.read() as session:
        turn = session.scalar(select(Service.turn).where(Service.code == "civil"))
    assert turn == 2


def test_the_board_forgets_a_call_that_was_taken_back(hall: Hall) -> None:
    hall.issue()
    hall.call_next()
    hall.undo()
    hall.call_next()
    with hall.database.read() as session:
        records = session.scalars(select(CallRecord).order_by(CallRecord.id)).all()
    assert [(record.withdrawn, record.repeat) for record in records] == [(True, 0), (False, 0)]


def test_after_closing_the_counter_there_is_nothing_to_take_back(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(calling.finish, ticket)
    hall.do(counters.close, hall.counter_ids["1"])
    with pytest.raises(Refused, match="nothing left to undo"):
        hall.undo()
