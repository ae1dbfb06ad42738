"""The board in a real browser, before a real server: what is called is shown and heard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.display.conftest import wait
from tests.product import served
from tests.served.conftest import OFFICE, Hall, furnish

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
    furnished = furnish(tmp_path_factory.mktemp("hall"))
    with served(furnished.data) as product:
        yield Hall(product, furnished.kiosk_token, furnished.counter_token)


@pytest.fixture
def board(hall: Hall, browser: Browser) -> Iterator[Page]:
    """The board on the wall, at work: it has heard from the server and may make sounds."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.add_init_script(LISTEN)
    open_board(page, hall)
    yield page
    page.close()


def open_board(page: Page, hall: Hall) -> None:
    """Load the board and wait until its live view answers."""
    page.goto(f"{hall.product.url}/display/{OFFICE}")
    expect(page.locator("#board[data-live=connected] .frame")).to_be_visible(timeout=20_000)


def call(hall: Hall, counter: str, ticket: dict[str, Any] | None = None) -> str:
    """Call a number at a counter, a new one unless it is named; the number."""
    ticket = ticket or hall.take()
    answer = hall.clerk(f"/tickets/{ticket['id']}/call", counter=hall.counters()[counter])
    assert answer.status_code == 200, answer.text
    return str(ticket["number"])


def spelled(number: str) -> str:
    return " ".join(number)


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
    with ThreadPoolExecutor() as clerks:  # two clerks press in the same moment
        list(clerks.map(call, [hall, hall], ["1", "4"], tickets))
    called = time.monotonic()
    second, first = hall.board()["calls"][:2]

    def all_four() -> Any:
        heard = board.evaluate("sounds.filter((sound) => sound.to)")
        return heard if len(heard) == 4 else None

    sounds = wait(all_four, 30, "two chimes and two voices were not heard")
    assert all(sound["loud"] for sound in sounds), "a silent recording"
    ends = [sound["to"] for sound in sounds]
    starts = [sound["from"] for sound in sounds]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False)), "two at once"
    assert sounds[1]["seconds"] > 3, "the call is said twice"

    large = board.evaluate("large")
    assert [entry["label"] for entry in large] == [
        spelled(first["number"]),
        spelled(second["number"]),
    ]
    # The number is there when its chime begins, and stays until the next one's.
    assert large[0]["at"] <= sounds[0]["from"]
    assert sounds[1]["to"] <= large[1]["at"] <= sounds[2]["from"]
    expect(board.locator(".call-counter")).to_have_text(f"Quầy {second['counter']}")
    expect(board.locator(".before li").first).to_contain_text(f"Quầy {first['counter']}")

    young = 10.5 - (time.monotonic() - called)  # a call of the last ten seconds may be said
    board.wait_for_timeout(max(0, young) * 1000)
    open_board(board, hall)
    assert shown(board) == spelled(second["number"])
    board.wait_for_timeout(1500)
    assert board.evaluate("sounds") == []


def test_a_call_taken_back_leaves_the_board(hall: Hall, board: Page) -> None:
    before = call(hall, "2")
    wait(lambda: shown(board) == spelled(before), 20, "the call was not shown")
    taken_back = call(hall, "3")
    hall.clerk(f"/counters/{hall.counters()['3']}/undo")
    wait(
        lambda: (
            shown(board) == spelled(before)
            and taken_back not in board.locator(".frame").inner_text().replace("\n", "")
        ),
        20,
        "it is still there",
    )


def test_a_recalled_number_is_said_again_and_says_that_it_is_a_second_call(
    hall: Hall, board: Page
) -> None:
    ticket = hall.take("cu-tru")
    call(hall, "3", ticket)
    wait(lambda: shown(board) == spelled(ticket["number"]), 30, "the call was not shown")
    hall.clerk(f"/tickets/{ticket['id']}/recall")
    expect(board.locator(".call-repeat")).to_contain_text("Gọi lần 2", timeout=30_000)
    wait(
        lambda: len(board.evaluate("sounds.filter((sound) => sound.to)")) >= 4,
        30,
        "not said twice",
    )


def test_a_number_recalled_while_it_waits_to_be_said_is_said_once(hall: Hall, board: Page) -> None:
    board.wait_for_timeout(10_500)  # what was called before this test is history by then
    open_board(board, hall)
    first, second = hall.take(), hall.take("dat-dai")
    call(hall, "1", first)
    call(hall, "4", second)
    for _ in range(2):  # an impatient clerk, while the first call is still being said
        assert hall.clerk(f"/tickets/{second['id']}/recall").status_code == 200
    wait(lambda: shown(board) == spelled(second["number"]), 30, "the second call was not shown")
    expect(board.locator(".call-repeat")).to_contain_text("Gọi lần 3")
    ended = "sounds.filter((sound) => sound.to).length"
    wait(lambda: board.evaluate(ended) == 4, 30, "a chime and a voice for each were not heard")
    board.wait_for_timeout(6000)  # the longest that a further call would be held back
    assert board.evaluate("sounds.length") == 4
    sounds = board.evaluate("sounds")
    assert all(one["to"] <= after["from"] for one, after in pairwise(sounds)), "two at once"


def test_a_lost_connection_is_said_and_the_last_truth_stays(hall: Hall, board: Page) -> None:
    number = call(hall, "1")
    wait(lambda: shown(board) == spelled(number), 30, "the call was not shown")
    hall.product.kill()
    expect(board.get_by_role("alert")).to_contain_text("Mất kết nối từ", timeout=10_000)
    assert shown(board) == spelled(number)
    hall.product.start()
    expect(board.get_by_role("alert")).to_be_hidden(timeout=30_000)
    after = call(hall, "2")
    wait(lambda: shown(board) == spelled(after), 30, "calls are shown again")
