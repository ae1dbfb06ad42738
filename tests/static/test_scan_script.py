"""What the scanner's listener hears: real keys in Chromium, at a pace the test decides."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.static.conftest import serve_scripts
from tests.wedge import Scanner

URL = "http://hall.example:8080/t/Ab3_-xYz09QwErTyUiOpAs"
CARD = "091090000123|370123456|NGUYEN VAN MAU|05021990|Nam|Ap Mau, Vinh Thuan|12052021"
CODE = "H33.14-261124-0007"

LISTEN = """async () => {
  document.body.innerHTML = '<button id="button">Call</button><input id="field" value="as it was">';
  const { listenForScans } = await import("/static/js/scan.js");
  window.scans = [];
  window.pressed = 0;
  window.reached = [];
  document.querySelector("#button").addEventListener("click", () => { window.pressed += 1; });
  document.addEventListener("keydown", ({ key }) => key === "Shift" || window.reached.push(key));
  window.hold = 0;
  window.stop = listenForScans(
    (text, byPlace) => window.scans.push(byPlace ? [text, byPlace] : text),
    () => window.hold,
  );
}"""


class Listener(Scanner):
    """A scanner, and what the page has heard of it."""

    @property
    def scans(self) -> list[Any]:
        """What was heard so far."""
        return list(self.page.evaluate("window.scans"))

    def value(self, name: str) -> Any:
        """A value the page has written down."""
        return self.page.evaluate(f"window.{name}")


@pytest.fixture
def scanner(page: Page) -> Listener:
    page.clock.install(time=1_800_000_000)
    serve_scripts(page)
    page.clock.pause_at(1_800_000_100)
    page.evaluate(LISTEN)
    return Listener(page)


@pytest.mark.parametrize("gap", [0, 10, 150])
@pytest.mark.parametrize("text", [URL, CARD, CODE])
def test_a_scan_arrives_whole_from_slow_and_fast_scanners(
    scanner: Listener, text: str, gap: int
) -> None:
    scanner.type(text, gap)
    assert scanner.scans == [text]


@pytest.mark.parametrize("end", ["Enter", "Tab", "NumpadEnter", "Control+j", "Control+m"])
def test_any_end_of_a_scan_presses_nothing_and_moves_nothing(scanner: Listener, end: str) -> None:
    scanner.page.focus("#button")
    scanner.type(URL, end=end)
    scanner.wait(5)
    scanner.page.keyboard.press("Enter")  # doubled
    assert scanner.scans == [URL]
    assert scanner.value("pressed") == 0
    assert scanner.page.evaluate("document.activeElement.id") == "button"
    scanner.wait(1000)
    scanner.page.keyboard.press("Enter")
    assert scanner.value("pressed") == 1, "a person's Enter still does"


@pytest.mark.parametrize("gap", [1, 150])
@pytest.mark.parametrize("text", [URL, CARD, CODE])
def test_a_lost_enter_is_told_by_the_silence_after_something_whole(
    scanner: Listener, text: str, gap: int
) -> None:
    scanner.page.focus("#button")
    scanner.type(text, gap, end=None)
    scanner.wait(330)
    assert scanner.scans == [text]
    scanner.page.keyboard.press("Enter")  # it was only late
    assert scanner.value("pressed") == 0
    assert scanner.scans == [text]


def test_what_is_not_whole_is_waited_for_and_then_told_too(scanner: Listener) -> None:
    scanner.type(URL[:20], 3, end=None)
    scanner.wait(200)
    assert scanner.scans == []
    scanner.type(URL[20:], 3)  # the scanner had paused
    assert scanner.scans == [URL]
    scanner.wait(2000)
    scanner.type(CARD[:30], 3, end=None)
    scanner.wait(400)
    assert scanner.scans == [URL, CARD[:30]], "somebody scanned something, and waits for an answer"


def test_a_scanner_that_reads_twice_counts_once_and_later_again(scanner: Listener) -> None:
    scanner.type(URL)
    scanner.type(URL)
    assert scanner.scans == [URL]
    scanner.wait(2000)
    scanner.type(URL)
    assert scanner.scans == [URL, URL]
    scanner.type(CODE)
    assert scanner.scans[-1] == CODE, "another code counts at once"


def test_somebody_typing_is_no_scanner(scanner: Listener) -> None:
    scanner.type("abcdefgh", 200)
    scanner.wait(400)
    scanner.type("abcdefgh", 330)
    scanner.wait(400)
    assert scanner.scans == []


def test_keys_that_turn_out_to_be_no_scan_are_given_back_in_order(scanner: Listener) -> None:
    scanner.type("srv", 30, end=None)
    assert scanner.value("reached") == ["s"], "the first key is nobody's yet, and passes"
    scanner.wait(700)
    assert scanner.value("reached") == ["s", "r", "v"]
    assert scanner.scans == []


def test_where_single_keys_do_something_the_first_one_is_kept_back_too(scanner: Listener) -> None:
    scanner.page.evaluate("window.hold = 60")
    scanner.type(CODE)
    assert scanner.value("reached") == []
    assert scanner.scans == [CODE]
    scanner.wait(2000)
    scanner.type("r", 30, end=None)
    assert scanner.value("reached") == []
    scanner.wait(40)
    assert scanner.value("reached") == ["r"], "a single key comes a moment later"
    scanner.wait(2000)
    assert scanner.value("reached") == ["r"]
    scanner.type("xv", 30, end=None)
    scanner.wait(700)
    assert scanner.value("reached") == ["r", "x", "v"]


def test_a_key_held_down_is_no_scan(scanner: Listener) -> None:
    for _ in range(12):
        scanner.keys(key("r", "KeyR", repeat=True))
    scanner.wait(700)
    assert scanner.scans == []


def test_a_space_that_is_given_back_presses_the_button(scanner: Listener) -> None:
    scanner.page.focus("#button")
    scanner.type("a ", 30, end=None)
    scanner.wait(700)
    assert scanner.value("pressed") == 1


def test_a_scan_gives_no_key_to_the_page_but_its_first(scanner: Listener) -> None:
    scanner.type(CARD)
    scanner.wait(2000)
    assert scanner.value("reached") == [CARD[0]]


@pytest.mark.parametrize("gap", [20])
@pytest.mark.parametrize("text", [URL, CARD, CODE])
def test_a_scan_into_a_field_leaves_no_rubbish_there(
    scanner: Listener, text: str, gap: int
) -> None:
    scanner.page.focus("#field")
    scanner.page.evaluate("field.addEventListener('input', () => { window.last = field.value; })")
    scanner.type(text, 20)
    assert scanner.scans == [text]
    assert scanner.page.input_value("#field") == "as it was"
    assert scanner.value("last") == "as it was", "and whoever listens to the field knows it"


def test_a_card_typed_slowly_into_a_field_is_still_a_card(scanner: Listener) -> None:
    scanner.page.focus("#field")
    scanner.type(CARD, 120)
    assert scanner.scans == [CARD]
    assert scanner.page.input_value("#field") == "as it was"


def test_a_person_s_words_and_codes_stay_in_the_field(scanner: Listener) -> None:
    scanner.page.focus("#field")
    scanner.page.keyboard.press("End")
    scanner.type(f" {CODE}", 90)
    scanner.wait(400)
    assert scanner.scans == []
    assert scanner.page.input_value("#field") == f"as it was {CODE}"


def test_words_that_some_program_types_fast_stay_in_the_field_too(scanner: Listener) -> None:
    scanner.page.focus("#field")
    scanner.page.keyboard.press("End")
    scanner.type(" giay xac nhan", 1)
    scanner.wait(700)
    assert scanner.scans == []
    assert scanner.page.input_value("#field") == "as it was giay xac nhan"


def test_an_unknown_code_leaves_no_rubbish_in_a_field_either(scanner: Listener) -> None:
    scanner.page.focus("#field")
    scanner.type("8934588063053", 2)
    assert scanner.scans == ["8934588063053"]
    assert scanner.page.input_value("#field") == "as it was"


def key(name: str, code: str = "", **more: Any) -> dict[str, Any]:
    return {"key": name, "code": code, **more}


def test_capslock_is_told_by_the_places_of_the_keys(scanner: Listener) -> None:
    scanner.keys(
        *(
            key(character.swapcase(), f"Key{character.upper()}", shiftKey=character.isupper())
            for character in "AbCdEfGhIj"
        ),
        key("Enter", "Enter"),
    )
    assert scanner.scans == [["aBcDeFgHiJ", "AbCdEfGhIj"]]


def test_another_layout_is_told_by_the_places_of_the_keys(scanner: Listener) -> None:
    # The Vietnamese layout of Windows has letters and tones where others have digits.
    layout = dict(zip("1234567890", ["ă", "â", "ê", "ô", "̀", "̉", "̃", "́", "̣", "đ"], strict=True))
    scanner.keys(
        *(key(layout[digit], f"Digit{digit}") for digit in "0910900001"),
        key("|", "Backslash", shiftKey=True),
        key("Enter", "Enter"),
    )
    assert scanner.scans[0][1] == "0910900001|"


def test_keys_hidden_by_an_input_method_are_told_by_their_places(scanner: Listener) -> None:
    scanner.keys(
        *(key("Process", f"Key{letter}") for letter in "AAWSX"),
        key("Process", "KeyQ", shiftKey=True),
        key("Process", "Slash"),
        key("Process", "Minus"),
        key("Process", "Minus", shiftKey=True),
        key("Process", "Semicolon", shiftKey=True),
        key("Process", "Digit7"),
        key("Enter", "Enter"),
    )
    assert scanner.scans == ["aawsxQ/-_:7"]


@pytest.mark.parametrize("way", ["keydown", "keypress"])
def test_an_input_method_that_deletes_and_writes_anew_is_followed(
    scanner: Listener, way: str
) -> None:
    # UniKey lets "http/t/Aba" pass, then takes the last letters back and writes others.
    plain = [key(c, "Slash" if c == "/" else f"Key{c.upper()}") for c in "http/t/Aba"]
    if way == "keydown":
        written = [key("â"), key("b")]
    else:
        written = [
            event
            for letter in "âb"
            for event in (
                key("Unidentified"),
                key(letter, type="keypress", charCode=ord(letter)),
            )
        ]
    scanner.keys(*plain, *[key("Backspace", "Backspace")] * 2, *written, key("Enter", "Enter"))
    heard = scanner.scans[0]
    assert (heard[0] if isinstance(heard, list) else heard) == "http/t/Aâb"


def test_letters_that_no_key_has_come_as_alt_and_a_number(scanner: Listener) -> None:
    def letter(character: str) -> list[dict[str, Any]]:
        digits = [key(d, f"Numpad{d}", altKey=True) for d in str(ord(character))]
        return [key("Alt", "AltLeft", altKey=True), *digits, key("Alt", "AltLeft", type="keyup")]

    name = unicodedata.normalize("NFC", "NGUYỄN VĂN MẪU")
    events = []
    for character in name:
        if character.isascii():
            code = "Space" if character == " " else f"Key{character}"
            events.append(key(character, code, shiftKey=character != " "))
        else:
            events += letter(character)
    scanner.keys(*events, key("Enter", "Enter"))
    assert scanner.scans == [name]


def test_chords_are_left_to_the_browser(scanner: Listener) -> None:
    for _ in range(10):
        scanner.page.keyboard.press("Control+a")
        scanner.wait(5)
    scanner.page.keyboard.press("Enter")
    assert scanner.scans == []


def test_nothing_is_kept_after_a_scan(scanner: Listener) -> None:
    scanner.type(CARD)
    scanner.wait(1600)
    scanner.type(CARD)  # it has been forgotten, so that it is a scan like any other
    assert len(scanner.scans) == 2
    scanner.page.evaluate("window.stop()")
    scanner.wait(2000)
    scanner.type(URL)
    assert len(scanner.scans) == 2
    assert json.dumps(scanner.value("reached")).count("h") > 0, "keys are the page's again"
