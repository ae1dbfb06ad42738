"""The pages of administration asked as a browser without scripts does; time stands still."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.app import create_app
from server.database import Database, migrate
from server.dossiers.agencies import set_agency
from server.dossiers.numbering import set_pattern
from server.offices import hallfile, sample
from server.offices.procedures import load_procedures
from server.people.accounts import add_person, add_token
from server.people.models import Person
from server.settings import load_settings
from server.web import office_or_404, sign_in_stamp
from tests.api.conftest import MORNING, Clock
from tests.conftest import make_office

PASSWORD = "correct horse"
PEOPLE = (("lan", "clerk"), ("minh", "manager"), ("hoa", "manager"))


@dataclass
class Somebody:
    """Somebody signed in, with a browser that runs no script."""

    client: FlaskClient

    def get(self, path: str, status: int = 200) -> str:
        """A page below ``/admin``, in Vietnamese."""
        answer = self.client.get(f"/admin{path}", headers={"Accept": "text/html"})
        assert answer.status_code == status, answer.text
        return str(answer.text)

    def fields(self, path: str, button: str) -> dict[str, str]:
        """What the form with this button would send as it stands."""
        page = self.get(path)
        (form,) = (one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if button in one)
        sent: dict[str, str] = {}
        for tag in re.findall(r"<input[^>]*>", form):
            names = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
            ticked = names.get("type") not in ("radio", "checkbox") or " checked" in tag
            if "name" in names and ticked:
                sent[names["name"]] = unescape(names.get("value", "on"))
        for name, text in re.findall(
            r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL
        ):
            sent[name] = unescape(text)
        for name, options in re.findall(
            r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
        ):
            values = re.findall(r'<option value="([^"]*)"( selected)?', options)
            sent[name] = next((value for value, chosen in values if chosen), values[0][0])
        return sent

    def send(self, path: str, sent: dict[str, str]) -> TestResponse:
        """Press the button."""
        answer: TestResponse = self.client.post(
            f"/admin{path}", data=sent, headers={"Accept": "text/html"}
        )
        return answer


@dataclass
class Desk:
    """The app of this process, its clock, and who may sign in."""

    app: Flask
    clock: Clock
    tokens: dict[str, str]

    def sign_in(self, name: str, language: str = "vi") -> Somebody:
        """A browser in which somebody has signed in, without the time that a password takes."""
        client = self.app.test_client()
        client.set_cookie("lang", language)
        with self.database.read() as session:
            person = session.scalars(select(Person).where(Person.name == name)).one()
        with client.session_transaction() as cookie:
            cookie["person"] = person.id
            cookie["since"] = self.clock.now.timestamp()
            cookie["stamp"] = sign_in_stamp(person)
        return Somebody(client)

    def api(self, method: str, path: str, body: Any = None, scope: str = "dossiers") -> Any:
        """A program asks."""
        headers = {"Authorization": f"Bearer {self.tokens[scope]}"}
        return self.app.test_client().open(
            f"/api/v1{path}", method=method, json=body, headers=headers
        )

    @property
    def database(self) -> Database:
        """The app's own."""
        found: Database = self.app.extensions["motcua"].database
        return found


@pytest.fixture(scope="session")
def admin_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A data folder with the sample hall, its procedures and people; copied for each test."""
    folder = tmp_path_factory.mktemp("administration")
    settings = load_settings(folder)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    with database.transaction() as session:
        text = sample.hall_text(always_open=False)
        hallfile.load(session, text, file=sample.HALL_FILE, now=MORNING)
        load_procedures(session, sample.procedures_text(), file=sample.PROCEDURES_FILE)
        office = office_or_404(session, sample.SLUG)
        set_pattern(session, office, "H33.14", now=MORNING, actor="test")
        for code, name in (("tnmt", "Phòng Tài nguyên"), ("thue", "Chi cục Thuế")):
            set_agency(session, office, code, {"vi": name}, now=MORNING, actor="test")
        for name, role in PEOPLE:
            add_person(session, name, PASSWORD, role=role, office=office, now=MORNING)
        add_person(session, "ha", PASSWORD, role="admin", office=None, now=MORNING)
        tokens = {
            scope: add_token(session, scope, scope=scope, office=office, now=MORNING)
            for scope in ("dossiers", "admin", "counter")
        }
    database.close()
    return folder, tokens


@pytest.fixture
def desk(admin_folder: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Desk]:
    folder, tokens = admin_folder
    data = tmp_path / "data"
    shutil.copytree(folder, data)
    clock = Clock()
    app = create_app(load_settings(data), clock=clock)
    app.testing = True
    yield Desk(app, clock, tokens)
    app.extensions["motcua"].database.close()


@pytest.fixture
def another_hall(desk: Desk) -> str:
    """A second hall that nobody above the first looks after."""
    with desk.database.transaction() as session:
        session.add(make_office("beside"))
    return "beside"
