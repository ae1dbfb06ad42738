"""The keys of the desk, pressed in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

PAGE = """
    <button id="button">Recall</button>
    <a id="link" href="#here">Link</a>
    <input id="field" type="text">
    <p style="height: 3000px"></p>
"""


@pytest.fixture
def desk(page: Page) -> Page:
    """A page that listens like the desk and writes down the keys and the clicks."""
    page.set_content(PAGE)
    page.evaluate(
        """async () => {
            const { listen } = await import("http://desk.test/keys.js");
            window.keys = [];
            window.clicks = 0;
            window.on = true;
            window.stop = listen(document, (key) => (keys.push(key), true), () => on);
            document.getElementById("button").addEventListener("click", () => clicks++);
        }"""
    )
    return page


def keys(page: Page) -> list[str]:
    found: list[str] = page.evaluate("keys")
    return found


def clicks(page: Page) -> int:
    count: int = page.evaluate("clicks")
    return count


def test_space_and_letters_are_the_desks_own(desk: Page) -> None:
    for key in ("Space", "r", "V", "?", "1"):
        desk.keyboard.press(key)
    assert keys(desk) == ["Space", "R", "V", "?", "1"]


def test_what_is_typed_in_a_field_stays_in_the_field(desk: Page) -> None:
    desk.click("#field")
    desk.keyboard.type("gác x?")
    assert keys(desk) == []
    assert desk.input_value("#field") == "gác x?"


@pytest.mark.parametrize("chord", ["Control", "Alt", "Meta"])
def test_chords_belong_to_the_browser(desk: Page, chord: str) -> None:
    desk.keyboard.down(chord)
    desk.keyboard.press("x")
    desk.keyboard.up(chord)
    assert keys(desk) == []


def test_capitals_count_because_caps_lock_may_be_on(desk: Page) -> None:
    desk.keyboard.press("Shift+R")
    assert keys(desk) == ["R"]


def test_a_key_held_down_fires_once(desk: Page) -> None:
    for key in ("Space", "x"):
        for _ in range(5):  # the second and later ones carry event.repeat
            desk.keyboard.down(key)
        desk.keyboard.up(key)
    assert keys(desk) == ["Space", "X"]


def test_space_does_not_scroll_the_page(desk: Page) -> None:
    desk.keyboard.press("Space")
    assert desk.evaluate("scrollY") == 0


def test_space_after_a_mouse_click_calls_and_does_not_press_the_button_again(desk: Page) -> None:
    desk.click("#button")
    assert desk.evaluate("document.activeElement.id") == "button"
    desk.keyboard.press("Space")
    assert (keys(desk), clicks(desk)) == (["Space"], 1)


def test_space_on_a_button_reached_by_tab_presses_that_button_once(desk: Page) -> None:
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.id") == "button"
    desk.keyboard.press("Space")
    assert (keys(desk), clicks(desk)) == ([], 1)


def test_space_held_on_a_button_reached_by_tab_presses_it_once(desk: Page) -> None:
    desk.keyboard.press("Tab")
    for _ in range(4):
        desk.keyboard.down("Space")
    desk.keyboard.up("Space")
    assert (keys(desk), clicks(desk)) == ([], 1)


def test_enter_held_on_a_button_presses_it_once(desk: Page) -> None:
    desk.keyboard.press("Tab")
    for _ in range(4):
        desk.keyboard.down("Enter")
    desk.keyboard.up("Enter")
    assert clicks(desk) == 1


def test_letters_still_count_while_a_button_has_the_focus(desk: Page) -> None:
    desk.keyboard.press("Tab")
    desk.keyboard.press("r")
    assert keys(desk) == ["R"]


@pytest.mark.parametrize(
    ("key", "code", "name"),
    [
        ("រ", "KeyR", "R"),  # Khmer layout
        ("Process", "KeyG", "G"),  # an input method took the letter
        ("ă", "Digit1", "1"),  # Vietnamese layout: the digits' row types letters
        ("1", "Numpad1", "1"),
    ],
)
def test_the_place_of_the_key_counts_where_the_layout_types_something_else(
    desk: Page, key: str, code: str, name: str
) -> None:
    desk.evaluate(
        "([key, code]) => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true}))",
        [key, code],
    )
    assert keys(desk) == [name]


def test_keys_that_a_text_is_being_composed_with_are_left_alone(desk: Page) -> None:
    desk.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        "{key: 'r', code: 'KeyR', isComposing: true, bubbles: true}))"
    )
    assert keys(desk) == []


def test_single_keys_can_be_switched_off(desk: Page) -> None:
    desk.evaluate("window.on = false")
    desk.keyboard.press("r")
    desk.keyboard.press("Space")
    assert keys(desk) == []


def test_every_act_has_one_key_and_every_key_one_act(page: Page) -> None:
    pairs = page.evaluate(
        "async () => (await import('http://desk.test/keys.js'))"
        ".SHORTCUTS.map(({key, act}) => [key, act])"
    )
    assert len({key for key, _ in pairs}) == len({act for _, act in pairs}) == len(pairs)
