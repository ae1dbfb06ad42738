"""The pages of those who look after the devices."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.database import Database, migrate
from server.offices import hallfile, sample
from server.people.accounts import add_person
from server.settings import load_settings
from server.web import office_or_404
from tests.conftest import MORNING, make_office

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("admin")
    settings = load_settings(folder)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    with database.transaction() as session:
        hallfile.load(session, sample.hall_text(always_open=False), file="x", now=MORNING)
        office = office_or_404(session, sample.SLUG)
        session.add(make_office("beside"))
        for name, role, place in (("lan", "clerk", office), ("ha", "admin", None)):
            add_person(session, name, PASSWORD, role=role, office=place, now=MORNING)
    database.close()
    return folder


@pytest.fixture
def browser(furnished: Path, tmp_path: Path) -> FlaskClient:
    data = tmp_path / "data"
    shutil.copytree(furnished, data)
    app = create_app(load_settings(data))
    app.testing = True
    return app.test_client()


def sign_in(browser: FlaskClient, name: str, to: str = "devices") -> str:
    """Sign in by the form that the page led to; where one lands."""
    form = browser.get(f"/counter/?to={to}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    data = {"csrf_token": token[1], "name": name, "password": PASSWORD}
    wish = re.search(r'name="to" value="([^"]+)"', form)
    if wish:
        data["to"] = wish[1]
    answer = browser.post("/counter/sign-in", data=data)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_a_clerk_comes_to_the_devices_of_the_own_hall(browser: FlaskClient) -> None:
    page = browser.get("/admin/", follow_redirects=True)
    assert page.request.path == "/counter/", "first one signs in"
    assert sign_in(browser, "lan") == "/admin/devices"
    page = browser.get("/admin/devices", follow_redirects=True)
    assert page.request.path == f"/admin/devices/{sample.SLUG}"
    state = re.search(r'<script type="application/json" id="state"[^>]*>(.*?)</script>', page.text)
    assert state is not None
    (printer,) = json.loads(state[1])["printers"]
    assert printer["name"] == "kiosk"


def test_who_looks_after_several_halls_chooses_one(browser: FlaskClient) -> None:
    sign_in(browser, "ha")
    page = browser.get("/admin/devices")
    assert page.status_code == 200
    assert f"/admin/devices/{sample.SLUG}" in page.text
    assert "/admin/devices/beside" in page.text
    assert browser.get("/admin/devices/beside").status_code == 200


def test_another_hall_is_not_shown(browser: FlaskClient) -> None:
    sign_in(browser, "lan")
    assert browser.get("/admin/devices/beside").status_code == 403
    assert browser.get("/admin/devices/nowhere").status_code == 404


def test_somebody_signed_in_goes_straight_on(browser: FlaskClient) -> None:
    sign_in(browser, "lan")
    assert browser.get("/counter/?to=devices").headers["Location"] == "/admin/devices"


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/", "nothing", ""])
def test_signing_in_leads_to_no_other_place(browser: FlaskClient, to: str) -> None:
    assert sign_in(browser, "lan", to=to) == "/counter/"


def test_nobody_sees_a_hall_without_signing_in(browser: FlaskClient) -> None:
    for path in ("/admin/", "/admin/devices", f"/admin/devices/{sample.SLUG}"):
        answer = browser.get(path, follow_redirects=True)
        assert answer.request.path == "/counter/"
