"""Scanning at the kiosk, in Chromium against the running product: slips, receipts, cards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect

from server.offices import sample
from tests.hardware.input_method import typed
from tests.product import Product, motcua, served
from tests.wedge import Scanner

OLD = "091045000123|370123456|NGUYEN VAN MAU|05021945|Nam|Ap Mau, Vinh Thuan|12052021"
YOUNG = "091305000456||DANH THI MAU|17082005|Nam|Ap Mau, Vinh Phong|30112022"
CODE = "H33.14-261124-0007"
VIEWS = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


@dataclass
class Hall:
    """The running demo, and a program's token to fill its queue."""

    product: Product
    token: str

    def ask(self, path: str, **body: Any) -> Any:
        """Ask the API as a program that may do what a clerk may."""
        answer = requests.post(
            f"{self.product.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )
        assert answer.ok, answer.text
        return answer.json()

    def take(self, service: str = "ho-tich") -> dict[str, Any]:
        """A number."""
        ticket: dict[str, Any] = self.ask(f"/offices/{sample.SLUG}/tickets", service=service)
        return ticket

    def counter(self, service: str = "ho-tich") -> int:
        """The id of a counter that serves a service."""
        office = requests.get(f"{self.product.url}/api/v1/offices/{sample.SLUG}", timeout=20).json()
        serving = (one for one in office["counters"] if service in one["services"])
        return int(next(serving)["id"])

    def step(self, ticket: dict[str, Any], *steps: str) -> None:
        """Call a ticket and take it through some steps."""
        self.ask(f"/tickets/{ticket['id']}/call", counter=self.counter())
        for step in steps:
            self.ask(f"/tickets/{ticket['id']}/{step}")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    data = tmp_path_factory.mktemp("kiosk")
    with served(data, "demo") as product:
        token = motcua(data, "token", "add", "t", "--scope", "counter", "--office", sample.SLUG)
        yield Hall(product, token)


Opening = Callable[..., Page]


@pytest.fixture
def open_kiosk(browser: Browser, hall: Hall) -> Iterator[Opening]:
    """Opens the kiosk, its clock in the test's hands."""
    contexts = []

    def opening(language: str = "en", view: str = "portrait") -> Page:
        width, height = VIEWS[view]
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.clock.install()
        page.goto(f"{hall.product.url}/kiosk/{sample.SLUG}?lang={language}")
        expect(page.locator(".tile").first).to_be_visible()
        expect(page.locator(".head")).not_to_have_attribute("data-tone", "lost")
        page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 0.2)
        return page

    yield opening
    for context in contexts:
        context.close()


def title(page: Page) -> Any:
    return page.locator(".head-title")


def picture(page: Page, name: str) -> None:
    """A picture to look at, where MOTCUA_PICTURES names a folder for them."""
    folder = os.environ.get("MOTCUA_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def test_a_slip_under_the_scanner_tells_its_place_in_the_queue(
    hall: Hall, open_kiosk: Opening
) -> None:
    ticket = hall.take()
    page = open_kiosk()
    Scanner(page).type(ticket["lookup_url"])
    expect(title(page)).to_have_text("You are in the queue")
    expect(page.locator(".answer .number")).to_have_attribute(
        "aria-label", " ".join(ticket["number"])
    )
    picture(page, "kiosk-status")
    page.clock.run_for(16_000)
    expect(page.locator(".tile").first).to_be_visible()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "Your number has been called"),
        (("serve",), "You are being served"),
        (("finish",), "This number has been served"),
        (("cancel",), "This number was given back"),
    ],
)
def test_each_status_is_said_in_plain_words(
    hall: Hall, open_kiosk: Opening, steps: tuple[str, ...], words: str
) -> None:
    ticket = hall.take()
    hall.step(ticket, *steps)
    page = open_kiosk()
    Scanner(page).type(ticket["lookup_url"], gap=1)
    expect(title(page)).to_have_text(words)


def test_who_was_set_aside_is_back_in_the_queue_with_a_scan(
    hall: Hall, open_kiosk: Opening
) -> None:
    ticket = hall.take()
    hall.step(ticket, "park")
    page = open_kiosk()
    Scanner(page).type(ticket["lookup_url"], gap=100, end=None)
    page.clock.run_for(400)
    expect(title(page)).to_have_text("You are back in the queue")


def test_a_slip_scanned_through_telex_is_understood(hall: Hall, open_kiosk: Opening) -> None:
    tickets = [hall.take() for _ in range(3)]
    ticket = max(tickets, key=lambda one: len(typed(one["token"], "telex")))
    page = open_kiosk()
    events = [
        {"key": letter, "code": ""} for letter in typed(ticket["lookup_url"], "telex")
    ]  # as an input method writes them
    Scanner(page).keys(*events, {"key": "Enter", "code": "Enter"}, gap=2)
    expect(page.locator(".answer .number")).to_have_attribute(
        "aria-label", " ".join(ticket["number"])
    )


def test_a_receipt_gives_a_number_for_its_result_in_one_step(
    hall: Hall, open_kiosk: Opening
) -> None:
    page = open_kiosk()
    Scanner(page).type(CODE)
    expect(page.locator(".results-code")).to_have_text(CODE)
    picture(page, "kiosk-results")
    with page.expect_response("**/tickets") as sent:
        page.locator(".results-take").click()
    taken = sent.value.json()
    assert taken["dossier_code"] == CODE
    assert taken["service"] == "tra-ket-qua"
    expect(page.locator(".issued-number .number")).to_be_visible()


def test_a_card_of_an_old_person_switches_priority_on_and_it_can_be_switched_off(
    open_kiosk: Opening,
) -> None:
    page = open_kiosk()
    Scanner(page).type(OLD)
    elderly = page.locator('[data-priority="elderly"]')
    expect(elderly).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".card-notice")).to_contain_text("You have priority")
    picture(page, "kiosk-card")
    elderly.click()
    expect(elderly).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".card-notice")).to_contain_text("Please choose a service")
    elderly.click()
    with page.expect_response("**/tickets") as sent:
        page.locator('[data-service="ho-tich"] .tile-take').click()
    assert sent.value.json()["priority"] == "elderly"


def test_a_card_of_a_young_person_shames_nobody(open_kiosk: Opening) -> None:
    page = open_kiosk()
    Scanner(page).type(YOUNG)
    notice = page.locator(".card-notice")
    expect(notice).to_have_text(
        "Thank you. The card was read and forgotten again. Please choose a service."
    )
    expect(page.locator('[aria-pressed="true"][data-priority]')).to_have_count(0)
    expect(page.locator(".tile").first).to_be_visible()


def test_a_card_leaves_somebody_s_own_choice_of_priority_alone(open_kiosk: Opening) -> None:
    page = open_kiosk()
    page.locator('[data-priority="disability"]').click()
    for card in (YOUNG, OLD):
        Scanner(page).type(card)
        expect(page.locator(".card-notice")).to_be_visible()
        expect(page.locator('[data-priority="disability"]')).to_have_attribute(
            "aria-pressed", "true"
        )


def test_a_card_is_forgotten(open_kiosk: Opening) -> None:
    page = open_kiosk()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    Scanner(page).type(OLD)
    expect(page.locator(".card-notice")).to_be_visible()
    kept = page.evaluate(
        "async () => JSON.stringify([document.documentElement.outerHTML, location.href,"
        " Object.entries(localStorage), Object.entries(sessionStorage), history.state,"
        " document.cookie])"
    )
    for secret in ("091045000123", "NGUYEN VAN MAU", "05021945", "Ap Mau"):
        assert secret not in kept
        assert not [address for address in addresses if secret in address]
    page.clock.run_for(60_000)
    expect(page.locator(".card-notice")).to_have_count(0)
    expect(page.locator('[aria-pressed="true"][data-priority]')).to_have_count(0)


def test_what_cannot_be_read_is_said_and_nobody_is_blamed(open_kiosk: Opening) -> None:
    page = open_kiosk()
    Scanner(page).type("8934588063053")
    expect(title(page)).to_have_text("This code was not understood")
    expect(page.locator(".answer-words")).to_contain_text("once more")
    Scanner(page).type(OLD[:40], end=None)
    page.clock.run_for(700)
    expect(page.locator(".answer-words")).to_contain_text("once more")


def test_without_the_server_a_scan_is_answered_in_plain_words(
    hall: Hall, open_kiosk: Opening
) -> None:
    page = open_kiosk()

    def gone(route: Route) -> None:
        route.abort()

    page.route("**/scan", gone)
    Scanner(page).type(CODE)
    expect(page.locator(".answer-words")).to_contain_text("The server has not answered")
    page.unroute("**/scan", gone)
    page.clock.run_for(2_000)
    Scanner(page).type(CODE)
    expect(page.locator(".results-code")).to_have_text(CODE)


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("language", ["vi", "en", "km"])
def test_the_screens_of_a_scan_hold_their_words(
    hall: Hall, open_kiosk: Opening, language: str, view: str
) -> None:
    page = open_kiosk(language, view)
    scanner = Scanner(page)

    def fits(name: str) -> None:
        picture(page, f"kiosk-{name}-{language}-{view}")
        assert page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('.main, .answer')].every("
            "(e) => e.scrollWidth <= e.clientWidth + 1 && e.scrollHeight <= e.clientHeight + 1)"
        ), name

    scanner.type(OLD, gap=1)
    expect(page.locator(".card-notice")).to_be_visible()
    fits("card")
    page.locator(".quiet-act").first.click()
    expect(page.locator(".scan-kinds")).to_be_visible()
    fits("hint")
    scanner.type("000.17.22.H33.14-261124-000007", gap=1)
    expect(page.locator(".results-take")).to_be_visible()
    fits("results")
    scanner.type(hall.take()["lookup_url"], gap=1)
    expect(page.locator(".answer .number")).to_be_visible()
    fits("status")
