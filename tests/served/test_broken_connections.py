"""Printers that fail on the way, against the served product: resets, closing, back pressure, power.

Every fault has a printer of its own and all happen at once, in one hall with the server's own
printing and for some again in one whose printers hang at agents. How printers themselves fail is in
``test_printer_faults``.
"""

from __future__ import annotations

import socket
import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import ImageChops
from playwright.sync_api import Browser, Page, expect

from hardware.raster import draw
from hardware.slips import Slip
from tests.browser import chromium
from tests.hardware.faulty_printer import Wire, wired
from tests.product import free_port, motcua, served
from tests.served.test_agent import start_agent, until
from tests.served.test_printer_faults import Place, furnish, hall_text, stored_slip

DOUBTFUL = {
    # fault on the way: (reason, whole slips, partial slips)
    "reset": ("offline", 0, 1),
    "close": ("offline", 0, 1),
    "reset-after": ("offline", 1, 0),
    "slow": ("timeout", 0, 1),
}
PLACES = (*DOUBTFUL, "noise", "power", "crowd", "kiosk")
AGENTS = ("reset-after", "slow", "power")
LONG_S = 90
"""For slips that take the product's own patience, on a machine that is busy."""


@dataclass
class Halls:
    """Places by fault, in the hall that the server prints for and in the one with agents."""

    places: dict[str, Place]
    wires: dict[str, Wire]
    data: Path

    def at(self, key: str) -> tuple[Place, Wire]:
        """One place and the way to its printer."""
        return self.places[key], self.wires[key]


@pytest.fixture(scope="module")
def halls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Halls]:
    data = tmp_path_factory.mktemp("connections")
    ports = {"here": {name: free_port() for name in PLACES}}
    ports["far"] = {name: free_port() for name in AGENTS}
    for slug, mine in ports.items():
        (data / "hall.toml").write_text(hall_text(slug, mine), encoding="utf-8")
        motcua(data, "hall", "load", str(data / "hall.toml"))
    tokens = {
        slug: furnish(data, mine, slug, AGENTS) for slug, mine in ports.items() if slug == "far"
    }
    tokens["here"] = furnish(data, ports["here"], "here")
    with ExitStack() as stack:
        wires = {
            f"{slug} {name}": stack.enter_context(
                wired(name if name in (*DOUBTFUL, "noise") else "", port=port, one_client=True)
            )
            for slug, mine in ports.items()
            for name, port in mine.items()
        }
        product = stack.enter_context(served(data))
        for name in AGENTS:
            agent = start_agent(
                product.url,
                tokens["far"][f"agent {name}"],
                f"network://127.0.0.1:{ports['far'][name]}",
                data / f"agent-{name}",
            )
            stack.callback(lambda agent=agent: (agent.terminate(), agent.wait(timeout=30)))
        places = {
            f"{slug} {name}": Place(
                product, slug, tokens[slug][name], tokens[slug]["staff"], name, port
            )
            for slug, mine in ports.items()
            for name, port in mine.items()
        }
        halls = Halls(places, wires, data)
        with ThreadPoolExecutor(len(places)) as threads:
            for visited in [threads.submit(visit, place) for place in places.values()]:
                visited.result()
        yield halls


def visit(place: Place) -> None:
    """Takes a number and waits until its slip has come to where the fault ends."""
    if place.name in DOUBTFUL:
        place.ticket = place.take()
        until(lambda: place.slip()[0] == "unknown", LONG_S)
    elif place.name == "noise":
        place.ticket = place.take()
        until(lambda: place.waits() == ["rejected"], LONG_S)
    else:
        until(lambda: place.condition() == "ok", LONG_S)


KEYS = [f"here {name}" for name in DOUBTFUL] + [
    f"far {name}" for name in AGENTS if name in DOUBTFUL
]


@pytest.mark.parametrize("key", KEYS)
def test_a_slip_cut_short_is_in_doubt_and_reprinted_once_by_a_person(
    halls: Halls, key: str
) -> None:
    place, wire = halls.at(key)
    reason, whole, partial = DOUBTFUL[place.name]
    assert place.slip() == ("unknown", [reason]), "the kiosk shows the code to photograph"
    doubt = place.doubts()[place.ticket["number"]]
    assert (doubt["state"], doubt["reasons"], doubt["reprint"]) == ("unknown", [reason], False)
    until(lambda: (wire.whole, wire.partial) == (whole, partial))

    wire.fault = ""
    following = place.take()
    until(lambda: place.slip(following)[0] == "printed", LONG_S)
    until(lambda: place.condition() == "ok", LONG_S)
    assert (wire.whole, wire.partial) == (whole + 1, partial), "the doubtful one did not follow"
    assert place.slip() == ("unknown", [reason])

    again = place.press(f"/print-jobs/{doubt['id']}/reprint")
    until(lambda: place.slip()[0] == "printed", LONG_S)
    assert (wire.whole, wire.partial) == (whole + 2, partial)
    assert place.ticket["number"] not in place.doubts()
    marked = Slip.from_dict(stored_slip(halls.data, again["id"]))
    assert marked.reprint and marked.number == place.ticket["number"]
    assert differing(wire, marked) <= 40, "all but dots that would have been commands"
    assert differing(wire, replace(marked, reprint=False)) > 400, "the mark can be seen"


def differing(wire: Wire, slip: Slip) -> int:
    """By how many dots the last slip on paper is not ``slip`` as it is drawn."""
    paper, drawn = wire.printer.slips[-1], draw(slip)
    odd = ImageChops.logical_xor(paper.crop((0, 0, *drawn.size)), drawn)
    return sum(odd.histogram()[1:])


def test_a_stranger_at_the_address_is_sent_nothing_and_the_slip_follows(halls: Halls) -> None:
    place, wire = halls.at("here noise")
    assert place.condition() == "rejected"
    assert (wire.whole, wire.partial) == (0, 0)
    wire.fault = ""
    until(lambda: place.slip()[0] == "printed", LONG_S)
    assert (wire.whole, wire.partial) == (1, 0)
    until(lambda: place.condition() == "ok", LONG_S)


def test_staff_know_of_an_idle_printer_switched_off_and_on_within_five_seconds(
    halls: Halls,
) -> None:
    place, wire = halls.at("here power")
    took = []
    for _ in range(3):
        wire.switch_off()
        took.append(until(lambda: place.condition() == "offline", 30))
        wire.switch_on()
        took.append(until(lambda: place.condition() == "ok", 30))
    assert statistics.median(took) < 5, took  # the median: the machine may be busy for a while
    ticket = place.take()
    until(lambda: place.slip(ticket)[0] == "printed", LONG_S)
    assert (wire.whole, wire.partial) == (1, 0)


@pytest.mark.parametrize("key", ["here power", "far power"])
def test_a_power_cut_within_a_slip_leaves_it_to_a_person_and_the_next_prints(
    halls: Halls, key: str
) -> None:
    place, wire = halls.at(key)
    before = wire.whole
    wire.fault = "slow"
    ticket = place.take()
    until(lambda: wire.partial == 1, LONG_S)
    wire.switch_off()
    until(lambda: place.slip(ticket) == ("unknown", ["offline"]), LONG_S)
    until(lambda: place.condition() == "offline", LONG_S)
    following = place.take()
    wire.fault = ""
    wire.switch_on()
    until(lambda: place.slip(following)[0] == "printed", LONG_S)
    assert place.slip(ticket)[0] == "unknown"
    assert ticket["number"] in place.doubts()
    assert (wire.whole, wire.partial) == (before + 1, 1)


def test_while_another_program_has_the_printer_slips_wait_and_each_comes_out_once(
    halls: Halls,
) -> None:
    place, wire = halls.at("here crowd")
    with socket.create_connection(("127.0.0.1", wire.port)):
        tickets = [place.take() for _ in range(2)]
        until(lambda: place.slip(tickets[0])[1] == ["timeout"], LONG_S)
        until(lambda: place.condition() == "timeout", LONG_S)
        assert wire.partial == 0
    for ticket in tickets:
        until(lambda ticket=ticket: place.slip(ticket)[0] == "printed", LONG_S)
    assert (wire.whole, wire.partial) == (2, 0)
    assert wire.printer.at_once == 1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def kiosk(halls: Halls, browser: Browser) -> Iterator[Page]:
    """The kiosk beside the printer ``kiosk``, set up as a technician does."""
    place, _ = halls.at("here kiosk")
    context = browser.new_context(viewport={"width": 1080, "height": 1920}, locale="vi")
    page = context.new_page()
    page.goto(f"{place.product.url}/kiosk/here/device")
    page.fill("#token", place.kiosk)
    page.keyboard.press("Enter")
    expect(page.locator("[data-service]").first).to_be_visible(timeout=20_000)
    yield page
    context.close()


def tap(kiosk: Page) -> None:
    kiosk.locator('[data-service="civil"] button').first.click()
    expect(kiosk.locator(".issued-number .number")).to_be_visible(timeout=20_000)


def stage(kiosk: Page, name: str) -> None:
    expect(kiosk.locator(f'.issued[data-stage="{name}"]')).to_be_visible(timeout=30_000)


def test_the_kiosk_gives_the_slip_only_when_the_printer_has_confirmed_it(
    halls: Halls, kiosk: Page
) -> None:
    _, wire = halls.at("here kiosk")
    wire.printer.slow_s, before = 4.0, wire.whole
    try:
        tap(kiosk)
        until(lambda: wire.whole == before + 1, LONG_S)
        assert kiosk.locator('.issued[data-stage="printed"]').count() == 0, "not confirmed yet"
        stage(kiosk, "printed")
    finally:
        wire.printer.slow_s = 0.0


def test_the_kiosk_shows_the_code_and_says_that_paper_is_out(halls: Halls, kiosk: Page) -> None:
    place, wire = halls.at("here kiosk")
    wire.printer.paper = "out"
    try:
        tap(kiosk)
        stage(kiosk, "photograph")
        expect(kiosk.locator(".photograph-why")).to_have_text("Máy in hết giấy.", timeout=20_000)
        expect(kiosk.locator(".photograph .code")).to_be_visible()
    finally:
        wire.printer.paper = "ok"
    stage(kiosk, "printed")
    until(lambda: place.condition() == "ok", LONG_S)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("reset-after", "Không kết nối được máy in."),
        ("noise", "Máy in chưa xác nhận phiếu."),
    ],
)
def test_the_kiosk_shows_the_code_when_the_slip_is_in_doubt_or_no_printer_is_there(
    halls: Halls, kiosk: Page, fault: str, words: str
) -> None:
    place, wire = halls.at("here kiosk")
    wire.fault = fault
    try:
        tap(kiosk)
        stage(kiosk, "photograph")
        expect(kiosk.locator(".photograph-why")).to_have_text(words, timeout=20_000)
    finally:
        wire.fault = ""
    until(lambda: place.condition() == "ok", LONG_S)
