"""What tests of every room share: databases, a small hall, and a clock that one can set."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, event, make_url, select, text

from server.database import Base, Database, migrate, open_engine
from server.journal import JournalEntry
from server.offices.models import Counter, Office, Service
from server.queueing import calling, counters, tickets
from server.queueing.history import replay, snapshot
from server.queueing.models import Ticket
from tests.commandline import run as run  # a fixture of every room
from tests.hardware.emulator import new_python
from tests.servers import Missing, postgresql, redis_server

settings.register_profile(
    "motcua",
    deadline=None,
    # A fixture's fresh database serves all examples; each makes offices of its own in it.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("motcua")


def pytest_report_header() -> str:
    """Says when tests are not there at all: those that print into emupos need a newer Python."""
    found = new_python()
    return f"emupos: run by {found}" if found else "emupos: no Python 3.13 or newer, not tested"


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL of this test process, with the product's tables in the database ``motcua``."""
    try:
        with postgresql() as url:
            admin = create_engine(url, isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("CREATE DATABASE motcua"))
            admin.dispose()
            ours = make_url(url).set(database="motcua").render_as_string(hide_password=False)
            migrate(ours)
            yield ours
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of this test process."""
    try:
        with redis_server() as url:
            yield url
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "motcua.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database with the product's tables."""
    path = tmp_path / "motcua.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def fresh_postgresql_url(postgresql_url: str) -> str:
    """The PostgreSQL database of this test process, with its tables empty."""
    engine = create_engine(postgresql_url)
    _empty(engine)
    engine.dispose()
    return postgresql_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database with the product's tables: once SQLite, once PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "fresh_postgresql_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def _sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all tests: to make statements ready costs more than to carry them out."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'motcua.db'}"
    migrate(url)
    engine = open_engine(url)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")  # a test's data need not survive

    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def _postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    engine = open_engine(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An open, empty database: once SQLite, once PostgreSQL."""
    engine = request.getfixturevalue(f"_{request.param}_engine")
    return _emptied(engine)


@pytest.fixture
def sqlite_database(_sqlite_engine: Engine) -> Database:
    """An open, empty database: SQLite, for what is only true there."""
    return _emptied(_sqlite_engine)


@pytest.fixture
def postgresql_database(_postgresql_engine: Engine) -> Database:
    """An open, empty database: PostgreSQL, for what is only true there."""
    return _emptied(_postgresql_engine)


def _emptied(engine: Engine) -> Database:
    _empty(engine)
    return Database(engine.url.render_as_string(hide_password=False), engine=engine)


def _empty(engine: Engine) -> None:
    tables = Base.metadata.sorted_tables
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for table in reversed(tables):
                connection.execute(table.delete())
        else:
            names = ", ".join(f'"{table.name}"' for table in tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""A Monday, 08:00 in the hall."""

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        """Move on by a span as for ``timedelta``; returns the new moment."""
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The test's clock: 08:00 on a Monday."""
    return Clock()


def make_office(slug: str = "hall", **values: Any) -> Office:
    """A small office, not stored yet: three services, three counters, open day and night.

    Counter 1 serves ``civil`` only, counter 2 ``land`` before ``civil``, counter 3 all alike.
    """
    usual = {
        "names": {"vi": "Bộ phận Một cửa", "en": "One-stop office"},
        "organisation": {"vi": "UBND huyện"},
        "languages": ["vi", "en", "km"],
        "hours": ALL_DAY,
        "rules": {},
    }
    office = Office(slug=slug, **(usual | values))
    office.services = [
        Service(code="civil", letter="A", names={"vi": "Hộ tịch"}, typical_minutes=10, position=0),
        Service(code="land", letter="B", names={"vi": "Đất đai"}, typical_minutes=15, position=1),
        Service(
            code="results",
            letter="C",
            names={"vi": "Trả kết quả"},
            kind="results",
            typical_minutes=3,
            position=2,
        ),
    ]
    office.counters = [
        Counter(number="1", names={"vi": "Quầy 1"}, services=[["civil"]], position=0),
        Counter(number="2", names={"vi": "Quầy 2"}, services=[["land"], ["civil"]], position=1),
        Counter(
            number="3", names={"vi": "Quầy 3"}, services=[["civil", "land", "results"]], position=2
        ),
    ]
    return office


@dataclass
class Hall:
    """A stored office, and its commands as a person in the hall would give them.

    Each command is one transaction at the clock's moment; what it returns can still be read.
    """

    database: Database
    clock: Clock
    office_id: int
    counter_ids: dict[str, int] = field(default_factory=dict)

    def issue(self, service: str = "civil", priority: str = "none", **more: Any) -> Ticket:
        """Take a number, a second after whatever was before."""
        return self._do(
            lambda session, now: tickets.issue(
                session,
                self.office_id,
                service,
                priority=priority,
                now=now,
                actor="kiosk",
                **more,
            ),
            seconds=1,
        )

    def call_next(self, counter: str = "1") -> Ticket | None:
        """Press the big button."""
        return self._do(
            lambda session, now: calling.call_next(session, self.counter_ids[counter], now, "clerk")
        )

    def call(self, ticket: Ticket, counter: str = "1") -> Ticket:
        """Call a chosen ticket."""
        return self.do(calling.call, ticket.id, self.counter_ids[counter])

    def step(self, step: Callable[..., Ticket], ticket: Ticket, *arguments: Any) -> Ticket:
        """Do one step with a ticket: ``hall.step(calling.finish, ticket)``."""
        return self.do(step, ticket.id, *arguments)

    def undo(self, counter: str = "1") -> Ticket:
        """Take the last press back."""
        return self.do(calling.undo, self.counter_ids[counter])

    def open(self, counter: str = "1", **more: Any) -> Counter:
        """Open a counter."""
        return self.do(counters.open_counter, self.counter_ids[counter], **more)

    def do(self, command: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """Carry out ``command(session, *arguments, now, "clerk")``."""
        return self._do(lambda session, now: command(session, *arguments, now, "clerk", **more))

    def journal(self) -> list[JournalEntry]:
        """The office's entries in the order of their revisions."""
        with self.database.read() as session:
            mine = select(JournalEntry).where(JournalEntry.office_id == self.office_id)
            return list(session.scalars(mine.order_by(JournalEntry.revision)))

    def check(self) -> None:
        """The journal has no gap, ends at the office's revision and replays to what is stored."""
        entries = self.journal()
        with self.database.read() as session:
            office = session.get_one(Office, self.office_id)
            stored = session.scalars(select(Ticket).where(Ticket.office_id == office.id))
            assert {ticket.id: snapshot(ticket) for ticket in stored} == replay(entries)
            assert [entry.revision for entry in entries] == list(range(1, office.revision + 1))

    def look(self, ticket: Ticket) -> Ticket:
        """The ticket as it is stored now."""
        with self.database.read() as session:
            return session.get_one(Ticket, ticket.id)

    def change(self, **values: Any) -> None:
        """Set values of the office itself, for example its hours."""
        with self.database.transaction() as session:
            office = session.get_one(Office, self.office_id)
            for name, value in values.items():
                setattr(office, name, value)

    def change_service(self, which: str, **values: Any) -> None:
        """Set values of the service with the code ``which``."""
        with self.database.transaction() as session:
            office = session.get_one(Office, self.office_id)
            service = next(service for service in office.services if service.code == which)
            for name, value in values.items():
                setattr(service, name, value)

    def _do(self, work: Callable[..., Any], *, seconds: float = 0) -> Any:
        now = self.clock.forward(seconds=seconds)
        with self.database.transaction() as session:
            return work(session, now)


def store_hall(database: Database, clock: Clock, slug: str = "hall", **values: Any) -> Hall:
    """Store a :func:`make_office` and hand it out as a :class:`Hall`."""
    with database.transaction() as session:
        office = make_office(slug, **values)
        session.add(office)
        session.flush()
        numbers = {counter.number: counter.id for counter in office.counters}
        return Hall(database, clock, office.id, numbers)


@pytest.fixture
def hall(database: Database, clock: Clock) -> Iterator[Hall]:
    """A small stored office: see :func:`make_office`. Afterwards its journal must be sound."""
    stored = store_hall(database, clock)
    yield stored
    stored.check()
