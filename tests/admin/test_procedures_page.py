"""A manager finds a procedure, lets a new fee begin tomorrow, and the board follows."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from server.offices import sample
from server.offices.models import Procedure
from tests.admin.conftest import Desk, Somebody
from tests.lookup.conftest import words_of

COPY = "2.000815"
PAGE = f"/procedures/{COPY}"
SAVE = "Lưu quy định này"
BOARD = f"/fees/{sample.SLUG}?lang=vi&q={COPY}"


def save(who: Somebody, **changes: str) -> str:
    """Send the form with changes; the page that one lands on."""
    answer = who.send(PAGE, who.fields(PAGE, SAVE) | {"source": "NQ 05/2026/NQ-HĐND"} | changes)
    assert answer.status_code == 303, words_of(answer.text)
    return words_of(who.get(answer.headers["Location"].removeprefix("/admin")))


def refused(who: Somebody, path: str = PAGE, status: int = 422, **changes: str) -> str:
    """Send what will not do; the page that comes back."""
    answer = who.send(path, who.fields(path, SAVE) | changes)
    assert answer.status_code == status
    return str(answer.text)


def versions(desk: Desk, code: str = COPY) -> list[tuple[str, int | None]]:
    with desk.database.read() as session:
        found = select(Procedure).where(Procedure.code == code).order_by(Procedure.valid_from)
        return [(one.valid_from, one.fee_vnd) for one in session.scalars(found)]


def names(page: str) -> list[str]:
    found = re.findall(r"<h2><a[^>]*>(.*?)</a>", page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one) for one in found]


def test_a_fee_from_tomorrow_is_on_the_board_tomorrow_and_not_today(desk: Desk) -> None:
    manager, anyone = desk.sign_in("minh"), desk.app.test_client()
    page = save(manager, valid_from="2026-11-26", fee_vnd="3.500 đ", fee_note="3.500 đ/trang")
    assert "Đã lưu. Hồ sơ đã tiếp nhận trước đó giữ quy định lúc tiếp nhận." in page
    assert "Sắp áp dụng từ 26/11/2026" in page
    assert "Đang áp dụng đến 25/11/2026" in page
    assert "2.000 đ" in words_of(anyone.get(BOARD).text)
    desk.clock.forward(days=1)
    board = words_of(anyone.get(BOARD).text)
    assert "3.500 đ" in board
    assert "2.000 đ" not in board


def test_a_dossier_keeps_the_terms_it_was_accepted_under(desk: Desk) -> None:
    path = f"/offices/{sample.SLUG}/dossiers"
    body = {"procedure": COPY, "applicant": {"name": "NGUYỄN VĂN MẪU"}}
    before = desk.api("POST", path, body).json
    save(
        desk.sign_in("minh"),
        **{"fee_vnd": "9000", "charge_how": "amount", "charge_vnd": "50.000", "charge_note": ""},
    )
    after = desk.api("POST", path, body).json
    assert (before["terms"]["fee_vnd"], before["terms"]["charge_vnd"]) == (2000, None)
    assert (after["terms"]["fee_vnd"], after["terms"]["charge_vnd"]) == (9000, 50_000)
    kept = desk.api("GET", f"/dossiers/{before['code']}").json
    assert kept["terms"] == before["terms"]


def test_the_form_as_it_stands_says_what_is_stored(desk: Desk) -> None:
    """Nothing is lost by saving: names, papers, agencies and who sets the price stay."""
    manager = desk.sign_in("minh")
    code = "1.012784"
    form = {
        "papers": "Đơn đề nghị\n\n  Giấy chứng nhận\n",
        "turn-tnmt": "1",
        "share-tnmt": "7",
        "turn-thue": "2",
        "share-thue": "3",
        "days": "12",
        "unit": "working_day",
        "charge_how": "province",
        "charge_note": "Miễn cho hộ nghèo",
        "valid_from": "2026-11-26",
        "source": "NQ 05",
    }
    path = f"/procedures/{code}"
    assert manager.send(path, manager.fields(path, SAVE) | form).status_code == 303
    again = manager.fields(f"{path}?from=2026-11-26", SAVE)
    assert manager.send(path, again).status_code == 303
    with desk.database.read() as session:
        stored = session.scalars(
            select(Procedure).where(Procedure.code == code, Procedure.valid_from == "2026-11-26")
        ).one()
        first = session.scalars(
            select(Procedure).where(Procedure.code == code, Procedure.valid_from == "")
        ).one()
    assert stored.papers == ["Đơn đề nghị", "Giấy chứng nhận"]
    assert stored.agencies == [
        {"agency": "tnmt", "position": 1, "share": 7},
        {"agency": "thue", "position": 2, "share": 3},
    ]
    assert (stored.charge_vnd, stored.charge_note) == (
        None,
        "Theo nghị quyết của HĐND tỉnh; Miễn cho hộ nghèo",
    )
    for name in ("names", "field_names", "field_code", "fee_vnd", "level", "position"):
        assert getattr(stored, name) == getattr(first, name), name


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"fee_vnd": "-5"}, "fee_vnd", "chỉ gồm chữ số"),
        ({"fee_vnd": ""}, "fee_vnd", "ghi 0 nếu miễn phí"),
        ({"fee_how": "province"}, "fee_vnd", "chọn mục số tiền"),
        ({"charge_note": "Miễn"}, "charge_note", "không có lệ phí"),
        ({"source": " "}, "source", "văn bản hoặc trang quy định"),
        ({"valid_from": "2026-11-24"}, "valid_from", "hôm nay hoặc sau đó"),
        ({"valid_from": "31/12/2026"}, "valid_from", "không phải là ngày"),
        ({"valid_to": "2020-01-01"}, "valid_to", "trước ngày đầu"),
        ({"name_vi": ""}, "name_vi", "nội dung tiếng Việt"),
        ({"name_vi": "Đ" * 1001}, "name_vi", "tối đa 1000 ký tự"),
        ({"name_en": "a\0b"}, "name_en", "ký tự điều khiển"),
        ({"field_code": "XX"}, "field_code", "tiếng Việt"),
        ({"unit": "year"}, "unit", "trong danh sách"),
        ({"days": "3"}, "days", "Trả trong ngày"),
        ({"turn-tnmt": "1"}, "agencies", "số nguyên từ 1"),
        ({"turn-tnmt": "x", "share-tnmt": "2"}, "agencies", "số nguyên từ 1"),
    ],
)
def test_what_will_not_do_is_told_beside_its_field_and_nothing_is_lost(
    desk: Desk, changes: dict[str, str], field: str, words: str
) -> None:
    manager = desk.sign_in("minh")
    page = refused(manager, **{"source": "NQ 05", "level": "xã thử"} | changes)
    beside = re.search(rf'id="{field}-problem">(.*?)</p>', page, re.DOTALL)
    assert beside is not None, words_of(page)
    assert words in beside[1]
    assert 'value="xã thử"' in page, "what was written is still there"
    assert len(versions(desk)) == 1


def test_the_second_of_two_managers_is_told_and_sees_what_the_first_did(desk: Desk) -> None:
    first, second = desk.sign_in("minh"), desk.sign_in("hoa")
    form = second.fields(PAGE, SAVE) | {"fee_vnd": "9.000", "source": "NQ 06"}
    save(first, fee_vnd="3000")
    answer = second.send(PAGE, form)
    assert answer.status_code == 409
    assert "Có người vừa thay đổi mục này" in words_of(answer.text)
    assert "3.000 đ" in words_of(answer.text), "what holds now"
    assert 'value="9.000"' in answer.text, "what the second has written"
    assert versions(desk) == [("", 2000), ("2026-11-25", 3000)]
    seen = re.search(r'name="seen" value="([^"]+)"', answer.text)
    assert seen is not None
    assert second.send(PAGE, form | {"seen": seen[1]}).status_code == 303
    assert versions(desk) == [("", 2000), ("2026-11-25", 9000)]


def test_terms_to_come_are_put_right_from_their_own_link(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    save(manager, valid_from="2027-01-01", fee_vnd="3000")
    link = re.search(r'href="/admin(/procedures/[^"#]+\?from=2027-01-01)', manager.get(PAGE))
    assert link is not None
    form = manager.fields(link[1], SAVE)
    assert (form["valid_from"], form["fee_vnd"]) == ("2027-01-01", "3000")
    assert manager.send(PAGE, form | {"fee_vnd": "4000"}).status_code == 303
    assert versions(desk) == [("", 2000), ("2027-01-01", 4000)]


def test_terms_to_come_are_withdrawn_at_a_press(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    save(manager, valid_from="2027-01-01", fee_vnd="3000")
    press = manager.fields(PAGE, "Thu hồi")
    answer = manager.send(PAGE, press)
    assert answer.status_code == 303
    assert "Đã lưu" in words_of(manager.get(answer.headers["Location"].removeprefix("/admin")))
    assert versions(desk) == [("", 2000)]
    assert manager.send(PAGE, press).status_code == 404
    assert "Thu hồi" not in manager.get(PAGE)


def test_a_procedure_ends_and_is_found_among_those_that_have(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    end = manager.fields(PAGE, "Lưu ngày cuối")
    assert manager.send(PAGE, end | {"last_day": "2026-11-24"}).status_code == 422
    assert manager.send(PAGE, end | {"last_day": "2026-11-25"}).status_code == 303
    ended = f"/procedures?show=ended&q={COPY}"
    assert names(manager.get(ended)) == []
    desk.clock.forward(days=1)
    manager = desk.sign_in("minh")
    assert len(names(manager.get(ended))) == 1
    assert "Hết hiệu lực" in words_of(manager.get(ended))
    assert "2.000 đ" not in words_of(desk.app.test_client().get(BOARD).text)


def test_a_new_procedure_is_added_and_one_that_is_there_is_refused(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    form = manager.fields("/procedures/new", SAVE) | {
        "code": "1.000001.000.00.00.H33",
        "name_vi": "Thủ tục mới",
        "field_code": "HT",
        "days": "5",
        "fee_vnd": "8.000",
        "source": "NQ 05",
    }
    answer = manager.send("/procedures/new", form)
    assert answer.headers["Location"] == "/admin/procedures/1.000001?saved=2026-11-25"
    assert "Thủ tục mới" in words_of(
        desk.app.test_client().get(f"/fees/{sample.SLUG}?lang=vi&q=thu+tuc+moi").text
    )
    again = manager.send("/procedures/new", form | {"code": COPY})
    assert again.status_code == 409
    assert "đã có trong danh mục" in again.text


# ── the list ──────────────────────────────────────────────────────────────────


def test_khai_sinh_is_found_without_accents(desk: Desk) -> None:
    page = desk.sign_in("minh").get("/procedures?q=khai+sinh")
    assert names(page)[0] == "Thủ tục đăng ký khai sinh"
    assert "5 thủ tục" in words_of(page)


def test_the_list_narrows_down_by_field_and_by_what_is_missing(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    assert len(names(manager.get("/procedures?field=CT"))) < 20
    unpriced = manager.get("/procedures?show=unpriced")
    assert "22 thủ tục" in words_of(unpriced)
    assert words_of(unpriced).count("Chưa nhập mức thu") == 22 + 1, "each, and the choice"
    assert names(manager.get("/procedures?show=ended")) == []
    assert "Không tìm thấy" in words_of(manager.get("/procedures?q=zzz"))


def test_a_long_list_has_pages(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    first = manager.get("/procedures")
    assert len(names(first)) == 50
    assert len(names(manager.get("/procedures?show=all&page=2"))) == 3
    assert len(names(manager.get("/procedures?page=99&q=%00"))) == 3


def test_an_empty_catalogue_says_what_to_do(desk: Desk) -> None:
    with desk.database.transaction() as session:
        for one in session.scalars(select(Procedure)):
            session.delete(one)
    assert "motcua procedures load" in words_of(desk.sign_in("minh").get("/procedures"))


# ── who may ───────────────────────────────────────────────────────────────────


def test_a_clerk_has_no_part_in_it(desk: Desk) -> None:
    clerk = desk.sign_in("lan")
    for path in ("/procedures", PAGE, "/procedures/new"):
        clerk.get(path, status=403)
    manager = desk.sign_in("minh")
    token = re.search(r'name="csrf_token" value="([^"]+)"', clerk.get("/devices/vinh-thuan"))
    assert token is not None
    form = manager.fields(PAGE, SAVE) | {"csrf_token": token[1], "source": "NQ"}
    assert clerk.send(PAGE, form).status_code == 403
    assert len(versions(desk)) == 1


def test_the_catalogue_of_all_halls_is_not_for_the_manager_of_one(
    desk: Desk, another_hall: str
) -> None:
    manager = desk.sign_in("minh")
    page = words_of(manager.get(PAGE))
    assert "Chỉ người phụ trách tất cả mới được sửa" in page
    assert SAVE not in page
    everybody = desk.sign_in("ha")
    form = everybody.fields(PAGE, SAVE) | {"source": "NQ"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', manager.get("/procedures"))
    assert token is not None
    assert manager.send(PAGE, form | {"csrf_token": token[1]}).status_code == 403
    assert everybody.send(PAGE, form).status_code == 303


def test_another_site_cannot_send_the_form(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    form = manager.fields(PAGE, SAVE) | {"source": "NQ", "csrf_token": "x"}
    assert manager.send(PAGE, form).status_code == 400
    assert len(versions(desk)) == 1


def test_nobody_is_led_to_the_sign_in_and_back(desk: Desk) -> None:
    anyone = desk.app.test_client()
    for path in ("/admin/procedures", f"/admin{PAGE}", "/admin/procedures/new"):
        assert anyone.get(path).headers["Location"] == "/counter/?to=procedures"
    assert anyone.post(f"/admin{PAGE}", data={}).headers["Location"] == "/counter/?to=procedures"
    desk.sign_in("minh").get("/procedures/9.999999", status=404)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "New terms"), ("vi", "Quy định mới"), ("km", "Quy định mới")]
)
def test_it_speaks_three_languages(desk: Desk, language: str, words: str) -> None:
    page = desk.sign_in("minh", language).get(PAGE)
    assert f'<html lang="{language}">' in page
    assert words in words_of(page)
