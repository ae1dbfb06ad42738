"""The kiosk's page: it shows the hall at once, and a number needs a kiosk."""

from __future__ import annotations

import re

import pytest

from server.offices import sample
from server.web import DEVICE_COOKIE, office_or_404
from tests.kiosk.conftest import Hall, csrf_token, embedded

PAGE = f"/kiosk/{sample.SLUG}"
TICKETS = f"/api/v1/offices/{sample.SLUG}/tickets"
WISH = {"service": "ho-tich", "priority": "none", "language": "vi"}


def test_the_page_carries_the_same_state_as_the_api(hall: Hall) -> None:
    answer = hall.browser.get(PAGE)
    assert answer.status_code == 200
    told = hall.browser.get(f"/api/v1/offices/{sample.SLUG}").json
    assert told.pop("notices"), "how people are told of dossiers is the desk's business"
    assert embedded(answer.text) == told


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "Xin chọn dịch vụ"), ("km", "សូមជ្រើសរើសសេវាកម្ម")]
)
def test_its_words_are_there_in_the_language(hall: Hall, language: str, words: str) -> None:
    catalogue = hall.browser.get(f"/words/{language}.json").json
    assert catalogue["Please choose a service"] == words


def test_it_begins_in_the_hall_s_first_language_whatever_the_browser_wishes(hall: Hall) -> None:
    page = hall.browser.get(PAGE, headers={"Accept-Language": "en-US"}).text
    assert '<html lang="vi">' in page
    assert embedded(page)["languages"] == ["vi", "en", "km"]


@pytest.mark.parametrize("path", ["", "/device", "/slips/abc.png"])
def test_an_unknown_office_is_not_found(demo: Hall, path: str) -> None:
    assert demo.browser.get(f"/kiosk/nowhere{path}").status_code == 404


def test_names_cannot_break_out_of_the_page(hall: Hall) -> None:
    evil = "</script><script>alert(1)</script>"
    with hall.database.transaction() as session:
        office_or_404(session, sample.SLUG).services[0].names = {"vi": evil}
    page = hall.browser.get(PAGE).text
    assert embedded(page)["services"][0]["names"]["vi"] == evil
    assert evil not in page


def test_nothing_in_the_page_is_against_its_own_content_policy(hall: Hall) -> None:
    page = hall.browser.get(PAGE).text
    assert " style=" not in page
    inline = re.findall(r"<script(?![^>]*(?:src=|nonce=|application/json))[^>]*>", page)
    assert inline == []


def test_a_browser_that_is_no_kiosk_may_look_but_not_take_a_number(hall: Hall) -> None:
    browser = hall.browser
    page = browser.get(PAGE).text
    assert 'data-enrolled="false"' in page
    taken = browser.post(TICKETS, json=WISH, headers={"X-CSRF-Token": csrf_token(page)})
    assert taken.status_code == 401


def test_a_kiosk_takes_a_number_with_the_page_s_own_token(hall: Hall) -> None:
    browser = hall.browser
    browser.set_cookie(DEVICE_COOKIE, hall.token)
    page = browser.get(PAGE).text
    assert 'data-enrolled="true"' in page
    assert browser.post(TICKETS, json=WISH).status_code == 400
    taken = browser.post(TICKETS, json=WISH, headers={"X-CSRF-Token": csrf_token(page)})
    assert taken.status_code == 201
    assert taken.json["number"] == "A001"


def test_the_demo_enrols_its_kiosk_by_itself(demo: Hall) -> None:
    browser = demo.browser
    page = browser.get(PAGE).text
    assert 'data-enrolled="true"' in page
    taken = browser.post(TICKETS, json=WISH, headers={"X-CSRF-Token": csrf_token(page)})
    assert taken.status_code == 201
