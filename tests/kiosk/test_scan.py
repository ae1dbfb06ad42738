"""What the scanner types, and what the kiosk makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

URL = "http://hall.example:8080/t/Ab3_-xYz09QwErTy"
LISTEN = """async () => {
  const { listenForScans } = await import("/scan.js");
  window.scans = [];
  window.pressed = 0;
  document.querySelector("button").addEventListener("click", () => { window.pressed += 1; });
  window.stop = listenForScans((text) => window.scans.push(text));
}"""
CARD = "091090000123|370123456|NGUYEN VAN MAU|05021990|Nam|Ap Mau|12052021"


def heard(page: Page) -> Any:
    return page.evaluate("window.scans")


@pytest.fixture
def listening(page: Page) -> Page:
    page.evaluate(LISTEN)
    return page


def test_a_scanned_address_arrives_whole(listening: Page) -> None:
    listening.keyboard.type(URL)
    listening.keyboard.press("Enter")
    assert heard(listening) == [URL]


def test_the_scanner_s_enter_presses_no_button(listening: Page) -> None:
    listening.focus("button")
    for _ in range(5):
        listening.keyboard.type(URL)
        listening.keyboard.press("Enter")
        if listening.evaluate("window.pressed") == 0:
            break
        # A busy machine has typed more slowly than any scanner: that was a person's Enter.
        listening.evaluate("window.pressed = 0")
    else:
        raise AssertionError("a scanner's Enter pressed the button each time")
    listening.keyboard.press("Enter")
    assert listening.evaluate("window.pressed") == 1, "a person's Enter still does"


def test_a_scanner_without_enter_is_understood_by_its_silence(listening: Page) -> None:
    listening.keyboard.type(URL)
    listening.wait_for_timeout(600)  # longer than the gap between two keys of a scanner
    assert heard(listening) == [URL]


def test_somebody_typing_slowly_is_no_scanner(listening: Page) -> None:
    for letter in "abcdefgh":
        listening.keyboard.press(letter)
        listening.wait_for_timeout(330)
    listening.keyboard.press("Enter")
    assert heard(listening) == []


def test_keys_hidden_by_a_vietnamese_input_method_are_told_by_their_place(
    listening: Page,
) -> None:
    # Telex would make "â" of "aa"; the browser then reports the key as "Process".
    listening.evaluate(
        """() => {
          const press = (key, code, shiftKey = false) =>
            document.dispatchEvent(new KeyboardEvent("keydown", { key, code, shiftKey }));
          for (const letter of "AAWSX") press("Process", `Key${letter}`);
          press("Process", "KeyQ", true);
          press("Process", "Slash");
          press("Process", "Minus");
          press("Process", "Minus", true);
          press("Process", "Semicolon", true);
          press("Process", "Digit7");
          press("Enter", "Enter");
        }"""
    )
    assert heard(listening) == ["aawsxQ/-_:7"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (URL, {"kind": "ticket", "token": "Ab3_-xYz09QwErTy"}),
        (f" {URL}/ ", {"kind": "ticket", "token": "Ab3_-xYz09QwErTy"}),
        (f"{URL}?lang=km", {"kind": "ticket", "token": "Ab3_-xYz09QwErTy"}),
        (CARD, {"kind": "card"}),
        ("8934588063053", {"kind": "other"}),
        ("http://hall.example/t/", {"kind": "other"}),
    ],
)
def test_codes_are_told_apart(page: Page, text: str, meaning: dict[str, str]) -> None:
    found = page.evaluate(
        'async (text) => (await import("/scan.js")).meaning(text)',
        text,
    )
    assert found == meaning
