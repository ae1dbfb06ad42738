"""Printing over the network, against a real TCP listener that obeys ESC/POS."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from hardware.printers import Outcome, Printer, PrinterError, dialogue, held, network, open_printer
from hardware.raster import draw
from tests.hardware.examples import URL, khmer, vietnamese
from tests.hardware.fake_printer import FakePrinter, running

HTTP = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"


def at(printer: FakePrinter, options: str = "") -> Printer:
    return open_printer(printer.uri + options, folder=Path())


def sent(printer: FakePrinter, options: str = "") -> Outcome:
    return at(printer, options).print_image(draw(vietnamese()), "A012")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "ANSWER_S", 0.5)
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    monkeypatch.setattr(dialogue, "PRINTED_S", 0.5)
    monkeypatch.setattr(network, "CLOSE_S", 0.3)


@pytest.mark.parametrize("slip", [vietnamese(), khmer(), vietnamese(paper_mm=58, reprint=True)])
def test_the_paper_shows_what_was_drawn_and_its_code_can_be_read(slip) -> None:
    picture = draw(slip)
    with running() as printer:
        assert at(printer).print_image(picture, slip.number) == Outcome("printed")
    (paper,) = printer.slips
    assert paper.width == picture.width
    assert [code.text for code in zxingcpp.read_barcodes(paper.convert("L"))] == [URL]
    differing = sum(
        (a ^ b).bit_count() for a, b in zip(paper.tobytes(), picture.tobytes(), strict=False)
    )
    assert differing < 20, "all but the dots that would have been commands"
    assert not printer.obeyed_in_picture
    assert not printer.unknown_command


def test_two_slips_come_out_as_two() -> None:
    with running() as printer:
        lines = at(printer)
        assert [lines.print_image(draw(vietnamese()), "A").state for _ in range(2)] == [
            "printed",
            "printed",
        ]
        assert len(printer.slips) == 2


def test_a_printer_that_is_fine_says_so() -> None:
    with running() as printer:
        condition = at(printer).condition()
    assert (condition.state, condition.paper, condition.reasons) == ("ok", "ok", ())


def test_paper_that_will_run_out_is_told_and_printed_on() -> None:
    with running(paper="low") as printer:
        assert (at(printer).condition().state, at(printer).condition().paper) == ("ok", "low")
        outcome = sent(printer)
    assert (outcome.state, outcome.reasons) == ("printed", ("paper-near-end",))


@pytest.mark.parametrize(
    ("how", "reason", "paper"),
    [({"paper": "out"}, "paper-out", "out"), ({"cover_open": True}, "cover-open", "ok")],
)
def test_a_printer_that_cannot_print_is_sent_nothing(how, reason: str, paper: str) -> None:
    with running(**how) as printer:
        outcome, condition = sent(printer), at(printer).condition()
    assert (outcome.state, outcome.reasons) == ("failed", (reason,))
    assert (condition.state, condition.paper) == (reason, paper)
    assert b"\x1dv0" not in printer.received


def test_silence_is_not_fine(impatient) -> None:
    with running(answers=False) as printer:
        outcome, condition = sent(printer), at(printer).condition()
    assert (outcome.state, outcome.reasons) == ("failed", ("timeout",))
    assert condition.state == "timeout"
    assert b"\x1dv0" not in printer.received


def test_nobody_there_is_failed_and_safe_to_try_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gone = open_printer(f"network://127.0.0.1:{port}", folder=Path())
    outcome = gone.print_image(draw(vietnamese()), "A012")
    assert (outcome.state, outcome.reasons) == ("failed", ("offline",))
    assert "\n" not in outcome.detail
    assert gone.condition().state == "offline"


def test_a_web_server_at_the_address_is_told_from_a_printer() -> None:
    """Its text holds bytes that look like answers."""
    with running(answers=False, chatter=HTTP) as printer:
        outcome, condition = sent(printer), at(printer).condition()
    assert (outcome.state, outcome.reasons) == ("failed", ("rejected",))
    assert condition.state == "rejected"
    assert b"\x1dv0" not in printer.received


def test_a_slip_that_was_not_confirmed_is_unknown(impatient) -> None:
    with running(confirms=False) as printer:
        outcome = sent(printer)
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))


def test_a_connection_that_breaks_within_a_slip_leaves_it_unknown() -> None:
    with running(breaks_after=5_000) as printer:
        outcome = sent(printer)
    assert (outcome.state, outcome.reasons) == ("unknown", ("offline",))


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)


def until(printer: Printer, *states: str) -> Outcome:
    """What becomes of a held slip, asked as the agent does."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        outcome = printer.held_outcome()
        if outcome.state in states:
            return outcome
        time.sleep(0.05)
    raise AssertionError(f"still {outcome}")


def test_a_slip_that_stops_for_want_of_paper_is_finished_when_there_is_some(stopping) -> None:
    with running(runs_out_after=200) as printer:
        device = at(printer)
        outcome = device.print_image(draw(vietnamese()), "A012")
        assert (outcome.state, outcome.reasons) == ("held", ("paper-out",))
        assert device.held_outcome().state == "held"
        assert device.condition().reasons == ("paper-out",)
        assert printer.slips == []
        printer.paper = "ok"
        assert until(device, "printed", "unknown").state == "printed"
        assert (len(printer.slips), printer.connections) == (1, 1), "nothing was sent again"
        assert device.condition().state == "ok"


def test_no_other_slip_is_sent_to_a_printer_that_holds_one(stopping) -> None:
    with running(runs_out_after=200) as printer:
        device = at(printer)
        device.print_image(draw(vietnamese()), "A012")
        second = device.print_image(draw(vietnamese()), "A013")
        assert (second.state, second.reasons) == ("failed", ("timeout",))
        assert printer.connections == 1


def test_a_printer_switched_off_with_a_slip_in_it_has_forgotten_the_slip(stopping) -> None:
    with running(runs_out_after=200) as printer:
        device = at(printer)
        device.print_image(draw(vietnamese()), "A012")
        printer.cut()
        outcome = until(device, "printed", "unknown")
        assert (outcome.state, outcome.reasons) == ("unknown", ("offline",))
        assert device.held_outcome().state == "unknown", "and nothing is held any more"


def test_a_printer_that_is_well_again_and_does_not_go_on_has_forgotten_it_too(
    stopping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "PRINTED_S", 0.3)
    with running(runs_out_after=200, confirms=False) as printer:
        device = at(printer)
        assert device.print_image(draw(vietnamese()), "A012").state == "held"
        printer.paper = "ok"
        outcome = until(device, "printed", "unknown")
        assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))


def test_a_held_slip_is_given_up_when_the_printer_falls_silent(
    stopping, impatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "SILENT_S", 0.5)
    monkeypatch.setattr(dialogue, "ANSWER_S", 0.1)
    with running(runs_out_after=200) as printer:
        device = at(printer)
        assert device.print_image(draw(vietnamese()), "A012").state == "held"
        printer.answers = False
        # It waits for paper and is too full to answer, perhaps; or it is not there any more.
        outcome = until(device, "printed", "unknown")
        assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))


def test_status_nobody_asked_for_changes_nothing() -> None:
    with running(chatter=b"\x14\x00\x00\x0f") as printer:
        assert sent(printer) == Outcome("printed")
    assert len(printer.slips) == 1


def test_an_answer_from_before_the_slip_does_not_confirm_it(impatient) -> None:
    with running(greeting=b"\x00", confirms=False) as printer:
        outcome = sent(printer)
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))


def test_a_slow_printer_is_waited_for(monkeypatch) -> None:
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    with running(slow_s=0.5) as printer:
        assert sent(printer).state == "printed"


def test_a_printer_too_busy_to_answer_is_waited_for(monkeypatch) -> None:
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    monkeypatch.setattr(dialogue, "ANSWER_S", 0.1)
    with running(slow_s=0.8) as printer:
        assert sent(printer).state == "printed"


def test_one_slip_at_a_time_however_many_ask() -> None:
    outcomes: list[str] = []
    picture = draw(vietnamese())
    with running(slow_s=0.05) as printer:
        threads = [
            threading.Thread(
                target=lambda: outcomes.append(at(printer).print_image(picture, "A").state)
            )
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert outcomes == ["printed"] * 4
        assert printer.at_once == 1
    assert len({paper.tobytes() for paper in printer.slips}) == 1


@pytest.mark.parametrize(("closes", "patience_s"), [(True, 60.0), (False, 0.3)])
def test_a_printer_that_answers_nothing_prints_when_one_says_so(
    monkeypatch, closes: bool, patience_s: float
) -> None:
    monkeypatch.setattr(network, "CLOSE_S", patience_s)
    begun = time.monotonic()
    with running(answers=False, confirms=False, closes=closes) as printer:
        assert at(printer, "?status=none").condition().state == "ok"
        assert sent(printer, "?status=none").state == "printed"
        # Without an answer the printer may still be at it.
        while not printer.slips and time.monotonic() < begun + 30:
            time.sleep(0.01)
        assert len(printer.slips) == 1
    assert b"\x10\x04" not in printer.received, "asked nothing"
    assert time.monotonic() < begun + 30, "one that closes its side is not waited for"


def test_also_without_answers_a_broken_connection_is_unknown(monkeypatch) -> None:
    monkeypatch.setattr(network, "CLOSE_S", 20.0)
    with running(breaks_after=5_000) as printer:
        outcome = sent(printer, "?status=none")
    assert (outcome.state, outcome.reasons) == ("unknown", ("offline",))


@pytest.mark.parametrize(
    ("uri", "host", "port", "confirms"),
    [
        ("network://192.168.1.50", "192.168.1.50", 9100, True),
        ("network://Printer.Hall:9101/", "printer.hall", 9101, True),
        ("NETWORK://10.0.0.9?status=none", "10.0.0.9", 9100, False),
    ],
)
def test_the_address_says_where_and_how(uri: str, host: str, port: int, confirms: bool) -> None:
    printer = open_printer(uri, folder=Path())
    assert isinstance(printer, network.NetworkPrinter)
    assert (printer.host, printer.port, printer.confirms) == (host, port, confirms)


@pytest.mark.parametrize(
    "uri",
    [
        "network:",
        "network://",
        "network:192.168.1.50",
        "network://:9100",
        "network://host:0",
        "network://host:99999",
        "network://host:port",
        "network://user@host",
        "network://host/queue",
        "network://[::1]",
        "network://[",
        "network://host?status=maybe",
        "network://host?speed=9",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(uri: str) -> None:
    with pytest.raises(PrinterError, match=r"network://HOST|status=none"):
        open_printer(uri, folder=Path())


def test_a_wrong_picture_is_the_callers_mistake() -> None:
    with running() as printer, pytest.raises(ValueError, match="cannot print"):
        at(printer).print_image(Image.new("L", (576, 24)), "A012")
    assert printer.connections == 0


EVENTLET = """
import warnings; warnings.simplefilter("ignore")
import eventlet; eventlet.monkey_patch()
import sys
from pathlib import Path
from hardware.printers import open_printer
from hardware.raster import draw
from tests.hardware.examples import vietnamese
beats = []
def heart():
    while True:
        beats.append(1); eventlet.sleep(0.01)
picture = draw(vietnamese())
printer = open_printer(sys.argv[1], folder=Path())
eventlet.spawn(heart)
print(printer.print_image(picture, "A012").state, len(beats))
"""


@pytest.mark.parametrize(
    ("how", "options", "state"),
    [
        ({"slow_s": 0.5}, "", "printed"),
        ({"breaks_after": 5_000}, "", "unknown"),
        ({"answers": False}, "?status=none", "printed"),
        ({"breaks_after": 5_000}, "?status=none", "unknown"),
    ],
)
def test_in_the_server_others_go_on_while_a_slip_is_printed(how, options: str, state: str) -> None:
    with running(**how) as printer:
        ran = subprocess.run(
            [sys.executable, "-c", EVENTLET, printer.uri + options],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    said, beats = ran.stdout.split()
    assert said == state
    if "slow_s" in how:
        assert int(beats) > 20, "the printer took half a second; nobody else waited for it"
