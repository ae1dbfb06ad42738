"""Taking a number, giving it back, changing the service, and coming back with the slip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.errors import Invalid, NotFound, Refused, StepRefused
from server.queueing import calling, tickets
from server.queueing.history import snapshot
from server.queueing.services import pause_service
from tests.conftest import Hall, store_hall

WEEK = {
    day: [["07:00", "11:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
}


def check_in(hall: Hall, token: str) -> tickets.Ticket:
    return hall.do(tickets.check_in, hall.office_id, token)


# ── taking a number ───────────────────────────────────────────────────────────


def test_the_first_number_of_the_day_is_a001(hall: Hall) -> None:
    ticket = hall.issue()
    assert (ticket.number, ticket.status, ticket.priority) == ("A001", "waiting", "none")
    assert (ticket.day, ticket.issued_at) == ("2026-03-02", hall.clock.now)


def test_each_letter_counts_on_its_own_and_without_gaps(hall: Hall) -> None:
    services = ("civil", "land", "civil", "results", "civil")
    assert [hall.issue(service).number for service in services] == [
        "A001",
        "B001",
        "A002",
        "C001",
        "A003",
    ]


def test_numbers_beyond_999_have_four_digits(hall: Hall) -> None:
    ticket = hall.issue()
    ticket.serial = 1000
    assert ticket.number == "A1000"


def test_each_office_counts_on_its_own(hall: Hall) -> None:
    hall.issue()
    assert store_hall(hall.database, hall.clock, "other").issue().number == "A001"


def test_the_token_is_long_secret_and_the_public_name_does_not_give_it_away(hall: Hall) -> None:
    first, second = hall.issue(), hall.issue()
    assert len(first.token) >= 22  # 128 bits
    assert len({first.token, second.token, first.ref, second.ref}) == 4
    assert first.ref not in first.token


def test_the_journal_has_one_entry_with_all_of_the_ticket_but_not_its_token(hall: Hall) -> None:
    ticket = hall.issue()
    (entry,) = hall.journal()
    assert (entry.event, entry.subject, entry.actor) == ("ticket.issued", "A001", "kiosk")
    assert entry.data["tickets"] == [snapshot(ticket)]
    assert ticket.token not in str(entry.data)


def test_seniority_is_the_order_of_numbers_even_when_the_clock_is_set_back(hall: Hall) -> None:
    first = hall.issue()
    hall.clock.forward(minutes=-10)
    second = hall.issue()
    assert second.place == first.place + 1
    assert hall.call_next().number == first.number


def test_a_failed_attempt_leaves_no_gap(hall: Hall) -> None:
    hall.issue()
    with pytest.raises(ZeroDivisionError), hall.database.transaction() as session:
        tickets.issue(session, hall.office_id, "civil", now=hall.clock.now, actor="kiosk")
        raise ZeroDivisionError
    assert hall.issue().number == "A002"


@pytest.mark.parametrize("code", ["unknown", "gone"])
def test_an_unknown_service_or_one_no_longer_offered_is_not_found(hall: Hall, code: str) -> None:
    hall.change_service("land", code="gone", active=False)
    with pytest.raises(NotFound, match="no such service"):
        hall.issue(code)


def test_there_are_no_numbers_of_an_unknown_office(hall: Hall) -> None:
    with pytest.raises(NotFound, match="no such office"):
        hall._do(lambda session, now: tickets.issue(session, 4711, "civil", now=now, actor="kiosk"))


def test_only_the_offices_own_reasons_of_priority_count(hall: Hall) -> None:
    hall.change(rules={"priorities": ["elderly"]})
    assert hall.issue(priority="elderly").priority == "elderly"
    with pytest.raises(Invalid) as refused:
        hall.issue(priority="merit")
    assert refused.value.errors == [{"field": "priority", "detail": "none, elderly"}]


def test_only_the_offices_own_languages_count(hall: Hall) -> None:
    assert hall.issue(language="km").language == "km"
    with pytest.raises(Invalid) as refused:
        hall.issue(language="fr")
    assert refused.value.errors[0]["field"] == "language"


# ── when there are no numbers ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(hours=-2), "Please come back from 06:45."),  # 06:00
        (timedelta(hours=4), "Please come back from 12:45."),  # 12:00
        (timedelta(hours=9), "Please come back on 03/03/2026 from 06:45."),  # 17:00
        (timedelta(days=4, hours=9), "Please come back on 09/03/2026 from 06:45."),  # Friday
    ],
)
def test_outside_the_hours_it_says_when_to_come_back(
    hall: Hall, later: timedelta, words: str
) -> None:
    hall.change(hours=WEEK)
    hall.clock.now += later
    with pytest.raises(Refused, match="numbers are given out") as refused:
        hall.issue()
    assert words in str(refused.value)


def test_a_closure_says_its_reason_in_the_citizens_language(hall: Hall) -> None:
    reason = {"vi": "Nghỉ Tết", "en": "New Year"}
    hall.change(hours=WEEK, closures=[{"from": "2026-03-02", "to": "2026-03-04", "reason": reason}])
    with pytest.raises(Refused, match=r"closed: New Year\. .* on 05/03/2026 from 06:45"):
        hall.issue(language="en")
    with pytest.raises(Refused, match="closed: Nghỉ Tết"):
        hall.issue(language="km")


def test_an_office_without_hours_sends_people_to_the_staff(hall: Hall) -> None:
    hall.change(hours={})
    with pytest.raises(Refused, match="ask the staff"):
        hall.issue()


def test_a_paused_service_gives_out_no_numbers_and_says_why(hall: Hall) -> None:
    hall.do(pause_service, hall.office_id, "civil", reason={"vi": "Mất mạng", "en": "No network"})
    with pytest.raises(Refused, match="paused: No network"):
        hall.issue(language="en")
    assert hall.issue("land").number == "B001"


def test_a_service_paused_without_a_word_says_so_too(hall: Hall) -> None:
    hall.do(pause_service, hall.office_id, "civil")
    with pytest.raises(Refused, match="ask the staff or come back later"):
        hall.issue()


def test_the_daily_cap_stops_and_names_the_next_day(hall: Hall) -> None:
    hall.change(hours=WEEK)
    hall.change_service("civil", daily_cap=2)
    hall.issue()
    cancelled = hall.issue()
    hall.do(tickets.cancel, cancelled.id, by="holder")  # a number given back is not given again
    with pytest.raises(Refused, match=r"All 2 numbers .* on 03/03/2026 from 06:45"):
        hall.issue()
    hall.clock.forward(days=1)
    assert hall.issue().number == "A001"


def test_who_could_not_be_served_any_more_today_is_not_given_a_number(hall: Hall) -> None:
    hall.change(hours=WEEK)
    hall.open("1")
    hall.clock.forward(hours=8)  # 16:00: an hour, so six people of ten minutes
    hall.change_service("civil", typical_minutes=9.9)
    with hall.database.transaction() as session:  # counter 1 is the only one at work
        for number in ("2", "3"):
            session.get_one(calling.Counter, hall.counter_ids[number]).active = False
    for _ in range(6):
        hall.issue()
    with pytest.raises(Refused, match=r"fill the time until closing.* on 03/03/2026 from 06:45"):
        hall.issue()


def test_an_office_may_give_out_numbers_until_it_closes(hall: Hall) -> None:
    hall.change(hours=WEEK, rules={"stop_when_full": False})
    hall.clock.forward(hours=8, minutes=58)
    assert [hall.issue().number for _ in range(20)][-1] == "A020"


# ── giving it back ────────────────────────────────────────────────────────────


def test_the_holder_gives_back_a_number_that_waits(hall: Hall) -> None:
    ticket = hall.issue()
    cancelled = hall.do(tickets.cancel, ticket.id, by="holder")
    assert (cancelled.status, cancelled.closed_reason) == ("cancelled", "holder")
    assert cancelled.finished_at == hall.clock.now
    assert hall.call_next() is None


@pytest.mark.parametrize("sent", [calling.mark_no_show, calling.park])
def test_the_holder_gives_back_a_number_while_away(hall: Hall, sent: object) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(sent, ticket, *(["photo"] if sent is calling.park else []))
    assert hall.do(tickets.cancel, ticket.id, by="holder").status == "cancelled"


def test_once_called_the_holder_is_asked_to_the_counter(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next("3")
    for _ in range(2):
        with pytest.raises(StepRefused, match="go to counter 3") as refused:
            hall.do(tickets.cancel, ticket.id, by="holder")
        assert refused.value.allowed == []
        if hall.look(ticket).status == "called":
            hall.step(calling.serve, ticket)
    assert hall.look(ticket).status == "serving"


def test_a_number_that_is_over_cannot_be_given_back(hall: Hall) -> None:
    ticket = hall.issue()
    hall.do(tickets.cancel, ticket.id, by="holder")
    with pytest.raises(StepRefused, match="no longer in use"):
        hall.do(tickets.cancel, ticket.id, by="holder")


def test_the_clerk_cancels_a_called_number(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    assert hall.do(tickets.cancel, ticket.id, by="clerk").closed_reason == "clerk"
    assert hall.journal()[-1].event == "ticket.cancelled"


# ── another service ───────────────────────────────────────────────────────────


def test_who_is_sent_to_another_service_keeps_number_and_seniority(hall: Hall) -> None:
    moved = hall.issue("civil")
    waiting = hall.issue("land")
    hall.call_next("1")
    sent = hall.step(tickets.transfer, moved, "land")
    assert (sent.number, sent.status, sent.service.code) == ("A001", "waiting", "land")
    assert (sent.counter, sent.called_at, sent.place) == (None, None, moved.place)
    assert [hall.call_next("2").number for _ in range(2)] == ["A001", waiting.number]


def test_the_same_service_again_is_refused(hall: Hall) -> None:
    ticket = hall.issue()
    with pytest.raises(Refused, match="already waiting for this service"):
        hall.step(tickets.transfer, ticket, "civil")


def test_nobody_is_sent_to_a_paused_unknown_or_former_service(hall: Hall) -> None:
    ticket = hall.issue()
    hall.do(pause_service, hall.office_id, "land")
    with pytest.raises(Refused, match="paused"):
        hall.step(tickets.transfer, ticket, "land")
    hall.change_service("results", active=False)
    for code in ("results", "unknown"):
        with pytest.raises(NotFound):
            hall.step(tickets.transfer, ticket, code)
    assert hall.look(ticket).service.code == "civil"


def test_nobody_is_sent_to_another_offices_service(hall: Hall) -> None:
    other = store_hall(hall.database, hall.clock, "other")
    other.change_service("land", code="only-there")
    with pytest.raises(NotFound):
        hall.step(tickets.transfer, hall.issue(), "only-there")


def test_who_was_back_in_front_is_not_in_front_of_another_service(hall: Hall) -> None:
    waiting, parked = hall.issue("land"), hall.issue("civil")
    hall.call_next("1")
    hall.step(calling.park, parked, "photo")
    hall.step(calling.resume, parked)
    hall.step(tickets.transfer, parked, "land")
    assert hall.call_next("2").number == waiting.number


# ── coming back with the slip ─────────────────────────────────────────────────


def test_a_parked_citizen_shows_the_slip_and_is_next(hall: Hall) -> None:
    parked, _ = hall.issue(), hall.issue()
    hall.call_next()
    hall.step(calling.park, parked, "photo")
    assert check_in(hall, parked.token).status == "waiting"
    assert hall.call_next().number == parked.number


def test_who_missed_the_call_shows_the_slip_in_time(hall: Hall) -> None:
    missed = hall.issue()
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.clock.forward(minutes=29)
    assert check_in(hall, missed.token).status == "waiting"
    assert hall.journal()[-1].event == "ticket.resumed"


def test_who_comes_too_late_is_asked_to_take_a_new_number(hall: Hall) -> None:
    missed = hall.issue()
    hall.call_next()
    hall.step(calling.mark_no_show, missed)
    hall.clock.forward(minutes=31)
    with pytest.raises(Refused, match="take a new number"):
        check_in(hall, missed.token)


def test_everybody_else_is_told_what_to_do_instead(hall: Hall) -> None:
    ticket = hall.issue()
    with pytest.raises(Refused, match="wait until your number is called"):
        check_in(hall, ticket.token)
    hall.call_next("3")
    with pytest.raises(Refused, match="go to counter 3"):
        check_in(hall, ticket.token)
    hall.step(calling.finish, ticket)
    with pytest.raises(Refused, match="no longer in use"):
        check_in(hall, ticket.token)
    with pytest.raises(NotFound, match="not one of our numbers"):
        check_in(hall, "made-up")
    assert len(hall.journal()) == 3


def test_a_slip_of_another_office_names_that_office(hall: Hall) -> None:
    ticket = store_hall(hall.database, hall.clock, "other", names={"vi": "Xã Bình Minh"}).issue()
    with pytest.raises(Refused, match="another office: Xã Bình Minh"):
        check_in(hall, ticket.token)


def test_a_slip_of_yesterday_is_no_good_today(hall: Hall) -> None:
    parked = hall.issue()
    hall.call_next()
    hall.step(calling.park, parked, "photo")
    hall.clock.forward(days=1)
    with pytest.raises(Refused, match="earlier day"):
        check_in(hall, parked.token)


# ── the dossier a visit is about ──────────────────────────────────────────────


def test_a_visit_names_its_dossier_and_the_journal_knows_it(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    named = hall.step(tickets.name_dossier, ticket, "H33.14-261124-0007")
    assert named.dossier_code == "H33.14-261124-0007"
    assert hall.journal()[-1].event == "ticket.dossier_named"
    assert hall.call_next() is None
    entries = len(hall.journal())
    hall.step(tickets.name_dossier, ticket, "H33.14-261124-0007")
    assert len(hall.journal()) == entries, "scanned twice, written once"


def test_naming_a_dossier_ends_the_time_to_take_the_press_back(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(tickets.name_dossier, ticket, "H33.14-261124-0007")
    with pytest.raises(Refused, match="nothing left to undo"):
        hall.undo()


def test_a_dossier_stays_with_its_number_through_undo(hall: Hall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.step(tickets.name_dossier, ticket, "H33.14-261124-0007")
    hall.step(calling.serve, ticket)
    assert hall.undo().dossier_code == "H33.14-261124-0007"
