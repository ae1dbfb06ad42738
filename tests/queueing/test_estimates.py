"""How long still, and how many more today: never negative, never made up."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.queueing.estimates import (
    Desk,
    Load,
    Outlook,
    on_the_clock,
    usual_seconds,
    wait_range,
)

CIVIL, LAND, RESULTS = 1, 2, 3
DAY = [(0.0, 8 * 3600.0)]


def outlook(
    waiting: dict[int, int],
    *desks: Desk,
    seconds: dict[int, float] | None = None,
    sessions: list[tuple[float, float]] | None = None,
) -> Outlook:
    usual = {CIVIL: 600.0, LAND: 900.0} if seconds is None else seconds
    return Outlook(Load(waiting, usual, desks, DAY if sessions is None else sessions))


# ── how long one citizen takes ────────────────────────────────────────────────


def test_without_times_and_without_a_word_of_the_office_nothing_is_known() -> None:
    assert usual_seconds([], None) is None
    assert usual_seconds([60, 70], None) is None


def test_in_the_morning_the_word_of_the_office_counts() -> None:
    assert usual_seconds([], 10) == 600


def test_measured_times_take_over_step_by_step() -> None:
    one, many = usual_seconds([60], 10), usual_seconds([60] * 20, 10)
    assert one is not None and many is not None
    assert 500 < one < 600
    assert 60 < many < 200


def test_without_a_word_of_the_office_a_few_times_are_enough() -> None:
    assert usual_seconds([100, 110, 120], None) == 110


def test_a_clerk_who_forgot_to_press_does_not_count() -> None:
    assert usual_seconds([300] * 18 + [7200, 1], None) == 300


def test_nothing_takes_no_time_at_all() -> None:
    assert usual_seconds([0] * 20, None) == 1


# ── waits ─────────────────────────────────────────────────────────────────────


def test_at_a_free_counter_nobody_waits() -> None:
    assert outlook({CIVIL: 0}, Desk([[CIVIL]])).wait_s(CIVIL) == 0


def test_one_counter_needs_its_time_for_each_in_front() -> None:
    view = outlook({CIVIL: 3}, Desk([[CIVIL]]))
    assert [view.wait_s(CIVIL, ahead) for ahead in range(4)] == [0, 600, 1200, 1800]
    assert view.wait_s(CIVIL) == 1800


def test_more_in_front_than_wait_is_the_end_of_the_line() -> None:
    assert outlook({CIVIL: 2}, Desk([[CIVIL]])).wait_s(CIVIL, 99) == 1200


def test_two_counters_need_half_the_time() -> None:
    view = outlook({CIVIL: 4}, Desk([[CIVIL]]), Desk([[CIVIL]]))
    assert view.wait_s(CIVIL) == 1200


def test_who_is_being_served_still_needs_the_rest_of_the_time() -> None:
    busy = Desk([[CIVIL]], busy_with=CIVIL, busy_s=400)
    assert outlook({CIVIL: 0}, busy).wait_s(CIVIL) == 200


def test_who_takes_longer_than_usual_still_needs_a_while() -> None:
    busy = Desk([[CIVIL]], busy_with=CIVIL, busy_s=5000)
    assert outlook({CIVIL: 0}, busy).wait_s(CIVIL) == 150


def test_a_counter_with_two_services_serves_both_lines() -> None:
    view = outlook({CIVIL: 2, LAND: 2}, Desk([[CIVIL, LAND]]))
    assert view.wait_s(CIVIL) == view.wait_s(LAND) == 2 * 600 + 2 * 900


def test_a_preferred_service_does_not_wait_for_the_other_one() -> None:
    view = outlook({CIVIL: 2, LAND: 2}, Desk([[LAND], [CIVIL]]))
    assert view.wait_s(LAND) == 1800
    assert view.wait_s(CIVIL) == 1800 + 1200


def test_a_service_is_helped_by_counters_that_have_finished_their_own() -> None:
    alone = outlook({CIVIL: 6, LAND: 1}, Desk([[CIVIL]]))
    helped = outlook({CIVIL: 6, LAND: 1}, Desk([[CIVIL]]), Desk([[LAND], [CIVIL]]))
    assert alone.wait_s(CIVIL) == 3600
    assert helped.wait_s(CIVIL) == 2100  # at 0, 600, 900, 1200, 1500, 1800; then 2100 is free


def test_nothing_is_told_without_an_open_counter() -> None:
    closed, paused = Desk([[CIVIL]], "closed"), Desk([[CIVIL]], "paused")
    assert outlook({CIVIL: 1}, closed, paused, Desk([[LAND]])).wait_s(CIVIL) is None


def test_nothing_is_told_of_a_service_whose_time_is_not_known() -> None:
    view = outlook({CIVIL: 1, RESULTS: 1}, Desk([[CIVIL, RESULTS]]), seconds={CIVIL: 600})
    assert view.wait_s(RESULTS) is None
    # Its tickets still take time: as long as those one knows of.
    assert view.wait_s(CIVIL) == 1200


def test_nothing_is_told_when_no_time_is_known_at_all() -> None:
    view = outlook({CIVIL: 1}, Desk([[CIVIL]]), seconds={})
    assert (view.wait_s(CIVIL), view.left(CIVIL)) == (None, None)


# ── breaks ────────────────────────────────────────────────────────────────────


def test_who_cannot_be_served_before_lunch_waits_for_the_afternoon() -> None:
    """20 minutes before lunch, then two hours of break."""
    sessions = [(0.0, 1200.0), (8400.0, 20000.0)]
    view = outlook({CIVIL: 3}, Desk([[CIVIL]]), sessions=sessions)
    assert [view.wait_s(CIVIL, ahead) for ahead in range(4)] == [0, 600, 8400, 9000]


def test_before_the_office_opens_the_time_until_then_counts() -> None:
    view = outlook({CIVIL: 1}, Desk([[CIVIL]]), sessions=[(900.0, 20000.0)])
    assert [view.wait_s(CIVIL, ahead) for ahead in (0, 1)] == [900, 1500]


def test_work_left_at_the_end_of_the_day_is_done_after_it() -> None:
    assert on_the_clock(700, [(0, 500), (1000, 1100)]) == 1200


def test_a_counter_that_works_out_of_hours_has_no_breaks() -> None:
    assert on_the_clock(700, []) == 700


# ── what is left of the day ───────────────────────────────────────────────────


def test_an_hour_is_enough_for_six_of_ten_minutes() -> None:
    view = outlook({CIVIL: 0}, Desk([[CIVIL]]), sessions=[(0, 3600)])
    assert view.left(CIVIL) == 6


def test_who_waits_already_comes_first() -> None:
    view = outlook({CIVIL: 4}, Desk([[CIVIL]]), sessions=[(0, 3600)])
    assert view.left(CIVIL) == 2
    assert outlook({CIVIL: 9}, Desk([[CIVIL]]), sessions=[(0, 3600)]).left(CIVIL) == 0


def test_counters_that_are_paused_come_back() -> None:
    view = outlook({CIVIL: 0}, Desk([[CIVIL]]), Desk([[CIVIL]], "paused"), sessions=[(0, 3600)])
    assert view.left(CIVIL) == 12


def test_a_closed_counter_is_counted_only_where_none_is_at_work() -> None:
    closed = Desk([[CIVIL, LAND]], "closed")
    view = outlook({CIVIL: 0, LAND: 0}, Desk([[CIVIL]]), closed, sessions=[(0, 3600)])
    assert view.left(LAND) == 4
    alone = outlook({CIVIL: 0}, Desk([[CIVIL]]), Desk([[CIVIL]], "closed"), sessions=[(0, 3600)])
    assert alone.left(CIVIL) == 6


def test_without_any_counter_for_a_service_nothing_is_known() -> None:
    assert outlook({CIVIL: 0}, Desk([[LAND]])).left(CIVIL) is None


def test_when_the_day_is_over_nothing_is_left() -> None:
    assert outlook({CIVIL: 0}, Desk([[CIVIL]]), sessions=[]).left(CIVIL) == 0


# ── told as a range ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (-3, (0, 5)),
        (0, (0, 5)),
        (4.99, (0, 5)),
        (5, (5, 10)),
        (12, (10, 15)),
        (17, (15, 20)),
        (20, (20, 30)),
        (39, (30, 40)),
        (59, (40, 60)),
        (60, (60, 90)),
        (119, (90, 120)),
        (120, (120, 180)),
        (400, (360, 420)),
    ],
)
def test_the_longer_the_wait_the_coarser_it_is_told(minutes: float, told: tuple[int, int]) -> None:
    assert wait_range(minutes * 60) == told


@given(st.floats(0, 1e6))
def test_a_wait_lies_within_its_range(seconds: float) -> None:
    low, high = wait_range(seconds)
    assert low <= seconds / 60 < high


# ── properties ────────────────────────────────────────────────────────────────

SERVICES = st.sampled_from([CIVIL, LAND, RESULTS])
DESKS = st.builds(
    Desk,
    tiers=st.lists(st.lists(SERVICES, min_size=1, unique=True), min_size=1, max_size=3),
    status=st.sampled_from(["open", "paused", "closed"]),
    busy_with=st.none() | SERVICES,
    busy_s=st.floats(-60, 7200),
)
LOADS = st.builds(
    Load,
    waiting=st.fixed_dictionaries({s: st.integers(0, 30) for s in (CIVIL, LAND, RESULTS)}),
    seconds=st.dictionaries(SERVICES, st.floats(1, 3600)),
    desks=st.lists(DESKS, max_size=6),
    sessions=st.sampled_from([[], DAY, [(0.0, 1800.0), (9000.0, 20000.0)], [(600.0, 7200.0)]]),
)


@given(LOADS)
def test_a_wait_is_never_negative_and_grows_with_those_in_front(load: Load) -> None:
    view = Outlook(load)
    for service, waiting in load.waiting.items():
        waits = [view.wait_s(service, ahead) for ahead in range(waiting + 1)]
        if waits[0] is None:
            assert set(waits) == {None}
            can = any(desk.status == "open" and desk.serves(service) for desk in load.desks)
            assert not can or service not in load.seconds
            continue
        assert waits == sorted(waits)
        assert waits[0] >= 0
        assert waits[-1] == view.wait_s(service)


@given(LOADS)
def test_what_is_left_is_never_negative_and_no_more_than_time_allows(load: Load) -> None:
    view = Outlook(load)
    for service in load.waiting:
        left = view.left(service)
        if left is not None:
            desks = [desk for desk in load.desks if desk.serves(service)]
            assert 0 <= left <= len(desks) * load.remaining_s / load.seconds[service] + 1e-6


def test_the_estimate_is_right_on_average() -> None:
    """Against a hall whose service times vary as real ones do (lognormal, spread 0.6)."""
    chance = random.Random(7)
    errors = []
    for _ in range(300):
        desks, ahead = chance.randint(1, 4), chance.randint(3, 30)
        free = [0.0] * desks
        for _ in range(ahead):
            free.sort()
            free[0] += chance.lognormvariate(6.2, 0.6)
        mean = 2.718281828 ** (6.2 + 0.6**2 / 2)
        lines = [Desk([[CIVIL]]) for _ in range(desks)]
        told = outlook({CIVIL: ahead}, *lines, seconds={CIVIL: mean}).wait_s(CIVIL)
        assert told is not None
        errors.append(min(free) / told if told else 1)
    assert 0.9 < statistics.mean(errors) < 1.1
