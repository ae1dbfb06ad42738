"""Network printers with faults on the way: what is said of the slip, and what is on paper."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from hardware.printers import Outcome, dialogue, lines, network, open_printer
from hardware.raster import draw
from tests.hardware.examples import vietnamese
from tests.hardware.faulty_printer import Wire, wired


def sent(wire: Wire) -> Outcome:
    device = open_printer(f"network://127.0.0.1:{wire.port}", folder=Path())
    return device.print_image(draw(vietnamese()), "A012")


def until_paper(wire: Wire, whole: int, partial: int) -> None:
    """Wait until that has come out; the printer may be at it still when we have given up."""
    deadline = time.monotonic() + 20
    while (wire.whole, wire.partial) != (whole, partial) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (wire.whole, wire.partial) == (whole, partial)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "ANSWER_S", 1.0)
    monkeypatch.setattr(dialogue, "PRINTED_S", 1.5)
    monkeypatch.setattr(dialogue, "LOOK_S", 0.5)
    monkeypatch.setattr(lines, "UNSENT_S", 1.0)


@pytest.mark.parametrize(
    ("fault", "state", "reason", "whole", "partial"),
    [
        ("", "printed", None, 1, 0),
        ("noise", "failed", "rejected", 0, 0),
        ("reset", "unknown", "offline", 0, 1),
        ("close", "unknown", "offline", 0, 1),
        ("reset-after", "unknown", "offline", 1, 0),
    ],
)
def test_what_is_on_paper_is_what_the_outcome_allows(
    fault: str, state: str, reason: str | None, whole: int, partial: int
) -> None:
    with wired(fault) as wire:
        outcome = sent(wire)
        assert (outcome.state, outcome.reasons) == (state, (reason,) if reason else ())
        until_paper(wire, whole, partial)


def test_the_rest_of_a_slip_given_up_does_not_follow_later(impatient: None) -> None:
    """What the system still has of it is thrown away, or it came out beside its reprint."""
    with wired("slow") as wire:
        outcome = sent(wire)
        assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))
        wire.fault = ""
        assert sent(wire) == Outcome("printed")
        time.sleep(1)  # in which nothing is to come
        assert (wire.whole, wire.partial) == (1, 1)


def test_a_printer_that_takes_next_to_nothing_has_not_closed_anything(
    impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system gives the connection up before we do, and says so where the answer would be."""
    monkeypatch.setattr(dialogue, "PRINTED_S", 20.0)
    monkeypatch.setattr(network, "UNSENT_S", 1.0)
    with wired("slow") as wire:
        outcome = sent(wire)
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",)), outcome.detail


def test_at_a_printer_for_one_client_the_second_waits(impatient: None) -> None:
    with wired(one_client=True) as wire:
        with socket.create_connection(("127.0.0.1", wire.port)):
            outcome = sent(wire)
            assert (outcome.state, outcome.reasons) == ("failed", ("timeout",))
            assert (wire.whole, wire.partial) == (0, 0)
        assert sent(wire) == Outcome("printed")
        assert (wire.whole, wire.partial) == (1, 0)


def test_switched_off_and_on_it_prints_again() -> None:
    with wired() as wire:
        wire.switch_off()
        outcome = sent(wire)
        assert (outcome.state, outcome.reasons) == ("failed", ("offline",))
        wire.switch_on()
        assert sent(wire) == Outcome("printed")
        assert (wire.whole, wire.partial) == (1, 0)
