"""The desk in a real browser against the running product: keys, presses, loss and return."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from server.offices import sample
from tests.browser import hears_keys
from tests.counter.conftest import PASSWORD
from tests.product import Product, motcua, served

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
CLERKS = ("lan", "hung")


@dataclass
class Hall:
    """The running product with two clerks, and a program's token to fill its queue."""

    product: Product
    token: str
    taken: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, method: str, path: str, **body: Any) -> requests.Response:
        """Ask the API as a program that may do at any counter what its clerk may."""
        return requests.request(
            method,
            f"{self.product.url}/api/v1{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            json=body or None,
            timeout=20,
        )

    def take(self, service: str = "ho-tich", **more: str) -> str:
        """Take a number; the number."""
        answer = self.ask("POST", f"/offices/{sample.SLUG}/tickets", service=service, **more)
        assert answer.status_code == 201, answer.text
        self.taken.append(answer.json())
        return str(self.taken[-1]["number"])

    def status(self, number: str) -> str:
        """What has become of a number."""
        ticket = next(ticket for ticket in self.taken if ticket["number"] == number)
        return str(self.ask("GET", f"/tickets/{ticket['token']}").json()["status"])

    def empty(self) -> None:
        """Nobody waits and nobody is served any more."""
        for ticket in self.taken:
            for step in ("cancel", "finish"):
                self.ask("POST", f"/tickets/{ticket['id']}/{step}")
        self.taken.clear()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    data = tmp_path_factory.mktemp("desk")
    file = data / "hall.toml"
    file.write_text(sample.hall_text(always_open=True), encoding="utf-8")
    motcua(data, "hall", "load", str(file))
    for name in CLERKS:
        motcua(
            data, "user", "add", name, "--role", "clerk", "--office", sample.SLUG,
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
def signed_in(running: Hall, browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A browser of each clerk, signed in once."""
    contexts = {}
    for name in CLERKS:
        context = browser.new_context(locale="en", viewport={"width": 1280, "height": 720})
        page = context.new_page()
        page.goto(f"{running.product.url}/counter/?lang=en")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector(".places")
        page.close()
        contexts[name] = context
    yield contexts
    for context in contexts.values():
        context.close()


class Desk:
    """A clerk at a counter."""

    def __init__(self, hall: Hall, context: BrowserContext, number: str) -> None:
        self.hall = hall
        self.page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{hall.product.url}/counter/?lang=en")
        place = self.page.locator(".place", has_text=re.compile(rf"Counter {number}\b"))
        place.locator("button, a.button").click()
        self.page.wait_for_selector(".desk")
        hears_keys(self.page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def serves(self, number: str, *, timeout: float = 5000) -> None:
        """The person in front is the one with this number."""
        now = self.page.locator(".now-held .number")
        expect(now).to_have_attribute("aria-label", " ".join(number), timeout=timeout)

    def serves_nobody(self) -> None:
        expect(self.page.locator(".now-held")).to_have_count(0)

    def shown(self) -> str:
        """The number of the person in front."""
        self.page.wait_for_selector(".now-held .number")
        label = self.page.locator(".now-held .number").get_attribute("aria-label") or ""
        return label.replace(" ", "")


@pytest.fixture
def desks(hall: Hall, signed_in: dict[str, BrowserContext]) -> Iterator[Any]:
    """Sit clerks down: ``desks("1")`` or ``desks("2", "hung")``."""
    opened: list[Desk] = []

    def sit(number: str, name: str = "lan") -> Desk:
        opened.append(Desk(hall, signed_in[name], number))
        return opened[-1]

    yield sit
    for desk in opened:
        assert desk.errors == []
        desk.page.close()


def test_space_calls_the_next_and_finishes_whom_the_counter_still_holds(
    hall: Hall, desks: Any
) -> None:
    first, second = hall.take(), hall.take()
    desk = desks("1")
    desk.press("Space")
    desk.serves(first)
    assert hall.status(first) == "called"
    desk.press("Space")
    desk.serves(second)
    assert (hall.status(first), hall.status(second)) == ("done", "called")


def test_a_held_space_bar_calls_one_person(hall: Hall, desks: Any) -> None:
    first, second = hall.take(), hall.take()
    desk = desks("1")
    for _ in range(8):
        desk.page.keyboard.down("Space")
        desk.page.wait_for_timeout(40)  # as fast as a keyboard repeats
    desk.page.keyboard.up("Space")
    desk.serves(first)
    assert hall.status(second) == "waiting"


def test_every_step_has_its_key(hall: Hall, desks: Any) -> None:
    numbers = [hall.take() for _ in range(3)]
    desk = desks("1")
    desk.press("Space")
    desk.serves(numbers[0])
    desk.press("r")
    expect(desk.page.locator(".now-calls")).to_contain_text("2 times")
    desk.press("s")
    expect(desk.page.locator(".now-status")).to_contain_text("At the counter")
    desk.press("x")
    desk.serves_nobody()
    desk.press("Space")
    desk.serves(numbers[1])
    desk.press("v")
    desk.serves_nobody()
    desk.press("Space")
    desk.serves(numbers[2])
    desk.press("g", "1")
    desk.serves_nobody()
    assert [hall.status(number) for number in numbers] == ["done", "no_show", "parked"]


def test_z_takes_the_last_press_back(hall: Hall, desks: Any) -> None:
    first, second = hall.take(), hall.take()
    desk = desks("1")
    desk.press("Space")
    desk.serves(first)
    desk.press("Space")
    desk.serves(second)
    expect(desk.page.locator(".undo-words")).to_contain_text(second)
    desk.press("z")
    desk.serves(first)
    assert (hall.status(first), hall.status(second)) == ("called", "waiting")


def test_undo_is_offered_for_five_seconds_and_no_longer(hall: Hall, desks: Any) -> None:
    hall.take()
    desk = desks("1")
    desk.press("Space")
    undo = desk.page.locator(".undo")
    expect(undo).to_be_visible()
    desk.page.wait_for_timeout(3500)
    expect(undo).to_be_visible()
    expect(undo).to_have_count(0, timeout=3000)


def test_a_letter_transfers_at_once_and_keeps_the_number(hall: Hall, desks: Any) -> None:
    number = hall.take("ho-tich")
    desk = desks("1")
    desk.press("Space")
    desk.serves(number)
    desk.press("c")
    expect(desk.page.locator("dialog.panel")).to_be_visible()
    desk.press("d")
    desk.serves_nobody()
    expect(desk.page.locator("dialog.panel")).to_have_count(0)
    ticket = next(ticket for ticket in hall.taken if ticket["number"] == number)
    moved = hall.ask("GET", f"/tickets/{ticket['token']}").json()
    assert (moved["service"], moved["status"]) == ("dat-dai", "waiting")


def test_who_was_set_aside_comes_back_by_keys_and_is_next(hall: Hall, desks: Any) -> None:
    first = hall.take()
    hall.take()
    desk = desks("1")
    desk.press("Space")
    desk.serves(first)
    desk.press("g", "2")
    expect(desk.page.locator("[data-kind=parked] .row")).to_have_count(1)
    desk.press("b", "Enter")
    expect(desk.page.locator("[data-kind=parked]")).to_have_count(0)
    expect(desk.page.locator(".row-next")).to_contain_text("Back again")
    desk.press("Space")
    desk.serves(first)


def test_own_words_as_a_reason_do_not_press_anything(hall: Hall, desks: Any) -> None:
    number = hall.take()
    desk = desks("1")
    desk.press("Space")
    desk.serves(number)
    desk.press("g")
    desk.page.fill("#own-words", "")
    desk.page.locator("#own-words").press_sequentially("1 giấy xác nhận x")
    assert hall.status(number) == "called"
    desk.press("Enter")
    expect(desk.page.locator("[data-kind=parked] .row")).to_contain_text("1 giấy xác nhận x")


def test_a_chosen_person_is_called_out_of_turn_with_a_click(hall: Hall, desks: Any) -> None:
    hall.take()
    chosen = hall.take()
    desk = desks("1")
    desk.page.get_by_role("button", name=f"Call {chosen} out of turn").click()
    desk.serves(chosen)


def test_two_clerks_who_press_at_once_get_two_people(hall: Hall, desks: Any) -> None:
    one, other = desks("1", "lan"), desks("2", "hung")
    for _ in range(3):
        hall.take()
        hall.take()
        for desk in (one, other):
            expect(desk.page.locator(".rows-queue .row")).to_have_count(2)
        # Both press in the same moment; neither waits for the other's answer.
        for desk in (one, other):
            desk.page.evaluate(
                "setTimeout(() => document.dispatchEvent(new KeyboardEvent('keydown',"
                "{key: ' ', code: 'Space', bubbles: true})), 300 - (Date.now() % 100))"
            )
        for desk in (one, other):
            expect(desk.page.locator(".rows-queue .row")).to_have_count(0)
        assert one.shown() != other.shown()


def test_a_call_whose_answer_is_lost_is_repeated_and_calls_one_person(
    hall: Hall, desks: Any
) -> None:
    first, second = hall.take(), hall.take()
    desk = desks("1")
    keys: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    desk.page.route("**/call-next", lose_the_first_answer)
    with desk.page.expect_response("**/call-next"):
        desk.press("Space")
    desk.serves(first)
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert hall.status(second) == "waiting"


def slow_down(desk: Desk, path: str, milliseconds: int) -> None:
    """The server's answers to ``path`` take their time."""

    def wait(route: Route) -> None:
        answer = route.fetch()
        desk.page.wait_for_timeout(milliseconds)
        route.fulfill(response=answer)

    desk.page.route(path, wait)


def test_what_is_pressed_while_an_answer_is_out_is_done_after_it(hall: Hall, desks: Any) -> None:
    number = hall.take()
    desk = desks("1")
    slow_down(desk, "**/call-next", 400)
    desk.press("Space", "s")
    expect(desk.page.locator(".now-status")).to_contain_text("At the counter")
    assert hall.status(number) == "serving"


def test_a_bouncing_space_bar_calls_one_person(hall: Hall, desks: Any) -> None:
    first, second = hall.take(), hall.take()
    desk = desks("1")
    slow_down(desk, "**/call-next", 400)
    desk.press("Space", "Space")
    desk.serves(first)
    desk.page.wait_for_timeout(700)
    assert hall.status(second) == "waiting"


def test_a_server_that_takes_its_time_is_said_to(hall: Hall, desks: Any) -> None:
    number = hall.take()
    desk = desks("1")
    slow_down(desk, "**/call-next", 1800)
    desk.press("Space")
    words = desk.page.get_by_text("Waiting for the server's answer.")
    expect(words).to_be_visible()
    expect(words).to_have_count(0)
    desk.serves(number)


def test_a_refusal_is_said_in_words_and_blocks_nothing(hall: Hall, desks: Any) -> None:
    first, second = hall.take(), hall.take()
    desk = desks("1")
    desk.press("Space")
    desk.serves(first)
    desk.page.route(
        "**/recall",
        lambda route: route.fulfill(
            status=409, content_type="application/problem+json", json={"detail": "Not any more."}
        ),
    )
    desk.press("r")
    expect(desk.page.locator(".said-problem")).to_contain_text("Not any more.")
    desk.press("Space")
    desk.serves(second)
    expect(desk.page.locator(".said-problem")).to_have_count(0)


def test_a_counter_that_somebody_else_took_says_so_and_can_be_taken_back(
    hall: Hall, desks: Any
) -> None:
    number = hall.take()
    lan = desks("1", "lan")
    hung = desks("1", "hung")
    taken = lan.page.locator(".now-taken")
    expect(taken).to_contain_text("hung")
    lan.press("Space")
    lan.page.wait_for_timeout(300)
    assert hall.status(number) == "waiting"
    lan.press("o")
    expect(taken).to_have_count(0)
    expect(hung.page.locator(".now-taken")).to_contain_text("lan")
    lan.press("Space")
    lan.serves(number)


def test_pause_with_a_reason_close_and_go_on(hall: Hall, desks: Any) -> None:
    desk = desks("1")
    pill = desk.page.locator(".pill")
    desk.press("p", "1")
    expect(pill).to_contain_text("paused")
    expect(desk.page.locator(".now")).to_contain_text("Lunch")
    desk.press("o")
    expect(pill).to_contain_text("open")
    desk.press("p", "0")
    expect(pill).to_contain_text("closed")
    number = hall.take()
    expect(desk.page.locator(".rows-queue .row")).to_have_count(1)
    desk.press("Space")
    desk.serves(number)
    expect(pill).to_contain_text("open")
    expect(desk.page.locator(".now-taken")).to_have_count(0)


def test_nobody_waiting_is_said_and_is_no_error(hall: Hall, desks: Any) -> None:
    desk = desks("1")
    desk.press("Space")
    expect(desk.page.locator(".last")).to_contain_text("Nobody is waiting.")
    expect(desk.page.locator(".said-problem")).to_have_count(0)


def test_keys_can_be_switched_off_and_stay_off(hall: Hall, desks: Any) -> None:
    number = hall.take()
    desk = desks("1")
    desk.press("?")
    desk.page.uncheck(".keys-switch input")
    desk.press("Escape")
    expect(desk.page.locator("dialog.panel")).to_have_count(0)
    desk.page.reload()
    desk.page.wait_for_selector(".desk")
    desk.page.click(".work", position={"x": 5, "y": 5})
    desk.press("Space")
    desk.page.wait_for_timeout(300)
    assert hall.status(number) == "waiting"
    desk.page.evaluate("localStorage.clear()")


def look(page: Page) -> list[str]:
    """What axe finds wrong on the page."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        "async () => (await axe.run()).violations.map("
        "(one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)"
    )
    return found


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (make vendor)")
def test_axe_finds_nothing_at_the_door(running: Hall, browser: Browser) -> None:
    with browser.new_page() as page:
        page.goto(f"{running.product.url}/counter/")
        assert look(page) == []
        page.fill("#name", "lan")
        page.fill("#password", "wrong horse")
        page.keyboard.press("Enter")
        page.wait_for_selector("#sign-in-error")
        assert look(page) == []
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector(".places")
        assert look(page) == []


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (make vendor)")
def test_axe_finds_nothing_at_the_desk(hall: Hall, desks: Any) -> None:
    numbers = [hall.take(priority="elderly", language="km"), *(hall.take() for _ in range(4))]
    desk = desks("1")
    assert look(desk.page) == []
    desk.press("Space")
    desk.serves(numbers[0])
    assert look(desk.page) == []
    for key in ("c", "p", "?", "g"):
        desk.press(key)
        desk.page.wait_for_selector("dialog.panel")
        assert look(desk.page) == []
        if key != "g":
            desk.press("Escape")
    desk.press("1")
    expect(desk.page.locator("[data-kind=parked] .row")).to_have_count(1)
    desk.press("p", "1")
    expect(desk.page.locator(".pill")).to_contain_text("paused")
    assert look(desk.page) == []
    desk.press("o")


def test_the_desk_fits_half_a_screen_and_a_phone(hall: Hall, desks: Any) -> None:
    number = hall.take(priority="small_child", language="km")
    hall.take()
    desk = desks("1")
    desk.press("Space")
    desk.serves(number)
    for width, height in ((1280, 720), (960, 950), (640, 360), (390, 844)):
        desk.page.set_viewport_size({"width": width, "height": height})
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
        button = desk.page.locator(".call").bounding_box()
        assert button is not None
        if height > 700:
            assert button["y"] + button["height"] <= height, "the large button is in sight"


def test_without_the_server_nothing_can_be_pressed_and_it_goes_on_by_itself(
    hall: Hall, desks: Any
) -> None:
    first = hall.take()
    desk = desks("1")
    expect(desk.page.locator(".rows-queue .row")).to_have_count(1)
    hall.product.kill()
    expect(desk.page.locator(".offline")).to_be_visible(timeout=4000)
    expect(desk.page.locator(".call")).to_have_attribute("aria-disabled", "true")
    desk.press("Space")
    desk.serves_nobody()
    hall.product.start()
    expect(desk.page.locator(".offline")).to_have_count(0, timeout=15000)
    assert hall.status(first) == "waiting"
    desk.press("Space")
    desk.serves(first)
