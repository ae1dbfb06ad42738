"""When a notice is tried again, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.notices.backoff import GIVE_UP_AFTER, LONGEST_S, next_try, pause_s

BORN = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
chances = st.floats(0, 1, exclude_max=True)


def test_pauses_double_from_ten_seconds_to_four_hours() -> None:
    assert [pause_s(n, 0.5) for n in (1, 2, 3, 4)] == [10, 20, 40, 80]
    assert pause_s(12, 0.5) == pause_s(5000, 0.5) == 4 * 3600


@given(st.integers(1, 10_000), chances)
def test_chance_moves_a_pause_by_a_fifth_at_most(attempts: int, chance: float) -> None:
    usual = pause_s(attempts, 0.5)
    assert 0.8 * usual <= pause_s(attempts, chance) <= 1.2 * usual


@given(st.floats(0, GIVE_UP_AFTER.total_seconds() * 2), st.integers(1, 50), chances)
def test_it_is_given_up_after_three_days_and_never_before(
    age_s: float, attempts: int, chance: float
) -> None:
    now = BORN + timedelta(seconds=age_s)
    again = next_try(BORN, now, attempts, chance)
    assert (again is None) == (now - BORN >= GIVE_UP_AFTER)
    if again is not None:
        assert now < again <= BORN + GIVE_UP_AFTER


def test_a_receiver_that_names_a_time_is_left_alone_until_then_within_reason() -> None:
    assert next_try(BORN, BORN, 1, 0.5, not_before_s=600) == BORN + timedelta(seconds=600)
    never = next_try(BORN, BORN, 1, 0.5, not_before_s=1e9)
    assert never == BORN + timedelta(seconds=LONGEST_S)
