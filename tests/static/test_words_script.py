"""Words and times as the scripts of the screens see them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from server.words import script_words
from tests.static.conftest import serve_scripts

ONE, MANY = "%(n)s person ahead of you", "%(n)s people ahead of you"


@pytest.fixture
def words(page: Page) -> Page:
    """A page with the real catalogues, speaking Vietnamese."""
    catalogues = {
        f"/words/{language}.json": json.dumps(script_words(language)) for language in ("vi", "en")
    }
    serve_scripts(page, catalogues)
    page.evaluate(
        """async () => {
          globalThis.words = await import("/static/js/words.js");
          for (const language of ["vi", "en"]) await words.loadWords(language);
          words.setLanguage("vi");
        }"""
    )
    return page


def say(page: Page, call: str) -> Any:
    """What a function of words.js returns."""
    return page.evaluate(f"words.{call}")


def test_a_word_is_said_in_the_language_of_the_page(words: Page) -> None:
    assert say(words, "t('Your number')") == "Số của ông/bà"
    words.evaluate("words.setLanguage('en')")
    assert say(words, "t('Your number')") == "Your number"


def test_gaps_are_filled_and_an_unknown_gap_stays_visible(words: Page) -> None:
    assert say(words, "t('Counter %(number)s', {number: '3'})") == "Quầy 3"
    assert say(words, "t('Counter %(number)s', {other: '3'})") == "Quầy %(number)s"


def test_a_word_nobody_knows_is_said_as_it_is(words: Page) -> None:
    assert say(words, "t('No catalogue has this')") == "No catalogue has this"


@pytest.mark.parametrize("n", [1, 4])
def test_a_number_decides_the_form(words: Page, n: int) -> None:
    assert say(words, f"tn('{ONE}', '{MANY}', {n})") == f"{n} người trước ông/bà"
    words.evaluate("words.setLanguage('en')")
    english = "1 person ahead of you" if n == 1 else "4 people ahead of you"
    assert say(words, f"tn('{ONE}', '{MANY}', {n})") == english


def test_a_name_that_is_missing_in_a_language_is_vietnamese(words: Page) -> None:
    words.evaluate("words.setLanguage('en')")
    assert say(words, "name({vi: 'Hộ tịch', en: 'Civil status'})") == "Civil status"
    assert say(words, "name({vi: 'Hộ tịch'})") == "Hộ tịch"
    assert say(words, "name(null)") == ""


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ("null", ""),
        ("[0, 5]", "dưới 5 phút"),
        ("[15, 20]", "khoảng 15–20 phút"),
        ("[90, 120]", "khoảng 90–120 phút"),
        ("[120, 180]", "khoảng 2–3 giờ"),
    ],
)
def test_a_wait_is_told_as_coarsely_as_it_is_known(words: Page, minutes: str, told: str) -> None:
    assert say(words, f"waitWords({minutes})") == told


def test_without_a_network_the_page_still_has_words(page: Page) -> None:
    serve_scripts(page)
    page.route("**/words/*.json", lambda route: route.abort())
    said = page.evaluate(
        """async () => {
          const words = await import("/static/js/words.js");
          await words.loadWords("vi");
          return words.t("Your number");
        }"""
    )
    assert said == "Your number"


def test_time_is_counted_by_the_servers_clock(page: Page) -> None:
    serve_scripts(page)
    passed = page.evaluate(
        """async () => {
          const { serverNow } = await import("/static/js/time.js");
          const now = "2019-06-03T08:00:00+07:00";
          return serverNow({ now }, performance.now() - 60000) - Date.parse(now);
        }"""
    )
    assert passed == pytest.approx(60_000, abs=1_000)
