"""The phone page in Chromium, against the served product: true while open and after a loss."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from server.queueing.estimates import EDGES, wait_range
from tests.browser import chromium
from tests.product import served
from tests.served.conftest import Furnished, Hall, furnished, hall

__all__ = ["furnished", "hall"]

SOON_S = 2.0
SERVICE, COUNTER = "ho-tich", "1"
BUDGET_BYTES = 60 * 1024
SHAKES = "window.shakes = []; navigator.vibrate = (pattern) => pattern && shakes.push(pattern);"


@pytest.fixture(scope="module")
def open_hall(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall for all tests that leave it running; each takes numbers of its own."""
    with served(furnished.copy(tmp_path_factory.mktemp("open") / "data")) as product:
        yield Hall(product, furnished.kiosk_token, furnished.counter_token)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone of 360 by 740 points."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    )
    yield context
    context.close()


@pytest.fixture
def scan(context: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Opens a number as the QR code does; no script may fail on the page."""
    failures: list[str] = []

    def go(hall: Hall, ticket: dict[str, Any]) -> Page:
        page = context.new_page()
        page.add_init_script(SHAKES)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda line: failures.append(line.text) if is_ours(line.text) else None)
        page.goto(f"{hall.product.url}/t/{ticket['token']}")
        return page

    def is_ours(line: str) -> bool:
        return "Content Security Policy" in line or "TypeError" in line

    yield go
    assert not failures


def tone(page: Page, status: str, within_s: float = SOON_S) -> None:
    """The page shows this status within a time."""
    expect(page.locator("#page")).to_have_attribute("data-tone", status, timeout=within_s * 1000)


def live(page: Page) -> None:
    """Wait until the page is told what changes."""
    expect(page.locator("html")).to_have_attribute("data-live", "true", timeout=15_000)


def soon(happens: Callable[[], bool]) -> None:
    """Wait for it; the page's policy forbids Playwright's own waiting for a function."""
    deadline = time.monotonic() + SOON_S
    while not happens():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def call(hall: Hall, ticket: dict[str, Any], counter: str = COUNTER) -> None:
    """A clerk calls the ticket."""
    answer = hall.clerk(f"/tickets/{ticket['id']}/call", counter=hall.counters()[counter])
    assert answer.ok, answer.text


def test_the_page_follows_the_queue_to_the_call_and_past_it(
    open_hall: Hall, scan: Callable[..., Page]
) -> None:
    first, mine = open_hall.take(SERVICE), open_hall.take(SERVICE, language="en")
    page = scan(open_hall, mine)
    live(page)
    ahead = page.locator("#ahead")
    before = page.evaluate("JSON.parse(document.getElementById('seed').textContent).state.ahead")
    assert before == mine["ahead"] >= 1
    page.locator("#ring").click()
    expect(page.locator("#ring")).to_have_attribute("aria-pressed", "true")

    call(open_hall, first)
    if before == 1:
        expect(ahead).to_have_text("You are next", timeout=SOON_S * 1000)
    else:
        expect(ahead).to_contain_text(f"{before - 1}", timeout=SOON_S * 1000)
    page.evaluate("shakes.length = 0")

    call(open_hall, mine)
    tone(page, "called")
    expect(page.locator(".call-counter")).to_have_text(COUNTER)
    expect(page.locator("#page")).to_have_css("background-color", "rgb(244, 180, 0)")
    expect(page.locator("#say")).to_have_text(
        f"{' '.join(mine['number'])}. Please go to counter {COUNTER}"
    )
    assert page.evaluate("shakes.length") == 1
    soon(lambda: page.title().startswith("🔔"))

    open_hall.clerk(f"/tickets/{mine['id']}/recall")
    soon(lambda: page.evaluate("shakes.length") == 2)

    open_hall.clerk(f"/tickets/{mine['id']}/no-show")
    tone(page, "no_show")
    expect(page.locator("main")).to_contain_text("You missed your call")
    expect(page.locator("figure.code img")).to_be_visible()
    open_hall.clerk(f"/tickets/{mine['id']}/resume")
    tone(page, "waiting")
    expect(page.locator("#ring")).to_have_attribute("aria-pressed", "true")


def test_the_call_shows_even_if_the_network_fails_right_after_it(
    open_hall: Hall, scan: Callable[..., Page]
) -> None:
    mine = open_hall.take("cu-tru", language="en")
    page = scan(open_hall, mine)
    live(page)
    page.route("**/t/*", lambda route: route.abort())
    call(open_hall, mine, counter="3")
    tone(page, "called")
    expect(page.locator(".call-counter")).to_have_text("3")
    expect(page.locator(".call-names")).to_have_text("Residence")
    page.unroute("**/t/*")
    open_hall.clerk(f"/tickets/{mine['id']}/serve")
    tone(page, "serving", within_s=6)


def test_it_says_so_when_the_server_is_gone_and_recovers_by_itself(
    hall: Hall, scan: Callable[..., Page]
) -> None:
    first, mine = hall.take(SERVICE), hall.take(SERVICE, language="en")
    page = scan(hall, mine)
    live(page)
    lost = page.locator("#lost")
    expect(lost).to_be_hidden()
    hall.product.kill()
    expect(lost).to_be_visible(timeout=SOON_S * 1000)
    expect(lost).to_contain_text("No connection since")
    expect(page.locator("main")).to_contain_text("There is 1 person ahead of you")

    hall.product.start()
    back = time.monotonic()
    expect(lost).to_be_hidden(timeout=SOON_S * 1000)
    assert time.monotonic() - back < SOON_S
    call(hall, first)
    expect(page.locator("#ahead")).to_have_text("You are next", timeout=SOON_S * 1000)
    call(hall, mine)
    tone(page, "called")


def test_without_scripts_the_status_is_there(open_hall: Hall, browser: Browser) -> None:
    mine = open_hall.take("dat-dai", language="en")
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        address = f"{open_hall.product.url}/t/{mine['token']}"
        page.goto(address)
        expect(page.locator("main")).to_contain_text("You are next")
        expect(page.locator("#ring")).to_be_hidden()
        call(open_hall, mine, counter="4")
        page.locator(".foot-again").click()
        expect(page.locator(".call-counter")).to_have_text("4")


def test_without_a_live_connection_the_page_asks_for_itself(
    open_hall: Hall, context: BrowserContext, scan: Callable[..., Page]
) -> None:
    # As in a browser of 2018, or behind a proxy that lets no WebSocket through.
    context.route("**/socket.io.js", lambda route: route.abort())
    context.clock.install()
    mine = open_hall.take("kinh-doanh", language="en")
    page = scan(open_hall, mine)
    tone(page, "waiting")
    call(open_hall, mine, counter="5")
    context.clock.fast_forward(11_000)
    tone(page, "called")
    expect(page.locator("#lost")).to_be_hidden()


def test_a_number_is_given_back_without_leaving_the_page(
    open_hall: Hall, scan: Callable[..., Page]
) -> None:
    mine = open_hall.take("dat-dai", language="en")
    page = scan(open_hall, mine)
    live(page)
    broken = True

    def fail_once(route: Route) -> None:
        nonlocal broken
        if broken:
            broken = False
            route.abort()
        else:
            route.continue_()

    page.route("**/cancel", fail_once)
    page.locator("#give-back summary").click()
    page.locator("#give-back button").click()
    expect(page.get_by_text("That did not work. Please try again.")).to_be_visible()
    page.locator("#give-back button").click()
    tone(page, "cancelled")
    expect(page.locator("main")).to_contain_text("You gave this number back")
    assert page.url == f"{open_hall.product.url}/t/{mine['token']}"


def test_another_language_leaves_the_bell_on(open_hall: Hall, scan: Callable[..., Page]) -> None:
    mine = open_hall.take("dat-dai", language="en")
    page = scan(open_hall, mine)
    page.locator("#ring").click()
    page.locator("a[hreflang=vi]").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator("h1")).to_contain_text("Số của ông/bà")
    expect(page.locator("#ring")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(page.locator("h1")).to_contain_text("Số của ông/bà")


def test_waits_are_rounded_as_the_server_rounds_them(
    open_hall: Hall, scan: Callable[..., Page]
) -> None:
    page = scan(open_hall, open_hall.take("dat-dai"))
    seconds = list(range(0, 30_000, 37))
    told = page.evaluate(
        """([seconds, edges]) => import("/t/static/place.js")
             .then(({ waitRange }) => seconds.map((one) => waitRange(one, edges)))""",
        [seconds, list(EDGES)],
    )
    assert [tuple(one) for one in told] == [wait_range(one) for one in seconds]


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_it_can_be_read_without_scrolling_sideways_on_the_smallest_phone(
    open_hall: Hall, scan: Callable[..., Page], language: str
) -> None:
    mine = open_hall.take("xay-dung", language=language)
    page = scan(open_hall, mine)
    live(page)
    page.set_viewport_size({"width": 320, "height": 568})

    def fits() -> bool:
        return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    assert fits()
    call(open_hall, mine, counter="5")
    tone(page, "called")
    assert fits()
    open_hall.clerk(
        f"/tickets/{mine['id']}/park", reason="Bổ sung bản sao có chứng thực giấy khai sinh"
    )
    tone(page, "parked")
    assert fits()


def test_a_first_load_transfers_little(
    open_hall: Hall, context: BrowserContext, scan: Callable[..., Page]
) -> None:
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    kinds: dict[str, str] = {}
    bytes_of: dict[str, int] = {}
    wire.on(
        "Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]})
    )
    wire.on(
        "Network.loadingFinished",
        lambda event: bytes_of.update({event["requestId"]: event["encodedDataLength"]}),
    )
    page.goto(f"{open_hall.product.url}/t/{open_hall.take('dat-dai')['token']}")
    page.wait_for_load_state("networkidle")
    sent = {one: size for one, size in bytes_of.items() if kinds.get(one) != "Font"}
    assert len(sent) >= 10, kinds
    assert sum(sent.values()) <= BUDGET_BYTES
