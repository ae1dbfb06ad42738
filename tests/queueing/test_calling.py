"""A clerk calls the next number and the citizen is served: every step of the way."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.errors import NotFound, Refused, StepRefused
from server.offices.models import Counter, Service
from server.queueing import calling, tickets
from server.queueing.models import CallRecord, Press, Ticket
from server.queueing.steps import PRIORITIES, STATUSES, STEPS, allowed, next_status
from tests.conftest import Hall, store_hall


def events(hall: Hall) -> list[str]:
    return [entry.event for entry in hall.journal()]


def calls(hall: Hall) -> list[CallRecord]:
    with hall.database.read() as session:
        return list(session.scalars(select(CallRecord).order_by(CallRecord.id)))


def test_the_first_number_is_called_served_and_finished(hall: Hall) -> None:
    ticket = hall.issue()
    called = hall.call_next()
    assert (called.number, called.status, called.counter.number) == ("A001", "called", "1")
    hall.clock.forward(seconds=40)
    assert hall.step(calling.serve, ticket).status == "serving"
    hall.clock.forward(minutes=5)
    done = hall.step(calling.finish, ticket)
    assert (done.status, done.finished_at) == ("done", hall.clock.now)
    assert done.service_seconds == 340  # from the call: so long the counter was taken
    assert events(hall) == ["ticket.issued", "ticket.called", "ticket.serving", "ticket.finished"]


# ── call-next ─────────────────────────────────────────────────────────────────


def test_nobody_is_called_when_nobody_waits(hall: Hall) -> None:
    hall.open("1")
    assert hall.call_next() is None
    assert events(hall) == ["counter.opened"]


def test_calling_next_finishes_whom_the_counter_holds(hall: Hall) -> None:
    first, second = hall.issue(), hall.issue()
    hall.call_next()
    hall.clock.forward(minutes=4)
    assert hall.call_next().number == second.number
    assert (hall.look(first).status, hall.look(first).service_seconds) == ("done", 240)
    assert events(hall)[-1] == "ticket.called"
    assert len(events(hall)) == 4


def test_calling_next_finishes_the_last_one_when_nobody_else_waits(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    assert hall.call_next() is None
    assert hall.look(ticket).status == "done"
    assert events(hall)[-1] == "ticket.finished"


def test_calling_next_leaves_the_people_of_other_counters_alone(hall: Hall) -> None:
    first, second = hall.issue(), hall.issue()
    hall.call_next("1")
    hall.call_next("3")
    assert (hall.look(first).status, hall.look(second).status) == ("called", "called")


def test_calling_opens_a_closed_or_paused_counter(hall: Hall) -> None:
    hall.issue()
    hall.call_next("1")
    assert counter(hall, "1").status == "open"
    hall.call_next("2")  # nobody waits there, and still the clerk is at work
    assert counter(hall, "2").status == "open"
    assert events(hall)[-1] == "counter.opened"


def test_a_counter_calls_its_own_services_in_its_own_order(hall: Hall) -> None:
    civil, land = hall.issue("civil"), hall.issue("land")
    hall.issue("results")
    assert hall.call_next("2").number == land.number
    assert hall.call_next("2").number == civil.number
    assert hall.call_next("2") is None


def test_a_service_no_longer_offered_is_not_called(hall: Hall) -> None:
    hall.issue("land")
    hall.change_service("land", active=False)
    assert hall.call_next("2") is None


def test_priority_and_seniority_alternate_and_the_turn_is_kept(hall: Hall) -> None:
    for _ in range(3):
        hall.issue()
    for priority in ("elderly", "pregnancy", "merit"):
        hall.issue(priority=priority)
    order = [hall.call_next().number for _ in range(6)]
    assert order == ["A004", "A005", "A001", "A006", "A002", "A003"]


def test_the_office_chooses_the_ratio(hall: Hall) -> None:
    hall.change(rules={"priority": "none"})
    hall.issue()
    hall.issue(priority="elderly")
    assert hall.call_next().number == "A001"


def test_somebody_who_waited_too_long_goes_before_the_preferred_service(hall: Hall) -> None:
    hall.issue("civil")
    hall.clock.forward(minutes=61)
    hall.issue("land")
    assert hall.call_next("2").number == "A001"


def test_the_numbers_of_another_office_are_not_called(hall: Hall) -> None:
    other = store_hall(hall.database, hall.clock, "other")
    other.issue()
    assert hall.call_next() is None
    assert other.call_next().office_id == other.office_id
    other.check()


def test_there_is_no_calling_at_a_counter_that_does_not_exist_or_is_not_used(hall: Hall) -> None:
    with pytest.raises(NotFound):
        hall.do(calling.call_next, 4711)
    with hall.database.transaction() as session:
        session.get_one(Counter, hall.counter_ids["1"]).active = False
    with pytest.raises(NotFound):
        hall.call_next("1")


# ── calls on the board ────────────────────────────────────────────────────────


def test_every_call_and_recall_is_a_new_record_for_the_board(hall: Hall) -> None:
    first, second = hall.issue(), hall.issue()
    hall.call_next("1")
    hall.call_next("3")
    hall.step(calling.recall, first)
    assert [(call.ticket_id, call.repeat) for call in calls(hall)] == [
        (first.id, 0),
        (second.id, 0),
        (first.id, 1),
    ]
    assert hall.look(first).calls == 2
    assert events(hall)[-1] == "ticket.recalled"


def test_who_missed_the_call_is_called_again_with_a_repeat(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(calling.mark_no_show, ticket)
    hall.call(ticket, "3")
    assert [(call.repeat, call.counter.number) for call in calls(hall)] == [(0, "1"), (1, "3")]


# ── calling a chosen one ──────────────────────────────────────────────────────


def test_a_chosen_number_is_called_out_of_its_turn(hall: Hall) -> None:
    hall.issue()
    second = hall.issue(priority="elderly")
    called = hall.call(second, "1")
    assert (called.status, called.counter.number) == ("called", "1")
    with hall.database.read() as session:  # it was nobody's turn
        assert set(session.scalars(select(Service.turn))) == {0}


def test_calling_a_chosen_one_finishes_whom_the_counter_holds(hall: Hall) -> None:
    first, second = hall.issue(), hall.issue()
    hall.call_next("1")
    hall.call(second, "1")
    assert hall.look(first).status == "done"


def test_a_parked_or_missed_one_can_be_called_straight_away(hall: Hall) -> None:
    parked, missed = hall.issue(), hall.issue()
    hall.call_next()
    hall.step(calling.park, parked, "photo")
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    assert hall.call(parked, "1").status == "called"
    assert hall.call(missed, "3").no_show_at is None


def test_a_number_is_not_called_to_another_offices_counter(hall: Hall) -> None:
    other = store_hall(hall.database, hall.clock, "other")
    ticket = hall.issue()
    with pytest.raises(Refused, match="does not belong"):
        hall.do(calling.call, ticket.id, other.counter_ids["1"])
    assert hall.look(ticket).status == "waiting"


# ── missed calls ──────────────────────────────────────────────────────────────


def test_who_missed_the_call_comes_back_a_few_places_from_the_front(hall: Hall) -> None:
    missed = hall.issue()
    others = [hall.issue() for _ in range(5)]
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.clock.forward(minutes=10)
    back = hall.step(calling.resume, missed)
    assert (back.status, back.counter_id, back.called_at) == ("waiting", None, None)
    order = [hall.call_next().number for _ in range(6)]
    expected = [ticket.number for ticket in others]
    expected.insert(3, "A001")
    assert order == expected


def test_who_missed_the_call_waits_behind_all_when_few_are_left(hall: Hall) -> None:
    missed, other = hall.issue(), hall.issue()
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.step(calling.resume, missed)
    assert [hall.call_next().number for _ in range(2)] == [other.number, missed.number]


def test_who_missed_the_call_is_put_behind_their_own_class_only(hall: Hall) -> None:
    missed = hall.issue(priority="elderly")
    hall.issue()
    hall.issue(priority="merit")
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.step(calling.resume, missed)
    # A004 would be behind as well; the ordinary A002 does not count.
    order = [hall.call_next().number for _ in range(3)]
    assert order.index("A003") < order.index("A001")


def test_who_is_back_in_front_is_not_one_of_the_places(hall: Hall) -> None:
    hall.change(rules={"no_show_return_places": 1})
    missed, parked, other = hall.issue(), hall.issue(), hall.issue()
    hall.call(parked)
    hall.step(calling.park, parked, "photo")
    hall.call(missed)
    hall.step(calling.mark_no_show, missed)
    hall.step(calling.resume, parked)
    hall.step(calling.resume, missed)
    order = [hall.call_next().number for _ in range(3)]
    assert order == [parked.number, other.number, missed.number]


def test_after_the_time_to_come_back_a_new_number_is_needed(hall: Hall) -> None:
    missed = hall.issue()
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.clock.forward(minutes=30, seconds=1)
    with pytest.raises(Refused, match="time to come back is over"):
        hall.step(calling.resume, missed)
    assert hall.look(missed).status == "no_show"


def test_exactly_at_the_end_of_the_time_is_still_in_time(hall: Hall) -> None:
    hall.change(rules={"no_show_return_minutes": 10, "no_show_return_places": 0})
    missed, _ = hall.issue(), hall.issue()
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.clock.forward(minutes=10)
    hall.step(calling.resume, missed)
    assert hall.call_next().number == missed.number  # no places behind: first again


# ── parking ───────────────────────────────────────────────────────────────────


def test_who_fixes_a_form_keeps_the_place_and_is_back_in_front(hall: Hall) -> None:
    parked = hall.issue()
    for priority in ("none", "elderly", "merit"):
        hall.issue(priority=priority)
    hall.call_next()  # the elderly one
    hall.call(parked, "3")
    hall.step(calling.serve, parked)
    sent_off = hall.step(calling.park, parked, "Thiếu ảnh 4×6")
    assert (sent_off.status, sent_off.park_reason) == ("parked", "Thiếu ảnh 4×6")
    assert hall.call_next("3").number != parked.number  # meanwhile others are served
    hall.clock.forward(minutes=20)
    back = hall.step(calling.resume, parked)
    assert (back.status, back.returned_at) == ("waiting", hall.clock.now)
    assert hall.call_next("1").number == parked.number
    assert hall.look(parked).returned_at is None


def test_a_parked_person_does_not_hold_the_counter(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(calling.park, ticket, "")
    hall.call_next()
    assert hall.look(ticket).status == "parked"


# ── the table of steps ────────────────────────────────────────────────────────


def reach(hall: Hall, status: str) -> Ticket:
    """A ticket in this status."""
    ticket = hall.issue()
    ways = {
        "waiting": [],
        "called": ["call"],
        "serving": ["call", "serve"],
        "done": ["call", "finish"],
        "parked": ["call", "park"],
        "no_show": ["call", "no-show"],
        "cancelled": ["cancel"],
    }
    for step in ways[status]:
        take(hall, ticket, step)
    assert hall.look(ticket).status == status
    return ticket


def take(hall: Hall, ticket: Ticket, step: str) -> Ticket:
    if step == "call":
        return hall.call(ticket)
    if step == "park":
        return hall.step(calling.park, ticket, "photo")
    if step == "transfer":
        return hall.step(tickets.transfer, ticket, "land")
    if step == "cancel":
        return hall.do(tickets.cancel, ticket.id, by="clerk")
    steps = {
        "recall": calling.recall,
        "serve": calling.serve,
        "finish": calling.finish,
        "no-show": calling.mark_no_show,
        "resume": calling.resume,
    }
    return hall.step(steps[step], ticket)


@pytest.mark.parametrize("status", STATUSES)
def test_each_step_does_what_the_table_says_and_is_refused_elsewhere(
    hall: Hall, status: str
) -> None:
    for step, table in STEPS.items():
        ticket = reach(hall, status)
        before = len(hall.journal())
        if status in table:
            assert take(hall, ticket, step).status == table[status], step
            assert hall.look(ticket).status == table[status]
            assert len(hall.journal()) == before + 1
            continue
        with pytest.raises(StepRefused) as refused:
            take(hall, ticket, step)
        assert refused.value.allowed == allowed(status)
        assert step not in refused.value.allowed
        assert hall.look(ticket).status == status
        assert len(hall.journal()) == before


def test_the_table_leads_to_known_statuses_only() -> None:
    leads = {status for table in STEPS.values() for status in table.values()}
    assert leads | {"waiting"} == set(STATUSES)
    assert {status for table in STEPS.values() for status in table} <= set(STATUSES)
    assert "none" in PRIORITIES


def test_nothing_happens_to_a_number_that_is_over() -> None:
    for status, words in (("done", "served already"), ("cancelled", "been cancelled")):
        assert allowed(status) == []
        with pytest.raises(StepRefused, match=words):
            next_status(status, "call")


def test_each_status_has_words_of_its_own_for_a_step_that_is_not_possible() -> None:
    said = set()
    for status in STATUSES:
        step = next(step for step, table in STEPS.items() if status not in table)
        with pytest.raises(StepRefused) as refused:
            next_status(status, step)
        said.add(refused.value.detail)
    assert len(said) == len(STATUSES)


def test_a_step_of_a_number_that_does_not_exist_is_refused(hall: Hall) -> None:
    with pytest.raises(NotFound):
        hall.do(calling.finish, 4711)


def counter(hall: Hall, number: str) -> Counter:
    with hall.database.read() as session:
        return session.get_one(Counter, hall.counter_ids[number])


def test_a_recall_is_the_end_of_taking_the_call_back(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(calling.recall, ticket)
    with hall.database.read() as session:
        assert session.get(Press, hall.counter_ids["1"]) is None
