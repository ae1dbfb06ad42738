"""The report pages in a browser: the plot, the way down to the steps, print, phones, no scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.product import Product, served
from tests.reviewing.conftest import HALF_YEAR, PASSWORD, Office
from tests.served.test_accessibility import violations

REPORT = f"/reports/hall?{HALF_YEAR}&children=1"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}

INK = """canvas => {
    const points = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const colours = new Set();
    for (let at = 0; at < points.length; at += 4)
        if (points[at + 3] === 255)
            colours.add((points[at] << 16) | (points[at + 1] << 8) | points[at + 2]);
    return [...colours].map(one => one.toString(16).padStart(6, "0"));
}"""


@pytest.fixture(scope="module")
def product(furnished: Office) -> Iterator[Product]:
    with served(furnished.data) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def manager(browser: Browser, product: Product) -> Iterator[Callable[..., Page]]:
    """Opens pages as the manager; ``js=False`` for a browser without scripts."""
    contexts = []

    def open_page(path: str, language: str = "en", js: bool = True, **size: int) -> Page:
        context = browser.new_context(
            viewport={**DESK, **size}, java_script_enabled=js, reduced_motion="reduce"
        )
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": language, "url": product.url}])
        page = context.new_page()
        page.goto(f"{product.url}/counter/?to=reports")
        page.fill("#name", "thu")
        page.fill("#password", PASSWORD)
        page.locator(".door-go").click()
        page.wait_for_url("**/reports/")
        page.goto(product.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_from_the_period_to_a_figure_to_its_dossiers_to_the_step_that_decided(
    manager: Callable[..., Page],
) -> None:
    page = manager("/reports/hall")
    page.fill("#from", "2019-01-01")
    page.fill("#to", "2019-06-30")
    page.check("#children")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("from=2019-01-01"))
    late = page.locator(".number-late .figure").first
    assert late.inner_text() == "2"
    late.click()
    rows = page.locator("tbody tr")
    assert rows.count() == 2
    rows.first.get_by_role("link").click()
    decided = page.locator(".step-decided")
    assert decided.inner_text().strip().startswith("This step decided it: Late.")


def test_the_plot_is_drawn_in_the_colours_of_its_lines(manager: Callable[..., Page]) -> None:
    page = manager(REPORT)
    canvas = page.locator("#plot canvas")
    canvas.wait_for()
    drawn = set(canvas.evaluate(INK))
    assert {"241f1b", "1b6e3c", "b3261e"} <= drawn, "received, on time and late"
    labels = page.locator("#plot .u-legend .u-label").all_inner_texts()
    assert [label for label in labels if label] == ["Received", "On time", "Late"]
    assert not page.locator(".course-table").evaluate("one => one.open"), "the plot says it"


def test_without_scripts_the_table_says_what_the_plot_would(manager: Callable[..., Page]) -> None:
    page = manager(REPORT, js=False)
    assert not page.locator("#plot").is_visible()
    assert page.locator(".course-table tbody tr").count() == 6
    assert page.locator(".course-table tbody").is_visible()
    page.get_by_role("link", name="This month").click()
    assert "children=1" in page.url
    page.get_by_role("link", name="Review in sentences, to print").click()
    assert page.get_by_role("heading", level=1).is_visible()


@pytest.mark.parametrize("language", ["vi", "km"])
def test_nothing_is_in_the_way_of_anybody(
    manager: Callable[..., Page], furnished: Office, language: str
) -> None:
    page = manager(REPORT, language)
    page.locator("#plot canvas").wait_for()
    assert violations(page) == []
    for path in (
        f"/reports/hall/dossiers?{HALF_YEAR}&scope=all",
        f"/reports/dossiers/{furnished.codes['corrected']}",
        f"/reports/hall/review?{HALF_YEAR}",
        "/reports/hall?from=2018-13-01",
        "/reports/",
    ):
        page.goto(re.sub("/reports/.*", "", page.url) + path)
        assert violations(page) == [], path


def test_a_phone_scrolls_in_one_direction_only(
    manager: Callable[..., Page], furnished: Office
) -> None:
    page = manager(REPORT, "vi", **PHONE)
    for path in (REPORT, f"/reports/hall/dossiers?{HALF_YEAR}&scope=all", "/reports/"):
        page.goto(re.sub("/reports/.*", "", page.url) + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_the_review_prints_on_a4_without_the_screens_furniture(
    manager: Callable[..., Page],
) -> None:
    page = manager(f"/reports/hall/review?{HALF_YEAR}", "vi")
    page.emulate_media(media="print")
    assert not page.locator(".admin-head").is_visible()
    assert page.locator(".paper").is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    (width, height), *_ = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert (round(float(width)), round(float(height))) == (595, 842)  # points of A4
