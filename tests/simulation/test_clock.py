"""The working days and hours of 2019 that the simulation moves through."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

import pytest

from server.dossiers.calendar import calendar_for
from server.dossiers.daysoff import hours_of, nationwide
from server.simulation.clock import Clock
from server.simulation.halls import closures
from tests.dossiers.conftest import WORKING_HOURS, moment


@pytest.fixture
def clock() -> Clock:
    calendar = calendar_for(nationwide(), ["here"], date(2019, 1, 1))
    return Clock(hours_of(WORKING_HOURS), calendar, "Asia/Ho_Chi_Minh")


def test_days_off_are_left_out_and_make_up_saturdays_are_not(clock: Clock) -> None:
    assert clock.days(date(2019, 4, 26), date(2019, 5, 6)) == [
        date(2019, 4, 26),
        date(2019, 5, 2),
        date(2019, 5, 3),
        date(2019, 5, 4),
        date(2019, 5, 6),
    ]
    assert len(clock.days(date(2019, 1, 1), date(2019, 6, 30))) == 121
    assert clock.after(date(2019, 2, 1), 1) == date(2019, 2, 11)  # Tết


def test_a_make_up_saturday_has_the_hours_of_a_monday(clock: Clock) -> None:
    assert clock.sessions(date(2019, 5, 4)) == [
        (moment("2019-05-04 07:00"), moment("2019-05-04 11:00")),
        (moment("2019-05-04 13:00"), moment("2019-05-04 17:00")),
    ]


@pytest.mark.parametrize(
    ("at", "goes_on"),
    [
        ("06:30", "07:00"),
        ("09:00", "09:00"),
        ("11:00", "13:00"),
        ("12:59", "13:00"),
        ("17:20", "17:20"),  # whoever is in the hall is served
    ],
)
def test_nobody_is_called_at_lunch(clock: Clock, at: str, goes_on: str) -> None:
    assert clock.at_work(moment(f"2019-03-05 {at}")) == moment(f"2019-03-05 {goes_on}")


def test_a_share_of_the_time_between_two_moments_is_counted_in_opening_hours(clock: Clock) -> None:
    friday, monday = moment("2019-03-08 15:00"), moment("2019-03-11 09:00")
    assert clock.between(friday, monday, 0) == friday
    assert clock.between(friday, monday, 0.5) == moment("2019-03-08 17:00")
    assert clock.between(friday, monday, 0.75) == moment("2019-03-11 08:00")
    assert clock.between(friday, monday, 1) == monday


def test_people_come_while_numbers_are_given_out(clock: Clock) -> None:
    rng = Random(1)
    visits = [clock.visit(date(2019, 3, 5), rng) for _ in range(500)]
    assert all(_open(visit) for visit in visits)
    early = sum(visit.hour < 11 for visit in visits)
    assert 250 < early < 350
    assert sum(visit.hour in (7, 8, 13, 14) for visit in visits) > 300


def _open(visit: datetime) -> bool:
    minutes = visit.hour * 60 + visit.minute
    return 420 <= minutes <= 620 or 780 <= minutes <= 980


def test_the_halls_close_on_the_days_that_due_dates_leave_out() -> None:
    hours = [["07:00", "11:00"]]
    found = {one["from"]: one for one in closures(date(2019, 1, 1), date(2019, 6, 30), hours)}
    assert date(2019, 4, 14) not in found  # a Sunday anyway
    assert "hours" not in found[date(2019, 4, 15)]
    assert found[date(2019, 5, 4)]["hours"] == hours
    assert found[date(2019, 2, 4)]["reason"]["vi"] == "Tết Nguyên đán Kỷ Hợi"
