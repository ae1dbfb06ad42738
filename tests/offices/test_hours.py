"""Is it open, until when, and when are numbers given out?"""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.offices.hours import (
    WEEKDAYS,
    Issuing,
    business_day,
    closure_on,
    issuing,
    issuing_of,
    opening,
    opening_of,
)
from server.offices.models import Office

HANOI = "Asia/Ho_Chi_Minh"
DAY = [["07:00", "11:00"], ["13:00", "17:00"]]
WEEK = dict.fromkeys(WEEKDAYS[:5], DAY)
TET = {"from": "2026-02-16", "to": "2026-02-20", "reason": {"vi": "Nghỉ Tết"}, "hours": []}
MAKE_UP = {"from": "2026-01-10", "to": "2026-01-10", "reason": {"vi": "Làm bù"}, "hours": DAY}


def at(words: str, zone: str = HANOI) -> datetime:
    """``2026-03-02 08:30`` on the clock of ``zone``."""
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone))


def test_a_monday_in_the_hall():
    state = opening(WEEK, [], HANOI, at("2026-03-02 08:30"))
    assert state.open
    assert state.closes_at == at("2026-03-02 11:00")
    assert state.day_ends_at == at("2026-03-02 17:00")
    assert state.opens_at is None
    assert state.remaining_s == (2.5 + 4) * 3600


@pytest.mark.parametrize(
    ("now", "opens", "remaining_h"),
    [
        ("2026-03-02 06:59:59", "2026-03-02 07:00", 8),
        ("2026-03-02 11:00", "2026-03-02 13:00", 4),
        ("2026-03-02 12:59", "2026-03-02 13:00", 4),
        ("2026-03-02 17:00", "2026-03-03 07:00", 0),
        ("2026-03-06 17:00", "2026-03-09 07:00", 0),
        ("2026-03-07 09:00", "2026-03-09 07:00", 0),
    ],
)
def test_closed_says_when_it_opens_again(now, opens, remaining_h):
    state = opening(WEEK, [], HANOI, at(now))
    assert not state.open
    assert state.closes_at is None
    assert state.opens_at == at(opens)
    assert state.remaining_s == remaining_h * 3600
    assert state.reason is None


def test_opens_on_the_second_and_closes_on_the_second():
    assert opening(WEEK, [], HANOI, at("2026-03-02 07:00")).open
    assert opening(WEEK, [], HANOI, at("2026-03-02 10:59:59.999999")).open
    assert not opening(WEEK, [], HANOI, at("2026-03-02 11:00")).open


@pytest.mark.parametrize("clock", ["00:00", "09:00", "12:00", "20:00"])
def test_a_holiday_is_closed_all_day_and_says_why_and_until_when(clock):
    state = opening(WEEK, [TET], HANOI, at(f"2026-02-18 {clock}"))
    assert not state.open
    assert state.reason == {"vi": "Nghỉ Tết"}
    assert state.day_ends_at is None
    assert state.opens_at == at("2026-02-23 07:00")
    assert state.remaining_s == 0


def test_the_evening_before_a_holiday_has_no_reason_but_the_right_next_opening():
    state = opening(WEEK, [TET], HANOI, at("2026-02-13 18:00"))
    assert state.reason is None
    assert state.opens_at == at("2026-02-23 07:00")


def test_a_make_up_saturday_is_open_and_its_evening_is_an_ordinary_evening():
    assert opening(WEEK, [MAKE_UP], HANOI, at("2026-01-10 08:00")).open
    assert not opening(WEEK, [], HANOI, at("2026-01-10 08:00")).open
    evening = opening(WEEK, [MAKE_UP], HANOI, at("2026-01-10 18:00"))
    assert (evening.open, evening.reason) == (False, None)


def test_an_early_end_gives_its_reason_only_while_it_would_usually_be_open():
    early = {"from": "2026-03-02", "reason": {"vi": "Họp"}, "hours": [["07:00", "10:00"]]}
    assert opening(WEEK, [early], HANOI, at("2026-03-02 09:00")).open
    assert opening(WEEK, [early], HANOI, at("2026-03-02 10:30")).reason == {"vi": "Họp"}
    assert opening(WEEK, [early], HANOI, at("2026-03-02 12:00")).reason is None
    assert opening(WEEK, [early], HANOI, at("2026-03-02 14:00")).opens_at == at("2026-03-03 07:00")


def test_of_two_closures_on_a_day_the_last_listed_holds():
    closed = {"from": "2026-01-05", "to": "2026-01-15", "reason": {"vi": "Sửa chữa"}}
    assert closure_on([closed, MAKE_UP], date(2026, 1, 10)) is MAKE_UP
    assert opening(WEEK, [closed, MAKE_UP], HANOI, at("2026-01-10 08:00")).open
    assert not opening(WEEK, [MAKE_UP, closed], HANOI, at("2026-01-10 08:00")).open


def test_no_opening_is_promised_where_none_is_known():
    assert opening({}, [], HANOI, at("2026-03-02 08:00")).opens_at is None
    for_good = {"from": "2026-01-01", "to": "2099-12-31", "reason": {"vi": "Sáp nhập"}}
    assert opening(WEEK, [for_good], HANOI, at("2026-03-02 08:00")).opens_at is None


def test_round_the_clock_closes_at_midnight_and_opens_in_the_same_moment():
    hours = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
    state = opening(hours, [], HANOI, at("2026-03-02 23:59:30"))
    assert (state.open, state.closes_at, state.remaining_s) == (True, at("2026-03-03 00:00"), 30)
    assert opening(hours, [], HANOI, at("2026-03-03 00:00")).open


def test_the_business_day_changes_at_midnight_of_the_office():
    assert business_day(datetime(2026, 3, 1, 16, 59, 59, tzinfo=UTC), HANOI) == date(2026, 3, 1)
    assert business_day(datetime(2026, 3, 1, 17, 0, tzinfo=UTC), HANOI) == date(2026, 3, 2)
    assert business_day(datetime(2026, 3, 1, 17, 0, tzinfo=UTC), "America/Lima") == date(2026, 3, 1)


@pytest.mark.parametrize("server", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_zone_of_the_server_does_not_matter(monkeypatch, server):
    expected = opening(WEEK, [TET], HANOI, at("2026-03-02 00:30"))
    monkeypatch.setenv("TZ", server)
    time.tzset()
    try:
        now = at("2026-03-02 00:30").astimezone(ZoneInfo(server))
        assert opening(WEEK, [TET], HANOI, now) == expected
        assert business_day(now, HANOI) == date(2026, 3, 2)
        assert expected.opens_at == at("2026-03-02 07:00")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        opening(WEEK, [], HANOI, datetime(2026, 3, 2, 8))


def test_a_change_of_clocks_is_counted_in_real_seconds():
    hours = {"sun": [["00:00", "06:00"]]}
    spring = opening(hours, [], "Europe/Paris", at("2026-03-29 00:00", "Europe/Paris"))
    autumn = opening(hours, [], "Europe/Paris", at("2026-10-25 00:00", "Europe/Paris"))
    assert (spring.remaining_s, autumn.remaining_s) == (5 * 3600, 7 * 3600)


# Numbers


def test_numbers_are_given_out_before_opening_and_stop_before_closing():
    rule = Issuing(before_minutes=30, stop_minutes=15)

    def gives(clock: str) -> bool:
        return issuing(WEEK, [], HANOI, at(f"2026-03-02 {clock}"), rule).open

    assert [gives(c) for c in ("06:29:59", "06:30", "10:44:59", "10:45")] == [
        False,
        True,
        True,
        False,
    ]
    assert [gives(c) for c in ("12:29", "12:30", "16:44", "16:45")] == [False, True, True, False]


def test_numbers_by_default_begin_15_minutes_early():
    assert Issuing.of({}) == Issuing(before_minutes=15, stop_minutes=0, windows=None)
    assert issuing(WEEK, [], HANOI, at("2026-03-02 06:45"), Issuing()).open


def test_a_short_lunch_is_bridged_by_the_minutes_before():
    hours = {"mon": [["07:00", "11:45"], ["12:00", "17:00"]]}
    state = issuing(hours, [], HANOI, at("2026-03-02 11:50"), Issuing(before_minutes=30))
    assert (state.open, state.closes_at) == (True, at("2026-03-02 17:00"))


def test_no_number_is_given_out_before_midnight_for_the_day_that_begins():
    hours = {"mon": [["00:10", "08:00"]]}
    rule = Issuing(before_minutes=60)
    eve = issuing(hours, [], HANOI, at("2026-03-01 23:30"), rule)
    assert (eve.open, eve.opens_at) == (False, at("2026-03-02 00:00"))
    assert issuing(hours, [], HANOI, at("2026-03-02 00:00"), rule).open


def test_windows_take_the_place_of_the_rules_on_their_weekdays():
    rule = Issuing.of({"windows": {"mon": [["06:15", "11:15"], ["13:15", "15:30"]], "tue": []}})
    assert issuing(WEEK, [], HANOI, at("2026-03-02 06:20"), rule).open
    assert not issuing(WEEK, [], HANOI, at("2026-03-02 15:30"), rule).open
    assert not issuing(WEEK, [], HANOI, at("2026-03-03 08:00"), rule).open
    assert issuing(WEEK, [], HANOI, at("2026-03-04 06:45"), rule).open


def test_windows_give_no_numbers_on_a_holiday_and_give_way_to_other_hours():
    rule = Issuing(windows={"mon": [["06:15", "11:15"]], "sat": [["06:15", "11:15"]]})
    holiday = issuing(WEEK, [TET], HANOI, at("2026-02-16 08:00"), rule)
    assert (holiday.open, holiday.reason) == (False, TET["reason"])
    assert not issuing(WEEK, [], HANOI, at("2026-03-07 08:00"), rule).open
    assert issuing(WEEK, [MAKE_UP], HANOI, at("2026-01-10 14:00"), rule).open


def test_a_session_shorter_than_the_stop_gives_no_numbers():
    hours = {"mon": [["07:00", "07:20"]]}
    rule = Issuing(before_minutes=0, stop_minutes=30)
    assert not issuing(hours, [], HANOI, at("2026-03-02 07:05"), rule).open


def test_a_stored_office_answers_for_itself():
    office = Office(
        hours=WEEK, closures=[TET], timezone=HANOI, issuing={"before_minutes": 60}, names={}
    )
    now = at("2026-03-02 06:10")
    assert not opening_of(office, now).open
    assert issuing_of(office, now).open


# Properties

ZONES = [HANOI, "UTC", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu"]
quarters = st.integers(0, 96)


def figures_of(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"


@st.composite
def days(draw):
    marks = sorted(draw(st.lists(quarters, max_size=6, unique=True)))
    return [[figures_of(a), figures_of(b)] for a, b in zip(marks[::2], marks[1::2], strict=False)]


weeks = st.fixed_dictionaries({}, optional={day: days() for day in WEEKDAYS})
dates = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def closures(draw):
    first = draw(dates)
    last = first + timedelta(days=draw(st.integers(0, 20)))
    hours = draw(st.one_of(st.just([]), days()))
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "reason": {"vi": "Nghỉ"},
        "hours": hours,
    }


rules = st.one_of(
    st.none(),
    st.builds(
        Issuing,
        before_minutes=st.integers(0, 120),
        stop_minutes=st.integers(0, 120),
        windows=st.one_of(st.none(), weeks),
    ),
)
moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC), allow_imaginary=False
)
given_hall = given(weeks, st.lists(closures(), max_size=3), st.sampled_from(ZONES), moments, rules)


def state_at(hours, closed, zone, now, rule):
    if rule is None:
        return opening(hours, closed, zone, now)
    return issuing(hours, closed, zone, now, rule)


@given_hall
def test_what_is_said_about_the_next_change_comes_true(hours, closed, zone, now, rule):
    state = state_at(hours, closed, zone, now, rule)
    if state.open:
        assert state.opens_at is None and state.reason is None
        assert state.closes_at > now
        assert state.day_ends_at >= state.closes_at
        assert state.remaining_s >= round((state.closes_at - now).total_seconds())
        just_before = state.closes_at - timedelta(microseconds=1)
        assert state_at(hours, closed, zone, just_before, rule).open
        after = state_at(hours, closed, zone, state.closes_at, rule)
        # Open again at once only where the next day begins in that moment.
        assert not after.open or business_day(state.closes_at, zone) > business_day(now, zone)
    elif state.opens_at is not None:
        assert state.closes_at is None
        assert state.opens_at > now
        assert state_at(hours, closed, zone, state.opens_at, rule).open
        just_before = state_at(
            hours, closed, zone, state.opens_at - timedelta(microseconds=1), rule
        )
        assert not just_before.open
        halfway = now + (state.opens_at - now) / 2
        assert state_at(hours, closed, zone, halfway, rule).opens_at == state.opens_at


@given_hall
def test_the_zone_of_the_moment_does_not_matter(hours, closed, zone, now, rule):
    elsewhere = now.astimezone(timezone(timedelta(hours=-11)))
    assert state_at(hours, closed, zone, now, rule) == state_at(
        hours, closed, zone, elsewhere, rule
    )


@given(weeks, st.lists(closures(), max_size=3), moments)
def test_open_is_what_the_clock_on_the_wall_says(hours, closed, now):
    # A zone without clock changes, so that comparing the figures on the clock is right.
    local = now.astimezone(ZoneInfo(HANOI))
    spans = hours.get(WEEKDAYS[local.weekday()], [])
    for closure in closed:
        if closure["from"] <= local.date().isoformat() <= closure["to"]:
            spans = closure["hours"]
    figures = local.time().isoformat()
    expected = any(start <= figures < end for start, end in spans)
    assert opening(hours, closed, HANOI, now).open == expected


@given(weeks, st.lists(closures(), max_size=3), st.sampled_from(ZONES), moments)
def test_numbers_are_only_given_out_on_days_with_hours(hours, closed, zone, now):
    state = issuing(hours, closed, zone, now, Issuing(before_minutes=720))
    if state.open:
        assert opening(hours, closed, zone, now).day_ends_at is not None
