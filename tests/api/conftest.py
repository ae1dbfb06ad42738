"""The whole app in this process, with the sample hall, on SQLite; time stands still until moved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.database import Database, migrate
from server.offices import hallfile, sample
from server.offices.procedures import load_procedures
from server.people.accounts import add_person, add_token
from server.settings import load_settings
from server.web import Installation, office_or_404

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday, 9:00 in the hall


class Clock:
    """This moment, as the test says."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Move on by a ``timedelta``."""
        self.now += timedelta(**by)


@dataclass
class House:
    """The app with what a test needs to ask it."""

    app: Flask
    clock: Clock
    tokens: dict[str, str]

    @property
    def parts(self) -> Installation:
        """The app's own parts."""
        return self.app.extensions["motcua"]

    def client(self, scope: str = "") -> Asking:
        """Somebody who asks: with the token of a scope, or nobody."""
        return Asking(self.app.test_client(), self.tokens.get(scope, ""))

    def edit(self, **values: Any) -> None:
        """Change the sample office's own columns."""
        with self.parts.database.transaction() as session:
            office = office_or_404(session, sample.SLUG)
            for name, value in values.items():
                setattr(office, name, value)

    def revision(self) -> int:
        """The sample office's revision."""
        with self.parts.database.read() as session:
            return office_or_404(session, sample.SLUG).revision


class Asking:
    """A client that sends its token and reads JSON."""

    def __init__(self, flask: FlaskClient, token: str) -> None:
        self.flask = flask
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> Any:
        """GET below ``/api/v1``."""
        return self.flask.get(f"/api/v1{path}", headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON below ``/api/v1``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.flask.post(f"/api/v1{path}", json=body, headers=self.headers | named)

    def patch(self, path: str, body: Any = None) -> Any:
        """PATCH JSON below ``/api/v1``."""
        return self.flask.patch(f"/api/v1{path}", json=body, headers=self.headers)

    def delete(self, path: str) -> Any:
        """DELETE below ``/api/v1``."""
        return self.flask.delete(f"/api/v1{path}", headers=self.headers)

    def take(self, service: str = "ho-tich", **more: Any) -> dict[str, Any]:
        """Take a number; the ticket."""
        answer = self.post(f"/offices/{sample.SLUG}/tickets", {"service": service, **more})
        assert answer.status_code == 201, answer.text
        return answer.json


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A data folder with the sample hall, and the tokens of its devices; copied for each test."""
    folder = tmp_path_factory.mktemp("furnished")
    settings = load_settings(folder)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    tokens = {}
    with database.transaction() as session:
        text = sample.hall_text(always_open=False)
        hallfile.load(session, text, file=sample.HALL_FILE, now=MORNING)
        load_procedures(session, sample.procedures_text(), file=sample.PROCEDURES_FILE)
        office = office_or_404(session, sample.SLUG)
        for scope in ("kiosk", "counter", "display", "reports", "dossiers"):
            tokens[scope] = add_token(session, scope, scope=scope, office=office, now=MORNING)
        tokens["agent"] = add_token(
            session, "agent", scope="agent", office=office, printer=office.printers[0], now=MORNING
        )
        tokens["staff"] = add_token(session, "staff", scope="admin", office=office, now=MORNING)
        parent = office_or_404(session, "kien-giang")
        tokens["province"] = add_token(
            session, "province", scope="counter", office=parent, now=MORNING
        )
        add_person(session, "lan", "correct horse", role="clerk", office=office, now=MORNING)
    database.close()
    return folder, tokens


@pytest.fixture
def house(furnished: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[House]:
    folder, tokens = furnished
    data = tmp_path / "data"
    shutil.copytree(folder, data)
    clock = Clock()
    app = create_app(load_settings(data, public_url="http://hall.example"), clock=clock)
    app.testing = True
    yield House(app, clock, tokens)
    app.extensions["motcua"].database.close()


@pytest.fixture
def kiosk(house: House) -> Asking:
    return house.client("kiosk")


@pytest.fixture
def clerk(house: House) -> Asking:
    return house.client("counter")


@pytest.fixture
def anyone(house: House) -> Asking:
    return house.client()
