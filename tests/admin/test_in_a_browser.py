"""A manager at a real browser: a fee from tomorrow and a day off without scripts; no barrier."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.serving import make_server

from server.offices import sample
from tests.admin.conftest import PASSWORD, Desk
from tests.axe import violations
from tests.browser import chromium
from tests.product import free_port

COPY = "2.000815"
PAGES = (
    "/admin/",
    "/admin/procedures",
    "/admin/procedures?q=zzz",
    "/admin/procedures/new",
    "/admin/procedures/1.012784",
    "/admin/calendar/vinh-thuan?year=2026&day=2026-09-02",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The app of this process at a real address, its clock in the test's hands."""
    port = free_port()
    server = make_server("127.0.0.1", port, desk.app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    serving.join()
    server.server_close()


def signed_in(browser: Browser, address: str, language: str = "vi", **more: Any) -> BrowserContext:
    """A browser in which the manager has signed in, by the form that administration leads to."""
    context = browser.new_context(reduced_motion="reduce", locale=language, **more)
    context.add_cookies([{"name": "lang", "value": language, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/admin/")
    page.fill("#name", "minh")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/admin/")
    return context


def test_a_fee_from_tomorrow_and_a_day_off_without_any_script(
    desk: Desk, address: str, browser: Browser
) -> None:
    manager = signed_in(browser, address, java_script_enabled=False).pages[0]
    manager.get_by_role("link", name="Thủ tục và phí").last.click()
    manager.get_by_label("Tìm thủ tục").fill("ban sao tu ban chinh")
    manager.get_by_role("button", name="Tìm").click()
    manager.locator(".catalogue a").first.click()
    manager.get_by_label("Phí, bằng đồng", exact=True).fill("3.500")
    manager.locator("#fee_note").fill("3.500 đ/trang")
    manager.get_by_label("Ngày đầu").fill("2026-11-26")
    manager.get_by_label("Theo văn bản hoặc trang nào").fill("NQ 05/2026/NQ-HĐND")
    manager.locator('[name="charge_how"][value="amount"]').check()
    manager.get_by_label("Lệ phí, bằng đồng").fill("-1")
    manager.get_by_role("button", name="Lưu quy định này").click()
    expect(manager.locator(".problems li")).to_have_text(
        ["Xin ghi số tiền bằng đồng, chỉ gồm chữ số, ví dụ 2000."]
    )
    expect(manager.get_by_label("Phí, bằng đồng", exact=True)).to_have_value("3.500")
    manager.get_by_label("Lệ phí, bằng đồng").fill("1.000")
    manager.get_by_role("button", name="Lưu quy định này").click()
    expect(manager.locator(".said-good")).to_contain_text("Đã lưu")
    expect(manager.locator(".version-to-come .version-dates")).to_have_text("từ 26/11/2026")

    hall = browser.new_context(locale="vi", viewport={"width": 1080, "height": 1920})
    board = hall.new_page()
    board.goto(f"{address}/fees/{sample.SLUG}?lang=vi&q={COPY}")
    expect(board.locator(".terms")).to_contain_text("2.000 đ")
    desk.clock.forward(days=1)
    board.reload()
    expect(board.locator(".price")).to_have_text(["Phí: 3.500 đ", "Lệ phí: 1.000 đ"])
    expect(board.locator(".terms")).to_contain_text("nhận sau 15 giờ: trả ngày làm việc tiếp theo")
    kiosk = hall.new_page()
    kiosk.goto(f"{address}/kiosk/{sample.SLUG}")
    kiosk.get_by_text("Bảng phí").click()
    kiosk.get_by_role("button", name="Chứng thực").click()
    told = kiosk.locator(".fee").first
    expect(told.locator(".fee-price")).to_have_text(
        ["Phí: 3.500 đ 3.500 đ/trang", "Lệ phí: 1.000 đ"]
    )
    expect(told).to_contain_text("nhận sau 15 giờ: trả ngày làm việc tiếp theo")
    hall.close()

    manager.goto(f"{address}/admin/")  # the clock has moved: the sign-in of yesterday is over
    manager.fill("#name", "minh")
    manager.fill("#password", PASSWORD)
    manager.keyboard.press("Enter")
    manager.get_by_role("link", name="Ngày nghỉ").last.click()
    body = {"procedure": "1.004884", "applicant": {"name": "NGUYỄN VĂN MẪU"}}
    before = desk.api("POST", f"/offices/{sample.SLUG}/dossiers", body).json
    manager.get_by_label("Ngày tháng").fill("2026-11-27")
    manager.get_by_label("Tên gọi bằng tiếng Việt").fill("Nghỉ lụt")
    manager.get_by_label("Theo văn bản nào").fill("Công văn 12/UBND")
    manager.get_by_role("button", name="Lưu ngày này").click()
    expect(manager.locator("#day-2026-11-27")).to_contain_text("Nghỉ lụt")
    after = desk.api("POST", f"/offices/{sample.SLUG}/dossiers", body).json
    assert [one["due_at"][:10] for one in (before, after)] == ["2026-12-03", "2026-12-04"]
    manager.context.close()


@pytest.mark.parametrize(
    ("language", "paths"), [("vi", PAGES), ("en", PAGES[4:5]), ("km", PAGES[5:])]
)
def test_no_page_has_a_barrier(
    address: str, browser: Browser, language: str, paths: tuple[str, ...]
) -> None:
    context = signed_in(browser, address, language, viewport={"width": 390, "height": 844})
    page = context.pages[0]
    for path in paths:
        page.goto(address + path)
        assert violations(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, f"{path} is wider than a phone"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}/admin/procedures/{COPY}")
    page.fill("#name_vi", "")
    page.fill("#source", "")
    page.fill("#fee_vnd", "x")
    page.locator(".fields-save").click()
    expect(page.locator(".problems li")).to_have_count(3)
    assert violations(page) == [], "with problems"
    page.locator(".problems a").last.click()
    expect(page.locator("#fee_vnd")).to_be_focused()
    context.close()
