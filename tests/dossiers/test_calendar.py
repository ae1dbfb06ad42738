"""The calendar: the project's own table, what offices add, and what another source says."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from server.dossiers.calendar import CERTAINTIES, Calendar, Day, calendar_for, differences, gaps
from server.dossiers.daysoff import nationwide

TODAY = date(2026, 11, 24)


@pytest.fixture
def calendar() -> Calendar:
    return calendar_for(nationwide(), (), TODAY)


def test_new_year_2026_is_off_until_the_weekend_and_made_up_on_the_tenth(
    calendar: Calendar,
) -> None:
    worked = [day for day in range(1, 13) if calendar.is_working(date(2026, 1, day))]
    assert worked == [5, 6, 7, 8, 9, 10, 12]


def test_every_row_has_a_source_and_says_how_sure_it_is() -> None:
    for row in nationwide():
        assert row.source, row.day
        assert row.certainty in CERTAINTIES, row.day
        assert row.names["vi"], row.day
        assert row.names["en"], row.day


def test_there_is_one_row_a_day_and_no_year_is_missing(calendar: Calendar) -> None:
    assert max(Counter(row.day for row in nationwide()).values()) == 1
    assert (min(calendar.years), max(calendar.years)) == (2018, 2027)
    assert gaps(calendar) == []


def test_what_nobody_has_decided_yet_is_marked_so() -> None:
    guessed = {row.day.year for row in nationwide() if row.certainty == "assumed"}
    assert guessed == {2027}


@pytest.mark.parametrize("year", range(2018, 2028))
def test_each_year_has_the_days_off_the_labour_code_gives(year: int, calendar: Calendar) -> None:
    """Weekdays off less make-up days: 10 until 2020, one more since 2021 and since 2026."""
    rows = [row for row in nationwide() if row.day.year == year]
    off = sum(not row.working and row.day.weekday() < 5 for row in rows)
    made_up = sum(row.working for row in rows)
    owed = 10 + (year >= 2021) + (year >= 2026)
    # 31/12/2018 was made up in the year after.
    owed += {2018: 1, 2019: -1}.get(year, 0)
    assert off - made_up == owed


@pytest.mark.parametrize("year", range(2018, 2028))
def test_another_source_says_the_same_but_for_the_swap_it_lacks(
    year: int, calendar: Calendar
) -> None:
    found = {(one.day.isoformat(), one.ours, one.theirs) for one in differences(calendar, year)}
    lacking = {("2026-01-02", False, True), ("2026-01-10", True, False)}
    assert found == (lacking if year == 2026 else set())


def test_a_difference_names_our_reason_and_how_sure_we_are(calendar: Calendar) -> None:
    first = differences(calendar, 2026)[0]
    assert "10/01/2026" in first.reason
    assert first.certainty == "verified"


def test_a_wrong_row_shows_as_a_difference() -> None:
    wrong = Day(date(2025, 3, 3), False, {"vi": "Nhầm"}, "test", "assumed")
    calendar = calendar_for([*nationwide(), wrong], (), TODAY)
    assert [one.day for one in differences(calendar, 2025)] == [wrong.day]


# ── provinces and offices ─────────────────────────────────────────────────────


def row(office: str = "", *, working: bool = False, **more: date) -> Day:
    return Day(date(2026, 3, 3), working, {"vi": office}, "test", "verified", office, **more)


def working(*rows: Day, offices: tuple[str, ...] = ("commune", "province"), on: date = TODAY):
    return calendar_for([*nationwide(), *rows], offices, on).is_working(date(2026, 3, 3))


def test_a_day_off_of_a_province_holds_in_its_offices_and_nowhere_else() -> None:
    assert not working(row("province"))
    assert working(row("province"), offices=("elsewhere",))


def test_the_nearest_office_has_the_last_word() -> None:
    assert working(row("commune", working=True), row("province"), row())
    assert not working(row("commune"), row("province", working=True))


def test_a_row_counts_for_dossiers_received_while_it_is_valid() -> None:
    announced = row(valid_from=date(2026, 2, 20))
    assert working(announced, on=date(2026, 2, 19))
    assert not working(announced, on=date(2026, 2, 20))
    assert working(row(valid_to=date(2026, 2, 20)), on=date(2026, 2, 21))


def test_a_newer_decision_replaces_an_older_one() -> None:
    older, newer = row(), row(working=True, valid_from=date(2026, 2, 20))
    assert working(newer, older)
    assert not working(newer, older, on=date(2026, 2, 19))
