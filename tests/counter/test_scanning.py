"""The scanner at the counter, in Chromium against the running product."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from server.offices import sample
from tests.counter.conftest import PASSWORD
from tests.counter.test_desk import AXE, Hall
from tests.product import motcua, served
from tests.wedge import Scanner

CARD = "091090000123|370123456|NGUYEN VAN MAU|05021990|Nam|Ap Mau, Vinh Thuan|12052021"
CODE = "H33.14-261124-0007"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    data = tmp_path_factory.mktemp("scanning")
    file = data / "hall.toml"
    file.write_text(sample.hall_text(always_open=True), encoding="utf-8")
    motcua(data, "hall", "load", str(file))
    motcua(
        data, "user", "add", "lan", "--role", "clerk", "--office", sample.SLUG,
        "--password-stdin", stdin=f"{PASSWORD}\n",
    )  # fmt: skip
    token = motcua(data, "token", "add", "t", "--scope", "counter", "--office", sample.SLUG)
    with served(data) as product:
        yield Hall(product, token)


@pytest.fixture
def hall(running: Hall) -> Iterator[Hall]:
    yield running
    running.empty()


@pytest.fixture(scope="module")
def signed_in(running: Hall, browser: Browser) -> Any:
    """The cookies of a clerk who has signed in."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{running.product.url}/counter/?lang=en")
        page.fill("#name", "lan")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector(".places")
        return context.storage_state()


@pytest.fixture
def sit(hall: Hall, browser: Browser, signed_in: Any) -> Iterator[Callable[..., Page]]:
    """Opens counter 1, its clock in the test's hands (a clock belongs to its context)."""
    opened: list[BrowserContext] = []

    def sitting(language: str = "en") -> Page:
        view = {"width": 1280, "height": 720}
        context = browser.new_context(storage_state=signed_in, locale=language, viewport=view)
        opened.append(context)
        page = context.new_page()
        page.clock.install()
        page.goto(f"{hall.product.url}/counter/?lang={language}")
        page.locator(".place").first.locator("button, a.button").click()
        page.wait_for_selector(".desk")
        expect(page.locator(".offline")).to_have_count(0)
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
        return page

    yield sitting
    for context in opened:
        context.close()


def link(hall: Hall, number: str) -> str:
    """What the QR code of a number holds."""
    return str(next(one for one in hall.taken if one["number"] == number)["lookup_url"])


def serving(page: Page) -> Any:
    return page.locator(".now-held .number")


def settle(page: Page) -> None:
    """Let the page do what it does after a moment, and after it has been drawn."""
    for _ in range(5):
        page.clock.run_for(100)


def said(page: Page) -> Any:
    return page.locator('.last [role="status"]')


def picture(page: Page, name: str) -> None:
    """A picture to look at, where MOTCUA_PICTURES names a folder for them."""
    folder = os.environ.get("MOTCUA_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def test_a_slip_opens_its_ticket_and_one_key_calls_it(hall: Hall, sit: Any) -> None:
    hall.take()
    number = hall.take()
    page = sit()
    Scanner(page).type(link(hall, number))
    expect(page.locator("#panel-title")).to_contain_text(number)
    expect(page.locator("#panel-title")).to_contain_text("one person ahead")
    settle(page)
    picture(page, "counter-ticket")
    page.keyboard.press("1")
    settle(page)
    expect(serving(page)).to_have_attribute("aria-label", " ".join(number))
    assert hall.status(number) == "called"


def test_who_was_set_aside_is_back_with_a_scan_and_a_key(hall: Hall, sit: Any) -> None:
    number = hall.take()
    page = sit()
    ticket = hall.taken[-1]
    counter = int(page.url.rsplit("/", 1)[1].split("?")[0])
    hall.ask("POST", f"/tickets/{ticket['id']}/call", counter=counter)
    hall.ask("POST", f"/tickets/{ticket['id']}/park", reason="photo")
    Scanner(page).type(link(hall, number), gap=100, end=None)
    settle(page)
    expect(page.locator("#panel-title")).to_contain_text("set aside")
    settle(page)  # the panel, drawn when the server had answered, hears keys a frame later
    page.keyboard.press("1")
    # Its clock goes on while the server is at work, however long that takes.
    for _ in range(100):
        settle(page)
        if page.locator("dialog.panel").count() == 0:
            break
    expect(page.locator("dialog.panel")).to_have_count(0)
    assert hall.status(number) == "waiting"


def test_a_slip_of_somebody_served_offers_nothing(hall: Hall, sit: Any) -> None:
    number = hall.take()
    page = sit()
    hall.ask("POST", f"/tickets/{hall.taken[-1]['id']}/cancel")
    Scanner(page).type(link(hall, number), gap=1)
    expect(page.locator("#panel-title")).to_contain_text("given back")
    expect(page.locator("dialog.panel .choice")).to_have_count(0)


def test_a_dossier_code_is_noted_with_the_visit(hall: Hall, sit: Any) -> None:
    page = sit()
    scanner = Scanner(page)
    scanner.type(CODE)
    expect(said(page)).to_contain_text("call the number first")
    scanner.wait(2000)
    number = hall.take()
    expect(page.locator(".rows-queue .row")).to_have_count(1)
    page.keyboard.press("Space")
    expect(serving(page)).to_have_attribute("aria-label", " ".join(number))
    scanner.type(CODE)
    expect(page.locator(".chip-dossier")).to_have_text(CODE)
    expect(said(page)).to_contain_text(f"noted for {number}")
    picture(page, "counter-dossier")


def test_a_card_fills_the_form_and_is_gone_with_the_person(hall: Hall, sit: Any) -> None:
    number = hall.take()
    page = sit()
    page.keyboard.press("Space")
    expect(serving(page)).to_have_attribute("aria-label", " ".join(number))
    Scanner(page).type(CARD)
    card = page.locator(".card-read")
    values = card.locator(".card-value")
    expect(values).to_have_text(
        ["NGUYEN VAN MAU", "091090000123", "370123456", "05/02/1990", "Nam", "Ap Mau, Vinh Thuan",
         "12/05/2021"]
    )  # fmt: skip
    picture(page, "counter-card")
    page.keyboard.press("x")
    settle(page)
    expect(page.locator(".now-held")).to_have_count(0)
    expect(card).to_have_count(0)
    kept = page.evaluate(
        "JSON.stringify([document.documentElement.outerHTML, location.href,"
        " Object.entries(localStorage), Object.entries(sessionStorage), history.state])"
    )
    assert "091090000123" not in kept
    assert "NGUYEN" not in kept


def test_a_card_is_forgotten_on_request_and_after_five_minutes(hall: Hall, sit: Any) -> None:
    page = sit()
    scanner = Scanner(page)
    card = page.locator(".card-read")
    scanner.type(CARD, gap=1)
    expect(card).to_be_visible()
    card.locator('[data-act="forget-card"]').click()
    expect(card).to_have_count(0)
    scanner.wait(2000)
    scanner.type(CARD, gap=1)
    expect(card).to_be_visible()
    settle(page)
    page.clock.fast_forward(4 * 60_000 + 50_000)
    expect(card).to_be_visible()
    page.clock.fast_forward(11_000)
    expect(card).to_have_count(0)


def test_a_field_of_a_card_is_copied_with_one_click(hall: Hall, sit: Any) -> None:
    page = sit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    Scanner(page).type(CARD, gap=1)
    page.locator('[data-field="number"] button').click()
    assert page.evaluate("navigator.clipboard.readText()") == "091090000123"


@pytest.mark.parametrize("gap", [1, 50])
def test_no_letter_of_a_scan_is_taken_for_a_key_of_the_desk(hall: Hall, sit: Any, gap: int) -> None:
    number = hall.take()
    page = sit()
    page.keyboard.press("Space")
    expect(serving(page)).to_have_attribute("aria-label", " ".join(number))
    Scanner(page).type("RGVXCSPO-rgvxcspo", gap)
    expect(said(page)).to_contain_text("not understood")
    expect(page.locator("dialog.panel")).to_have_count(0)
    assert hall.status(number) == "called"


def test_a_scan_while_a_panel_is_open_chooses_nothing_there(hall: Hall, sit: Any) -> None:
    number = hall.take()
    page = sit()
    page.keyboard.press("Space")
    expect(serving(page)).to_have_attribute("aria-label", " ".join(number))
    page.keyboard.press("g")
    settle(page)
    expect(page.locator("dialog.panel")).to_be_visible()
    settle(page)
    Scanner(page).type("1234" + CARD, gap=120)
    settle(page)
    expect(said(page)).to_contain_text("not understood")
    assert hall.status(number) == "called"


def test_a_scan_into_the_reason_leaves_the_reason_as_it_was(hall: Hall, sit: Any) -> None:
    hall.take()
    page = sit()
    page.keyboard.press("Space")
    expect(page.locator(".now-held")).to_be_visible()
    page.keyboard.press("g")
    settle(page)
    page.fill("#own-words", "thiếu ảnh")
    Scanner(page).type(CARD, gap=2)
    expect(page.locator(".card-read")).to_be_visible()
    expect(page.locator("#own-words")).to_have_value("thiếu ảnh")
    expect(page.locator(".now-held")).to_be_visible()


def test_the_card_s_panel_can_be_used_by_everybody(hall: Hall, sit: Any) -> None:
    page = sit()
    Scanner(page).type(CARD, gap=1)
    expect(page.locator(".card-read")).to_be_visible()
    page.clock.resume()  # axe waits
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [one["id"] for one in found["violations"]] == []


@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_the_words_have_room(hall: Hall, sit: Any, language: str) -> None:
    hall.take()
    page = sit(language)
    page.keyboard.press("Space")
    expect(page.locator(".now-held")).to_be_visible()
    scanner = Scanner(page)
    scanner.type(CODE, gap=1)
    expect(page.locator(".chip-dossier")).to_be_visible()
    scanner.type(CARD, gap=1)
    expect(page.locator(".card-read")).to_be_visible()
    picture(page, f"counter-card-{language}")
    for width in (1280, 960, 1920):
        page.set_viewport_size({"width": width, "height": 720 if width < 1900 else 1080})
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        picture(page, f"counter-card-{language}-{width}")
    number = hall.take()
    scanner.type(link(hall, number), gap=1)
    expect(page.locator("#panel-title")).to_contain_text(re.compile(number))
    settle(page)
    picture(page, f"counter-ticket-{language}")
