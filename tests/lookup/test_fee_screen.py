"""The fee board on a wall, in Chromium: it turns by itself, shows all, and nothing too small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from server.offices import sample
from server.offices.procedures import load_procedures
from tests.api.conftest import House
from tests.browser import chromium

PLACE = "http://wall.test"
PAGE_MS = 12_000
LEAST_SHARE = 0.025

SHOWN = """() => [...document.querySelectorAll(".procedure")].filter((row) => row.offsetHeight)
  .map((row) => row.querySelector("h3").textContent.trim())"""

# Texts that are smaller than may be, or not wholly within the list.
WRONG = """(least) => {
  const frame = document.getElementById("list").getBoundingClientRect();
  return [...document.querySelectorAll("h1, h2, h3, p, p > span")].filter((one) => {
    if (!one.offsetHeight) return false;
    const box = one.getBoundingClientRect();
    const inside = !one.closest("#list")
      || (box.bottom <= frame.bottom + 1 && box.right <= innerWidth && box.top >= frame.top);
    const size = Number.parseFloat(getComputedStyle(one).fontSize);
    const cut = one.clientWidth && one.scrollWidth > one.clientWidth + 1;
    return !inside || size < least - 0.01 || cut;
  }).map((one) => one.textContent.trim());
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


class Wall:
    """A screen that shows the app of this process; its time moves when the test says so."""

    def __init__(self, house: House, browser: Browser, language: str = "vi", **more: Any) -> None:
        more.setdefault("viewport", {"width": 1920, "height": 1080})
        self.page: Page = browser.new_page(**more)
        self.online = True
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.clock.install()
        client = house.app.test_client()

        def serve(route: Route) -> None:
            if not self.online:
                route.abort()
                return
            answer = client.get(route.request.url.removeprefix(PLACE))
            headers = {name: value for name, value in answer.headers if name != "Content-Length"}
            route.fulfill(status=answer.status_code, headers=headers, body=answer.data)

        self.page.route(f"{PLACE}/**", serve)
        self.page.goto(f"{PLACE}/fees/{sample.SLUG}?screen=1&lang={language}")
        expect(self.page.locator("#place")).to_contain_text("1")

    @property
    def pages(self) -> int:
        """How many there are, by what it says."""
        return int("".join(filter(str.isdigit, self.place().replace("of", "/").split("/")[-1])))

    def place(self) -> str:
        """Where it is: "Trang 1/9"."""
        return self.page.locator("#place").inner_text()

    def shown(self) -> list[str]:
        """The procedures that stand there now."""
        names: list[str] = self.page.evaluate(SHOWN)
        return names

    def wait(self) -> None:
        """Until the next page stands there."""
        before = self.place()
        self.page.clock.run_for(PAGE_MS + 500)
        expect(self.page.locator("#place")).not_to_have_text(before)
        expect(self.page.locator("#list.is-turning")).to_have_count(0)


@pytest.fixture
def wall(house: House, browser: Browser) -> Iterator[Wall]:
    wall = Wall(house, browser)
    yield wall
    wall.page.close()
    assert wall.problems == []


def test_it_turns_by_itself_until_every_procedure_was_shown_once(wall: Wall) -> None:
    seen = wall.shown()
    first, pages = list(seen), wall.pages
    assert 1 < pages < 53
    for _ in range(pages - 1):
        wall.wait()
        seen += wall.shown()
    assert len(seen) == 53
    wall.wait()
    assert wall.shown() == first, "it begins again"


@pytest.mark.parametrize("language", ["vi", "en", "km"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1080, 1920)])
def test_on_no_page_is_anything_small_or_cut(
    house: House, browser: Browser, language: str, size: tuple[int, int]
) -> None:
    wall = Wall(
        house,
        browser,
        language,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
    )
    least = LEAST_SHARE * min(size)
    wrong = {}
    for _ in range(wall.pages):
        wrong[wall.place()] = wall.page.evaluate(WRONG, least)
        wall.wait()
    wall.page.close()
    assert {place: texts for place, texts in wrong.items() if texts} == {}


def test_nothing_fades_for_those_who_asked_for_reduced_motion(
    house: House, browser: Browser
) -> None:
    fading = "() => document.querySelectorAll('.is-turning').length"
    for motion, expected in (("no-preference", 1), ("reduce", 0)):
        wall = Wall(house, browser, reduced_motion=motion)
        wall.page.clock.run_for(PAGE_MS + 100)
        assert wall.page.evaluate(fading) == expected
        wall.page.close()


def test_after_a_round_it_shows_what_has_been_loaded_meanwhile(house: House, wall: Wall) -> None:
    text = sample.procedures_text().replace("Thủ tục đăng ký khai sinh,", "Khai sinh mới,", 1)
    with house.parts.database.transaction() as session:
        assert load_procedures(session, text, file="fees.csv") == 1
    for _ in range(wall.pages):
        assert wall.shown()[0] != "Khai sinh mới"
        wall.wait()
    assert wall.shown()[0] == "Khai sinh mới"


def test_without_a_network_it_goes_on_with_what_it_has(wall: Wall) -> None:
    first = wall.shown()
    wall.online = False
    for _ in range(wall.pages):
        wall.wait()
    assert wall.shown() == first


def test_without_scripts_it_is_a_list_that_can_be_scrolled(house: House, browser: Browser) -> None:
    page = browser.new_page(java_script_enabled=False, viewport={"width": 1920, "height": 1080})
    client = house.app.test_client()

    def serve(route: Route) -> None:
        answer = client.get(route.request.url.removeprefix(PLACE))
        headers = {name: value for name, value in answer.headers if name != "Content-Length"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.data)

    page.route(f"{PLACE}/**", serve)
    page.goto(f"{PLACE}/fees/{sample.SLUG}?screen=1&lang=vi")
    last = page.locator(".procedure").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    page.close()
