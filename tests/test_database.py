"""The database keeps its promises: one writer at a time, whole transactions, known tables."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event, inspect, make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

import server
from server.database import Base, Database, migrate, migrating
from server.errors import NotFound
from server.journal import CHANGED, changed_offices, lock_office, record
from server.offices.models import Office, Service
from tests.conftest import make_office

ROOT = Path(__file__).parent.parent


def store_office(database: Database, slug: str = "hall") -> int:
    with database.transaction() as session:
        office = make_office(slug)
        session.add(office)
        session.flush()
        return office.id


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """All that is sent meanwhile, without the pragmas."""
    sent: list[str] = []

    def listen(*arguments: Any) -> None:
        if "PRAGMA" not in arguments[2]:
            sent.append(arguments[2])

    event.listen(database.engine, "before_cursor_execute", listen)
    yield sent
    event.remove(database.engine, "before_cursor_execute", listen)


# ── one writer at a time ──────────────────────────────────────────────────────


def test_on_sqlite_a_transaction_locks_before_its_first_statement(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database, statements(database) as sent:
        with database.transaction() as session:
            session.execute(text("SELECT 1"))
        assert sent == ["BEGIN IMMEDIATE", "SELECT 1"]


def test_on_sqlite_reading_takes_no_lock_and_waits_for_none(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        store_office(database)
        with database.transaction() as writing:
            writing.execute(text("UPDATE office SET revision = 7"))
            with statements(database) as sent, database.read() as session:
                assert session.scalar(text("SELECT revision FROM office")) == 0
            assert sent[0] == "BEGIN"


def test_on_sqlite_a_second_writer_gives_up_after_its_patience(sqlite_url: str) -> None:
    first, second = Database(sqlite_url), Database(sqlite_url, patience_s=0.2)
    with closing(first), closing(second):
        with first.transaction() as session:
            session.execute(text("SELECT 1"))
            with pytest.raises(OperationalError, match="locked"), second.transaction():
                pytest.fail("two writers at once")
        with second.transaction() as session:  # and it works again afterwards
            session.execute(text("SELECT 1"))


def test_on_sqlite_writers_of_one_process_stand_in_line(sqlite_url: str) -> None:
    """And one that begins a second transaction inside its own is told so, not left hanging."""
    with closing(Database(sqlite_url, patience_s=0.2)) as database:
        with (
            database.transaction(),
            pytest.raises(OperationalError, match="locked"),
            database.transaction(),
        ):
            pytest.fail("two writers at once")
        with database.transaction() as session:
            session.execute(text("SELECT 1"))


def test_a_waiting_writer_goes_on_when_the_first_is_done_and_sees_its_work(
    database: Database,
) -> None:
    office_id = store_office(database)
    holding, seen = threading.Event(), []

    def second() -> None:
        holding.wait(10)
        with database.transaction() as session:
            # What was read before the lock is forgotten when the lock is there.
            session.get_one(Office, office_id)
            seen.append(lock_office(session, office_id).revision)

    thread = threading.Thread(target=second)
    thread.start()
    with database.transaction() as session:
        lock_office(session, office_id)
        holding.set()
        thread.join(0.3)
        assert thread.is_alive()
        record(session, session.get_one(Office, office_id), "test.done")
    thread.join(10)
    assert seen == [1]


def test_what_was_read_before_the_lock_is_read_again_after_it(
    postgresql_database: Database,
) -> None:
    """On PostgreSQL another command may have committed between the two."""
    office_id = store_office(postgresql_database)
    with postgresql_database.transaction() as session:
        early = session.get_one(Office, office_id).services[0]
        assert early.turn == 0
        with postgresql_database.transaction() as other:
            other.get_one(Service, early.id).turn = 2
        lock_office(session, office_id)
        assert early.turn == 2


def test_locking_twice_in_one_transaction_asks_once(database: Database) -> None:
    office_id = store_office(database)
    with database.transaction() as session:
        office = lock_office(session, office_id)
        office.brand = "#123456"
        with statements(database) as sent:
            assert lock_office(session, office_id) is office
        assert sent == []
    with database.transaction() as session:
        assert lock_office(session, office_id).brand == "#123456"


def test_a_lock_taken_in_an_earlier_transaction_of_a_session_does_not_count(
    database: Database,
) -> None:
    office_id = store_office(database)
    elsewhere = Database(database.url, engine=database.engine)
    with database.transaction() as session:
        lock_office(session, office_id)
        session.commit()
        with elsewhere.transaction() as other:
            record(other, lock_office(other, office_id), "test.done")
        assert lock_office(session, office_id).revision == 1


def test_the_lock_does_not_hold_up_rows_that_merely_refer_to_the_office(
    postgresql_database: Database,
) -> None:
    office_id = store_office(postgresql_database)
    with postgresql_database.transaction() as session:
        lock_office(session, office_id)
        with postgresql_database.transaction() as other:
            other.execute(text("SET LOCAL lock_timeout = '1s'"))
            other.add(Service(office_id=office_id, code="new", letter="Z", names={"vi": "Mới"}))


def test_there_is_no_lock_on_an_office_that_does_not_exist(database: Database) -> None:
    with database.transaction() as session, pytest.raises(NotFound):
        lock_office(session, 4711)


# ── whole transactions ────────────────────────────────────────────────────────


def test_a_failed_transaction_leaves_nothing_and_tells_nobody(database: Database) -> None:
    told: list[object] = []
    database.after_commit.append(told.append)
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        session.add(make_office())
        session.flush()
        raise ZeroDivisionError
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM office")) == 0
    assert told == []


def test_after_the_commit_everybody_is_told_which_offices_changed(database: Database) -> None:
    office_id = store_office(database)
    told: list[set[int]] = []
    database.after_commit.append(lambda session: told.append(changed_offices(session)))
    with database.transaction() as session:
        record(session, lock_office(session, office_id), "test.done")
    with database.transaction() as session:
        session.execute(text("SELECT 1"))
    assert told == [{office_id}, set()]
    assert CHANGED not in session.info


def test_a_push_that_fails_does_not_undo_or_hide_the_commit(database: Database) -> None:
    told: list[str] = []

    def broken(_session: object) -> None:
        raise ConnectionError("Redis is away")

    database.after_commit += [broken, lambda _session: told.append("second")]
    office_id = store_office(database)
    with database.read() as session:
        assert session.get(Office, office_id) is not None
    assert told == ["second"]


def test_reading_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    office_id = store_office(database)
    with database.read() as session:
        assert session.scalar(text("SELECT revision FROM office")) == 0
        with database.transaction() as writing:
            record(writing, lock_office(writing, office_id), "test.done")
        assert session.scalar(text("SELECT revision FROM office")) == 0
        assert session.scalar(text("SELECT count(*) FROM journal")) == 0


def test_nothing_written_while_reading_stays(database: Database) -> None:
    office_id = store_office(database)
    with database.read() as session:
        try:
            session.get_one(Office, office_id).brand = "#000000"
            session.flush()
        except StatementError:
            session.rollback()  # PostgreSQL says so at once
    with database.read() as session:
        assert session.get_one(Office, office_id).brand == "#9B1B1E"


def test_sqlite_keeps_what_it_acknowledged_and_checks_references(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database, database.read() as session:
        pragma = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Service(office_id=4711, code="x", letter="X", names={}))


def test_two_entries_never_get_the_same_revision(database: Database) -> None:
    office_id = store_office(database)
    with pytest.raises(IntegrityError), database.transaction() as session:
        office = session.get_one(Office, office_id)
        record(session, office, "test.first")
        office.revision = 0
        record(session, office, "test.second")


# ── moments ───────────────────────────────────────────────────────────────────


def test_moments_come_back_in_utc_and_to_the_microsecond(database: Database) -> None:
    hanoi = timezone(timedelta(hours=7))
    moment = datetime(2026, 3, 2, 0, 30, 15, 123456, tzinfo=hanoi)
    office_id = store_office(database)
    with database.transaction() as session:
        session.get_one(Office, office_id).counters[0].status_since = moment
    with database.read() as session:
        read = session.get_one(Office, office_id).counters[0].status_since
    assert read == moment
    assert read.tzinfo == UTC
    assert read.date().isoformat() == "2026-03-01"


def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    office_id = store_office(database)
    with pytest.raises(StatementError, match="naive"), database.transaction() as session:
        session.get_one(Office, office_id).counters[0].status_since = datetime(2026, 3, 2)


# ── tables ────────────────────────────────────────────────────────────────────


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    ours = make_url(request.getfixturevalue("postgresql_url"))
    admin = create_engine(ours, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE without_tables"))
    yield ours.set(database="without_tables").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE without_tables WITH (FORCE)"))
    admin.dispose()


def table_names(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_the_migrated_tables_are_those_of_the_models(empty_url: str) -> None:
    migrate(empty_url)
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    assert table_names(empty_url) == {*Base.metadata.tables, "alembic_version"}


def test_the_migrations_know_the_tables_of_every_room(tmp_path: Path) -> None:
    # Here every module of the server is read; the migrations must have read as many models.
    script = (
        "import sys; from server.database import Base, migrate; migrate(sys.argv[1]); "
        "print(*sorted(Base.metadata.tables))"
    )
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if module.name.endswith(".models") or module.name == "server.journal":
            importlib.import_module(module.name)
    known = subprocess.run(
        [sys.executable, "-c", script, f"sqlite:///{tmp_path / 'motcua.db'}"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.split()
    assert known == sorted(Base.metadata.tables)


def test_going_back_removes_every_table_and_forward_again_works(empty_url: str) -> None:
    migrate(empty_url)
    with migrating(empty_url) as config:
        command.downgrade(config, "base")
    assert table_names(empty_url) == {"alembic_version"}
    migrate(empty_url)
    assert table_names(empty_url) == {*Base.metadata.tables, "alembic_version"}


def test_migrating_again_changes_nothing(database: Database) -> None:
    office_id = store_office(database)
    migrate(database.url)
    with database.read() as session:
        assert session.get(Office, office_id) is not None


def test_processes_that_start_at_once_migrate_once(empty_url: str, tmp_path: Path) -> None:
    # From another folder and without an alembic.ini, as an installed program does.
    script = "import sys; from server.database import migrate; migrate(sys.argv[1])"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, empty_url],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    errors = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    assert table_names(empty_url) == {*Base.metadata.tables, "alembic_version"}


def test_a_failed_migration_leaves_nothing_behind(empty_url: str) -> None:
    with pytest.raises(ZeroDivisionError), migrating(empty_url) as config:
        command.upgrade(config, "head")
        raise ZeroDivisionError
    assert table_names(empty_url) == set()


def test_a_database_of_a_newer_version_is_left_alone(empty_url: str) -> None:
    migrate(empty_url)
    with closing(Database(empty_url)) as database, database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ValueError, match="newer version"):
        migrate(empty_url)
