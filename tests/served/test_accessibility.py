"""axe-core finds no violation of WCAG 2.2 AA on any page, in any language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from server.demo import PASSWORD
from tests.axe import violations
from tests.browser import chromium
from tests.product import motcua, served
from tests.served.conftest import OFFICE, Hall

LANGUAGES = ["vi", "en", "km"]
SIZES = {"kiosk": (1080, 1920), "display": (1920, 1080), "counter": (1280, 720)}
PHONE = (360, 740)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with served(tmp_path_factory.mktemp("hall"), "demo") as product:
        arguments = ("token", "add", "all", "--scope", "counter", "--office", OFFICE)
        token = motcua(product.data, *arguments)
        yield Hall(product, kiosk_token=token, counter_token=token)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, hall: Hall) -> Iterator[Callable[..., Page]]:
    """Opens a page in a language; motion is off, so that nothing is looked at half faded in."""
    contexts = []

    def go(path: str, language: str, size: tuple[int, int] = (1280, 720)) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", locale=language
        )
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": language, "url": hall.product.url}])
        page = context.new_page()
        page.goto(hall.product.url + path)
        page.wait_for_load_state("networkidle")
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/kiosk/{OFFICE}",
        f"/kiosk/{OFFICE}/device",
        f"/display/{OFFICE}",
        "/counter/",
        f"/fees/{OFFICE}",
        f"/fees/{OFFICE}?q=khai+sinh",
        f"/fees/{OFFICE}?q=zzz",
        "/t/no-such-number",
        "/kiosk/no-such-office",
        "/api/v1/docs",
    ],
)
def test_pages_anybody_can_open(visit: Callable[..., Page], path: str, language: str) -> None:
    size = SIZES.get(path.split("/")[1], PHONE)
    assert violations(visit(path, language, size)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kiosk_through_a_visit(visit: Callable[..., Page], language: str) -> None:
    page = visit(f"/kiosk/{OFFICE}", language, SIZES["kiosk"])
    languages = page.locator(".languages button, [data-language-choice]")
    if languages.count() == len(LANGUAGES):
        languages.nth(LANGUAGES.index(language)).click()
    page.locator(".tile-tell").first.click()
    page.wait_for_timeout(300)
    assert violations(page) == [], "papers and fees"
    page.reload()
    page.locator(".tile-take").first.click()
    page.locator(".issued-number").wait_for()
    assert violations(page) == [], "the number"


@pytest.mark.parametrize("language", LANGUAGES)
def test_fees_on_the_wall_and_found_at_the_kiosk(visit: Callable[..., Page], language: str) -> None:
    assert violations(visit(f"/fees/{OFFICE}?screen=1", language, SIZES["display"])) == []
    page = visit(f"/kiosk/{OFFICE}?lang={language}", language, SIZES["kiosk"])
    page.locator(".quiet-act").last.click()
    page.locator(".bar-find").click()
    assert violations(page) == [], "the letters"
    for letter in "KHAI":
        page.get_by_role("button", name=letter, exact=True).click()
    page.locator(".result").first.wait_for()
    assert violations(page) == [], "what was found"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desk_with_somebody_in_front(
    visit: Callable[..., Page], hall: Hall, language: str
) -> None:
    hall.take(priority="elderly")
    hall.take()
    page = visit("/counter/", language, SIZES["counter"])
    page.fill("#name", "clerk2")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".place").first.wait_for()
    assert violations(page) == [], "picking a counter"
    page.locator(".place form button, .place a.button").first.click()
    page.locator(".now").wait_for()
    page.keyboard.press("Space")
    page.locator(".now .number").wait_for()
    assert violations(page) == [], "somebody in front"
    page.keyboard.press("c")
    assert violations(page) == [], "the transfer list"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phone_in_each_status(visit: Callable[..., Page], hall: Hall, language: str) -> None:
    counter = hall.counters()["4"]
    while hall.clerk(f"/counters/{counter}/call-next").status_code == 200:
        pass  # whoever an earlier test has left waiting
    token = hall.take("dat-dai", language=language)["token"]
    seen = {"waiting": violations(visit(f"/t/{token}", language, PHONE))}
    ticket = hall.clerk(f"/counters/{counter}/call-next").json()
    for step in ("serve", "park", "call", "no-show", "cancel"):
        answer = hall.clerk(f"/tickets/{ticket['id']}/{step}", **_body(step, counter))
        status = answer.json()["status"]
        seen[status] = violations(visit(f"/t/{token}", language, PHONE))
    assert seen == {
        status: [] for status in ("waiting", "serving", "parked", "called", "no_show", "cancelled")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agency_s_board(visit: Callable[..., Page], hall: Hall, language: str) -> None:
    shares = [{"agency": "tnmt", "position": 1, "share": 1}]
    body = {"procedure": "1.012796", "applicant": {"name": "A"}, "shares": shares}
    for step in ("", "take-over"):
        code = hall.clerk(f"/offices/{OFFICE}/dossiers", **body).json()["code"]
        hall.clerk(f"/dossiers/{code}/steps", step="hand-over", agency="tnmt")
        if step:
            hall.clerk(f"/dossiers/{code}/steps", step=step, agency="tnmt")
    page = visit("/agency/", language)
    page.fill("#name", "officer1")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".part").nth(1).wait_for()
    assert violations(page) == []


def _body(step: str, counter: int) -> dict[str, Any]:
    return {"call": {"counter": counter}, "park": {"reason": "Sửa tờ khai"}}.get(step, {})
