"""The office's logo on a slip."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageOps

from hardware.escpos import encode
from hardware.logos import HIGHEST, LONGEST, WIDEST, logo_picture
from hardware.raster import draw
from hardware.slips import Slip
from tests.hardware.escpos_decoder import decode_one
from tests.hardware.examples import OFFICE_LOGO, URL, vietnamese


def as_logo(picture: Image.Image, kind: str = "PNG") -> str:
    made = io.BytesIO()
    picture.save(made, kind)
    return base64.b64encode(made.getvalue()).decode("ascii")


def ink(picture: Image.Image) -> int:
    return int((~np.array(picture, dtype=bool)).sum())


@pytest.mark.parametrize("paper_mm", [80, 58])
def test_the_logo_stands_at_the_top_left_of_what_comes_out_of_the_printer(paper_mm: int) -> None:
    slip = vietnamese(logo=OFFICE_LOGO, paper_mm=paper_mm)
    paper = decode_one(encode(draw(slip))).picture
    logo = logo_picture(OFFICE_LOGO)
    assert logo is not None
    wanted = logo.convert("1")
    places = [top for top in range(120) if _is_at(paper, wanted, top)]
    assert len(places) == 1
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == [URL]


def _is_at(paper: Image.Image, logo: Image.Image, top: int) -> bool:
    part = np.array(paper.crop((0, top, logo.width, top + logo.height)))
    return int((part != np.array(logo)).sum()) <= 3  # but for harmless dots


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("size", [(WIDEST, HIGHEST), (96, 96), (24, 96), (WIDEST, 24)])
def test_the_words_keep_clear_of_the_logo(size: tuple[int, int], paper_mm: int) -> None:
    """With a black logo, and the same slip with a white one: the words are the same."""
    slip = vietnamese(paper_mm=paper_mm, office="Bộ phận Tiếp nhận và Trả kết quả " * 3)
    black, white = (
        draw(replace(slip, logo=as_logo(Image.new("1", size, level)))) for level in (0, 255)
    )
    assert black.size == white.size
    assert ink(black) - ink(white) == size[0] * size[1]
    changed = ImageOps.invert(
        Image.fromarray(np.where(np.array(black) != np.array(white), 0, 255).astype(np.uint8))
    ).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    around = white.crop((left, top, right + 12, bottom))
    assert ink(around) == 0, "white between the logo and the words"


@pytest.mark.parametrize("number", ["A012", "A1234567890"])
def test_the_logo_is_never_higher_than_the_number(number: str) -> None:
    slip = Slip(number=number, paper_mm=58)
    alone = draw(slip)
    with_logo = draw(replace(slip, logo=as_logo(Image.new("1", (96, 96)))))
    height = np.ptp(np.argwhere(~np.array(alone, dtype=bool))[:, 0]) + 1
    column = ~np.array(with_logo, dtype=bool)[:, 5]
    top = int(np.argmax(column))
    assert 20 < int(np.argmin(column[top:])) <= min(height, HIGHEST)


@pytest.mark.parametrize(
    "logo",
    [
        "",
        "no picture",
        "AAAA",
        OFFICE_LOGO[:100],
        as_logo(Image.new("RGB", (20, 20)), "GIF"),
        as_logo(Image.new("1", (WIDEST + 1, 20))),
        as_logo(Image.new("1", (20, HIGHEST + 1))),
        "A" * (LONGEST + 4),
    ],
)
def test_a_logo_that_cannot_be_drawn_does_not_stop_the_slip(logo: str) -> None:
    assert logo_picture(logo) is None
    assert draw(vietnamese(logo=logo)).tobytes() == draw(vietnamese()).tobytes()


def test_the_logo_travels_with_the_slip() -> None:
    slip = vietnamese(logo=OFFICE_LOGO)
    assert Slip.from_dict(slip.to_dict()) == slip
    assert Slip.from_dict(slip.to_dict()).logo == OFFICE_LOGO
