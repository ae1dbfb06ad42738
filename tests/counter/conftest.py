"""Pieces for the counter's tests: a browser, and a page that runs the room's own modules."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route
from werkzeug.test import TestResponse

from server.app import create_app
from server.database import Database, migrate
from server.offices import hallfile, models, sample
from server.people.accounts import add_person
from server.people.models import Person
from server.settings import load_settings
from server.web import Installation, office_or_404
from tests.browser import chromium, hears_keys
from tests.counter.dossierdesk import DossierDesk, DossierHall, furnish
from tests.product import served

STATIC = Path(__file__).parents[2] / "counter" / "static"
VENDOR = Path(__file__).parents[2] / "server" / "static" / "vendor"
PLACE = "http://desk.test"
EMPTY = """<!doctype html><title>desk</title>
<script type="importmap">{"imports": {"preact": "/vendor/htm-preact.js"}}</script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page from which the room's modules can be imported; nothing else is served."""
    page = browser.new_page()

    def serve(route: Route) -> None:
        name = route.request.url.removeprefix(f"{PLACE}/")
        file = STATIC / name
        if name.startswith("vendor/"):
            file = VENDOR / name.removeprefix("vendor/")
        if name and file.is_file():
            route.fulfill(body=file.read_text("utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body=EMPTY, content_type="text/html")

    page.route(f"{PLACE}/**", serve)
    page.goto(f"{PLACE}/")
    yield page
    page.close()


MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday, 9:00 in the hall
PASSWORD = "correct horse"


@dataclass
class Office:
    """The app with the sample hall, its clerks Lan and Hùng, and Mai from a commune elsewhere."""

    app: Flask
    now: datetime = MORNING

    @property
    def parts(self) -> Installation:
        """The app's own parts."""
        parts: Installation = self.app.extensions["motcua"]
        return parts

    def counter(self, number: str) -> dict[str, Any]:
        """A counter of the sample hall as it is stored: id, status and the clerk's name."""
        with self.parts.database.read() as session:
            office = office_or_404(session, sample.SLUG)
            found = next(counter for counter in office.counters if counter.number == number)
            clerk = session.get(Person, found.clerk_id) if found.clerk_id else None
            name = clerk.name if clerk else None
            return {"id": found.id, "status": found.status, "clerk": name}

    def revision(self) -> int:
        """The hall's revision: it grows with every change."""
        with self.parts.database.read() as session:
            return office_or_404(session, sample.SLUG).revision

    def browser(self) -> Clerk:
        """A browser nobody has signed in with yet."""
        return Clerk(self.app.test_client())


class Clerk:
    """A browser: keeps its cookies and sends the forms of the pages it was given."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def send(self, path: str, *, page: str = "/counter/", **fields: str) -> TestResponse:
        """Send a form, with the token of a ``page`` that was looked at before."""
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.get(page).text)
        assert token, "the page carries no token"
        return self.client.post(path, data={"csrf_token": token[1], **fields})

    def sign_in(self, name: str = "lan", password: str = PASSWORD, **more: str) -> TestResponse:
        """Fill in the sign-in form and send it."""
        return self.send("/counter/sign-in", name=name, password=password, **more)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample hall and the three clerks, made once and copied."""
    data = tmp_path_factory.mktemp("furnished")
    settings = load_settings(data)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    with database.transaction() as session:
        hallfile.load(session, sample.hall_text(), file=sample.HALL_FILE, now=MORNING)
        hall = office_or_404(session, sample.SLUG)
        elsewhere = models.Office(slug="elsewhere", names={"vi": "Xã khác"}, parent=hall.parent)
        elsewhere.counters = [models.Counter(number="77", names={"vi": "Quầy xã"})]
        session.add(elsewhere)
        session.flush()
        for name, shown, where in (
            ("lan", "Trần Thị Lan", hall),
            ("hung", "Lê Văn Hùng", hall),
            ("mai", "Danh Thị Mai", elsewhere),
        ):
            add_person(
                session,
                name,
                PASSWORD,
                role="clerk",
                office=where,
                display_name=shown,
                now=MORNING,
            )
    database.close()
    return data


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    data = tmp_path / "data"
    shutil.copytree(furnished, data)
    settings = load_settings(data, public_url="http://hall.example")
    place = Office(create_app(settings))
    place.parts.clock = lambda: place.now
    yield place
    place.parts.database.close()


@pytest.fixture(scope="session")
def dossier_hall_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DossierHall]:
    data = tmp_path_factory.mktemp("dossiers")
    token = furnish(data)
    with served(data, MOTCUA_SMTP_URL="log:") as product:
        yield DossierHall(product, token)


@pytest.fixture
def dossier_hall(dossier_hall_running: DossierHall) -> Iterator[DossierHall]:
    """The running product with procedures, codes and agencies; nobody waits."""
    yield dossier_hall_running
    dossier_hall_running.empty()


@pytest.fixture(scope="module")
def dossier_cookies(dossier_hall_running: DossierHall, browser: Browser) -> dict[str, Any]:
    """The cookies of a clerk and of a manager who have signed in."""
    found = {}
    for name in ("lan", "sep"):
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{dossier_hall_running.product.url}/counter/?lang=en")
            page.fill("#name", name)
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector(".places")
            found[name] = context.storage_state()
    return found


@pytest.fixture
def dossier_desk(
    dossier_hall: DossierHall, browser: Browser, dossier_cookies: dict[str, Any]
) -> Iterator[Callable[..., DossierDesk]]:
    """Sits somebody down at counter 1; no script of the page may have failed afterwards."""
    contexts = []
    errors: list[str] = []

    def sit(name: str = "lan", language: str = "en") -> DossierDesk:
        context = browser.new_context(
            storage_state=dossier_cookies[name],
            locale=language,
            viewport={"width": 1280, "height": 720},
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{dossier_hall.product.url}/counter/?lang={language}")
        page.locator(".place").first.locator("button, a.button").click()
        page.wait_for_selector(".desk")
        hears_keys(page)
        take = page.locator(".now-taken [data-act=open]")
        if take.count():
            take.click()
        return DossierDesk(dossier_hall, page)

    yield sit
    for context in contexts:
        context.close()
    assert errors == []
