"""Engine, sessions and the one way to write: :func:`transaction`.

SQLite runs in WAL mode with ``synchronous=FULL`` (an acknowledged commit survives a power cut) and
every write transaction starts with ``BEGIN IMMEDIATE``: with the driver's defaults four processes
issued 895 duplicate numbers among 1,200. PostgreSQL uses row locks on the office.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import DateTime, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_TIMEOUT_MS = 200
"""How long SQLite itself waits while reading (only while another process opens or closes the
file). Short, because a wait inside SQLite stalls every green thread."""

LOCK_PATIENCE_S = 10.0
"""How long a writer waits for its turn before it gives up; on SQLite asleep, so greenly."""

FORGOTTEN_S = 60
"""PostgreSQL ends a transaction in which nothing happens for so long (a frozen process)."""

MIGRATION_LOCK = 7_302_513_107
"""Key of the PostgreSQL advisory lock under which one process at a time migrates."""

log = structlog.get_logger("motcua.database")

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table, with constraint names that are the same on every database."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite has no time zones, so it is stored without one there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: a moment without a zone means something else on each server."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every stored moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def open_engine(url: str, *, pool_size: int = 20, foreign_keys: bool = True) -> Engine:
    """An engine for ``url`` with the pragmas and pool this product needs."""
    pool = {"pool_size": pool_size, "max_overflow": pool_size}
    if not url.startswith("sqlite"):
        given = make_url(url).query
        patient = f"-c lock_timeout={round(LOCK_PATIENCE_S * 1000)}"
        forgotten = f"-c idle_in_transaction_session_timeout={FORGOTTEN_S * 1000}"
        ours = {"connect_timeout": 5, "options": f"{patient} {forgotten}"}
        return create_engine(
            url,
            hide_parameters=True,  # errors go to logs, and parameters are tokens and the like
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={name: value for name, value in ours.items() if name not in given},
            **pool,
        )
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, **pool
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open transactions on its own
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if not connection.get_execution_options().get("motcua_writes", False):
            connection.exec_driver_sql("BEGIN")
            return
        # Not even a short wait inside SQLite: whoever holds the lock may be a green thread.
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")

    return engine


class Database:
    """One database and the doors to it: :meth:`read` and :meth:`transaction`."""

    def __init__(
        self, url: str, *, engine: Engine | None = None, patience_s: float = LOCK_PATIENCE_S
    ) -> None:
        self.url = url
        self.patience_s = patience_s
        self.engine = engine or open_engine(url)
        sqlite = self.engine.dialect.name == "sqlite"
        looking: dict[str, Any] = (
            {} if sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        self._reading = sessionmaker(
            self.engine.execution_options(**looking), expire_on_commit=False
        )
        self._writing = sessionmaker(
            self.engine.execution_options(motcua_writes=True), expire_on_commit=False
        )
        # On SQLite the writers of this process stand in line here; only the first of them asks the
        # file, so that the line is fair and nobody asks in vain.
        self._line = threading.Lock() if sqlite else None
        self.after_commit: list[Callable[[Session], None]] = []
        """Called with the session of each committed transaction, for instance to push it live."""

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only: one snapshot, rolled back at the end.

        What has been loaded can still be read afterwards.
        """
        with self._reading() as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, all or nothing; then tells ``after_commit``.

        A lock held by another writer is waited for before the body runs, so the body runs once.

        Raises:
            sqlalchemy.exc.OperationalError: the lock was not free within the patience.
        """
        session = self._writing()
        with self._in_line():
            try:
                self._begin_patiently(session)
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()
        for tell in self.after_commit:
            try:
                tell(session)
            except Exception:
                # What was committed stands; whoever asked must not be told otherwise.
                log.exception("after commit")

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if self._line is None:
            yield
            return
        if not self._line.acquire(timeout=self.patience_s):
            busy = sqlite3.OperationalError("database is locked by another writer of this process")
            raise OperationalError("BEGIN IMMEDIATE", None, busy)
        try:
            yield
        finally:
            self._line.release()

    def _begin_patiently(self, session: Session) -> None:
        deadline = time.monotonic() + self.patience_s
        pause = 0.001
        while True:
            try:
                session.connection()
                return
            except OperationalError as error:
                session.rollback()
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(pause)  # green under eventlet: others run meanwhile
                # Another process gives the lock free for a moment only: asking seldom may miss it
                # again and again.
                pause = min(pause * 1.5, 0.005)

    def ping(self) -> None:
        """Raise unless the database answers."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def migrate(url: str) -> None:
    """Bring the tables of the database at ``url`` up to this version, or make them.

    Several processes may do this at once: one works, the others wait and find nothing to do.

    Raises:
        ValueError: the database was made by a newer version of this program.
    """
    from alembic import command

    with migrating(url) as config:
        command.upgrade(config, "head")


@contextmanager
def migrating(url: str) -> Iterator[Config]:
    """An Alembic configuration for ``url``, locked: its commands run in one transaction.

    Raises:
        ValueError: the database is at a migration that this program does not know.
    """
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    # Foreign keys off: SQLite changes a table by making it anew, and then others miss it.
    database = Database(url, engine=open_engine(url, foreign_keys=False), patience_s=60)
    try:
        with database.transaction() as session:
            if is_postgresql(session):
                session.execute(text("SET LOCAL lock_timeout = 0"))
                session.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            config.attributes["connection"] = session.connection()
            yield config
            if not is_postgresql(session):
                broken = session.execute(text("PRAGMA foreign_key_check")).all()
                if broken:
                    raise ValueError(f"a migration left references to nothing: {broken[:5]}")
    except CommandError as error:
        raise ValueError(
            "This database was made by a newer version of this program. Please update it. "
            f"({error})"
        ) from error
    finally:
        database.close()


def _is_busy(error: OperationalError) -> bool:
    """Whether SQLite could not begin because another writer is at work."""
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return (code & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_postgresql(session: Session) -> bool:
    """Whether this session talks to PostgreSQL (else SQLite)."""
    return session.get_bind().dialect.name == "postgresql"


__all__ = [
    "Base",
    "Database",
    "UtcDateTime",
    "is_postgresql",
    "migrate",
    "migrating",
    "open_engine",
]
