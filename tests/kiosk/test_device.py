"""Setting a kiosk up: its token is entered once and never shown again."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.offices import sample
from server.web import DEVICE_COOKIE
from tests.kiosk.conftest import Hall

PAGE = f"/kiosk/{sample.SLUG}"


def enter(browser: FlaskClient, token: str) -> TestResponse:
    return browser.post(f"{PAGE}/device", data={"token": token})


def test_a_kiosk_is_set_up_once_and_stays_so(hall: Hall) -> None:
    browser = hall.browser
    assert "motcua device add kiosk" in browser.get(f"{PAGE}/device").text
    answer = enter(browser, f"  {hall.token}\n")
    assert (answer.status_code, answer.location) == (303, PAGE)
    cookie = browser.get_cookie(DEVICE_COOKIE)
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == (hall.token, True, "Strict")
    page = browser.get(PAGE).text
    assert 'data-enrolled="true"' in page
    assert hall.token not in page


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_the_form_speaks_the_technician_s_language(hall: Hall, language: str) -> None:
    page = hall.browser.get(f"{PAGE}/device?lang={language}").text
    titles = {"vi": "Cài đặt máy lấy số", "en": "Set up this kiosk", "km": "Cài đặt máy lấy số"}
    assert f"<h1>{titles[language]}</h1>" in page


@pytest.mark.parametrize("scope", ["", "display", "counter"])
def test_a_token_that_is_not_a_kiosk_s_is_refused(hall: Hall, scope: str) -> None:
    browser = hall.browser
    answer = enter(browser, hall.device(scope) if scope else "nonsense")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert browser.get_cookie(DEVICE_COOKIE) is None


def test_a_kiosk_belongs_to_its_office_and_those_below_it(hall: Hall) -> None:
    assert enter(hall.browser, hall.device("kiosk", "kien-giang")).status_code == 303
    elsewhere = hall.browser.post("/kiosk/kien-giang/device", data={"token": hall.token})
    assert elsewhere.status_code == 422


def test_what_was_entered_wrongly_is_not_sent_back(hall: Hall) -> None:
    assert "nonsense-token" not in enter(hall.browser, "nonsense-token").text
