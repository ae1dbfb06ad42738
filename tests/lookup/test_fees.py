"""The public fee board as any phone reads it: no script, in three languages, today's terms."""

from __future__ import annotations

import re

import pytest

from server.lookup.fees import dong, price_words, time_words
from server.offices import sample
from server.offices.procedures import FEE_OF_PROVINCE, load_procedures
from server.web import office_or_404
from tests.api.conftest import House
from tests.lookup.conftest import words_of
from tests.lookup.test_size import BUDGET_BYTES, load

PAGE = f"/fees/{sample.SLUG}"
HEADER = "field_code,field_vi,code,name_vi,days,unit,fee_vnd,fee_note,valid_from,papers\n"


def page(house: House, query: str = "?lang=vi") -> str:
    answer = house.app.test_client().get(PAGE + query)
    assert answer.status_code == 200
    return str(answer.text)


def post(house: House, *rows: str, header: str = HEADER) -> None:
    with house.parts.database.transaction() as session:
        load_procedures(session, header + "\n".join(rows), file="fees.csv")


def names(html: str) -> list[str]:
    found = re.findall(r"<h3[^>]*>(.*?)</h3>", html, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one) for one in found]


def test_khai_sinh_finds_the_registration_of_a_birth_and_what_it_costs(house: House) -> None:
    found = page(house, "?lang=vi&q=khai+sinh")
    assert names(found)[0] == "Thủ tục đăng ký khai sinh"
    words = words_of(found)
    assert "5 thủ tục khớp với “khai sinh”" in words
    first = words.split("Thủ tục đăng ký khai sinh ", 1)[1]
    assert first.startswith(
        "Miễn phí Thời hạn: Trong ngày (nhận sau 15 giờ: trả ngày làm việc tiếp theo) 1.001193"
    )


def test_all_procedures_stand_there_once_by_field_and_no_script_is_needed(house: House) -> None:
    everything = page(house)
    assert len(names(everything)) == len(set(re.findall(r"\d\.\d{6}", everything))) == 53
    assert "<script" not in everything
    assert everything.count('class="field"') == everything.count("<h2") > 10
    assert 'action="/fees/vinh-thuan"' in everything
    assert 'name="q"' in everything


def test_a_fee_that_nobody_has_entered_is_never_0(house: House) -> None:
    words = words_of(page(house))
    assert not re.search(r"(?<![\d.])0 đ", words)
    assert words.count("Theo nghị quyết của HĐND tỉnh") == 22
    assert words.count("Miễn phí") == 21


def test_how_a_fee_is_counted_and_who_is_exempt_stands_beside_it(house: House) -> None:
    words = words_of(page(house, "?lang=vi&q=2.000815.000.00.00.H17"))
    counted = "2.000 đ/trang; từ trang thứ ba 1.000 đ/trang; tối đa 200.000 đ/bản"
    assert re.search(r"2\.000 đ Thời hạn: Trong ngày .* " + re.escape(counted), words)


def test_a_charge_stands_beside_the_fee_and_each_says_how_it_is_counted(house: House) -> None:
    post(
        house,
        "CT,Chứng thực,2.000815,Bản sao,0,same_day,2000,2.000 đ/trang,,,50000,Miễn cho hộ nghèo",
        "CT,Chứng thực,2.000884,Chữ ký,0,same_day,0,Miễn phí,,,10000,",
        f"CT,Chứng thực,2.001035,Hợp đồng,0,same_day,,,,,,{FEE_OF_PROVINCE}",
        header=HEADER.replace("\n", ",charge_vnd,charge_note\n"),
    )
    both = words_of(page(house, "?lang=vi&q=2.000815"))
    assert "Phí: 2.000 đ Lệ phí: 50.000 đ" in both
    assert "Phí: 2.000 đ/trang Lệ phí: Miễn cho hộ nghèo" in both
    alone = words_of(page(house, "?lang=vi&q=2.000884"))
    assert "Lệ phí: 10.000 đ" in alone
    assert "Miễn phí" not in alone, "who pays a charge is not told that it is free"
    of_the_province = words_of(page(house, "?lang=vi&q=2.001035"))
    assert f"Phí: {FEE_OF_PROVINCE} Lệ phí: {FEE_OF_PROVINCE}" in of_the_province
    assert not re.search(r"(?<![\d.])0 đ", of_the_province)


def test_the_screen_says_what_is_received_after_three(house: House) -> None:
    words = words_of(page(house, "?screen=1&lang=vi"))
    assert words.count("Nhận sau 15 giờ: trả ngày làm việc tiếp theo") == 6


def test_terms_change_at_midnight_in_the_hall(house: House) -> None:
    post(house, "CT,Chứng thực,2.000815,Bản sao,0,same_day,3000,,2026-11-26,Bản chính | Bản sao")
    find = "?lang=vi&q=2.000815"
    assert "3.000 đ" not in page(house, find)
    house.clock.forward(hours=14, minutes=59)
    assert "3.000 đ" not in page(house, find)
    house.clock.forward(minutes=1)
    words = words_of(page(house, find))
    assert "3.000 đ" in words
    assert "Áp dụng vào ngày 26/11/2026" in words
    assert "Bản chính Bản sao" in words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ["Phí và thời hạn", "Hộ tịch", "3 ngày làm việc"]),
        ("en", ["Fees and times", "Birth registration", "3 working days", "Free of charge"]),
        ("km", ["អត្រានុកូលដ្ឋាន", "Thủ tục đăng ký khai sinh"]),
    ],
)
def test_it_speaks_three_languages_and_vietnamese_where_one_is_missing(
    house: House, language: str, words: list[str]
) -> None:
    for form in ("", "&screen=1"):
        text = page(house, f"?lang={language}{form}")
        assert f'<html lang="{language}">' in text
        assert [word for word in words if word not in words_of(text)] == []
    if language == "km":
        assert '<span lang="vi">Thủ tục đăng ký khai sinh</span>' in text


def test_a_hall_in_one_language_shows_that_one(house: House) -> None:
    house.edit(languages=["vi"])
    assert '<html lang="vi">' in page(house, "?lang=en")


def test_the_search_stays_when_the_language_changes_and_cannot_break_out(house: House) -> None:
    evil = page(house, "?lang=vi&q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%26lang")
    assert "<script" not in evil
    assert "Không tìm thấy" in words_of(evil)
    assert '?lang=en&amp;q=khai%20sinh"' in page(house, "?lang=vi&q=khai+sinh")


def test_a_search_of_any_length_is_answered(house: House) -> None:
    assert "Không tìm thấy" in words_of(page(house, "?lang=vi&q=" + "zz+" * 2000))


def test_a_hall_without_procedures_says_so(house: House) -> None:
    with house.parts.database.transaction() as session:
        for service in office_or_404(session, sample.SLUG).services:
            service.fields = []
    assert "Chưa có thủ tục nào được niêm yết" in words_of(page(house))
    assert "Chưa có thủ tục nào được niêm yết" in words_of(page(house, "?screen=1&lang=vi"))


def test_an_unknown_office_is_not_found(house: House) -> None:
    assert house.app.test_client().get("/fees/nowhere").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_a_first_load_is_small(house: House, language: str) -> None:
    seen: dict[str, int] = {}
    load(house.app.test_client(), f"{PAGE}?lang={language}", seen)
    for part in ("fees.css", "phone.css", "base.css", "icons.svg", "star.svg"):
        assert any(address.endswith(part) for address in seen), f"{part} was not counted"
    assert sum(seen.values()) <= BUDGET_BYTES, seen


def test_the_list_of_screens_and_the_phone_s_page_lead_there(house: House) -> None:
    listed = house.app.test_client().get("/").text
    assert f'href="{PAGE}"' in listed
    assert f'href="{PAGE}?screen=1"' in listed
    ticket = house.client("kiosk").take()
    assert f'href="{PAGE}"' in house.app.test_client().get(f"/t/{ticket['token']}").text


@pytest.mark.parametrize(
    ("days", "unit", "words"),
    [
        (0, "same_day", "Trong ngày"),
        (None, "working_day", "Không quy định thời hạn"),
        (3, "working_day", "3 ngày làm việc"),
        (30, "calendar_day", "30 ngày"),
        (8, "hour", "8 giờ"),
    ],
)
def test_times_in_words(house: House, days: int | None, unit: str, words: str) -> None:
    with house.app.test_request_context("/?lang=vi"):
        assert time_words(days, unit) == words


@pytest.mark.parametrize(
    ("fee", "note", "words"),
    [
        (None, "", ("Theo nghị quyết của HĐND tỉnh", "")),
        (None, "Thu theo NQ 05", ("Thu theo NQ 05", "")),
        (0, "Miễn phí", ("Miễn phí", "")),
        (0, "", ("Miễn phí", "")),
        (2000, "2.000 đ", ("2.000 đ", "")),
        (1200000, "Miễn cho hộ nghèo", ("1.200.000 đ", "Miễn cho hộ nghèo")),
    ],
)
def test_prices_in_words(house: House, fee: int | None, note: str, words: tuple[str, str]) -> None:
    with house.app.test_request_context("/?lang=vi"):
        assert price_words(fee, note) == words


def test_amounts_have_vietnamese_thousands() -> None:
    assert [dong(amount) for amount in (500, 2000, 1234567)] == ["500 đ", "2.000 đ", "1.234.567 đ"]
