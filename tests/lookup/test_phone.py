"""The phone page: what a holder reads in each status, in each language, and without scripts."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from server.printing.models import PrintJob
from server.queueing.models import Ticket
from tests.api.conftest import Asking, House
from tests.lookup.conftest import Holder, words_of


def test_who_waits_reads_number_service_people_ahead_and_likely_wait(
    house: House, clerk: Asking
) -> None:
    for _ in range(4):
        clerk.take()
    counter = clerk.get("/offices/vinh-thuan/board").json["counters"][0]["id"]
    clerk.post(f"/counters/{counter}/open")
    page = Holder(house, clerk.take(language="en"), clerk).reads()
    assert "A005" in re.sub(r"\b(A) (\d{3})\b", r"\1\2", page)
    assert "Civil status, adoption" in page
    assert "There are 4 people ahead of you" in page
    assert re.search(r"about \d+–\d+ minutes", page)
    assert "When it is your turn" in page
    assert "Within 30 minutes you need no new number" in page


def test_one_person_ahead_is_one_person(house: House, clerk: Asking) -> None:
    clerk.take()
    holder = Holder(house, clerk.take(language="en"), clerk)
    assert "There is 1 person ahead of you" in holder.reads()
    assert "It is nearly your turn" in holder.reads()


def test_who_is_next_reads_so(holder: Holder) -> None:
    assert "You are next" in holder.reads()


def test_no_wait_is_told_when_nothing_is_known(holder: Holder) -> None:
    # No counter is open: any number of minutes would be a guess.
    assert "minutes" not in holder.reads().split("When it is your turn")[0]


def test_who_is_called_reads_the_counter_and_the_page_is_gold(holder: Holder) -> None:
    holder.called("1")
    page = holder.reads()
    assert "It is your turn" in page
    assert "Please go to counter 1" in page
    assert 'data-tone="called"' in holder.look().text
    assert "no longer need" not in page


def test_who_is_served_reads_where(holder: Holder) -> None:
    holder.called("1")
    holder.step("serve")
    assert "You are being served at counter 1" in holder.reads()


def test_who_missed_the_call_reads_what_to_do_and_until_when(holder: Holder) -> None:
    holder.called()
    holder.step("no-show")
    page = holder.reads()
    assert "You missed your call" in page
    assert "Come back by 9:30" in page
    assert "You then wait behind 3 people." in page
    assert f"/api/v1/tickets/{holder.ticket['token']}/qr.svg" in holder.look().text


def test_too_late_to_come_back_is_said(holder: Holder) -> None:
    holder.called()
    holder.step("no-show")
    holder.house.clock.forward(minutes=31)
    page = holder.reads()
    assert "The time to come back is over" in page
    assert "could be used until 9:30. Please take a new number." in page
    assert "qr.svg" not in holder.look().text
    holder.house.clock.forward(days=1)
    assert "until 9:30 on 25/11/2026." in holder.reads()


def test_who_is_set_aside_reads_the_reason_and_what_comes_then(holder: Holder) -> None:
    holder.called()
    holder.step("park", reason="Copy of the birth certificate")
    page = holder.reads()
    assert "Your place is kept" in page
    assert "Copy of the birth certificate" in page
    assert "You are called first then. You need no new number." in page


def test_a_usual_reason_is_read_in_the_holders_language(holder: Holder) -> None:
    holder.house.edit(words={"parks": [{"vi": "Điền lại tờ khai", "en": "Fill in the form again"}]})
    holder.called()
    holder.step("park", reason="Điền lại tờ khai")
    assert "Fill in the form again" in holder.reads()
    assert "Điền lại tờ khai" in holder.reads("?lang=vi")


def test_who_has_been_served_is_thanked(holder: Holder) -> None:
    holder.called()
    holder.step("finish")
    page = holder.reads()
    assert "Thank you" in page
    assert "please keep the receipt" in page


def test_who_gave_the_number_back_reads_so(holder: Holder) -> None:
    holder.house.client().delete(f"/tickets/{holder.ticket['token']}")
    assert "You gave this number back" in holder.reads()


def test_a_number_the_staff_cancelled_says_who_did_it(holder: Holder) -> None:
    holder.step("cancel")
    assert "The staff have cancelled this number" in holder.reads()


def test_who_was_not_called_before_the_day_ended_reads_an_apology(
    holder: Holder, clerk: Asking
) -> None:
    holder.house.clock.forward(days=1)
    clerk.take()  # the first of the new day closes the old one
    page = holder.reads()
    assert "The day ended before your turn" in page
    assert "We are sorry." in page
    assert "25/11/2026" in page


def test_a_break_says_when_it_goes_on_and_that_the_number_is_kept(holder: Holder) -> None:
    holder.house.clock.forward(hours=3)  # noon
    page = holder.reads()
    assert "The office is closed now and opens at 13:00 today. Your number is kept." in page
    assert "stay close to the counters" not in page


def test_after_hours_nothing_is_promised(holder: Holder) -> None:
    holder.house.clock.forward(hours=9)
    page = holder.reads()
    assert "If you are still waiting, please ask the staff." in page
    assert "Your number is kept" not in page


def test_a_slip_that_never_came_is_not_needed(holder: Holder) -> None:
    assert "valid without a slip" not in holder.reads()
    with holder.house.parts.database.transaction() as session:
        session.execute(update(PrintJob).values(state="failed"))
    assert "Your number is valid without a slip." in holder.reads()


@pytest.mark.parametrize("status", ["waiting", "called", "serving", "parked", "no_show", "done"])
def test_nothing_is_left_in_english_on_a_vietnamese_page(holder: Holder, status: str) -> None:
    if status != "waiting":
        holder.called()
    step = {"serving": "serve", "parked": "park", "no_show": "no-show", "done": "finish"}
    if status in step:
        holder.step(step[status], **({"reason": "Bổ sung"} if status == "parked" else {}))
    page = holder.reads("?lang=vi")
    assert holder.stored().status == status
    assert not re.search(r"\b(you|your|please|number|the|is)\b", page, re.IGNORECASE), page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "Ông/bà là người tiếp theo"),
        ("en", "You are next"),
        ("km", "លេខរបស់អ្នក"),
    ],
)
def test_the_page_speaks_the_language_chosen_at_the_kiosk(
    house: House, clerk: Asking, language: str, words: str
) -> None:
    holder = Holder(house, clerk.take(language=language), clerk)
    answer = holder.look(**{"Accept-Language": "en"})
    assert f'<html lang="{language}">' in answer.text
    assert words in words_of(answer.text)


def test_khmer_words_say_that_they_await_review(holder: Holder) -> None:
    assert "người biết tiếng Khmer duyệt" in holder.reads("?lang=km")
    assert "Khmer duyệt" not in holder.reads("?lang=vi")


def test_a_language_chosen_on_the_phone_stays(holder: Holder) -> None:
    phone = holder.house.app.test_client()
    assert "Số của ông/bà" in words_of(phone.get(f"{holder.address}?lang=vi").text)
    assert "Số của ông/bà" in words_of(phone.get(holder.address).text)


def test_a_hall_offers_only_the_languages_it_speaks(holder: Holder) -> None:
    assert "?lang=km" in holder.look().text
    holder.house.edit(languages=["vi", "en"])
    assert "?lang=km" not in holder.look().text
    assert '<html lang="en">' in holder.look("?lang=km").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "Không tìm thấy số này"),
        ("en", "This number is not known here"),
        ("km", "Không tìm thấy số này"),
    ],
)
def test_an_unknown_number_gets_a_kind_page(house: House, language: str, words: str) -> None:
    answer = house.app.test_client().get(f"/t/not-a-number?lang={language}")
    assert answer.status_code == 404
    assert words in words_of(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_is_kept_by_nobody_and_found_by_no_search(holder: Holder) -> None:
    headers = holder.look().headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "same-origin"


def test_nothing_personal_is_on_the_page_not_even_why_somebody_has_priority(
    house: House, clerk: Asking
) -> None:
    holder = Holder(house, clerk.take(priority="disability", language="en"), clerk)
    holder.called()
    page = holder.look().text
    assert "disab" not in page.lower()
    assert "khuyết tật" not in holder.look("?lang=vi").text.lower()
    for known in ("lan", "clerk", "priority"):
        assert f'"{known}"' not in page


def test_a_page_gives_nobody_elses_number_away(house: House, clerk: Asking) -> None:
    other, mine = clerk.take(), Holder(house, clerk.take(), clerk)
    page = mine.look().text
    with house.parts.database.read() as session:
        ref = session.get_one(Ticket, other["id"]).ref
    assert mine.ticket["token"] in page
    for secret in (other["token"], ref, other["number"]):
        assert secret not in page


def test_words_of_a_hall_and_of_a_clerk_cannot_break_out_of_the_page(holder: Holder) -> None:
    holder.house.edit(names={"vi": "</script><script>alert(1)</script>"})
    holder.called()
    holder.step("park", reason="</script><script>alert(2)</script>")
    assert "<script>alert(" not in holder.look().text


def test_the_page_has_no_script_or_style_that_the_policy_would_stop(holder: Holder) -> None:
    answer = holder.look()
    assert not re.search(r"\s(style|on\w+)=", answer.text)
    for tag in re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", answer.text):
        assert "application/json" in tag
    policy = answer.headers["Content-Security-Policy"]
    for nonce in re.findall(r'<style nonce="([^"]+)"', answer.text):
        assert nonce in policy


def test_without_scripts_the_page_loads_itself_again_until_it_is_over(holder: Holder) -> None:
    refresh = re.compile(r'<noscript><meta http-equiv="refresh" content="(\d+)"></noscript>')
    found = refresh.search(holder.look().text)
    assert found and 10 <= int(found[1]) <= 30
    assert f'href="{holder.address}" class="foot-again"' in holder.look().text
    holder.called()
    assert refresh.search(holder.look().text)
    holder.step("finish")
    assert not refresh.search(holder.look().text)


def test_without_scripts_nothing_is_offered_that_needs_them(holder: Holder) -> None:
    assert "Ring me" not in holder.reads()
    assert '<button type="button" class="ring" id="ring" aria-pressed="false" hidden>' in (
        holder.look().text
    )


def test_the_way_names_where_one_is(holder: Holder) -> None:
    def steps() -> list[tuple[str, str]]:
        way = re.search(r'<ol class="way".*?</ol>', holder.look().text, re.DOTALL)
        assert way
        return re.findall(r'<li class="is-(\w+)".*?dot-words">(.*?)</span>', way[0], re.DOTALL)

    assert [state for state, _ in steps()] == ["past", "now", "coming", "coming"]
    holder.called()
    assert steps()[2] == ("now", "Your turn")
    holder.step("no-show")
    assert steps()[2] == ("stopped", "Missed")
    holder.step("resume")
    assert steps()[1] == ("now", "Waiting")
    holder.step("cancel")
    assert [state for state, _ in steps()] == ["past", "past", "past", "stopped"]
