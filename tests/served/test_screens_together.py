"""Kiosk, counter, board and phone open together in Chromium, against the served demo hall."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from server.demo import PASSWORD
from tests.browser import WITH_SOUND, chromium, hears_keys
from tests.product import Product, served
from tests.served.conftest import OFFICE

BACK_S = 2.0
"""Within so many seconds of the server being back every screen shows the truth."""


SPOKEN_MS = 30_000
"""A call that is spoken twice is over by then, in milliseconds."""


@dataclass
class Screens:
    """The four screens of a hall, each a browser of its own."""

    product: Product
    kiosk: Page
    desk: Page
    board: Page
    browser: Browser

    def take(self, service: str = "ho-tich") -> str:
        """Tap a service at the kiosk; the number it shows."""
        self.kiosk.locator(f'[data-service="{service}"] button').first.click()
        shown = self.kiosk.locator(".issued-number .number")
        expect(shown).to_be_visible(timeout=10_000)
        return said(shown.get_attribute("aria-label"))

    def kiosk_home(self) -> None:
        """Back to the services, as after eight seconds."""
        self.kiosk.reload()
        expect(self.kiosk.locator("[data-service]").first).to_be_visible()

    def phone(self, token: str) -> Page:
        """A phone that has scanned the slip."""
        page = self.browser.new_context(viewport={"width": 360, "height": 740}).new_page()
        page.goto(f"{self.product.url}/t/{token}")
        return page

    def phone_says(self, phone: Page, status: str) -> None:
        """Wait until the phone shows this status."""
        expect(phone.locator("#page")).to_have_attribute("data-tone", status)

    def token(self) -> str:
        """The token of the ticket the kiosk shows, from the address of its QR code."""
        address = self.kiosk.locator("img.code").get_attribute("src") or ""
        found = re.search(r"/tickets/([^/]+)/qr", address)
        assert found, address
        return found[1]

    def at_desk(self) -> Any:
        """The number in front of the clerk."""
        return self.desk.locator(".now .number")

    def on_board(self) -> Any:
        """The number the board shows large."""
        return self.board.locator(".call-number .number")


def said(label: str | None) -> str:
    """The number behind its spelled-out label: "A 0 0 1" is A001."""
    return (label or "").replace(" ", "")


def spelled(number: str) -> str:
    """The label of a number."""
    return " ".join(number)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(WITH_SOUND) as started:
        yield started


@pytest.fixture
def screens(browser: Browser, tmp_path: Path) -> Iterator[Screens]:
    with served(tmp_path, "demo") as product:

        def page(width: int, height: int, path: str) -> Page:
            context = browser.new_context(viewport={"width": width, "height": height}, locale="vi")
            opened = context.new_page()
            opened.goto(product.url + path)
            return opened

        desk = page(1280, 720, "/counter/")
        desk.fill("#name", "clerk1")
        desk.fill("#password", PASSWORD)
        desk.keyboard.press("Enter")
        desk.locator(".place form button").first.click()
        expect(desk.locator(".now")).to_be_visible(timeout=10_000)
        hears_keys(desk)
        board = page(1920, 1080, f"/display/{OFFICE}")
        kiosk = page(1080, 1920, f"/kiosk/{OFFICE}")
        yield Screens(product, kiosk, desk, board, browser)
        for context in browser.contexts:
            context.close()


def test_from_the_tap_to_the_counter(screens: Screens) -> None:
    number = screens.take()
    expect(screens.kiosk.locator('.issued[data-stage="printed"]')).to_be_visible(timeout=10_000)
    assert list((screens.product.data / "slips").glob("*.png")), "the slip came out"
    phone = screens.phone(screens.token())
    expect(phone.locator("body")).to_contain_text(number[1:])
    expect(screens.desk.locator(".queue")).to_contain_text(number[1:])

    screens.desk.keyboard.press("Space")
    expect(screens.at_desk()).to_have_attribute("aria-label", spelled(number))
    expect(screens.on_board()).to_have_attribute("aria-label", spelled(number))
    expect(screens.board.locator(".call-counter")).to_contain_text("1")
    screens.phone_says(phone, "called")

    screens.desk.keyboard.press("r")
    # The board shows the recall when it speaks it, which is after the first call.
    expect(screens.board.locator(".call-repeat")).to_be_visible(timeout=SPOKEN_MS)
    screens.desk.keyboard.press("s")
    screens.phone_says(phone, "serving")
    screens.desk.keyboard.press("x")
    expect(screens.at_desk()).to_have_count(0)
    screens.phone_says(phone, "done")


def test_a_no_show_comes_back_with_the_slip(screens: Screens) -> None:
    number = screens.take()
    token = screens.token()
    screens.desk.keyboard.press("Space")
    expect(screens.at_desk()).to_have_attribute("aria-label", spelled(number))
    screens.desk.keyboard.press("v")
    expect(screens.at_desk()).to_have_count(0)
    screens.kiosk_home()
    screens.kiosk.keyboard.type(f"{screens.product.url}/t/{token}\n", delay=5)
    expect(screens.kiosk.locator('[data-screen="returned"]')).to_be_visible()
    screens.desk.keyboard.press("Space")
    expect(screens.at_desk()).to_have_attribute("aria-label", spelled(number))


def test_a_transfer_and_its_number_is_called_elsewhere(screens: Screens) -> None:
    number = screens.take("chung-thuc")
    screens.desk.keyboard.press("Space")
    expect(screens.at_desk()).to_have_attribute("aria-label", spelled(number))
    screens.desk.keyboard.press("c")
    screens.desk.keyboard.press("a")  # the letter of Hộ tịch, which this counter serves as well
    expect(screens.at_desk()).to_have_count(0)
    screens.desk.keyboard.press("Space")
    expect(screens.at_desk()).to_have_attribute("aria-label", spelled(number))


def test_a_holder_gives_the_number_back(screens: Screens) -> None:
    screens.take()
    phone = screens.phone(screens.token())
    phone.locator("#give-back summary").click()
    phone.locator("#give-back form button").click()
    screens.phone_says(phone, "cancelled")
    expect(screens.desk.locator(".rows-queue li")).to_have_count(0)


def test_a_press_can_be_taken_back(screens: Screens) -> None:
    number = screens.take()
    screens.desk.keyboard.press("Space")
    expect(screens.on_board()).to_have_attribute("aria-label", spelled(number))
    screens.desk.keyboard.press("z")
    expect(screens.at_desk()).to_have_count(0)
    expect(screens.on_board()).to_have_count(0, timeout=SPOKEN_MS)


def test_two_taps_give_one_number(screens: Screens) -> None:
    screens.kiosk.locator('[data-service="ho-tich"] button').first.dblclick()
    expect(screens.kiosk.locator(".issued-number .number")).to_be_visible(timeout=10_000)
    office = requests.get(f"{screens.product.url}/api/v1/offices/{OFFICE}", timeout=10).json()
    assert office["waiting"] == 1


def test_all_screens_recover_alone(screens: Screens) -> None:
    number = screens.take()
    token = screens.token()
    phone = screens.phone(token)
    screens.phone_says(phone, "waiting")
    screens.kiosk_home()
    everywhere = {
        "kiosk": screens.kiosk.locator('.head[data-tone="lost"]'),
        "desk": screens.desk.locator(".offline"),
        "board": screens.board.locator(".lost"),
        "phone": phone.locator("#lost"),
    }

    screens.product.kill()
    for name, notice in everywhere.items():
        expect(notice, f"{name} says that it is cut off").to_be_visible(timeout=4_000)

    screens.product.start()
    began = time.monotonic()
    for name, notice in everywhere.items():
        left = max(0.5, BACK_S - (time.monotonic() - began))
        expect(notice, f"{name} is back").to_be_hidden(timeout=left * 1000 + 3000)
    screens.desk.keyboard.press("Space")
    expect(screens.at_desk()).to_have_attribute("aria-label", spelled(number), timeout=4_000)
    expect(screens.on_board()).to_have_attribute("aria-label", spelled(number))
    screens.phone_says(phone, "called")
