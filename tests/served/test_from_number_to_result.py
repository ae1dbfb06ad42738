"""A citizen's whole way in real browsers, over six weeks: from a number to the collected result.

The phone that scanned the slip is never loaded again: it is told of each step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as usually

from server.demo import PASSWORD
from tests.browser import chromium, hears_keys
from tests.counter.dossierdesk import CATALOGUE
from tests.later import Later
from tests.product import Product, motcua
from tests.served.conftest import OFFICE
from tests.wedge import Scanner

expect = type(usually)()
expect.set_options(timeout=15_000)


@dataclass
class Town:
    """The demo hall at a time of its own, and its people."""

    product: Product
    clock: Later
    browser: Browser

    def at(self, text: str) -> None:
        """It is now ``2026-03-04 08:30`` in the hall."""
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        self.clock.set(moment)

    def page(self, path: str, width: int = 1280, height: int = 800) -> Page:
        """A browser of somebody's own, in English."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB"
        )
        page = context.new_page()
        page.goto(self.product.url + path)
        return page

    def sign_in(self, path: str, name: str) -> Page:
        """Somebody at work; a sign-in lasts a day, so each day has its own."""
        page = self.page(path)
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        return page

    def desk(self) -> Page:
        """The clerk at counter 1."""
        page = self.sign_in("/counter/", "clerk1")
        page.locator(".place form button").first.click()
        expect(page.locator(".now")).to_be_visible()
        hears_keys(page)
        return page

    def dossier(self, code: str) -> Page:
        """The clerk at counter 1 with a dossier on the screen."""
        page = self.desk()
        page.keyboard.press("d")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.insert_text(code)
        page.locator(f"[data-code='{code}']").click()
        expect(page.locator(".dossier-head h2")).to_have_text(code)
        return page

    def officer(self, name: str, code: str, said: str) -> None:
        """An agency takes a dossier over and does its part; its board says how it stands."""
        page = self.sign_in("/agency/", name)
        card = page.get_by_role("listitem").filter(has_text=code)
        card.get_by_role("button", name="We have it").click()
        expect(card.get_by_text(said)).to_be_visible()
        card.get_by_role("button", name="Our part is done").click()
        card.get_by_role("button", name="Give it back: done").click()
        expect(page.get_by_text("within the time given")).to_be_visible()
        page.context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def town(browser: Browser, tmp_path: Path) -> Iterator[Town]:
    product = Product(tmp_path, command=("demo",), module="tests.later")
    there = Town(product, Later(tmp_path), browser)
    there.at("2026-03-04 08:30")
    product.start()
    try:
        catalogue = tmp_path / "catalogue.csv"
        catalogue.write_text(CATALOGUE, "utf-8")
        motcua(tmp_path, "procedures", "load", str(catalogue))
        more = ("--role", "officer", "--agency", "thue", "--office", OFFICE, "--password-stdin")
        motcua(tmp_path, "user", "add", "officer2", *more, stdin=f"{PASSWORD}\n")
        yield there
    finally:
        for context in browser.contexts:
            context.close()
        product.stop()


def take_step(page: Page, name: str) -> None:
    """Press a step at the desk and send its sheet."""
    page.locator(f".step-buttons [data-act={name}]").click()
    page.locator("dialog [type=submit]").click()
    expect(page.locator("dialog")).to_have_count(0)


def test_from_the_number_to_the_result(town: Town) -> None:
    kiosk = town.page(f"/kiosk/{OFFICE}", 1080, 1920)
    kiosk.locator('[data-service="ho-tich"] button').first.click()
    expect(kiosk.locator(".issued-number .number")).to_be_visible()
    address = kiosk.locator("img.code").get_attribute("src") or ""
    token = re.search(r"/tickets/([^/]+)/qr", address)
    assert token, address
    phone = town.page(f"/t/{token[1]}?lang=en", 360, 740)
    phone.evaluate("window.neverLoadedAgain = true")

    desk = town.desk()
    desk.keyboard.press("Space")
    expect(phone.locator("#page")).to_have_attribute("data-tone", "called")
    desk.keyboard.press("s")
    expect(phone.locator("#page")).to_have_attribute("data-tone", "serving")
    desk.keyboard.press("h")
    expect(desk.locator("#procedure")).to_be_focused()
    desk.keyboard.insert_text("tach thua")
    expect(desk.locator(".procedure-list li")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.locator("#applicant-name")).to_be_focused()
    desk.keyboard.insert_text("Danh Thị Mẫu")
    expect(desk.locator(".promise-day")).to_contain_text("20/03/2026")
    desk.keyboard.press("Control+Enter")
    received = desk.locator(".received-code")
    expect(received).to_have_text(re.compile(r"^H33\.14-260304-0001$"))
    code = received.inner_text()
    expect(phone.get_by_text("Your dossier has been received.")).to_be_visible()
    expect(phone.get_by_text("20/03/2026")).to_be_visible()
    # What came later has its style too.
    expect(phone.locator(".dossier-steps")).to_have_css("list-style-type", "none")
    expect(phone.get_by_text("Notices from this page are blocked")).to_be_hidden()
    desk.keyboard.press("Escape")
    desk.keyboard.press("x")
    expect(phone.locator("#page")).to_have_attribute("data-tone", "done")
    desk.context.close()

    desk = town.dossier(code)
    desk.locator(".step-buttons [data-act=ask-supplement]").click()
    desk.locator("#writing").fill("Bản vẽ thửa đất")
    desk.locator("dialog [type=submit]").click()
    expect(phone.get_by_text("Papers are missing. Please bring them")).to_be_visible()
    expect(phone.get_by_text("Bản vẽ thửa đất")).to_be_visible()
    desk.context.close()

    town.at("2026-03-09 09:00")  # three working days later
    desk = town.dossier(code)
    take_step(desk, "supplement")
    expect(phone.get_by_text("Your dossier is being worked on.")).to_be_visible()
    expect(phone.get_by_text("25/03/2026")).to_be_visible()
    take_step(desk, "hand-over")
    desk.context.close()
    town.at("2026-03-12 10:00")
    town.officer("officer1", code, "4 working days left")

    desk = town.dossier(code)
    take_step(desk, "hand-over")
    desk.context.close()
    town.at("2026-03-26 09:00")  # past both the tax office's share and the due date
    desk = town.dossier(code)
    expect(desk.locator(".left")).to_contain_text("late")
    desk.locator(".step-buttons [data-act=apologise]").click()
    desk.locator("#new-day").fill("2026-04-03")
    desk.locator("#reason").fill("Chờ xác minh nghĩa vụ tài chính")
    desk.locator("dialog [type=submit]").click()
    expect(phone.get_by_text("We are sorry for the delay. The new date is")).to_be_visible()
    expect(phone.get_by_text("03/04/2026").first).to_be_visible()
    desk.context.close()
    town.officer("officer2", code, "Time used up")

    town.at("2026-04-02 14:00")
    desk = town.dossier(code)
    take_step(desk, "finish")
    expect(phone.get_by_text("The result is ready.")).to_be_visible()
    desk.context.close()

    town.at("2026-04-03 08:00")
    desk = town.desk()
    Scanner(desk).type(code, gap=0)
    expect(desk.locator("#panel-title")).to_have_text("Return the result")
    desk.locator("dialog [type=submit]").click()
    expect(phone.get_by_text("The result has been collected.")).to_be_visible()
    assert phone.evaluate("window.neverLoadedAgain")

    reports = motcua(
        town.product.data, "token", "add", "r", "--scope", "reports", "--office", OFFICE
    )
    figures = requests.get(
        f"{town.product.url}/api/v1/reports/settlement",
        params={"office": OFFICE, "from": "2026-03-01", "to": "2026-04-30"},
        headers={"Authorization": f"Bearer {reports}"},
        timeout=20,
    ).json()
    assert [figures[name] for name in ("received", "on_time", "not_due", "late")] == [1, 0, 0, 1]
    for secret in ("Danh Thị Mẫu", "DANH THỊ MẪU"):
        assert secret not in phone.content()
