"""When a result is due: against printed receipts, hand-checked calendars, and for any dossier."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.dossiers.calendar import Calendar, CalendarEnds, Day, calendar_for
from server.dossiers.daysoff import nationwide
from server.dossiers.deadlines import UNITS, Hours, Pause, Terms, reckon

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = calendar_for(nationwide(), (), date(2026, 1, 1))


def moment(text: str) -> datetime:
    """``2026-01-02 09:32`` on the office's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def due(unit: str, count: int, received: str, *pauses: tuple[str, str], late: bool = False) -> str:
    """The due moment, as text."""
    stopped = [Pause(moment(begin), moment(end)) for begin, end in pauses]
    reckoned = reckon(Terms(unit, count, late), moment(received), CALENDAR, pauses=stopped)
    return f"{reckoned.at:%Y-%m-%d %H:%M}"


def test_the_due_dates_of_two_printed_receipts() -> None:
    assert due("working_day", 5, "2023-10-27 09:32") == "2023-11-03 09:32"
    assert due("working_day", 25, "2019-11-20 08:15") == "2019-12-25 08:15"


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        # Tết 2025: off from Saturday 25 January to Sunday 2 February.
        ("2025-01-24 10:00", 1, "2025-02-03 10:00"),
        ("2025-01-23 10:00", 1, "2025-01-24 10:00"),
        ("2025-01-20 16:59", 5, "2025-02-03 16:59"),
        ("2025-01-20 16:59", 10, "2025-02-10 16:59"),
        # 26 April 2025 is worked in place of 2 May.
        ("2025-04-25 08:00", 1, "2025-04-26 08:00"),
        ("2025-04-29 08:00", 1, "2025-05-05 08:00"),
        # Tết 2026: off from Saturday 14 to Sunday 22 February.
        ("2026-02-12 07:30", 2, "2026-02-23 07:30"),
        ("2026-02-13 07:30", 3, "2026-02-25 07:30"),
        # January 2026: Friday 2 off, Saturday 10 worked.
        ("2025-12-31 09:00", 1, "2026-01-05 09:00"),
        ("2025-12-29 09:00", 3, "2026-01-05 09:00"),
        ("2026-01-08 09:00", 2, "2026-01-10 09:00"),
        ("2026-01-09 09:00", 1, "2026-01-10 09:00"),
        ("2026-01-09 09:00", 2, "2026-01-12 09:00"),
        # 24 November 2026, a Tuesday: Vietnam Culture Day.
        ("2026-11-23 14:00", 1, "2026-11-25 14:00"),
        ("2025-11-23 14:00", 2, "2025-11-25 14:00"),
        # National Day 2026: Monday 31 August off, Saturday 22 August worked.
        ("2026-08-28 11:00", 1, "2026-09-03 11:00"),
        ("2026-08-21 11:00", 1, "2026-08-22 11:00"),
    ],
)
def test_working_days_by_calendars_checked_by_hand(received: str, days: int, expected: str) -> None:
    assert due("working_day", days, received) == expected


def test_a_last_calendar_day_that_is_a_day_off_moves_forward() -> None:
    assert due("calendar_day", 20, "2026-03-02 08:00") == "2026-03-23 08:00"  # 22 is a Sunday
    assert due("calendar_day", 21, "2026-03-02 08:00") == "2026-03-23 08:00"
    assert due("calendar_day", 15, "2026-01-30 08:00") == "2026-02-23 08:00"  # into Tết


def test_a_same_day_result_is_due_at_closing_time() -> None:
    assert due("same_day", 0, "2026-03-02 09:00") == "2026-03-02 17:00"
    assert due("same_day", 0, "2026-03-02 16:30") == "2026-03-02 17:00"


def test_after_three_in_the_afternoon_a_flagged_procedure_is_due_the_next_working_day() -> None:
    assert due("same_day", 0, "2026-03-06 15:00", late=True) == "2026-03-06 17:00"
    assert due("same_day", 0, "2026-03-06 15:01", late=True) == "2026-03-09 17:00"
    assert due("same_day", 0, "2026-11-23 15:30", late=True) == "2026-11-25 17:00"


def test_received_on_a_day_off_a_same_day_result_is_due_the_next_working_day() -> None:
    assert due("same_day", 0, "2026-03-07 09:00") == "2026-03-09 17:00"
    assert due("same_day", 0, "2026-03-07 16:00", late=True) == "2026-03-09 17:00"


def test_hours_are_working_hours() -> None:
    assert due("hour", 2, "2026-03-02 09:00") == "2026-03-02 11:00"
    assert due("hour", 3, "2026-03-02 09:00") == "2026-03-02 14:00"  # lunch from 11 to 13
    assert due("hour", 8, "2026-03-06 16:00") == "2026-03-09 16:00"  # over the weekend
    assert due("hour", 4, "2026-03-02 12:00") == "2026-03-02 17:00"


def test_hours_count_on_a_make_up_saturday() -> None:
    assert due("hour", 2, "2026-01-09 16:00") == "2026-01-10 08:00"


def test_a_pause_takes_its_hours_out() -> None:
    assert (
        due("hour", 4, "2026-03-02 08:00", ("2026-03-02 09:00", "2026-03-02 14:00"))
        == "2026-03-02 17:00"
    )
    assert (
        due("hour", 1, "2026-03-02 08:00", ("2026-03-02 08:30", "2026-03-03 10:00"))
        == "2026-03-03 10:30"
    )


def test_a_pause_takes_its_working_days_out() -> None:
    # Received Monday, due in 5 days on the next Monday; asked on Wednesday, brought on Friday.
    assert due("working_day", 5, "2026-03-02 08:00") == "2026-03-09 08:00"
    assert (
        due("working_day", 5, "2026-03-02 08:00", ("2026-03-04 10:00", "2026-03-06 16:00"))
        == "2026-03-11 08:00"
    )


def test_a_pause_over_a_weekend_takes_two_calendar_days_and_no_working_day_more() -> None:
    weekend = ("2026-03-06 10:00", "2026-03-09 10:00")
    assert due("working_day", 10, "2026-03-02 08:00", weekend) == "2026-03-17 08:00"
    assert due("calendar_day", 14, "2026-03-02 08:00", weekend) == "2026-03-19 08:00"


def test_a_pause_that_begins_when_it_is_late_already_changes_nothing() -> None:
    assert (
        due("working_day", 2, "2026-03-02 08:00", ("2026-03-05 08:00", "2026-03-20 08:00"))
        == "2026-03-04 08:00"
    )


def test_taken_up_again_on_a_saturday_with_nothing_left_it_is_due_on_monday() -> None:
    assert (
        due("working_day", 4, "2026-03-02 08:00", ("2026-03-06 09:00", "2026-03-07 09:00"))
        == "2026-03-09 08:00"
    )


def test_it_tells_which_holidays_it_passed_over() -> None:
    reckoned = reckon(Terms("working_day", 3), moment("2025-12-29 09:00"), CALENDAR)
    assert [day.day for day in reckoned.holidays] == [date(2026, 1, 1), date(2026, 1, 2)]


def test_beyond_the_known_years_it_refuses_to_guess() -> None:
    with pytest.raises(CalendarEnds, match="2028"):
        due("working_day", 5, "2027-12-29 09:00")
    with pytest.raises(CalendarEnds, match="2017"):
        due("working_day", 5, "2017-12-20 09:00")


# ── for any dossier ───────────────────────────────────────────────────────────

receptions = st.datetimes(datetime(2018, 1, 2), datetime(2027, 8, 1)).map(
    lambda moment: moment.replace(tzinfo=HANOI, microsecond=0)
)
terms = st.builds(
    Terms,
    unit=st.sampled_from(UNITS),
    count=st.integers(1, 60),
    afternoon_rule=st.booleans(),
)
days_unit = st.sampled_from(("working_day", "calendar_day"))


@given(terms, receptions)
def test_nothing_is_ever_due_on_a_day_off_or_before_it_came(
    term: Terms, received: datetime
) -> None:
    reckoned = reckon(term, received, CALENDAR)
    assert CALENDAR.is_working(reckoned.on)
    assert reckoned.at >= received


@given(terms, receptions, st.lists(st.integers(0, 400), min_size=2, max_size=6))
def test_whatever_the_pauses_nothing_is_due_on_a_day_off(
    term: Terms, received: datetime, spans: list[int]
) -> None:
    spans = sorted(spans)
    moments = [received + timedelta(hours=span) for span in spans]
    pauses = [Pause(a, b) for a, b in list(pairwise(moments))[::2]]
    reckoned = reckon(term, received, CALENDAR, pauses=pauses)
    assert CALENDAR.is_working(reckoned.on)
    assert reckoned.at >= reckon(term, received, CALENDAR).at


@given(terms, receptions, st.integers(0, 60 * 24 * 40))
def test_who_comes_later_is_never_due_on_an_earlier_date(
    term: Terms, received: datetime, minutes: int
) -> None:
    later = received + timedelta(minutes=minutes)
    assert reckon(term, received, CALENDAR).on <= reckon(term, later, CALENDAR).on


@given(days_unit, st.integers(1, 59), receptions)
def test_more_days_are_never_due_earlier(unit: str, count: int, received: datetime) -> None:
    fewer = reckon(Terms(unit, count), received, CALENDAR)
    assert fewer.on <= reckon(Terms(unit, count + 1), received, CALENDAR).on


@given(st.integers(1, 40), receptions, st.integers(0, 39), st.integers(0, 40))
def test_a_pause_shifts_the_due_date_by_exactly_its_working_days(
    count: int, received: datetime, after: int, lasts: int
) -> None:
    begin = CALENDAR.add_working(received.date(), min(after, count))
    end = CALENDAR.add_working(begin, lasts)
    pause = Pause(
        datetime.combine(begin, time(17, 30), HANOI), datetime.combine(end, time(18), HANOI)
    )
    plain = reckon(Terms("working_day", count), received, CALENDAR)
    paused = reckon(Terms("working_day", count), received, CALENDAR, pauses=[pause])
    assert CALENDAR.working_between(plain.on, paused.on) == lasts
    assert paused.paused == lasts
    assert paused.at.time() == received.time()


@given(st.integers(1, 60), st.integers(1, 24 * 30), st.integers(1, 24 * 30), receptions)
def test_a_pause_of_hours_shifts_by_exactly_its_working_hours(
    count: int, after: int, lasts: int, received: datetime
) -> None:
    begin = received + timedelta(hours=after)
    pause = Pause(begin, begin + timedelta(hours=lasts))
    plain = reckon(Terms("hour", count), received, CALENDAR).at
    paused = reckon(Terms("hour", count), received, CALENDAR, pauses=[pause])
    if begin >= plain:
        assert (paused.at, paused.paused) == (plain, 0)
    else:
        assert worked(received, paused.at) - worked(*_span(pause, paused.at)) == count * 3600


def _span(pause: Pause, until: datetime) -> tuple[datetime, datetime]:
    return pause.begin, min(pause.end, until)


def worked(begin: datetime, end: datetime) -> float:
    """Seconds of the usual eight hours between two moments, counted the slow way."""
    total, day = 0.0, begin.date()
    while day <= end.date():
        if CALENDAR.is_working(day):
            for first, last in ((time(7), time(11)), (time(13), time(17))):
                opens = max(datetime.combine(day, first, HANOI), begin)
                closes = min(datetime.combine(day, last, HANOI), end)
                total += max((closes - opens).total_seconds(), 0)
        day += timedelta(days=1)
    return total


@given(st.integers(1, 30), st.integers(0, 13), st.integers(2019, 2027), st.integers(0, 23 * 60))
def test_crossing_new_year_changes_nothing_but_the_named_days_off(
    count: int, before: int, year: int, minute: int
) -> None:
    """Counting day by day through the turn of the year gives the same as the rule."""
    received = datetime(year - 1, 12, 31, tzinfo=HANOI) - timedelta(days=before)
    received += timedelta(minutes=minute)
    day, left = received.date(), count
    named = {row.day: row.working for row in nationwide()}
    while left:
        day += timedelta(days=1)
        left -= named.get(day, day.weekday() < 5)
    assert reckon(Terms("working_day", count), received, CALENDAR).on == day


def test_across_new_year_a_calendar_without_holidays_counts_as_within_a_year() -> None:
    rest = [
        Day(date(year, 1, 1), True, {"vi": "-"}, "test", "assumed") for year in (2025, 2026, 2027)
    ]
    plain = calendar_for([row for row in rest if row.day.weekday() < 5], (), date(2026, 1, 1))
    plain = Calendar(plain.days, frozenset({2025, 2026, 2027}))
    for count in range(1, 40):
        crossing = reckon(Terms("working_day", count), moment("2025-12-22 09:00"), plain).on
        within = reckon(Terms("working_day", count), moment("2026-06-22 09:00"), plain).on
        assert (crossing - date(2025, 12, 22)) == (within - date(2026, 6, 22))


def test_an_office_open_around_the_clock_counts_every_hour_of_a_working_day() -> None:
    always: Hours = dict.fromkeys(range(7), ((time(0), time.max),))
    reckoned = reckon(Terms("hour", 48), moment("2026-03-06 12:00"), CALENDAR, hours=always)
    assert reckoned.at == moment("2026-03-10 12:00")
