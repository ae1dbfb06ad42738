"""The page for whoever took a wrong turn: plain words, a way back, readable by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Route

from server.app import create_app
from server.database import migrate
from server.settings import load_settings
from tests.static.conftest import PLACE, ROOT

AXE = ROOT / "tests" / "vendor" / "axe.min.js"
WORDS = {"vi": "Không có trang này.", "en": "There is no such page.", "km": "Không có trang này."}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A server without any hall."""
    settings = load_settings(tmp_path_factory.mktemp("data"))
    migrate(settings.sqlalchemy_url)
    made = create_app(settings)
    made.add_url_rule("/broken", view_func=broken)
    yield made
    made.extensions["motcua"].database.close()


def broken() -> str:
    """A page with a mistake in it."""
    raise RuntimeError("secret detail of the mistake")


@pytest.fixture
def wrong_turn(page: Page, app: Flask) -> Page:
    """A browser before this server."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE)
        told = app.test_client().get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        route.fulfill(status=told.status_code, headers=dict(told.headers), body=told.data)

    page.route(f"{PLACE}/**", answer)
    return page


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", WORDS)
def test_a_wrong_address_is_told_in_ones_language(
    wrong_turn: Page, language: str, width: int
) -> None:
    wrong_turn.set_viewport_size({"width": width, "height": 640})
    answer = wrong_turn.goto(f"{PLACE}/nowhere?lang={language}")
    assert answer is not None and answer.status == 404
    assert WORDS[language] in wrong_turn.inner_text("main")
    assert wrong_turn.get_attribute("html", "lang") == language
    assert wrong_turn.get_attribute("main a.button", "href") == "/"
    assert wrong_turn.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_mistake_of_ours_offers_another_try_and_gives_nothing_away(wrong_turn: Page) -> None:
    answer = wrong_turn.goto(f"{PLACE}/broken?lang=en")
    assert answer is not None and answer.status == 500
    assert "Something went wrong here. Nothing was changed." in wrong_turn.inner_text("main")
    assert "secret detail" not in wrong_turn.content()
    assert wrong_turn.get_attribute("main a.button-primary", "href") == "/broken?lang=en"


def test_everybody_can_use_it(wrong_turn: Page) -> None:
    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed")
    for language in WORDS:
        wrong_turn.goto(f"{PLACE}/nowhere?lang={language}")
        wrong_turn.evaluate(AXE.read_text("utf-8"))
        found = wrong_turn.evaluate(
            "axe.run().then((told) => told.violations.map((one) => one.id))"
        )
        assert found == []
