"""A browser for the scripts that all screens share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser import chromium

ROOT = Path(__file__).parents[2]
PLACE = "http://screen.test"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; the test is skipped where there is none."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; the test may ask it things that the pages' own policy would forbid."""
    opened = browser.new_page(bypass_csp=True)
    yield opened
    opened.close()


def serve_scripts(page: Page, instead: Mapping[str, str] | None = None) -> None:
    """Open an empty page at a place that has our static files and nothing else.

    Args:
        page: the page.
        instead: answers of their own, by the end of the address.
    """

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE).split("?")[0]
        own = next((body for end, body in (instead or {}).items() if path.endswith(end)), None)
        kind = {"js": "text/javascript", "json": "application/json"}.get(path.rsplit(".")[-1])
        if own is None and kind == "text/javascript":
            own = (ROOT / "server" / path.lstrip("/")).read_text("utf-8")
        route.fulfill(body=own or "<!doctype html>", content_type=kind or "text/html")

    page.route(f"{PLACE}/**", answer)
    page.goto(PLACE)
