"""Reception at the counter in one screen, in Chromium against the running product."""

from __future__ import annotations

import re
from typing import Any

import requests
from playwright.sync_api import Page, Route

from server.offices import sample
from tests.counter.dossierdesk import CARD, DossierDesk, DossierHall, expect

DOSSIERS = f"**/offices/{sample.SLUG}/dossiers"


def promised(page: Page) -> str:
    """The due date on the screen before anything is accepted."""
    return page.locator(".promise-day strong").get_attribute("data-due") or ""


def filled_in(dossier_desk: Any, *, somebody: bool = False) -> DossierDesk:
    """A form with its procedure and a name; with ``somebody`` in front."""
    desk: DossierDesk = dossier_desk()
    if somebody:
        desk.serve()
    desk.begin("tinh trang hon nhan")
    desk.type("Danh Thị Mẫu")
    return desk


def lose_answers(page: Page, path: str, count: int) -> list[str]:
    """The server does what it is asked, but the first answers are lost; the keys that were sent."""
    keys: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > count:
            return route.fallback()
        route.fetch()
        return route.abort()

    page.route(path, lose)
    return keys


def test_a_card_fills_the_form_and_what_was_shown_is_what_is_recorded(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    desk: DossierDesk = dossier_desk()
    ticket = desk.serve()
    desk.begin("tinh trang hon nhan")
    desk.scan(CARD)
    page = desk.page
    expect(page.locator("#applicant-name")).to_have_value("NGUYEN VAN MAU")
    expect(page.locator("#applicant-identity_number")).to_have_value("091090000123")
    expect(page.locator("#applicant-address")).to_have_value("Ap Mau, Vinh Thuan")
    expect(page.locator(".block-note-good")).to_contain_text("Compare it with the person")
    page.locator(".paper input").first.check()
    expect(page.locator(".counted")).to_contain_text("3 working days")
    expect(page.locator(".promise-fee")).to_have_text("15.000 đ")
    shown = promised(page)
    desk.press("Control+Enter")
    code = desk.received()
    made = dossier_hall.look(code)
    assert made["due_at"][:10] == shown[:10]
    assert page.locator(".received-due").get_attribute("data-due") == made["due_at"]
    assert made["applicant"]["name"] == "NGUYEN VAN MAU"
    assert made["papers"] == [{"name": "Tờ khai theo mẫu", "kind": "copy", "count": 1}]
    assert made["ticket"] == ticket["number"]
    for secret in ("NGUYEN", "091090000123", "Ap Mau"):
        assert secret not in desk.kept()
    board = dossier_hall.ask("GET", f"/offices/{sample.SLUG}/board")
    phone = requests.get(f"{dossier_hall.product.url}/t/{ticket['token']}", timeout=10).text
    assert code in phone
    assert "NGUYEN" not in f"{board}{phone}"


def test_several_dossiers_on_one_ticket(dossier_hall: DossierHall, dossier_desk: Any) -> None:
    desk: DossierDesk = dossier_desk()
    ticket = desk.serve()
    desk.begin("tinh trang hon nhan")
    desk.scan(CARD)
    expect(desk.page.locator("#applicant-name")).to_have_value("NGUYEN VAN MAU")
    desk.press("Control+Enter")
    first = desk.received()
    desk.page.locator("[data-act=another]").click()
    expect(desk.page.locator("#procedure")).to_be_focused()
    desk.type("tach thua")
    desk.press("Enter")
    expect(desk.page.locator("#applicant-name")).to_have_value("NGUYEN VAN MAU")
    expect(desk.page.locator(".promise-agencies li")).to_have_count(2)
    desk.press("Control+Enter")
    second = desk.received(before=first)
    assert [dossier_hall.look(code)["ticket"] for code in (first, second)] == [ticket["number"]] * 2
    assert [part["agency"] for part in dossier_hall.look(second)["parts"]] == ["tnmt", "thue"]
    expect(desk.page.locator(".strip-rows button")).to_have_count(2)
    desk.press("Escape")
    desk.page.locator(".strip-rows button", has_text=first).click()
    expect(desk.page.locator(".dossier-head h2")).to_have_text(first)


def test_papers_that_are_not_here_are_what_is_missing(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    desk = filled_in(dossier_desk, somebody=True)
    page = desk.page
    page.locator(".paper input").first.check()
    expect(page.locator(".reception-missing")).to_have_text("2 papers are not checked off")
    page.locator("[data-act=ask-supplement]").click()
    text = page.locator("#writing")
    expect(text).to_have_value("Trích lục ly hôn\nGiấy tờ cư trú\n")
    text.fill("")
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#writing-error")).to_contain_text("what is missing")
    text.fill("x" * 201)
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#writing-error")).to_contain_text("Line 1 is too long")
    text.fill("Trích lục ly hôn, bản chính\n\nẢnh 4×6")
    desk.press("Control+Enter")
    made = dossier_hall.look(desk.received())
    expect(page.locator("#received-title")).to_contain_text("Handed back")
    assert (made["status"], made["due_at"]) == (5, None)
    assert made["steps"][0]["data"]["missing"] == ["Trích lục ly hôn, bản chính", "Ảnh 4×6"]


def test_a_refusal_wants_its_reason(dossier_hall: DossierHall, dossier_desk: Any) -> None:
    desk = filled_in(dossier_desk, somebody=True)
    desk.page.locator("[data-act=refuse]").click()
    desk.page.locator("dialog [type=submit]").click()
    expect(desk.page.locator("#writing-error")).to_contain_text("reason")
    desk.type("Nộp tại nơi thường trú")
    desk.page.locator("dialog [type=submit]").click()
    made = dossier_hall.look(desk.received())
    assert made["status"] == 3
    assert made["steps"][0]["data"]["reason"] == "Nộp tại nơi thường trú"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_sent(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    before = dossier_hall.open()
    desk: DossierDesk = dossier_desk()
    desk.press("h")
    expect(desk.page.locator("#procedure")).to_be_focused()
    page = desk.page
    page.locator("#applicant-phone").fill("12345")
    page.locator("#applicant-identity_number").fill("0910 9000")
    page.locator("#applicant-email").fill("mau@")
    desk.press("Control+Enter")
    expect(page.locator("#procedure-error")).to_contain_text("choose the procedure")
    expect(page.locator("#applicant-name-error")).to_contain_text("write the name")
    expect(page.locator("#applicant-phone-error")).to_contain_text("ten digits")
    expect(page.locator("#applicant-identity_number-error")).to_contain_text("this has 8")
    expect(page.locator("#applicant-email-error")).to_contain_text("ten@example.vn")
    page.locator("#applicant-phone").fill("0912 345 678")
    expect(page.locator("#applicant-phone-error")).to_have_count(0)
    assert dossier_hall.open() == before


def test_where_the_catalogue_knows_no_time_it_is_asked(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    desk: DossierDesk = dossier_desk()
    desk.begin("tho cung liet si")
    desk.type("Danh Thị Mẫu")
    expect(desk.page.locator(".promise")).to_contain_text("does not say how long")
    desk.press("Control+Enter")
    expect(desk.page.locator("#count")).to_be_focused()
    desk.type("7")
    expect(desk.page.locator(".counted")).to_contain_text("7 working days")
    shown = promised(desk.page)
    desk.press("Control+Enter")
    made = dossier_hall.look(desk.received())
    assert (made["terms"]["count"], made["due_at"][:10]) == (7, shown[:10])


def test_nothing_is_accepted_before_its_own_date_is_shown(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    before = dossier_hall.open()
    desk = filled_in(dossier_desk)
    expect(desk.page.locator(".promise-day")).to_be_visible()
    desk.page.route("**/preview", lambda route: route.abort())
    desk.page.locator("[data-act=change-procedure]").click()
    desk.type("tach thua")
    desk.press("Enter")
    expect(desk.page.locator(".procedure-name")).to_have_text("Tách thửa hoặc hợp thửa đất")
    expect(desk.page.locator(".promise-day")).to_have_count(0)
    expect(desk.page.locator(".paper")).to_have_count(0)
    desk.press("Control+Enter")
    expect(desk.page.locator(".reception-said")).to_contain_text("not counted yet")
    assert dossier_hall.open() == before
    desk.page.unroute("**/preview")
    expect(desk.page.locator(".promise-agencies li")).to_have_count(2)
    desk.press("Control+Enter")
    assert dossier_hall.look(desk.received())["procedure"]["code"] == "1.012784"


def test_an_answer_lost_on_the_way_makes_no_second_dossier(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    before = dossier_hall.open()
    desk: DossierDesk = dossier_desk()
    keys = lose_answers(desk.page, DOSSIERS, 2)
    desk.begin("tinh trang hon nhan")
    desk.type("Danh Thị Mẫu")
    desk.press("Control+Enter")
    code = desk.received()
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert set(dossier_hall.open()) - set(before) == {code}


def test_a_form_survives_a_reload_and_its_lost_press_too(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    before = dossier_hall.open()
    desk = filled_in(dossier_desk, somebody=True)
    desk.page.locator("#applicant-phone").fill("0912345678")
    done: list[Any] = []
    # The server receives it, and the page is loaded again before the answer has come.
    desk.page.route(
        DOSSIERS,
        lambda route: route.fallback() if done else done.append(route.fetch().status),
    )
    desk.press("Control+Enter")
    while not done:
        desk.page.wait_for_timeout(20)
    desk.page.reload()
    assert done == [201]
    expect(desk.page.locator("#applicant-name")).to_have_value("Danh Thị Mẫu")
    expect(desk.page.locator("#applicant-phone")).to_have_value("0912345678")
    expect(desk.page.locator(".procedure-name")).to_contain_text("tình trạng hôn nhân")
    expect(desk.page.locator(".promise-day")).to_be_visible()
    desk.press("Control+Enter")
    code = desk.received()
    assert set(dossier_hall.open()) - set(before) == {code}
    assert "Danh Thị" not in desk.kept()


def test_a_form_goes_with_the_person_and_at_sign_out(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    desk = filled_in(dossier_desk, somebody=True)
    assert "Danh Thị" in desk.kept()
    desk.press("Escape")
    expect(desk.page.locator(".strip")).to_be_visible()
    desk.serve()
    expect(desk.page.locator(".now-held")).to_be_visible()
    assert "Danh Thị" not in desk.kept()
    desk.press("h")
    expect(desk.page.locator("#procedure")).to_be_focused()
    expect(desk.page.locator("#applicant-name")).to_have_value("")
    desk.page.locator("#applicant-name").fill("Danh Thị Mẫu")
    assert "Danh Thị" in desk.kept()
    desk.press("Escape")
    desk.press("x")
    expect(desk.page.locator(".now-held")).to_have_count(0)
    with desk.page.expect_navigation(url=re.compile(r"/counter/")):
        desk.page.locator("form[action$='/sign-out'] button").click()
    assert "Danh Thị" not in desk.kept()


def test_a_receipt_that_was_not_printed_is_said_and_the_sheet_is_offered(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    desk = filled_in(dossier_desk)

    def unknown(route: Route) -> None:
        """The server is asked for the form of a dossier that it does not know, and refuses."""
        route.continue_(url=re.sub(r"H33\.14-\d+-\d+", "H33.14-200101-0001", route.request.url))

    desk.page.route("**/forms/**", unknown)
    desk.press("Control+Enter")
    code = desk.received()
    printed = desk.page.locator(".received .printed")
    expect(printed).to_contain_text("was not printed. There is no such")
    sheet = printed.locator("a")
    expect(sheet).to_have_attribute("href", f"/counter/dossiers/{code}/forms/receipt")


def test_five_dossiers_of_one_kind_by_keyboard_alone(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    before = dossier_hall.open()
    desk: DossierDesk = dossier_desk()
    desk.begin("1.004873")
    names = ["Danh Bé", "Lê Văn Tám", "Trần Thị Lan", "Nguyễn Năm", "Phạm Sáu"]
    code = ""
    for place, name in enumerate(names):
        expect(desk.page.locator("#applicant-name")).to_be_focused()
        expect(desk.page.locator("#applicant-name")).to_have_value("")
        desk.type(name)
        desk.press("Enter")
        desk.type(f"0910900001{place:02}")
        desk.press("Enter")
        desk.type("0912345678")
        if place == 0:
            desk.press("Enter", "Enter", "Enter")  # address, e-mail, the first paper
            desk.press("Space")
        desk.press("Control+Enter")
        code = desk.received(before=code)
    made = [dossier_hall.look(one) for one in dossier_hall.open() if one not in before]
    assert [one["applicant"]["name"] for one in made] == names
    assert {one["procedure"]["code"] for one in made} == {"1.004873"}
    assert [len(one["papers"]) for one in made] == [1] * 5
    assert made[4]["applicant"]["phone"] == "0912345678"
    desk.press("Escape", "?")
    expect(desk.page.locator(".keys")).to_contain_text("accept, and on to the next of its kind")


def test_who_wants_to_be_told_is_asked_where_there_is_an_address(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    desk: DossierDesk = dossier_desk()
    desk.serve()
    desk.begin("tinh trang hon nhan")
    desk.type("Danh Thị Mẫu")
    page = desk.page
    mail = page.locator("[name=notices-email]")
    expect(mail).to_be_disabled()
    page.locator("#applicant-email").fill("mau@example.vn")
    mail.check()
    expect(page.locator("[name=notices-message]")).to_have_count(0)  # no gateway is set up
    expect(page.locator(".promise-day")).to_be_visible()
    desk.press("Control+Enter")
    first = desk.received()
    assert dossier_hall.look(first)["notices"]["channels"] == ["email"]
    expect(mail).not_to_be_checked()
