"""live.js in a real browser against a real server that is killed, comes back, and freezes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.product import served
from tests.served.conftest import OFFICE, Hall, furnish

WATCH = """async (office) => {
  const { watch } = await import("/static/js/live.js");
  globalThis.screen = { up: null, waiting: null, revision: 0 };
  globalThis.live = watch({ view: "board", office }, {
    onState(state, revision) { Object.assign(screen, { waiting: state.waiting, revision }); },
    onConnection(up) { screen.up = up; },
  });
}"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One hall for all tests of this file; each takes numbers and counts from where it began."""
    furnished = furnish(tmp_path_factory.mktemp("hall") / "data")
    with served(furnished.data) as product:
        yield Hall(product, furnished.kiosk_token, furnished.counter_token)


@pytest.fixture
def board(page: Page, hall: Hall) -> Page:
    """A page that watches the hall's board."""
    page.goto(f"{hall.product.url}/healthz")
    page.evaluate(WATCH, OFFICE)
    waits_for(page, hall, up=True)
    return page


def waits_for(board: Page, hall: Hall, *, up: bool, within_s: float = 15) -> None:
    """Until the page says that it is connected and shows as many people as really wait."""
    wait = hall.board()["waiting"] if up else None
    board.wait_for_function(
        "([up, waiting]) => screen.up === up && (waiting === null || screen.waiting === waiting)",
        arg=[up, wait],
        timeout=within_s * 1000,
    )


def test_a_board_follows_the_hall(board: Page, hall: Hall) -> None:
    before = board.evaluate("screen.waiting")
    hall.take()
    board.wait_for_function("(before) => screen.waiting === before + 1", arg=before, timeout=5_000)


def test_a_killed_server_is_noticed_at_once_and_its_return_shows_the_truth(
    board: Page, hall: Hall
) -> None:
    hall.product.kill()
    waits_for(board, hall, up=False, within_s=2)
    hall.product.start()
    hall.take()
    waits_for(board, hall, up=True)


def test_a_frozen_server_is_noticed_within_two_seconds_of_asking_and_found_again(
    board: Page, hall: Hall
) -> None:
    assert hall.product.process is not None
    group = hall.product.process.pid
    os.killpg(group, signal.SIGSTOP)
    try:
        asked = time.monotonic()
        board.evaluate("live.sync()")
        waits_for(board, hall, up=False, within_s=5)
        # Half a second of grace for a busy machine.
        assert time.monotonic() - asked < 2.5
    finally:
        os.killpg(group, signal.SIGCONT)
    hall.take()
    waits_for(board, hall, up=True)


def test_a_network_that_comes_back_brings_what_was_missed(board: Page, hall: Hall) -> None:
    board.context.set_offline(True)
    board.evaluate("window.dispatchEvent(new Event('offline'))")
    waits_for(board, hall, up=False, within_s=2)
    hall.take()
    board.context.set_offline(False)
    waits_for(board, hall, up=True)
