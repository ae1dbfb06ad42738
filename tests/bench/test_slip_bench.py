"""The slip costs little more than its bare drawing, and the yardstick is an honest one."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from bench.slip import LIMIT, draw_bare, laid_out, ratios, slip
from hardware.breaking import ZERO_WIDTH_SPACE
from hardware.raster import draw
from hardware.slips import PAPERS_MM


def test_a_slip_takes_at_most_three_times_the_bare_drawing() -> None:
    assert LIMIT == 3
    for one in ratios(rounds=15):
        assert one.reached, one


@pytest.mark.parametrize("paper_mm", PAPERS_MM)
@pytest.mark.parametrize("number", range(12))
def test_the_yardstick_writes_every_word_and_the_code(number: int, paper_mm: int) -> None:
    whole = slip(number, paper_mm)
    bare = laid_out(whole)
    written = "".join(piece for line in bare.lines for piece, _ in line.pieces).replace(" ", "")
    for text in (
        whole.organisation,
        whole.office,
        whole.service,
        whole.priority,
        whole.ahead,
        whole.printed_at,
        whole.qr_caption,
        whole.missed,
        whole.thanks,
        *whole.marks,
    ):
        assert text.replace(" ", "").replace(ZERO_WIDTH_SPACE, "") in written
    picture = draw_bare(bare)
    assert picture.size == draw(whole).size
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [whole.url]
    assert (ink(picture) / ink(draw(whole))) < 1.25, "and nothing that the slip has not"


def ink(picture: Image.Image) -> int:
    return int((np.array(picture.convert("L")) < 128).sum())


def test_no_two_rounds_print_the_same_slip() -> None:
    slips = [slip(number, 80) for number in range(120)]
    assert len({one.number + one.printed_at for one in slips}) == 120
    assert len({one.url for one in slips}) == 120
    assert {one.language for one in slips} == {"vi", "en", "km"}
    assert {bool(one.priority) for one in slips} == {True, False}
