"""Early, on time, late, not yet due: by dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.dossiers.judging import judge, settle

DUE = date(2019, 6, 20)
END = date(2019, 6, 30)


@pytest.mark.parametrize(
    ("resolved", "judged"),
    [(date(2019, 6, 19), "early"), (DUE, "on_time"), (date(2019, 6, 21), "late")],
)
def test_a_result_is_judged_by_the_day_it_was_ready(resolved: date, judged: str) -> None:
    assert judge(DUE, resolved=resolved, asked=END) == judged


def test_an_open_dossier_is_not_due_until_its_due_date_has_passed() -> None:
    assert judge(DUE, resolved=None, asked=DUE) == "not_due"
    assert judge(DUE, resolved=None, asked=date(2019, 6, 21)) == "late"
    assert judge(None, resolved=None, asked=END) == "not_due"


def test_while_the_clock_stands_still_nothing_becomes_late() -> None:
    assert judge(DUE, resolved=None, asked=END, paused=DUE) == "not_due"
    assert judge(DUE, resolved=None, asked=END, paused=date(2019, 6, 21)) == "late"


def test_for_the_settlement_early_is_on_time() -> None:
    assert settle(DUE, resolved=date(2019, 6, 1), asked=END) == "on_time"


dates = st.dates(date(2019, 1, 1), date(2019, 12, 31))


@given(st.none() | dates, st.none() | dates, dates, st.none() | dates)
def test_every_dossier_is_in_exactly_one_class(
    due: date | None, resolved: date | None, asked: date, paused: date | None
) -> None:
    settled = settle(due, resolved=resolved, asked=asked, paused=paused)
    assert settled in {"on_time", "not_due", "late"}
    assert (settled == "not_due") <= (resolved is None)
