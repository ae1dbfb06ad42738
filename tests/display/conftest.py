"""The app with the sample hall, in this process; numbers are taken and called by the commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select

from server.app import create_app
from server.database import Database, migrate
from server.offices import hallfile, sample
from server.offices.models import Counter
from server.queueing import calling
from server.queueing.models import CallRecord, Ticket
from server.queueing.tickets import issue
from server.settings import load_settings
from server.web import office_or_404
from tests.browser import WITH_SOUND, chromium

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday, 9:00 in the hall
OTHER = "vinh-phong"
OTHER_HALL = f"""
[[office]]
slug = "{OTHER}"
names.vi = "Xã Vĩnh Phong"
hours = {{ wed = [["00:00", "24:00"]], thu = [["00:00", "24:00"]] }}

[[office.service]]
code = "ho-tich"
letter = "A"
names.vi = "Hộ tịch"

[[office.counter]]
number = "1"
services = [["ho-tich"]]
"""


@dataclass
class Hall:
    """The sample hall, and a second one beside it."""

    app: Flask
    database: Database
    data: Path
    now: datetime = field(default=MORNING)

    @property
    def browser(self) -> FlaskClient:
        """Somebody's browser."""
        return self.app.test_client()

    def edit(self, **values: object) -> None:
        """Change columns of the sample office."""
        with self.database.transaction() as session:
            office = office_or_404(session, sample.SLUG)
            for name, value in values.items():
                setattr(office, name, value)

    def call(self, service: str = "ho-tich", counter: str = "1", slug: str = sample.SLUG) -> int:
        """Take a number and call it at once; the id of the call."""
        with self.database.transaction() as session:
            office = office_or_404(session, slug)
            desk = session.scalars(
                select(Counter).where(Counter.office_id == office.id, Counter.number == counter)
            ).one()
            ticket = issue(
                session,
                office.id,
                service,
                priority="none",
                language="vi",
                now=self.now,
                actor="test",
            )
            calling.call(session, ticket.id, desk.id, self.now, "test")
            return session.scalars(
                select(CallRecord.id).where(CallRecord.ticket_id == ticket.id)
            ).one()

    def undo(self, call_id: int) -> None:
        """Take a call back."""
        with self.database.transaction() as session:
            desk = session.get_one(CallRecord, call_id).counter_id
            calling.undo(session, desk, self.now, "test")

    def number(self, call_id: int) -> str:
        """The number that was called."""
        with self.database.read() as session:
            return session.get_one(Ticket, session.get_one(CallRecord, call_id).ticket_id).number

    def forward(self, **by: float) -> None:
        """Let time pass, by a ``timedelta``."""
        self.now += timedelta(**by)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    settings = load_settings(tmp_path)
    migrate(settings.sqlalchemy_url)
    app = create_app(settings, clock=lambda: hall.now)
    app.testing = True
    hall = Hall(app, app.extensions["motcua"].database, tmp_path)
    with hall.database.transaction() as session:
        text = sample.hall_text(always_open=False)
        hallfile.load(session, text, file=sample.HALL_FILE, now=hall.now)
        hallfile.load(session, OTHER_HALL, file="other.toml", now=hall.now)
    yield hall
    hall.database.close()


def wait(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until it holds; fails with ``what`` after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that lets sound through, as a board is started."""
    with chromium(WITH_SOUND) as started:
        yield started
