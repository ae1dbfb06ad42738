"""The counter says how a due date was counted, and it is the date that is then recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from server.dossiers import preview, views
from server.dossiers.calendar import calendar_for
from server.dossiers.counting import how_counted
from server.dossiers.daysoff import nationwide
from server.dossiers.deadlines import Terms, reckon
from server.dossiers.models import Dossier
from server.errors import Invalid, NotFound
from server.offices.models import Office, Procedure
from tests.dossiers.conftest import BIRTH, BUILDING, COPY, UNKNOWN, Clerk, moment


def counted(unit: str, count: int, received: str, *, flag: bool = False) -> Any:
    at = moment(received)
    calendar = calendar_for(nationwide(), [], at.date())
    return how_counted(reckon(Terms(unit, count, flag), at, calendar), calendar)


def look(clerk: Clerk, code: str, count: int | None = None) -> Any:
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        return preview.preview(session, office, code, count, clerk.clock.now)


def test_what_is_shown_before_is_what_is_recorded_then(clerk: Clerk) -> None:
    clerk.at("2026-04-28 09:32")
    shown = look(clerk, COPY)
    made = clerk.receive(COPY)
    assert shown["due_at"] == clerk.show(views.dossier, made, clerk.clock.now)["due_at"]
    assert [day["day"] for day in shown["counted"]["holidays"]] == ["2026-04-30", "2026-05-01"]
    assert shown["counted"]["holidays"][0]["source"]
    assert shown["counted"]["weekends"] == 2


@pytest.mark.parametrize("when", ["2026-03-02 14:59", "2026-03-02 15:01", "2026-01-02 09:00"])
@pytest.mark.parametrize(("code", "count"), [(BIRTH, None), (BUILDING, None), (UNKNOWN, 7)])
def test_every_unit_at_any_time(clerk: Clerk, when: str, code: str, count: int | None) -> None:
    clerk.at(when)
    shown = look(clerk, code, count)
    made = clerk.receive(code, count=count)
    assert shown["due_at"] == clerk.show(views.dossier, made, clerk.clock.now)["due_at"]


def test_after_three_the_rule_is_named(clerk: Clerk) -> None:
    assert look(clerk.at("2026-03-02 14:59"), BIRTH)["counted"]["rule"] == ""
    assert look(clerk.at("2026-03-02 15:01"), BIRTH)["counted"]["rule"] == "after-15"


def test_a_make_up_saturday_is_named_as_worked() -> None:
    found = counted("working_day", 5, "2026-01-06 09:00")
    assert [day.day for day in found.worked] == [date(2026, 1, 10)]
    assert found.weekends == 1


def test_a_day_off_and_a_last_day_off_are_named() -> None:
    assert counted("same_day", 0, "2026-03-07 09:00", flag=True).rule == "day-off"
    assert counted("calendar_day", 5, "2026-03-02 09:00").rule == "moved"
    assert counted("calendar_day", 4, "2026-03-02 09:00").rule == ""


def test_an_unknown_time_is_asked_for_and_a_known_one_not_overruled(clerk: Clerk) -> None:
    shown = look(clerk, UNKNOWN)
    assert (shown["count_needed"], shown["due_at"]) == (True, None)
    with pytest.raises(Invalid):
        look(clerk, COPY, 9)
    with pytest.raises(NotFound):
        look(clerk, "9.999999")


def test_an_agency_nobody_has_entered_has_no_names(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        found = session.query(Procedure).filter_by(code=COPY).one()
        found.agencies = [
            {"agency": "tnmt", "position": 1, "share": 3},
            {"agency": "nowhere", "position": 2, "share": 2},
        ]
    named = [(one["agency"], one["names"]) for one in look(clerk, COPY)["agencies"]]
    assert named == [("tnmt", {"vi": "Phòng Tài nguyên và Môi trường"}), ("nowhere", None)]


def test_looking_changes_nothing(clerk: Clerk) -> None:
    before = len(clerk.journal())
    look(clerk, COPY)
    assert len(clerk.journal()) == before
    with clerk.database.read() as session:
        assert session.query(Dossier).count() == 0
