"""``motcua check``: what is well, what wants a look, and what stops the hall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select, text

from server.checking.everything import check_everything
from server.checking.findings import named
from server.database import Database, migrating
from server.dossiers.calendar import Day
from server.dossiers.daysoff import set_day
from server.offices.models import Printer, Procedure
from tests.commandline import Ran
from tests.conftest import Clock
from tests.dossiers.conftest import furnish, procedure

TODAY = date(2026, 3, 2)


def told(database: Database, today: date = TODAY) -> list[str]:
    return [str(finding) for finding in check_everything(database, today)]


def about(lines: list[str], what: str) -> list[str]:
    return [line for line in lines if what in line]


@pytest.fixture
def furnished(database: Database, clock: Clock) -> Database:
    """An office with codes and a printer, and four procedures whose fees are known."""
    with database.transaction() as session:
        office = furnish(session, clock)
        office.printers = [Printer(name="kiosk", uri="virtual:slips")]
    return database


def test_a_furnished_hall_is_well(furnished: Database) -> None:
    lines = told(furnished)
    kind = "SQLite" if furnished.url.startswith("sqlite") else "PostgreSQL"
    assert lines[0].startswith(f"ok         The database answers ({kind}, tables at ")
    assert lines[1] == "ok         Halls: 1."
    assert "ok         Every office has a pattern for dossier codes." in lines
    assert "ok         Every office has a printer, and none complains." in lines
    assert about(lines, "fault") == []


# ── the database ──────────────────────────────────────────────────────────────


def test_an_older_database_is_a_fault_and_is_left_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'motcua.db'}"
    with migrating(url) as config:
        command.upgrade(config, "0004")
    database = Database(url)
    lines = told(database)
    assert len(lines) == 1
    assert lines[0].startswith("fault      The database is at 0004, this program needs ")
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0004"


def test_a_newer_database_is_a_fault(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert told(database) == [
        "fault      The database was made by a newer version of this program. "
        "Please update the program."
    ]


def test_a_file_that_is_no_database_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "motcua.db").write_bytes(b"not a database, but long enough to be read as one" * 9)
    lines = told(Database(f"sqlite:///{tmp_path / 'motcua.db'}"))
    assert len(lines) == 1
    assert lines[0].startswith("fault      The database does not answer: ")


def test_a_database_that_cannot_be_reached_is_a_fault() -> None:
    lines = told(Database("postgresql+psycopg2://nobody@127.0.0.1:1/none"))
    assert len(lines) == 1
    assert "does not answer" in lines[0]
    assert "127.0.0.1" in lines[0]


# ── the calendar ──────────────────────────────────────────────────────────────


def test_a_difference_that_was_read_in_a_source_is_no_worry(furnished: Database) -> None:
    (line,) = about(told(furnished), "Calendar 2026")
    assert line.startswith("ok         Calendar 2026 of every office: differs from `holidays` on ")
    assert "2026-01-02 (off here" in line
    assert "2026-01-10 (work here" in line


def test_days_that_nobody_has_decided_yet_want_a_look(furnished: Database) -> None:
    (line,) = about(told(furnished), "Calendar 2027")
    assert line.startswith("attention  Calendar 2027 of every office: 6 days are assumed")


def test_a_year_that_the_calendar_lacks_wants_a_look(furnished: Database) -> None:
    (line,) = about(told(furnished, date(2027, 12, 1)), "Calendar 2028")
    assert line.startswith("attention  Calendar 2028 of every office: nothing is known of it")


def test_an_office_of_its_own_mind_is_told_apart(furnished: Database, clock: Clock) -> None:
    with furnished.transaction() as session:
        other = furnish(session, clock, "other")
        row = Day(date(2026, 11, 26), False, {"vi": "Nghỉ lụt"}, "Công văn 12/UBND", "decided")
        set_day(session, other, row, everywhere=False, now=clock.now, actor="admin")
    lines = about(told(furnished), "Calendar 2026")
    assert "ok         Calendar 2026 of hall: differs" in lines[0]
    assert lines[1] == (
        "attention  Calendar 2026 of other: differs from `holidays` on "
        "2026-11-26 (off here: Nghỉ lụt)."
    )
    assert "Calendar 2026 of other" in lines[2]


# ── halls and the catalogue ───────────────────────────────────────────────────


def test_no_hall_yet(database: Database) -> None:
    assert told(database)[1:] == ["attention  There is no hall yet. Load one: motcua hall load."]


def test_an_office_without_codes_or_printers_is_named(furnished: Database, clock: Clock) -> None:
    with furnished.transaction() as session:
        bare = furnish(session, clock, "bare")
        session.execute(text("DELETE FROM code_series WHERE office_id = :id"), {"id": bare.id})
    lines = told(furnished)
    assert about(lines, "can be received: bare.")
    assert about(lines, "shown and not printed: bare.")


def test_a_printer_that_complained_is_named(furnished: Database) -> None:
    with furnished.transaction() as session:
        session.scalars(select(Printer)).one().condition = "paper-out"
    (line,) = about(told(furnished), "Printers")
    assert line.startswith("attention  Printers that said something is wrong: kiosk of hall (paper")


def test_fees_and_times_that_nobody_entered_are_named(furnished: Database) -> None:
    with furnished.transaction() as session:
        session.add(procedure("1.010041", "HT", "working_day", 1, fee_vnd=None))
    lines = told(furnished)
    assert about(lines, "The fee of 1 of 6 procedures is not entered: 1.010041.")
    assert about(lines, "The time of 1 of 6 procedures is not entered: 1.010803.")


def test_terms_that_are_over_or_known_are_not_named(furnished: Database) -> None:
    with furnished.transaction() as session:
        session.add(
            procedure("1.010041", "HT", "working_day", 1, fee_vnd=None, valid_to="2025-12-31")
        )
        for stored in session.scalars(select(Procedure).where(Procedure.days.is_(None))):
            session.delete(stored)
    assert "ok         All 4 procedures have a fee and a time." in told(furnished)


def test_an_empty_catalogue_wants_a_look(furnished: Database) -> None:
    with furnished.transaction() as session:
        for stored in session.scalars(select(Procedure)):
            session.delete(stored)
    assert about(told(furnished), "The catalogue has no procedures.")


# ── the command ───────────────────────────────────────────────────────────────


def test_attention_alone_is_exit_code_0(run: Callable[..., Ran], tmp_path: Path) -> None:
    run("hall", "export")  # makes an empty database
    looked = run("check")
    assert looked.code == 0
    assert looked.err == ""
    levels = [line.split()[0] for line in looked.out.splitlines()]
    assert levels == ["ok", "attention"]


def test_a_fault_is_exit_code_1_and_makes_nothing(run: Callable[..., Ran], tmp_path: Path) -> None:
    looked = run("check")
    assert looked.code == 1
    assert looked.out.startswith("fault      There is no database yet.")
    assert not (tmp_path / "data" / "motcua.db").exists()


def test_long_lists_are_cut() -> None:
    assert named(["a", "b"]) == "a, b"
    assert named(list("abcdefg")) == "a, b, c, d, e and 2 more"
