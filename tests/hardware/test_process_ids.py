"""Printers that confirm each slip by a number of its own: ``?status=process-id`` (GS ( H)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.printers import Printer, PrinterError, dialogue, open_printer
from hardware.raster import draw
from hardware.replies import Ask, Kind, Replies, ask_process
from tests.hardware.examples import vietnamese
from tests.hardware.fake_printer import FakePrinter, plugged_in, running

PICTURE = draw(vietnamese())


def at(printer: FakePrinter) -> Printer:
    return open_printer(f"{printer.uri}?status=process-id", folder=Path())


def test_a_slip_is_confirmed_by_its_own_number() -> None:
    with running(names_slips=True) as printer:
        outcome = at(printer).print_image(PICTURE, "A012")
        assert (outcome.state, outcome.reasons) == ("printed", ())
    assert len(printer.slips) == 1
    assert not printer.unknown_command


def test_low_paper_is_told_all_the_same() -> None:
    with running(names_slips=True, paper="low") as printer:
        outcome = at(printer).print_image(PICTURE, "A012")
        assert (outcome.state, outcome.reasons) == ("printed", ("paper-near-end",))


@pytest.mark.parametrize(
    "uri", ["serial://{}?baudrate=115200&status=process-id", "file://{}?status=process-id"]
)
def test_on_a_cable_a_late_confirmation_counts_for_no_later_slip(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    with plugged_in(names_slips=True, slow_s=1.0) as fake:
        printer = open_printer(uri.format(fake.path), folder=Path())
        monkeypatch.setattr(dialogue, "PRINTED_S", 0.3)
        monkeypatch.setattr(dialogue, "ANSWER_S", 0.2)
        assert printer.print_image(PICTURE, "A").state == "unknown"
        monkeypatch.setattr(dialogue, "PRINTED_S", 10.0)
        monkeypatch.setattr(dialogue, "ANSWER_S", 3.0)
        time.sleep(1)
        fake.slow_s, begun = 0.5, time.monotonic()
        assert printer.print_image(PICTURE, "B").state == "printed"
        assert time.monotonic() - begun >= 0.5, "its own confirmation was waited for"
        printer.close()
        assert len(fake.slips) == 2


def test_a_held_slip_is_confirmed_by_its_number_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    with running(names_slips=True, runs_out_after=200) as printer:
        device = at(printer)
        assert device.print_image(PICTURE, "A012").state == "held"
        printer.runs_out_after, printer.paper = None, "ok"
        deadline = time.monotonic() + 10
        while (outcome := device.held_outcome()).state == "held":
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert outcome.state == "printed"


def test_who_asks_another_model_for_it_learns_that_it_is_not_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dialogue, "PRINTED_S", 0.5)
    with running() as printer:
        assert at(printer).print_image(PICTURE, "A012").state == "unknown"


@pytest.mark.parametrize(
    "uri", ["cups://slips?status=process-id", "win32://Slips?status=process-id"]
)
def test_a_queue_cannot_be_asked(uri: str) -> None:
    with pytest.raises(PrinterError, match="strict or none"):
        open_printer(uri, folder=Path())


@given(
    st.integers(0, 9999),
    st.lists(st.sampled_from([b"\x12", b"\x14\x00\x00\x0f", b"\x11"]), max_size=4),
)
def test_the_number_is_read_among_other_answers(number: int, between: list[bytes]) -> None:
    digits = ask_process(number)[-4:]
    stream = b"".join(between) + b"\x37\x22" + digits + b"\x00" + b"".join(between)
    replies = Replies(process_ids=True)
    sorted_out = [pair for byte in stream for pair in replies.sort(bytes((byte,)))]
    assert [value for kind, value in sorted_out if kind is Kind.PROCESS] == [number]
    assert replies.strange == 0


@pytest.mark.parametrize("answer", [b"\x37\x23", b"\x37\x2212x4\x00", b"\x37\x221234\x01"])
def test_what_only_looks_like_it_confirms_nothing(answer: bytes) -> None:
    replies = Replies(process_ids=True)
    assert list(replies.sort(answer)) == []
    assert replies.strange


def test_who_did_not_ask_for_numbers_takes_them_for_rubbish() -> None:
    replies = Replies()
    assert Kind.PROCESS not in [kind for kind, _ in replies.sort(b"\x37\x220007\x00")]
    assert replies.strange
    assert Ask.PAPER.command == b"\x10\x04\x04"
