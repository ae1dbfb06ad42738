"""What is played is what the report counts, and nothing is written past the commands."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from server.database import Base, Database, migrate
from server.dossiers.daysoff import calendar_of
from server.dossiers.models import Applicant, Dossier, DossierPart, DossierStep
from server.errors import Refused
from server.journal import JournalEntry
from server.offices.models import Office
from server.queueing.history import replay, snapshot
from server.queueing.models import Ticket
from server.reports.settlement import Period, settlement
from server.simulation.outcome import settled, unmet
from server.simulation.playing import play
from server.simulation.scenario import FATES, Scenario, default_text, parse_scenario
from tests.simulation.conftest import SECRET, small

JUNE = Period(date(2019, 6, 10), date(2019, 6, 30))


def figures(database: Database, period: Period = JUNE) -> dict[str, dict[str, Any]]:
    with database.read() as session:
        office = session.scalars(select(Office).where(Office.slug == "vinh-thuan")).one()
        report = settlement(session, office, period, children=True)
    return {one["office"]: one for one in (report, *report["children"])}


def classes(report: dict[str, Any]) -> tuple[int, int, int]:
    on_time, not_due, late = (report[fate] for fate in FATES)
    return on_time, not_due, late


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The small scenario, played once; for tests that only look."""
    return fresh(tmp_path_factory.mktemp("played"), small())


def fresh(folder: Path, scenario: Scenario) -> Database:
    url = f"sqlite:///{folder / 'motcua.db'}"
    migrate(url)
    database = Database(url)
    play(database, scenario, secret=SECRET)
    return database


# ── the figures ───────────────────────────────────────────────────────────────


def test_the_report_counts_what_the_scenario_says(database: Database, scenario: Scenario) -> None:
    told: list[int] = []
    play(database, scenario, secret=SECRET, tell=told.append)
    counted = figures(database)
    assert classes(counted["vinh-thuan"]) == (23, 6, 4)
    assert classes(counted["thi-tran-vinh-thuan"]) == (17, 0, 0)
    assert classes(counted["binh-minh"]) == (9, 0, 0)
    # The late ones were resolved as well, so the other base has those of the period without six.
    assert counted["vinh-thuan"]["share_of_resolved"] == {"on_time": 85.2}  # 23 of 27
    assert unmet(database, scenario) == []
    assert sum(told) == scenario.received == 59


def test_a_few_other_dossiers_in_the_scenario_move_the_report(tmp_path: Path) -> None:
    changed = small(on_time=21, not_due=7, late=6)
    counted = figures(fresh(tmp_path, changed))
    assert classes(counted["vinh-thuan"]) == (21, 7, 6)
    assert counted["vinh-thuan"]["share"] == {"on_time": 61.8, "not_due": 20.6, "late": 17.6}


def test_the_shipped_scenario_has_the_figures_of_the_report_of_2019() -> None:
    scenario = parse_scenario(default_text())
    district, *communes = scenario.office
    assert (scenario.begin, scenario.end) == (date(2019, 1, 1), date(2019, 6, 30))
    assert (district.received, district.on_time, district.not_due, district.late) == (
        2411,
        2201,
        133,
        77,
    )
    assert len(communes) == 8
    assert sum(commune.received for commune in communes) == 29_328
    assert all(commune.not_due == commune.late == 0 for commune in communes)


def test_a_hundredth_of_the_half_year_comes_out_exactly(tmp_path: Path) -> None:
    whole = parse_scenario(default_text())
    parts = [
        office.model_copy(update={fate: round(getattr(office, fate) / 100) for fate in FATES})
        for office in whole.office
    ]
    scenario = whole.model_copy(update={"office": parts})
    database = fresh(tmp_path, scenario)
    assert unmet(database, scenario) == []
    counted = figures(database, Period(date(2019, 1, 1), date(2019, 6, 30)))
    assert classes(counted["vinh-thuan"]) == (22, 1, 1)
    assert len(counted) == 9
    assert sum(one["received"] for one in counted.values()) == scenario.received


def test_work_goes_on_after_the_period_and_its_figures_stay(played: Database) -> None:
    with played.read() as session:
        later = session.scalar(
            select(func.count())
            .select_from(DossierStep)
            .where(DossierStep.kind == "finish", DossierStep.on_day > "2019-06-30")
        )
    assert later and later >= 3
    assert classes(figures(played)["vinh-thuan"]) == (23, 6, 4)
    # A month later almost nothing of it is open any more: the report follows what happened.
    july = figures(played, Period(date(2019, 6, 10), date(2019, 7, 10)))["vinh-thuan"]
    assert july["not_due"] < 6
    assert july["received"] == 33


def test_a_report_that_differs_is_said(played: Database) -> None:
    wanted = small(on_time=24, not_due=6, late=3)
    assert unmet(played, wanted) == [
        "vinh-thuan has 23 on_time, not 24",
        "vinh-thuan has 4 late, not 3",
    ]
    assert re.search(r"^Bộ phận .* 33 .* 23 .* 69[.]7 ", settled(played, wanted), re.MULTILINE)


# ── what is in it ─────────────────────────────────────────────────────────────


def test_the_journal_has_no_gap_and_replays_to_the_tickets(played: Database) -> None:
    with played.read() as session:
        for office in session.scalars(select(Office)):
            entries = session.scalars(
                select(JournalEntry)
                .where(JournalEntry.office_id == office.id)
                .order_by(JournalEntry.revision)
            ).all()
            mine = session.scalars(select(Ticket).where(Ticket.office_id == office.id))
            assert {one.id: snapshot(one) for one in mine} == replay(entries)
            assert [one.revision for one in entries] == list(range(1, office.revision + 1))


def test_every_dossier_was_handed_in_with_a_number(played: Database) -> None:
    with played.read() as session:
        for dossier in session.scalars(select(Dossier)):
            assert dossier.ticket is not None
            assert dossier.ticket.status == "done"
            assert dossier.ticket.issued_at <= dossier.ticket.called_at < dossier.created_at
            assert dossier.created_at <= dossier.ticket.finished_at
            assert dossier.ticket.office_id == dossier.office_id


def test_nothing_happens_on_a_day_off_or_at_night(played: Database) -> None:
    with played.read() as session:
        offices = {one.id: one for one in session.scalars(select(Office))}
        some = next(one for one in offices.values() if one.slug == "vinh-thuan")
        calendar = calendar_of(session, some, date(2019, 6, 1))
        hours = Counter()
        entries = session.scalars(select(JournalEntry).where(JournalEntry.actor != "clock"))
        for entry in entries:
            at = entry.at + timedelta(hours=7)  # the clock of the offices
            if not entry.actor.startswith("command:"):
                assert calendar.is_working(at.date()), entry.event
                hours[at.hour] += 1
    assert min(hours) >= 7
    assert max(hours) <= 17
    assert hours[12] == 0
    assert hours[8] > hours[16]  # most come early


def test_late_dossiers_were_apologised_for_and_agencies_had_theirs(played: Database) -> None:
    with played.read() as session:
        steps = session.scalars(select(DossierStep).order_by(DossierStep.id)).all()
        late = {one.dossier_id for one in steps if one.resolved_on and one.resolved_on > one.due_on}
        sorry = {one.dossier_id for one in steps if one.kind == "apologise"}
        parts = session.scalars(select(DossierPart)).all()
    assert len(late) == 4
    assert sorry == late
    done = [part for part in parts if part.done_at]
    assert len(done) > 5
    assert all(part.handed_over_at < part.accepted_at < part.done_at for part in done)


def test_supplements_stop_the_clock_and_others_collect(tmp_path: Path) -> None:
    # Many that are not yet due: those may lack a paper.
    database = fresh(tmp_path, small(on_time=0, not_due=80, late=0))
    assert classes(figures(database)["vinh-thuan"]) == (0, 80, 0)
    with database.read() as session:
        steps = session.scalars(select(DossierStep).order_by(DossierStep.id)).all()
        collectors = session.scalars(select(Applicant).where(Applicant.role == "collector")).all()
    supplemented = {one.dossier_id for one in steps if one.kind == "supplement"}
    moved = {
        dossier: {one.due_on for one in steps if one.dossier_id == dossier and one.due_on}
        for dossier in supplemented
    }
    assert supplemented
    assert all(len(days) == 2 for days in moved.values())
    assert collectors
    assert all(one.name and one.identity_number and not one.phone for one in collectors)


# ── seeds ─────────────────────────────────────────────────────────────────────

SECRETS = {"ticket": {"token", "ref"}}
"""What is drawn at random whatever the seed: who has it holds the ticket."""


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with database.read() as session:
        for table in Base.metadata.sorted_tables:
            columns = [one for one in table.columns if one.name not in SECRETS.get(table.name, ())]
            keys = inspect(table).primary_key
            rows = session.execute(select(*columns).order_by(*keys))
            found[table.name] = [tuple(map(str, row)) for row in rows]
    return found


def test_the_same_seed_gives_the_same_and_another_seed_another_course(
    played: Database, tmp_path: Path
) -> None:
    (tmp_path / "again").mkdir()
    (tmp_path / "other").mkdir()
    first = contents(played)
    assert contents(fresh(tmp_path / "again", small())) == first
    other = fresh(tmp_path / "other", small().model_copy(update={"seed": 7}))
    assert contents(other)["dossier_step"] != first["dossier_step"]
    assert classes(figures(other)["vinh-thuan"]) == (23, 6, 4)


def test_a_database_with_offices_is_left_alone(played: Database, scenario: Scenario) -> None:
    before = contents(played)
    with pytest.raises(Refused, match="4 offices here already"):
        play(played, scenario, secret=SECRET)
    assert contents(played) == before
