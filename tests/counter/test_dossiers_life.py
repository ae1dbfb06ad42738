"""The life of a dossier at the desk: found, taken further, returned, corrected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.counter.dossierdesk import LAND, OTHER_CARD, DossierDesk, DossierHall, expect
from tests.counter.test_desk import AXE

COLLECTOR = {"name": "DANH THI BE", "identity_number": "091305000456"}


def ready(hall: DossierHall) -> str:
    """A dossier whose result is ready."""
    code = str(hall.receive()["code"])
    hall.step(code, "finish")
    return code


def show(desk: DossierDesk, code: str) -> Page:
    """Open a dossier by its whole code."""
    desk.press("d")
    expect(desk.page.locator("#find")).to_be_focused()
    desk.type(code)
    desk.page.locator(f"[data-code='{code}']").click()
    expect(desk.page.locator(".dossier-head h2")).to_have_text(code)
    return desk.page


def step(page: Page, name: str) -> None:
    """Press a step and send its sheet."""
    page.locator(f".step-buttons [data-act={name}]").click()
    page.locator("dialog [type=submit]").click()
    expect(page.locator("dialog")).to_have_count(0)


def test_a_scanned_receipt_offers_the_return_to_another_collector(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = ready(dossier_hall)
    desk: DossierDesk = dossier_desk()
    desk.scan(code)
    page = desk.page
    expect(page.locator("#panel-title")).to_have_text("Return the result")
    expect(page.locator("dialog")).to_contain_text("NGUYỄN VĂN MẪU")
    desk.scan(OTHER_CARD)
    expect(page.locator("#collector-name")).to_have_value(COLLECTOR["name"])
    expect(page.locator("#collector-identity_number")).to_have_value(COLLECTOR["identity_number"])
    page.locator("dialog [type=submit]").click()
    expect(page.locator(".status")).to_have_text("Result collected")
    made = dossier_hall.look(code)
    assert made["status"] == 10
    assert {key: made["collector"][key] for key in COLLECTOR} == COLLECTOR
    assert COLLECTOR["name"] not in desk.kept()


def test_the_applicant_collects_with_two_presses(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = ready(dossier_hall)
    desk: DossierDesk = dossier_desk()
    desk.scan(code)
    desk.page.locator("dialog [type=submit]").click()
    expect(desk.page.locator(".status")).to_have_text("Result collected")
    assert dossier_hall.look(code)["collector"] is None


def test_somebody_else_without_a_name_is_asked_for_it(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = ready(dossier_hall)
    desk: DossierDesk = dossier_desk()
    desk.scan(code)
    desk.page.locator("dialog input[value=other]").check()
    desk.page.locator("dialog [type=submit]").click()
    expect(desk.page.locator("#collector-name-error")).to_contain_text("who collects it")
    assert dossier_hall.look(code)["status"] == 9


def test_a_dossier_goes_through_its_agencies_and_waits_and_is_finished(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = dossier_hall.receive(LAND)["code"]
    page = show(dossier_desk(), code)
    for name in ("hand-over", "take-over"):
        step(page, name)
    expect(page.locator(".dossier-holder")).to_contain_text("Phòng Tài nguyên và Môi trường")
    page.locator(".step-buttons [data-act=ask-supplement]").click()
    page.locator("#writing").fill("Bản vẽ thửa đất")
    page.locator("dialog [type=submit]").click()
    expect(page.locator(".status")).to_have_text("Papers are missing")
    expect(page.locator(".left")).to_contain_text("the clock stands still")
    for name in ("supplement", "part-done", "hand-over", "take-over", "part-done", "finish"):
        step(page, name)
    expect(page.locator(".status")).to_have_text("Result ready")
    first = page.locator(".history li")
    expect(first.first).to_contain_text("Result ready")
    expect(first.last).to_contain_text("Received")
    assert dossier_hall.look(code)["status"] == 9


def test_who_comes_back_with_the_papers_is_told_the_date_before_it_is_promised(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = dossier_hall.receive(outcome="ask-supplement", missing=["Ảnh"])["code"]
    page = show(dossier_desk(), code)
    page.locator(".step-buttons [data-act=accept]").click()
    shown = page.locator("dialog .promise-day strong").get_attribute("data-due") or ""
    page.locator("dialog [type=submit]").click()
    expect(page.locator(".status")).to_have_text("Accepted")
    assert dossier_hall.look(code)["due_at"][:10] == shown[:10]


def test_a_step_that_is_no_longer_possible_says_why_and_shows_how_it_stands(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = dossier_hall.receive()["code"]
    page = show(dossier_desk(), code)
    dossier_hall.step(code, "withdraw")
    step(page, "finish")
    said = page.locator(".dossier .said-problem")
    expect(said).to_contain_text("status does not allow")
    expect(said).to_contain_text("changed meanwhile")
    expect(page.locator(".status")).to_have_text("Withdrawn")
    expect(page.locator(".left")).not_to_contain_text("stands still")
    expect(page.locator(".step-buttons button")).to_have_count(1)
    assert dossier_hall.look(code)["status"] == 7


def test_an_unfinished_agency_is_named_when_the_result_is_said_to_be_ready(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    page = show(dossier_desk(), dossier_hall.receive(LAND)["code"])
    step(page, "finish")
    said = page.locator(".dossier .said-problem")
    expect(said).to_contain_text("has not finished its part")
    expect(said).not_to_contain_text("changed meanwhile")


def test_an_apology_names_a_new_date_and_a_day_off_is_refused_in_words(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = dossier_hall.receive()["code"]
    page = show(dossier_desk(), code)
    page.locator(".step-buttons [data-act=apologise]").click()
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#new-day-error")).to_be_visible()
    expect(page.locator("#reason-error")).to_be_visible()
    due = date.fromisoformat(dossier_hall.look(code)["due_at"][:10])
    sunday = due + timedelta(days=7 + 6 - due.weekday())
    page.locator("#new-day").fill(sunday.isoformat())
    page.locator("#reason").fill("Chờ xác minh")
    page.locator("dialog [type=submit]").click()
    expect(page.locator("dialog .said-problem")).to_contain_text("day off")
    page.locator("#new-day").fill((sunday - timedelta(days=3)).isoformat())
    page.locator("dialog [type=submit]").click()
    expect(page.locator(".history li").first).to_contain_text("Apology; new date")
    expect(page.locator(".dossier-told")).to_be_visible()
    made = dossier_hall.look(code)
    assert made["promised_at"][:10] == (sunday - timedelta(days=3)).isoformat()
    assert made["due_at"][:10] == due.isoformat()


def test_a_wrong_press_is_undone_within_five_seconds(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = dossier_hall.receive()["code"]
    page = show(dossier_desk(), code)
    step(page, "finish")
    page.locator("[data-act=undo-step]").click()
    expect(page.locator(".status")).to_have_text("Accepted")
    expect(page.locator(".history li").first).to_contain_text("Taken back: Result ready")
    assert dossier_hall.look(code)["status"] == 2


def test_a_manager_corrects_and_a_clerk_cannot(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    code = ready(dossier_hall)
    page = show(dossier_desk("lan"), code)
    expect(page.locator("[data-act=correct]")).to_have_count(0)
    page = show(dossier_desk("sep"), code)
    page.locator("[data-act=correct]").first.click()
    page.locator("dialog input[type=radio]").last.check()
    page.locator("dialog [type=submit]").click()
    expect(page.locator("#reason-error")).to_contain_text("reason")
    page.locator("#reason").fill("Bấm nhầm hồ sơ")
    page.locator("dialog [type=submit]").click()
    expect(page.locator(".status")).to_have_text("Accepted")
    expect(page.locator(".step-struck")).to_contain_text("Result ready")
    assert dossier_hall.look(code)["status"] == 2


def test_the_list_is_soonest_due_first_and_finds_by_name(
    dossier_hall: DossierHall, dossier_desk: Any
) -> None:
    later = dossier_hall.receive(LAND)["code"]
    sooner = dossier_hall.receive(applicant={"name": "Thạch Sô Phia"})["code"]
    desk: DossierDesk = dossier_desk()
    desk.press("d")
    rows = desk.page.locator(".list-row")
    expect(rows.first).to_contain_text("days left")
    shown = [row.get_attribute("data-code") for row in rows.all()]
    assert shown == dossier_hall.open()
    assert shown.index(sooner) < shown.index(later)
    desk.type("phia thach")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Thạch Sô Phia")
    desk.press("Enter")
    expect(desk.page.locator(".dossier-head h2")).to_have_text(sooner)
    desk.page.locator("[data-view=list]").click()
    desk.page.locator("#find").fill("zzz")
    expect(desk.page.locator(".list-empty")).to_contain_text("Nothing fits")


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (make vendor)")
@pytest.mark.parametrize("language", ["vi", "km"])
def test_axe_finds_nothing_in_the_dossier_work(
    dossier_hall: DossierHall, dossier_desk: Any, language: str
) -> None:
    code = dossier_hall.receive(LAND)["code"]
    dossier_hall.step(code, "hand-over", agency="tnmt")
    desk: DossierDesk = dossier_desk("sep", language)
    page = desk.page

    def look() -> list[str]:
        page.evaluate(AXE.read_text("utf-8"))
        found: list[str] = page.evaluate(
            "async () => (await axe.run()).violations.map("
            "(one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)"
        )
        return found

    expect(page.locator(".strip")).to_be_visible()
    assert look() == []
    desk.press("h")
    expect(page.locator(".procedure-list li").first).to_be_visible()
    assert look() == []
    desk.type("tinh trang hon nhan")
    expect(page.locator(".procedure-list li")).to_have_count(1)
    desk.press("Enter")
    expect(page.locator(".promise-day")).to_be_visible()
    page.locator(".paper input").first.check()
    desk.press("Control+Enter")
    expect(page.locator("#applicant-name-error")).to_be_visible()
    assert look() == []
    page.locator("#applicant-name").fill("Danh Thị Mẫu")
    desk.press("Control+Enter")
    desk.received()
    expect(page.locator(".printed-asking")).to_have_count(0)
    assert look() == []
    page.locator("[data-view=list]").click()
    expect(page.locator(".list-row").first).to_be_visible()
    assert look() == []
    page.locator(f"[data-code='{code}']").click()
    expect(page.locator(".history li").first).to_be_visible()
    assert look() == []
    for name in ("take-over", "apologise"):
        page.locator(f".step-buttons [data-act={name}]").click()
        expect(page.locator("dialog")).to_be_visible()
        assert look() == []
        desk.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
