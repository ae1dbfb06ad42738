"""Engine, sessions and the one way to write: :func:`transaction`.

SQLite runs in WAL mode with ``synchronous=FULL`` (an acknowledged commit survives a power cut) and
every write transaction starts with ``BEGIN IMMEDIATE``: with the driver's defaults four processes
issued 895 duplicate numbers among 1,200. PostgreSQL uses row locks on the office.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 200
"""How long SQLite itself waits for a lock. Short: a wait inside SQLite stalls every green thread."""

LOCK_PATIENCE_S = 10.0
"""How long a writer keeps trying, sleeping greenly in between, before it gives up."""

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


def open_engine(url: str, *, pool_size: int = 20) -> Engine:
    """An engine for ``url`` with the pragmas and pool this product needs."""
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, pool_recycle=1800
        )
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open transactions on its own
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        writes = connection.get_execution_options().get("motcua_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class Database:
    """One database and the doors to it: :meth:`read` and :meth:`transaction`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = open_engine(url)
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(
            self.engine.execution_options(motcua_writes=True), expire_on_commit=False
        )
        self.after_commit: list[Callable[[Session], None]] = []
        """Called with the session of each committed transaction, for instance to push it live."""

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking only: one snapshot, rolled back at the end."""
        with self._reading() as session:
            try:
                yield session
            finally:
                session.rollback()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end, all or nothing; then tells ``after_commit``.

        A lock held by another writer is waited for before the body runs, so the body runs once.

        Raises:
            sqlalchemy.exc.OperationalError: the lock was not free within ``LOCK_PATIENCE_S``.
        """
        session = self._writing()
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
            tell(session)

    def _begin_patiently(self, session: Session) -> None:
        deadline = time.monotonic() + LOCK_PATIENCE_S
        pause = 0.002
        while True:
            try:
                session.connection()
                return
            except OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                session.rollback()
                time.sleep(pause)  # green under eventlet: others run meanwhile
                pause = min(pause * 1.5, 0.05)

    def ping(self) -> None:
        """Raise unless the database answers."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def is_postgresql(session: Session) -> bool:
    """Whether this session talks to PostgreSQL (else SQLite)."""
    return session.get_bind().dialect.name == "postgresql"


__all__ = [
    "Base",
    "Database",
    "UtcDateTime",
    "is_postgresql",
    "open_engine",
]
