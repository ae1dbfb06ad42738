"""The board in a real browser, before a real server: what is called is shown and heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.display.conftest import SOUND_ALLOWED, chromium
from tests.product import served
from tests.served.conftest import OFFICE, Hall, furnish, open_hall

LISTEN = """
// Writes down each sound: from when to when, in milliseconds. Eight times as fast, for the test.
globalThis.sounds = [];
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  this.playbackRate.value = 8;
  const samples = this.buffer.getChannelData(0);
  const loud = samples.some((value) => Math.abs(value) > 0.05);
  const sound = { from: performance.now(), to: null, loud, seconds: this.buffer.duration };
  sounds.push(sound);
  this.addEventListener("ended", () => { sound.to = performance.now(); });
  return start.apply(this, when);
};
"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    data: Path = tmp_path_factory.mktemp("hall")
    furnish(data)
    with served(data) as product:
        yield open_hall(product)


@pytest.fixture(scope="module")
def loud_browser() -> Iterator[Browser]:
    with chromium(SOUND_ALLOWED) as browser:
        yield browser


@pytest.fixture
def board(hall: Hall, loud_browser: Browser) -> Iterator[Page]:
    """The board on the wall, at work: it has heard from the server and may make sounds."""
    page = loud_browser.new_page(viewport={"width": 1920, "height": 1080})
    page.add_init_script(LISTEN)
    open_board(page, hall)
    yield page
    page.close()


def open_board(page: Page, hall: Hall) -> None:
    """Load the board and wait until its live view answers."""
    with page.expect_websocket() as socket:
        page.goto(f"{hall.product.url}/display/{OFFICE}")
    with socket.value.expect_event("framereceived", lambda frame: '"state"' in str(frame)):
        pass
    expect(page.locator(".frame")).to_be_visible()


def call(hall: Hall, counter: str, ticket: dict[str, Any] | None = None) -> str:
    """Call a number at a counter, a new one unless it is named; the number."""
    ticket = ticket or hall.take()
    answer = hall.clerk(f"/tickets/{ticket['id']}/call", counter=hall.counters()[counter])
    assert answer.status_code == 200, answer.text
    return str(ticket["number"])


def spelled(number: str) -> str:
    return " ".join(number)


def wait(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until it holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(what)


def shown(page: Page) -> str:
    """The number shown large, as it is spelled."""
    return page.locator(".call-number .number").get_attribute("aria-label") or ""


def test_two_calls_in_one_second_are_both_shown_and_heard_and_not_again_after_a_reload(
    hall: Hall, board: Page
) -> None:
    board.evaluate("""() => {
      globalThis.large = [];
      const look = () => {
        const label = document.querySelector(".call-number .number")?.getAttribute("aria-label");
        if (label && large.at(-1)?.label !== label) large.push({label, at: performance.now()});
      };
      new MutationObserver(look).observe(document.body, {subtree: true, childList: true});
    }""")
    tickets = hall.take(), hall.take("dat-dai")
    began = time.monotonic()
    first, second = call(hall, "1", tickets[0]), call(hall, "4", tickets[1])
    assert time.monotonic() - began < 1

    sounds = wait(
        lambda: (heard := board.evaluate("sounds")) and len(heard) == 4 and heard[3]["to"] and heard,
        30,
        "two chimes and two voices were not heard",
    )
    assert all(sound["loud"] for sound in sounds), "a silent recording"
    ends = [sound["to"] for sound in sounds]
    starts = [sound["from"] for sound in sounds]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False)), "two at once"
    assert sounds[1]["seconds"] > 3, "the call is said twice"

    large = board.evaluate("large")
    assert [entry["label"] for entry in large] == [spelled(first), spelled(second)]
    # The number is there when its chime begins, and stays until the next one's.
    assert large[0]["at"] <= sounds[0]["from"]
    assert sounds[1]["to"] <= large[1]["at"] <= sounds[2]["from"]
    expect(board.locator(".call-counter")).to_have_text("Quầy 4")
    expect(board.locator(".before li").first).to_contain_text("Quầy 1")

    time_left = 10.5 - (time.monotonic() - began)  # a call of the last ten seconds may be said
    board.wait_for_timeout(max(0, time_left) * 1000)
    open_board(board, hall)
    assert shown(board) == spelled(second)
    board.wait_for_timeout(1500)
    assert board.evaluate("sounds") == []


def test_a_call_taken_back_leaves_the_board(hall: Hall, board: Page) -> None:
    before = call(hall, "2")
    wait(lambda: shown(board) == spelled(before), 5, "the call was not shown")
    taken_back = call(hall, "3")
    hall.clerk(f"/counters/{hall.counters()['3']}/undo")
    wait(
        lambda: shown(board) == spelled(before)
        and taken_back not in board.locator(".frame").inner_text().replace("\n", ""),
        8,
        "it is still there",
    )


def test_a_recalled_number_is_said_again_and_says_that_it_is_a_second_call(
    hall: Hall, board: Page
) -> None:
    ticket = hall.take("cu-tru")
    call(hall, "3", ticket)
    wait(lambda: shown(board) == spelled(ticket["number"]), 8, "the call was not shown")
    hall.clerk(f"/tickets/{ticket['id']}/recall")
    expect(board.locator(".call-repeat")).to_contain_text("Gọi lần 2", timeout=15_000)
    wait(
        lambda: len(board.evaluate("sounds.filter((sound) => sound.to)")) >= 4,
        15,
        "not said twice",
    )


def test_a_browser_that_blocks_sound_shows_a_button_and_any_click_turns_it_on(hall: Hall) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.add_init_script(LISTEN)
        open_board(page, hall)
        button = page.get_by_role("button", name="Bật âm thanh")
        expect(button).to_be_visible()
        number = call(hall, "1")
        wait(lambda: shown(page) == spelled(number), 5, "calls are shown all the same")
        assert page.evaluate("sounds") == []
        page.locator(".stage").click()  # anywhere will do
        expect(button).to_be_hidden()
        wait(lambda: page.evaluate("sounds.length"), 5, "the chime does not say that it works")


def test_a_lost_connection_is_said_within_seconds_and_the_last_truth_stays(
    tmp_path: Path, loud_browser: Browser
) -> None:
    furnish(tmp_path)
    with served(tmp_path) as product:
        hall = open_hall(product)
        page = loud_browser.new_page(viewport={"width": 1920, "height": 1080})
        open_board(page, hall)
        number = call(hall, "1")
        wait(lambda: shown(page) == spelled(number), 5, "the call was not shown")
        product.kill()
        expect(page.get_by_role("alert")).to_contain_text("Mất kết nối từ", timeout=4_000)
        assert shown(page) == spelled(number)
        product.start()
        expect(page.get_by_role("alert")).to_be_hidden(timeout=8_000)
        after = call(hall, "2")
        wait(lambda: shown(page) == spelled(after), 10, "calls are shown again")
        page.close()
