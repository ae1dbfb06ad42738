"""A manager adds a day off, and the next dossier is due a day later; earlier ones stay."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from server.dossiers.models import DayOff
from server.offices import sample
from tests.admin.conftest import Desk, Somebody
from tests.lookup.conftest import words_of

PAGE = f"/calendar/{sample.SLUG}"
SAVE = "Lưu ngày này"
FLOOD = {
    "day": "2026-11-26",
    "kind": "off",
    "name": "Nghỉ lụt",
    "source": "Công văn 12/UBND",
    "valid_from": "2026-11-25",
}


def send(who: Somebody, path: str = PAGE, status: int = 303, **changes: str) -> str:
    """Send the form with changes; the page that comes back or that one lands on."""
    answer = who.send(PAGE, who.fields(path, SAVE) | changes)
    assert answer.status_code == status, words_of(answer.text)
    if status == 303:
        return who.get(answer.headers["Location"].removeprefix("/admin"))
    return str(answer.text)


def rows(desk: Desk) -> list[tuple[str, bool, str, str]]:
    with desk.database.read() as session:
        found = session.scalars(select(DayOff).order_by(DayOff.id))
        return [(one.day, one.working, one.names["vi"], one.valid_from) for one in found]


def due(desk: Desk) -> str:
    """When a dossier with five working days is due that is handed in now."""
    body = {"procedure": "1.004884", "applicant": {"name": "NGUYỄN VĂN MẪU"}}
    answer = desk.api("POST", f"/offices/{sample.SLUG}/dossiers", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json["due_at"])[:10]


def test_a_day_off_moves_the_due_date_of_the_next_dossier_and_of_no_earlier_one(
    desk: Desk,
) -> None:
    body = {"procedure": "1.004884", "applicant": {"name": "NGUYỄN VĂN MẪU"}}
    earlier = desk.api("POST", f"/offices/{sample.SLUG}/dossiers", body).json
    assert earlier["due_at"][:10] == "2026-12-02"
    page = words_of(send(desk.sign_in("minh"), **FLOOD))
    assert "Đã lưu. Hồ sơ đã tiếp nhận trước đó giữ nguyên ngày hẹn trả." in page
    assert "26/11/2026 Thứ Năm Ngày nghỉ Nghỉ lụt Công văn 12/UBND" in page
    assert due(desk) == "2026-12-03"
    kept = desk.api("GET", f"/dossiers/{earlier['code']}").json
    assert kept["due_at"] == earlier["due_at"]


def test_a_saturday_is_made_up(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    page = send(manager, **FLOOD | {"day": "2026-11-28", "kind": "work", "name": "Làm bù"})
    assert re.search(r'class="day-work">\s*<a href="#day-2026-11-28"[^>]*>28<small>làm', page)
    assert due(desk) == "2026-12-01"


def test_an_entry_for_later_dossiers_waits_for_them_and_is_shown_already(desk: Desk) -> None:
    page = send(desk.sign_in("minh"), **FLOOD | {"valid_from": "2026-11-26", "day": "2026-11-30"})
    assert "cho hồ sơ nhận từ 26/11/2026" in words_of(page)
    assert due(desk) == "2026-12-02"
    desk.clock.forward(days=1)
    assert due(desk) == "2026-12-04"


def test_a_year_stands_there_as_twelve_tables_that_say_what_each_day_is(desk: Desk) -> None:
    page = desk.sign_in("minh").get(f"{PAGE}?year=2026")
    months = re.findall(r"<caption>(.*?)</caption>.*?</table>", page, re.DOTALL)
    assert months == [f"Tháng {number}" for number in range(1, 13)]
    january = page.split("<caption>Tháng 1</caption>", 1)[1].split("</table>", 1)[0]
    assert re.findall(r"<a [^>]*>(\d+)<small>(\w+)</small>", january) == [
        ("1", "nghỉ"),
        ("2", "nghỉ"),
        ("10", "làm"),
    ]
    words = words_of(page)
    assert "02/01/2026: ở đây là ngày nghỉ, ở đó làm việc" in words
    assert "10/01/2026: ở đây làm việc, ở đó là ngày nghỉ" in words
    assert "đọc được trong nguồn công khai" in words
    assert "ghi giống hệt mọi ngày" in words_of(desk.sign_in("minh").get(f"{PAGE}?year=2025"))


def test_what_nobody_has_decided_yet_says_so(desk: Desk) -> None:
    assert "tạm tính" in words_of(desk.sign_in("minh").get(f"{PAGE}?year=2027"))


@pytest.mark.parametrize("year", ["2031", "1", "999999", "x"])
def test_a_year_that_the_calendar_does_not_know(desk: Desk, year: str) -> None:
    page = words_of(desk.sign_in("minh").get(f"{PAGE}?year={year}"))
    assert ("Lịch chưa có năm" in page) == (year != "x")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"day": ""}, "day", "không phải là ngày"),
        ({"day": "2026-02-30"}, "day", "không phải là ngày"),
        ({"day": "20261126"}, "day", "không phải là ngày"),
        ({"day": "2031-01-01"}, "day", "từ 2018 đến 2027"),
        ({"day": "2026-09-02"}, "day", "đã có trong lịch: Quốc khánh"),
        ({"source": "  "}, "source", "văn bản quy định"),
        ({"source": "x" * 501}, "source", "tối đa 500"),
        ({"name": ""}, "name", "tên gọi của ngày"),
        ({"name": "Đ" * 201}, "name", "tối đa 200"),
        ({"name": "a\0b"}, "name", "ký tự điều khiển"),
        ({"kind": "half"}, "kind", "trong danh sách"),
        ({"certainty": ""}, "certainty", "trong danh sách"),
        ({"valid_from": "2026-11-24"}, "valid_from", "hôm nay hoặc sau đó"),
        ({"valid_from": ""}, "valid_from", "không phải là ngày"),
    ],
)
def test_what_will_not_do_is_told_beside_its_field_and_nothing_is_lost(
    desk: Desk, changes: dict[str, str], field: str, words: str
) -> None:
    page = send(desk.sign_in("minh"), status=422, **FLOOD | {"name_en": "Flood"} | changes)
    beside = re.search(rf'id="{field}-problem">(.*?)</p>', page, re.DOTALL)
    assert beside is not None, words_of(page)
    assert words in beside[1]
    assert 'value="Flood"' in page
    assert rows(desk) == []


def test_a_day_is_changed_and_the_older_word_stays_beside_the_new_one(desk: Desk) -> None:
    manager = desk.sign_in("minh")
    change = f"{PAGE}?year=2026&day=2026-12-24"
    send(manager, **FLOOD | {"day": "2026-12-24", "valid_from": "2026-11-25"})
    desk.clock.forward(days=1)
    manager = desk.sign_in("minh")
    form = manager.fields(change, SAVE)
    assert (form["day"], form["name"], form["source"]) == (
        "2026-12-24",
        "Nghỉ lụt",
        "Công văn 12/UBND",
    )
    send(manager, change, kind="work", name="Không nghỉ nữa")
    assert rows(desk) == [
        ("2026-12-24", False, "Nghỉ lụt", "2026-11-25"),
        ("2026-12-24", True, "Không nghỉ nữa", "2026-11-26"),
    ]
    history = words_of(manager.get(change))
    assert history.index("Nghỉ lụt · đơn vị này") < history.index("Không nghỉ nữa · đơn vị này")


def test_the_second_of_two_managers_is_told(desk: Desk) -> None:
    first, second = desk.sign_in("minh"), desk.sign_in("hoa")
    change = f"{PAGE}?year=2026&day=2026-09-02"
    form = second.fields(change, SAVE) | {"name": "Của người thứ hai"}
    send(first, change, name="Của người thứ nhất")
    answer = second.send(PAGE, form)
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "Có người vừa thay đổi mục này" in words
    assert "Của người thứ nhất · đơn vị này" in words
    assert 'value="Của người thứ hai"' in answer.text
    assert [name for _, _, name, _ in rows(desk)] == ["Của người thứ nhất"]
    seen = re.search(r'name="seen" value="([^"]+)"', answer.text)
    assert seen is not None
    assert second.send(PAGE, form | {"seen": seen[1]}).status_code == 303


def test_a_day_for_every_office_needs_somebody_who_looks_after_all(
    desk: Desk, another_hall: str
) -> None:
    manager, everybody = desk.sign_in("minh"), desk.sign_in("ha")
    assert 'name="everywhere"' not in manager.get(PAGE)
    send(manager, status=403, **FLOOD | {"everywhere": "on"})
    assert rows(desk) == []
    send(everybody, **FLOOD | {"everywhere": "on"})
    assert "Nghỉ lụt" in words_of(everybody.get(f"/calendar/{another_hall}?year=2026"))


def test_who_looks_after_several_offices_chooses_one(desk: Desk, another_hall: str) -> None:
    page = desk.sign_in("ha").get("/calendar")
    for slug in ("kien-giang", sample.SLUG, another_hall):
        assert f'href="/admin/calendar/{slug}"' in page
    manager = desk.sign_in("minh")
    only = manager.client.get("/admin/calendar")
    assert only.headers["Location"] == f"/admin{PAGE}"
    manager.get(f"/calendar/{another_hall}", status=403)
    manager.get("/calendar/nowhere", status=404)


def test_clerks_and_nobody_see_no_calendar(desk: Desk) -> None:
    desk.sign_in("lan").get(PAGE, status=403)
    anyone = desk.app.test_client()
    for path in ("/admin/calendar", f"/admin{PAGE}"):
        assert anyone.get(path).headers["Location"] == "/counter/?to=calendar"
    assert anyone.post(f"/admin{PAGE}", data=FLOOD).headers["Location"] == "/counter/?to=calendar"


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_it_speaks_three_languages_and_keeps_the_year(desk: Desk, language: str) -> None:
    page = desk.sign_in("minh", language).get(f"{PAGE}?year=2025")
    assert f'<html lang="{language}">' in page
    assert ("Days off 2025" if language == "en" else "Ngày nghỉ 2025") in words_of(page)
    assert f'href="{"/admin" + PAGE}?year=2025&amp;lang=en"' in page
