"""Giving a number back from the phone: by a form, with or without scripts, and not once called."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.api.conftest import House
from tests.lookup.conftest import Holder, words_of


def fill_in(phone: FlaskClient, holder: Holder) -> tuple[str, dict[str, str]]:
    """The address and the fields of the form on the page."""
    page = phone.get(holder.address).text
    form = re.search(r'<form method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form, "the page offers no form"
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2])
    return form[1], dict(fields)


def test_a_number_is_given_back_by_the_form(holder: Holder) -> None:
    phone = holder.house.app.test_client()
    address, fields = fill_in(phone, holder)
    answer = phone.post(address, data=fields)
    assert (answer.status_code, answer.location) == (303, holder.address)
    assert "You gave this number back" in words_of(phone.get(answer.location).text)
    assert (holder.stored().status, holder.stored().closed_reason) == ("cancelled", "holder")


def test_it_takes_two_touches(holder: Holder) -> None:
    page = holder.look().text
    assert re.search(r'<details class="give-back"[^>]*id="give-back"[^>]*>\s*<summary>', page)
    assert "<details open" not in page


def test_a_parked_number_and_a_missed_one_can_be_given_back(house: House, holder: Holder) -> None:
    holder.called()
    holder.step("no-show")
    phone = house.app.test_client()
    address, fields = fill_in(phone, holder)
    assert phone.post(address, data=fields).status_code == 303
    assert holder.stored().status == "cancelled"


def test_once_called_it_is_refused_and_the_page_says_where_to_go(holder: Holder) -> None:
    phone = holder.house.app.test_client()
    address, fields = fill_in(phone, holder)
    holder.called("1")
    before = holder.house.revision()
    answer = phone.post(address, data=fields)
    assert answer.status_code == 409
    page = words_of(answer.text)
    assert "Your number has been called. Please go to counter 1." in page
    assert "It is your turn" in page
    assert holder.stored().status == "called"
    assert holder.house.revision() == before


def test_the_refusal_is_in_the_language_of_the_page(holder: Holder) -> None:
    phone = holder.house.app.test_client()
    holder.called("1")
    answer = phone.post(f"{holder.address}/cancel?lang=vi")
    assert "Số của ông/bà đã được gọi. Mời đến quầy 1." in words_of(answer.text)


def test_loading_the_refusal_again_leads_to_the_page(holder: Holder) -> None:
    answer = holder.house.app.test_client().get(f"{holder.address}/cancel")
    assert (answer.status_code, answer.location) == (303, holder.address)


def test_a_second_tap_on_a_slow_network_changes_nothing_more(holder: Holder) -> None:
    phone = holder.house.app.test_client()
    address, fields = fill_in(phone, holder)
    assert phone.post(address, data=fields).status_code == 303
    revision = holder.house.revision()
    assert phone.post(address, data=fields).status_code == 303
    assert holder.house.revision() == revision


def test_a_number_that_is_over_cannot_be_given_back(holder: Holder) -> None:
    holder.called()
    holder.step("finish")
    answer = holder.house.app.test_client().post(f"{holder.address}/cancel")
    assert answer.status_code == 409
    assert "This number is no longer in use." in words_of(answer.text)
    assert holder.stored().status == "done"


def test_an_unknown_number_cannot_be_given_back(house: House) -> None:
    assert house.app.test_client().post("/t/not-a-number/cancel").status_code == 404


def test_somebody_signed_in_needs_the_form_of_our_page(house: House, holder: Holder) -> None:
    browser = house.app.test_client()
    door = browser.get("/counter/").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', door)
    assert token
    browser.post(
        "/counter/sign-in",
        data={"name": "lan", "password": "correct horse", "csrf_token": token[1]},
    )
    assert browser.post(f"{holder.address}/cancel").status_code == 400
    assert holder.stored().status == "waiting"
    address, fields = fill_in(browser, holder)
    assert browser.post(address, data=fields).status_code == 303
    assert holder.stored().status == "cancelled"
