"""Signing in at a counter, and out again."""

from __future__ import annotations

import re

import pytest

from tests.counter.conftest import Clerk, Office


def test_a_clerk_signs_in_and_is_asked_for_the_counter(office: Office) -> None:
    clerk = office.browser()
    answer = clerk.sign_in()
    assert (answer.status_code, answer.location) == (303, "/counter/")
    page = clerk.get("/counter/").text
    assert "Trần Thị Lan" in page
    assert 'class="places"' in page


def test_whoever_is_not_signed_in_gets_the_form(office: Office) -> None:
    page = office.browser().get("/counter/")
    assert page.status_code == 200
    assert 'autocomplete="current-password"' in page.text
    assert 'class="places"' not in page.text


def refusal(office: Office, name: str, password: str) -> tuple[int, str, str]:
    """Status, the words of the refusal, and the whole page."""
    answer = office.browser().sign_in(name, password)
    words = re.search(r'role="alert"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert words, "the page says nothing about the refusal"
    return answer.status_code, re.sub(r"<[^>]+>", "", words[1]).strip(), answer.text


def test_a_wrong_name_and_a_wrong_password_get_the_same_words(office: Office) -> None:
    unknown = refusal(office, "nobody", "correct horse")
    wrong = refusal(office, "lan", "wrong horse")
    assert unknown[:2] == wrong[:2]
    assert wrong[0] == 401
    assert wrong[1]


def test_the_name_stays_in_its_field_and_the_password_does_not(office: Office) -> None:
    page = refusal(office, "lan", "wrong horse")[2]
    assert re.search(r'name="name"[^>]*value="lan"', page)
    assert "wrong horse" not in page


def test_what_was_typed_as_a_name_is_shown_as_text_only(office: Office) -> None:
    page = refusal(office, '"><script>alert(1)</script>', "x")[2]
    assert "<script>alert(1)" not in page


def test_signing_in_needs_the_token_of_the_form(office: Office) -> None:
    clerk = office.browser()
    clerk.get("/counter/")
    answer = clerk.client.post(
        "/counter/sign-in", data={"name": "lan", "password": "correct horse"}
    )
    assert answer.status_code == 400
    assert 'class="places"' not in clerk.get("/counter/").text


def test_after_signing_in_it_goes_on_to_the_counter_that_was_asked_for(office: Office) -> None:
    clerk = office.browser()
    wish = clerk.get(f"/counter/{office.counter('2')['id']}")
    assert wish.status_code == 303
    assert f'name="counter" value="{office.counter("2")["id"]}"' in clerk.get(wish.location).text
    answer = clerk.sign_in(counter=str(office.counter("2")["id"]))
    assert answer.location == f"/counter/{office.counter('2')['id']}"


@pytest.mark.parametrize(
    "wish", ["https://evil.example/", "//evil.example", "2/../../evil", "javascript:alert(1)"]
)
def test_signing_in_never_leads_away_from_here(office: Office, wish: str) -> None:
    for more in ({"counter": wish}, {"next": wish}):
        answer = office.browser().sign_in(**more)
        assert (answer.status_code, answer.location) == (303, "/counter/")


def test_a_sign_in_ends_with_the_working_day(office: Office) -> None:
    clerk = office.browser()
    clerk.sign_in()
    office.now = office.now.replace(hour=15)
    assert 'class="places"' not in clerk.get("/counter/").text


def sit_down(office: Office, clerk: Clerk, number: str) -> None:
    answer = clerk.send(f"/counter/{office.counter(number)['id']}")
    assert answer.status_code == 303


def test_signing_out_ends_the_session_and_closes_the_counter(office: Office) -> None:
    clerk = office.browser()
    clerk.sign_in()
    sit_down(office, clerk, "1")
    assert clerk.send("/counter/sign-out").status_code == 303
    assert 'class="places"' not in clerk.get("/counter/").text
    assert office.counter("1") | {"id": 0} == {"id": 0, "status": "closed", "clerk": None}


def test_signing_out_needs_the_token(office: Office) -> None:
    clerk = office.browser()
    clerk.sign_in()
    assert clerk.client.post("/counter/sign-out").status_code == 400
    assert 'class="places"' in clerk.get("/counter/").text


def test_a_chosen_language_stays(office: Office) -> None:
    clerk = office.browser()
    assert '<html lang="en">' in clerk.get("/counter/?lang=en").text
    assert '<html lang="en">' in clerk.get("/counter/").text


def test_the_pages_carry_no_inline_script_or_style(office: Office) -> None:
    clerk = office.browser()
    pages = [clerk.get("/counter/").text]
    clerk.sign_in()
    sit_down(office, clerk, "1")
    pages += [
        clerk.get("/counter/").text,
        clerk.get(f"/counter/{office.counter('1')['id']}").text,
    ]
    for page in pages:
        assert not re.search(r"\sstyle=|\son\w+=|<style", page)
        for script in re.findall(r"<script[^>]*>", page):
            assert "src=" in script or "nonce=" in script
