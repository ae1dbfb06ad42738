"""What the agencies did with their parts, against parts played by hand on the calendar of 2019."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from server.database import Database
from server.dossiers import correcting, interlinked, lifecycle
from server.dossiers.agencies import set_agency
from server.dossiers.calendar import Day
from server.dossiers.daysoff import set_day
from server.dossiers.interlinked import Share
from server.dossiers.models import Dossier, DossierPart
from server.errors import Invalid
from server.offices.models import Office
from server.reports.agencies import COUNTED, agency_report
from server.reports.behind import FIGURES, Figure, codes_behind, count_behind, offices_of
from server.reports.settlement import Period
from tests.conftest import Clock
from tests.dossiers.conftest import LAND, Clerk, furnish, moment

MARCH = Period(date(2019, 3, 1), date(2019, 3, 31))


@pytest.fixture
def clerk(database: Database, clock: Clock) -> Clerk:
    clock.now = moment("2019-01-02 08:00")
    with database.transaction() as session:
        return Clerk(database, clock, furnish(session, clock).id)


def received(clerk: Clerk, at: str, agency: str = "tnmt", share: int = 3) -> Dossier:
    """A dossier with one part, handed over on reception."""
    dossier = clerk.at(at).receive(LAND, shares=[Share(agency, 1, share)])
    clerk.do(interlinked.hand_over, dossier, agency)
    return dossier


def done(clerk: Clerk, dossier: Dossier, taken: str, at: str, agency: str = "tnmt") -> Dossier:
    clerk.at(taken).do(interlinked.take_over, dossier, agency)
    clerk.at(at).do(interlinked.finish_part, dossier, agency)
    return dossier


def report(clerk: Clerk, period: Period = MARCH, **more: Any) -> dict[str, Any]:
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        return agency_report(session, office, period, **more)


def row(clerk: Clerk, period: Period = MARCH, agency: str = "tnmt") -> dict[str, Any]:
    (found,) = [one for one in report(clerk, period)["agencies"] if one["agency"] == agency]
    return found


@pytest.fixture
def march(clerk: Clerk) -> dict[str, Dossier]:
    """Each part in a class of its own; the share is three working days."""
    return {
        # handed over on Friday 22 February, due on Wednesday 27, done in March
        "carried": done(
            clerk, received(clerk, "2019-02-22 08:00"), "2019-02-28 08:00", "2019-03-04 08:00"
        ),
        # handed over and done before March: in no figure of it
        "before": done(
            clerk, received(clerk, "2019-02-25 08:00"), "2019-02-25 09:00", "2019-02-27 08:00"
        ),
        # Monday 4: due on Thursday 7, whatever the clock says
        "within": done(
            clerk, received(clerk, "2019-03-04 08:00"), "2019-03-05 08:00", "2019-03-07 16:59"
        ),
        "beyond": done(
            clerk, received(clerk, "2019-03-04 08:00"), "2019-03-05 08:00", "2019-03-08 07:00"
        ),
        # Thursday 28: due on Tuesday 2 April
        "held": received(clerk, "2019-03-28 08:00"),
        # Tuesday 26: due on Friday 29, and nobody has confirmed it
        "overdue": received(clerk, "2019-03-26 08:00"),
        "withdrawn": received(clerk, "2019-03-20 08:00"),
    }


def test_every_part_is_in_the_class_it_is_known_to_be_in(
    clerk: Clerk, march: dict[str, Dossier]
) -> None:
    clerk.at("2019-03-21 08:00").step(march["withdrawn"], "withdraw")
    found = row(clerk)
    assert {name: found[name] for name in COUNTED} == {
        "carried_over": 1,
        "handed_over": 5,
        "taken_over": 3,
        "taken_over_in_time": 2,
        "done_within": 1,
        "done_beyond": 2,
        "held_within": 1,
        "held_beyond": 1,
        "withdrawn": 1,
    }
    assert (found["total"], found["done"], found["held"]) == (6, 3, 2)
    assert found["share_within"] == 33.3
    # 22 February to 4 March are 6 working days, then 3 and 4.
    assert found["median_working_days"] == 4.0
    assert found["names"]["vi"]


def test_behind_every_figure_are_its_dossiers(clerk: Clerk, march: dict[str, Dossier]) -> None:
    found = row(clerk)
    behind = {}
    with clerk.database.read() as session:
        for which in FIGURES["agencies"]:
            figure = Figure(which, "agencies", agency=found["id"])
            behind[which] = codes_behind(session, [clerk.office_id], MARCH, figure)
            count = count_behind(session, [clerk.office_id], MARCH, figure)
            assert (len(behind[which]), count) == (found[which], found[which]), which
    assert behind["held_beyond"] == [march["withdrawn"].code, march["overdue"].code]
    assert behind["carried_over"] == [march["carried"].code]
    with pytest.raises(Invalid):
        Figure("lost", "agencies")


def test_a_part_that_stands_still_does_not_use_its_share_up(clerk: Clerk) -> None:
    dossier = received(clerk, "2019-03-26 08:00")
    clerk.at("2019-03-28 08:00").do(lifecycle.ask_for_papers, dossier, ["Bản vẽ"])
    assert row(clerk)["held_within"] == 1
    late = received(clerk, "2019-03-11 08:00")
    clerk.at("2019-03-18 08:00").do(lifecycle.ask_for_papers, late, ["Bản vẽ"])
    assert row(clerk)["held_beyond"] == 1


def test_a_pause_moves_the_end_of_the_share_once_it_has_ended(clerk: Clerk) -> None:
    dossier = received(clerk, "2019-03-04 08:00")  # due on Thursday 7
    clerk.at("2019-03-06 08:00").do(lifecycle.ask_for_papers, dossier, ["Bản vẽ"])
    clerk.at("2019-03-12 08:00").step(dossier, "supplement")  # four working days later
    done(clerk, dossier, "2019-03-12 09:00", "2019-03-13 08:00")
    assert row(clerk)["done_within"] == 1
    pause = next(one for one in clerk.rows(dossier) if one.kind == "ask-supplement")
    clerk.at("2019-04-10 09:00")
    clerk.do(correcting.correct_time, dossier, pause.id, moment("2019-03-11 08:00"), "ghi sớm")
    assert row(clerk)["done_beyond"] == 1  # the share had been used up by then


def test_days_off_entered_later_do_not_make_an_old_share_longer(clerk: Clerk) -> None:
    dossier = clerk.at("2019-03-04 08:00").receive(
        LAND, shares=[Share("tnmt", 1, 3), Share("thue", 2, 3)]
    )
    clerk.do(interlinked.hand_over, dossier, "tnmt")
    done(clerk, dossier, "2019-03-05 08:00", "2019-03-08 08:00")
    assert row(clerk)["done_beyond"] == 1
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        flood = Day(date(2019, 3, 5), False, {"vi": "Nghỉ lụt"}, "Công văn 12", "verified")
        set_day(session, office, flood, everywhere=False, now=clerk.clock.now, actor="admin")
    clerk.at("2019-03-11 08:00").do(interlinked.hand_over, dossier, "thue")
    clerk.at("2019-03-12 08:00").do(lifecycle.ask_for_papers, dossier, ["Bản vẽ"])
    clerk.at("2019-03-14 08:00").step(dossier, "supplement")
    assert row(clerk)["done_beyond"] == 1


def test_what_happens_later_changes_no_figure_of_the_past(
    clerk: Clerk, march: dict[str, Dossier]
) -> None:
    before = report(clerk)
    clerk.at("2019-05-06 08:00")
    for name in ("held", "overdue"):
        done(clerk, march[name], "2019-05-06 08:00", "2019-05-07 08:00")
    clerk.step(march["withdrawn"], "withdraw")
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        flood = Day(date(2019, 3, 5), False, {"vi": "Nghỉ lụt"}, "Công văn 12", "verified")
        set_day(session, office, flood, everywhere=False, now=clerk.clock.now, actor="admin")
        ended = {"valid_to": date(2019, 4, 1), "now": clerk.clock.now, "actor": "admin"}
        set_agency(session, office, "tnmt", before["agencies"][0]["names"], **ended)
    assert report(clerk) == before
    assert row(clerk, Period(date(2019, 4, 1), date(2019, 5, 31)))["done_beyond"] == 2


def test_a_corrected_hand_over_moves_the_end_of_the_share(
    clerk: Clerk, march: dict[str, Dossier]
) -> None:
    before = row(clerk)
    asked = clerk.at("2019-04-10 08:00").clock.now
    step = next(one for one in clerk.rows(march["beyond"]) if one.kind == "hand-over")
    clerk.at("2019-04-10 09:00")
    clerk.do(
        correcting.correct_time, march["beyond"], step.id, moment("2019-03-05 07:30"), "ghi sớm"
    )
    after = row(clerk)
    assert (after["done_within"], after["done_beyond"]) == (2, 1)
    assert row(clerk, Period(MARCH.begin, MARCH.end, known=asked)) == before
    step = next(one for one in clerk.rows(march["within"]) if one.kind == "part-done")
    clerk.do(correcting.take_back, march["within"], step.id, "bấm nhầm")
    assert row(clerk)["held_beyond"] == before["held_beyond"] + 1


def test_a_hand_over_from_before_the_share_was_written_down(
    clerk: Clerk, march: dict[str, Dossier]
) -> None:
    before = row(clerk)
    with clerk.database.transaction() as session:
        table = Dossier.metadata.tables["dossier_step"]
        for step in session.execute(table.select()).all():
            if step.data and "shares" in step.data:
                data = {"part": step.data["part"]}
                session.execute(table.update().where(table.c.id == step.id).values(data=data))
    assert row(clerk) == before
    with clerk.database.read() as session:
        assert session.get_one(DossierPart, 1).due_at


def test_offices_below_and_agencies_beside_each_other(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        commune = furnish(session, clerk.clock, "commune", parent_id=clerk.office_id).id
    below = Clerk(clerk.database, clerk.clock, commune)
    received(below, "2019-03-04 08:00")
    received(clerk, "2019-03-04 08:00", "thue", 2)
    found = report(clerk, children=True)
    assert [one["agency"] for one in found["agencies"]] == ["thue"]
    assert [one["total"] for one in found["below"]] == [1]
    assert found["children"][0]["agencies"][0]["agency"] == "tnmt"
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        counts = {
            scope: count_behind(
                session, offices_of(session, office, scope), MARCH, Figure("total", "agencies")
            )
            for scope in ("own", "below", "all")
        }
    assert counts == {"own": 1, "below": 1, "all": 2}
    assert "below" not in report(clerk)


def test_nothing_was_handed_over(clerk: Clerk) -> None:
    clerk.at("2019-03-04 08:00").receive(LAND)
    assert report(clerk)["agencies"] == []
