"""The slip that comes out of the served product, read back: its code opens the right ticket."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import zxingcpp
from PIL import Image
from sqlalchemy import select

from server.database import Database
from server.offices.models import Printer
from server.settings import load_settings
from tests.hardware.fake_printer import running
from tests.product import served
from tests.served.conftest import Furnished, Hall

SOON_S = 40.0


def until(look: Callable[[], Any], what: str) -> Any:
    """What ``look`` finds, as soon as it finds something."""
    deadline = time.monotonic() + SOON_S
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} within {SOON_S} s")


def codes(picture: Image.Image) -> list[str]:
    """What the codes of a picture say."""
    return [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))]


def slip_state(hall: Hall, token: str) -> str:
    """How far the ticket's slip is."""
    state: str = hall.api("GET", f"/tickets/{token}").json()["slip"]["state"]
    return state


def test_the_code_of_a_printed_picture_opens_its_ticket(hall: Hall) -> None:
    ticket = hall.take()
    until(lambda: slip_state(hall, ticket["token"]) == "printed", "printed")
    [picture] = (hall.product.data / "slips").glob("*.png")
    [address] = codes(Image.open(picture))
    assert address == ticket["lookup_url"]
    page = requests.get(address, timeout=10)
    assert page.status_code == 200
    assert ticket["number"][1:] in page.text


def test_the_code_in_the_bytes_a_network_printer_received_opens_its_ticket(
    furnished: Furnished, tmp_path: Path
) -> None:
    with running() as printer, printing_to(furnished, tmp_path / "data", printer.uri) as hall:
        ticket = hall.take(language="km")
        until(lambda: slip_state(hall, ticket["token"]) == "printed", "printed")
        [slip] = printer.slips
        assert codes(slip) == [ticket["lookup_url"]]
        assert not printer.unknown_command


def test_a_ticket_is_valid_without_its_slip_and_the_slip_follows_when_paper_is_in(
    furnished: Furnished, tmp_path: Path
) -> None:
    with running() as printer, printing_to(furnished, tmp_path / "data", printer.uri) as hall:
        printer.paper = "out"
        ticket = hall.take()
        seen = until(
            lambda: hall.api("GET", f"/tickets/{ticket['token']}").json()["slip"]["reasons"],
            "a reason",
        )
        assert seen == ["paper-out"]
        assert hall.api("GET", "/offices/vinh-thuan").json()["printer"]["paper"] == "out"
        called = hall.clerk(f"/counters/{hall.counters()['1']}/call-next").json()
        assert called["number"] == ticket["number"]
        assert printer.slips == []
        printer.paper = "ok"
        until(lambda: slip_state(hall, ticket["token"]) == "printed", "printed after all")
        assert len(printer.slips) == 1


def test_a_slip_that_may_be_out_is_never_printed_again_by_itself(
    furnished: Furnished, tmp_path: Path
) -> None:
    with running() as printer, printing_to(furnished, tmp_path / "data", printer.uri) as hall:
        printer.breaks_after = 2000
        ticket = hall.take()
        until(lambda: slip_state(hall, ticket["token"]) == "unknown", "unknown")
        printer.breaks_after = None
        second = hall.take()
        until(lambda: slip_state(hall, second["token"]) == "printed", "the next one printed")
        assert slip_state(hall, ticket["token"]) == "unknown"
        assert [codes(slip) for slip in printer.slips] == [[second["lookup_url"]]]


def test_slips_owed_at_a_crash_come_out_after_it(furnished: Furnished, tmp_path: Path) -> None:
    with running() as printer, printing_to(furnished, tmp_path / "data", printer.uri) as hall:
        printer.paper = "out"
        tickets = [hall.take() for _ in range(3)]
        hall.product.kill()
        printer.paper = "ok"
        hall.product.start()
        ended = ("printed", "unknown")
        for ticket in tickets:
            until(lambda t=ticket: slip_state(hall, t["token"]) in ended, "printed")
        states = {ticket["lookup_url"]: slip_state(hall, ticket["token"]) for ticket in tickets}
        printed = [code for slip in printer.slips for code in codes(slip)]
        assert sorted(printed) == sorted(url for url, now in states.items() if now == "printed")
        # The one that was just being begun when the power failed is for a person to decide.
        assert list(states.values()).count("unknown") <= 1


@contextmanager
def printing_to(furnished: Furnished, data: Path, uri: str) -> Iterator[Hall]:
    """A served hall whose slips go to ``uri``."""
    database = Database(load_settings(furnished.copy(data)).sqlalchemy_url)
    with database.transaction() as session:
        session.scalars(select(Printer)).one().uri = uri
    database.close()
    with served(data) as product:
        yield Hall(product, furnished.kiosk_token, furnished.counter_token)
