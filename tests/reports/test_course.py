"""The weeks and months of a period add up to its settlement."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest

from server.database import Database
from server.offices.models import Office
from server.reports.course import BY, course, stretches, usual_steps
from server.reports.settlement import Period, settlement
from tests.conftest import Clock
from tests.dossiers.conftest import COPY, Clerk, furnish, moment

HALF_YEAR = Period(date(2019, 1, 1), date(2019, 6, 30))


@pytest.fixture
def clerk(database: Database, clock: Clock) -> Clerk:
    clock.now = moment("2018-12-30 08:00")
    with database.transaction() as session:
        return Clerk(database, clock, furnish(session, clock).id)


@pytest.mark.parametrize("by", BY)
def test_the_stretches_add_up_to_the_settlement(clerk: Clerk, by: str) -> None:
    for day, done in (
        ("2018-12-31", None),
        ("2019-01-01", "2019-01-03"),
        ("2019-01-06", "2019-03-01"),
        ("2019-01-07", None),
        ("2019-06-30", None),
        ("2019-07-01", None),
    ):
        dossier = clerk.at(f"{day} 09:00").receive(COPY)
        if done:
            clerk.at(f"{done} 09:00").step(dossier, "finish")
    with clerk.database.read() as session:
        found = course(session, [clerk.office_id], HALF_YEAR, by)
        whole = settlement(session, session.get_one(Office, clerk.office_id), HALF_YEAR)
    for name in ("received", "on_time", "not_due", "late"):
        assert sum(asdict(one)[name] for one in found) == whole[name]
    assert [one.received for one in found if one.received] == {
        "week": [2, 1, 1],
        "month": [3, 1],
    }[by]
    assert found[-1].not_due == 1


def test_weeks_begin_on_monday_and_end_with_the_period() -> None:
    weeks = stretches(Period(date(2019, 1, 1), date(2019, 1, 16)), "week")
    assert [(one.begin.day, one.end.day) for one in weeks] == [(1, 6), (7, 13), (14, 16)]
    months = stretches(Period(date(2024, 1, 31), date(2024, 3, 1)), "month")
    assert [(one.begin.isoformat(), one.end.isoformat()) for one in months] == [
        ("2024-01-31", "2024-01-31"),
        ("2024-02-01", "2024-02-29"),
        ("2024-03-01", "2024-03-01"),
    ]


def test_a_short_period_is_shown_by_weeks() -> None:
    assert usual_steps(HALF_YEAR) == "month"
    assert usual_steps(Period(date(2019, 1, 1), date(2019, 3, 31))) == "week"
