"""Slips printed into a printer emulator that others wrote: it sees what we have drawn.

Collected only where there is a Python that can run it (see tests/conftest.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp

from hardware.blocks import WIDTHS
from hardware.printers import Outcome, Printer, open_printer
from hardware.raster import draw
from tests.hardware import emulator
from tests.hardware.escpos_decoder import GRAIN
from tests.hardware.examples import LONG_VIETNAMESE, SHADED_LOGO, URL, english, khmer, vietnamese
from tests.hardware.test_escpos_decoder import harmless_dots

LONG = {"service": LONG_VIETNAMESE, "missed": LONG_VIETNAMESE, "reprint": True, "demo": True}
SLIPS = {
    "vi": vietnamese(priority="Ưu tiên: Người cao tuổi"),
    "en": english(),
    "km": khmer(),
    "shaded logo": vietnamese(logo=SHADED_LOGO),
    "vi long": vietnamese(**LONG),
    "km long": khmer(**LONG),
}


@pytest.fixture(scope="module")
def emupos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[emulator.Emulator]:
    widths = {f"paper-{mm}": width for mm, width in WIDTHS.items()}
    with emulator.running(tmp_path_factory.mktemp("emupos"), widths) as running:
        yield running


def printer(emupos: emulator.Emulator, paper_mm: int = 80) -> Printer:
    return open_printer(emupos.uri(f"paper-{paper_mm}"), folder=Path())


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("name", SLIPS)
def test_the_emulator_prints_the_slip_dot_by_dot(
    emupos: emulator.Emulator, name: str, paper_mm: int
) -> None:
    make = type(SLIPS[name]).from_dict
    drawn = draw(make({**SLIPS[name].to_dict(), "paper_mm": paper_mm}))
    before = len(emupos.receipts(f"paper-{paper_mm}"))
    assert printer(emupos, paper_mm).print_image(drawn, "A012") == Outcome("printed")
    receipts = emupos.receipts(f"paper-{paper_mm}")
    assert len(receipts) == before + 1, "one slip in, one slip out"
    paper = receipts[-1]
    assert (paper.mode, paper.width) == ("1", drawn.width)
    assert 0 <= paper.height - drawn.height < GRAIN
    dots, wanted = np.array(paper), np.array(drawn)
    assert dots[drawn.height :].all(), "nothing but white below the slip"
    differ = np.argwhere(dots[: drawn.height] != wanted)
    assert {(int(x), int(y)) for y, x in differ} == harmless_dots(drawn)
    assert (name == "shaded logo") <= len(differ) < 20
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == [URL]


@pytest.mark.parametrize(
    ("fault", "state", "paper"),
    [("paper-out", "paper-out", "out"), ("cover-open", "cover-open", "ok")],
)
def test_the_emulator_says_what_is_wrong_and_we_understand_it(
    emupos: emulator.Emulator, fault: str, state: str, paper: str
) -> None:
    emupos.fault("paper-80", fault, active=True)
    before = len(emupos.receipts("paper-80"))
    try:
        condition = printer(emupos).condition()
        assert (condition.state, condition.paper) == (state, paper)
        assert printer(emupos).print_image(draw(vietnamese()), "A012").state == "failed"
    finally:
        emupos.fault("paper-80", fault, active=False)
    assert len(emupos.receipts("paper-80")) == before, "nothing was sent, so nothing comes late"
    assert printer(emupos).condition().state == "ok"


def test_paper_that_will_run_out_is_understood(emupos: emulator.Emulator) -> None:
    emupos.fault("paper-80", "paper-near-end", active=True)
    try:
        outcome = printer(emupos).print_image(draw(vietnamese()), "A012")
    finally:
        emupos.fault("paper-80", "paper-near-end", active=False)
    assert (outcome.state, outcome.reasons) == ("printed", ("paper-near-end",))
