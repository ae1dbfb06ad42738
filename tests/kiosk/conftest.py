"""The app with the sample hall in this process, and a page that runs the room's own modules."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, json
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route

from server.app import create_app
from server.database import Database, migrate
from server.offices import hallfile, sample
from server.people.accounts import add_token
from server.settings import load_settings
from server.web import office_or_404
from tests.browser import chromium

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday, 9:00 in the hall
STATIC = Path(__file__).parents[2] / "kiosk" / "static"
PLACE = "http://kiosk.test"


@dataclass
class Hall:
    """The sample hall with a kiosk's token; ``browser`` is a new touchscreen each time."""

    app: Flask
    database: Database
    data: Path
    token: str

    @property
    def browser(self) -> FlaskClient:
        """A browser that has never been here."""
        return self.app.test_client()

    def device(self, scope: str, office: str = sample.SLUG) -> str:
        """A new device's token."""
        with self.database.transaction() as session:
            hall = office_or_404(session, office)
            return add_token(session, f"new-{scope}", scope=scope, office=hall, now=MORNING)


def _hall(folder: Path, *, demo: bool) -> Hall:
    settings = load_settings(folder, demo=demo)
    migrate(settings.sqlalchemy_url)
    app = create_app(settings, clock=lambda: MORNING)
    app.testing = True
    hall = Hall(app, app.extensions["motcua"].database, folder, "")
    with hall.database.transaction() as session:
        text = sample.hall_text(always_open=False)
        hallfile.load(session, text, file=sample.HALL_FILE, now=MORNING)
    hall.token = hall.device("kiosk")
    return hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A real installation: nothing enrols itself."""
    hall = _hall(tmp_path, demo=False)
    yield hall
    hall.database.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Hall]:
    """The demo, with its kiosk's token as `motcua demo` adds it."""
    from server import demo as demonstration

    hall = _hall(tmp_path, demo=True)
    with hall.database.transaction() as session:
        demonstration.load(session, hall.app.extensions["motcua"].settings, MORNING)
    yield hall
    hall.database.close()


def embedded(page: str) -> dict[str, Any]:
    """The state that the page carries."""
    found = re.search(r'<script type="application/json" id="state">(.*?)</script>', page)
    assert found, "the page carries no state"
    state: dict[str, Any] = json.loads(found[1])
    return state


def csrf_token(page: str) -> str:
    """The CSRF token that the page carries for its scripts."""
    found = re.search(r'<meta name="csrf-token" content="([^"]+)">', page)
    assert found, "the page carries no CSRF token"
    return html.unescape(found[1])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with one button, from which the room's modules can be imported."""
    page = browser.new_page()

    def serve(route: Route) -> None:
        file = STATIC / route.request.url.removeprefix(f"{PLACE}/")
        if file.is_file():
            route.fulfill(body=file.read_text("utf-8"), content_type="text/javascript")
        else:
            body = (
                "<!doctype html><title>kiosk</title>"
                '<meta name="csrf-token" content="fresh"><button>Chứng thực</button>'
            )
            route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route(f"{PLACE}/**", serve)
    page.goto(f"{PLACE}/")
    yield page
    page.close()
