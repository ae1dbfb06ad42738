"""Printing over USB: python-escpos and pyusb as they are, on a bus that is played."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.printers import Outcome, Printer, PrinterError, dialogue, open_printer
from hardware.printers.usb import UsbPrinter
from hardware.raster import draw
from tests.hardware.examples import vietnamese
from tests.hardware.fake_usb import IN, NUMBER, OUT, bus, no_libusb

PICTURE = draw(vietnamese())


def at(options: str = "") -> Printer:
    return open_printer("usb://04b8:0e15" + options, folder=Path())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "ANSWER_S", 0.3)
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    monkeypatch.setattr(dialogue, "PRINTED_S", 0.4)


def test_slips_come_out_and_the_device_is_let_go(monkeypatch) -> None:
    with bus(monkeypatch) as usb:
        printer = at()
        assert [printer.print_image(PICTURE, "A") for _ in range(2)] == [Outcome("printed")] * 2
        assert printer.condition().state == "ok"
        assert (usb.opened, usb.claimed) == (0, set())
        assert usb.resets == 0, "what it has still to print stays"
        assert usb.kernel_driver is None, "usblp would write as well"
    first, second = usb.printer.slips
    assert first.tobytes() == second.tobytes()
    assert 0 not in usb.timeouts, "which would be to wait for ever"


def test_a_device_that_takes_little_at_once_gets_all_of_it(monkeypatch) -> None:
    with bus(monkeypatch) as usb:
        usb.at_most = 100
        assert at().print_image(PICTURE, "A") == Outcome("printed")
    assert len(usb.printer.slips) == 1


def test_a_device_that_takes_no_more_leaves_the_slip_unknown(monkeypatch) -> None:
    with bus(monkeypatch) as usb:
        usb.takes = 5_000
        outcome = at().print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))


def test_a_cable_pulled_out_within_a_slip_leaves_it_unknown(monkeypatch) -> None:
    with bus(monkeypatch, breaks_after=5_000):
        outcome = at().print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("unknown", ("offline",))


def test_empty_packets_are_no_answers(monkeypatch) -> None:
    with bus(monkeypatch) as usb:
        usb.empty_packets = 20
        assert at().print_image(PICTURE, "A") == Outcome("printed")


def test_silence_is_not_fine(monkeypatch, impatient) -> None:
    with bus(monkeypatch, answers=False) as usb:
        outcome = at().print_image(PICTURE, "A")
        assert at().condition().state == "timeout"
    assert (outcome.state, outcome.reasons) == ("failed", ("timeout",))
    assert b"\x1dv0" not in usb.printer.received


def test_paper_that_is_out_is_told_before(monkeypatch) -> None:
    with bus(monkeypatch, paper="out") as usb:
        outcome = at().print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("failed", ("paper-out",))
    assert b"\x1dv0" not in usb.printer.received


def test_a_slip_that_was_not_confirmed_is_unknown(monkeypatch, impatient) -> None:
    with bus(monkeypatch) as usb:
        printer = at()
        assert printer.print_image(PICTURE, "A").state == "printed"
        usb.printer.confirms = False
        outcome = printer.print_image(PICTURE, "B")
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))


def test_a_device_without_a_way_back_prints_when_one_says_so(monkeypatch) -> None:
    with bus(monkeypatch) as usb:
        usb.ways = [OUT]
        outcome = at().print_image(PICTURE, "A")
        assert (outcome.state, outcome.reasons) == ("failed", ("rejected",))
        assert "status=none" in outcome.detail
        assert at("?status=none").condition().state == "ok"
        assert at("?status=none").print_image(PICTURE, "A").state == "printed"
    assert len(usb.printer.slips) == 1


def test_a_device_nobody_has_set_up_yet_is_set_up(monkeypatch) -> None:
    with bus(monkeypatch) as usb:
        usb.configured = False
        assert at().print_image(PICTURE, "A") == Outcome("printed")


@pytest.mark.parametrize(
    ("how", "reason", "words"),
    [
        ({"plugged_in": False}, "offline", "not plugged in"),
        ({"allowed": False}, "offline", "Access denied"),
        ({"held_elsewhere": True}, "offline", "busy"),
        ({"kind": 8}, "rejected", "no printer"),
        ({"ways": [IN]}, "rejected", "no printer"),
    ],
)
def test_what_cannot_be_printed_on_says_so_each_time(
    monkeypatch, how: dict[str, object], reason: str, words: str
) -> None:
    with bus(monkeypatch) as usb:
        for name, value in how.items():
            setattr(usb, name, value)
        printer = at()
        for _ in range(2):
            outcome = printer.print_image(PICTURE, "A")
            assert (outcome.state, outcome.reasons) == ("failed", (reason,))
            assert words in outcome.detail
            assert "\n" not in outcome.detail
            assert printer.condition().state == reason
        assert NUMBER not in usb.claimed
    assert not usb.printer.received


def test_a_printer_that_is_plugged_in_later_prints(monkeypatch) -> None:
    with bus(monkeypatch) as usb:
        printer = at()
        usb.plugged_in = False
        assert printer.print_image(PICTURE, "A").state == "failed"
        usb.plugged_in = True
        assert printer.print_image(PICTURE, "A").state == "printed"


def test_without_libusb_it_says_what_to_install(monkeypatch) -> None:
    no_libusb(monkeypatch)
    outcome = at().print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("failed", ("offline",))
    assert "libusb-1.0-0" in outcome.detail


@pytest.mark.parametrize("uri", ["usb://04b8:0e15", "USB://04B8:0E15/", "usb://0x04b8:0x0e15"])
def test_the_address_says_which(uri: str) -> None:
    printer = open_printer(uri, folder=Path())
    assert isinstance(printer, UsbPrinter)
    assert (printer.vendor, printer.product) == (0x04B8, 0x0E15)


@pytest.mark.parametrize(
    "uri", ["usb:", "usb://", "usb://1:2", "usb://04b8", "usb://0000:0e15", "usb://04b8:0e15?ep=1"]
)
def test_an_address_that_cannot_be_used_is_refused_in_words(uri: str) -> None:
    with pytest.raises(PrinterError, match="usb://VID:PID"):
        open_printer(uri, folder=Path())
