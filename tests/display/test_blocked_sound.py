"""A browser that lets no sound through until somebody has touched the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.display.conftest import Hall, wait
from tests.display.states import busy
from tests.display.test_screen import arrival, board_of, first_state

STARTED = """
globalThis.started = 0;
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  started += 1;
  return start.apply(this, when);
};
"""

# Playwright's own look at a page counts as a touch, so the browser is held back by this instead.
NEVER = """
AudioContext.prototype.resume = () => new Promise(() => {});
Object.defineProperty(AudioContext.prototype, "state", { get: () => "suspended" });
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Started without the flag that lets a board speak."""
    with chromium() as started:
        yield started


@pytest.fixture
def wall(hall: Hall, browser: Browser) -> Iterator[Page]:
    with board_of(hall, browser, STARTED) as page:
        yield page


def heard(page: Page) -> bool:
    """Whether just the chime has begun."""
    return bool(page.evaluate("started === 1"))


def test_a_visible_button_turns_the_sound_on_and_the_chime_says_so(wall: Page) -> None:
    button = wall.get_by_role("button", name="Bật âm thanh")
    expect(button).to_be_visible()
    expect(button).to_contain_text("Turn on sound")
    button.click()
    expect(button).to_be_hidden()
    wait(lambda: heard(wall), 10, "there was no chime")


@pytest.mark.parametrize("touch", ["click", "key"])
def test_any_click_or_key_turns_the_sound_on_as_well(wall: Page, touch: str) -> None:
    expect(wall.get_by_role("button", name="Bật âm thanh")).to_be_visible()
    if touch == "click":
        wall.locator(".stage").click()
    else:
        wall.keyboard.press("Enter")
    expect(wall.get_by_role("button", name="Bật âm thanh")).to_be_hidden()
    wait(lambda: heard(wall), 10, "there was no chime")


def test_calls_are_shown_all_the_same_while_nothing_can_be_heard(
    hall: Hall, browser: Browser
) -> None:
    with board_of(hall, browser, STARTED + NEVER) as page:
        arrival(page, busy(first_state(page)))
        expect(page.locator(".call-number .number")).to_have_attribute("aria-label", "A 0 9 9")
        expect(page.get_by_role("button", name="Bật âm thanh")).to_be_visible()
        assert page.evaluate("started") == 0
