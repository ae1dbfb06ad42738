"""The slip as a picture."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps, features

from hardware.blocks import WIDTHS
from hardware.figures import NUMBER_HEIGHT, QR_BORDER, QR_LEAST_MODULE, number_picture, qr_code
from hardware.raster import draw
from hardware.slips import LONGEST_URL, Slip, sample_slip
from hardware.typesetting import Style, fit, measure, runs
from tests.hardware.examples import LONG_KHMER, LONG_VIETNAMESE, URL, khmer, vietnamese

PAPERS = (80, 58)


def bands(picture: Image.Image) -> list[tuple[int, int]]:
    """The rows with ink, as (first, height), one for each line of text."""
    inked = np.any(~np.array(picture, dtype=bool), axis=1)
    rows = [(int(i), list(group)) for i, group in _grouped(inked)]
    return [(first, len(group)) for first, group in rows if group[0]]


def _grouped(flags: NDArray[np.bool_]) -> list[tuple[int, list[bool]]]:
    found, at = [], 0
    for _, group in itertools.groupby(flags.tolist()):
        members = list(group)
        found.append((at, members))
        at += len(members)
    return found


def worn(picture: Image.Image, seed: int) -> Image.Image:
    """As a phone sees it: out of focus, grainy, grey, a little turned, on a desk."""
    desk = ImageOps.expand(picture.convert("L"), border=60, fill=230)
    turned = desk.rotate(seed % 7 - 3, resample=Image.Resampling.BICUBIC, fillcolor=230)
    grey = np.array(turned.filter(ImageFilter.GaussianBlur(1.6)), dtype=float) * 0.6 + 50
    grain = np.random.default_rng(seed).normal(0, 18, grey.shape)
    return Image.fromarray(np.clip(grey + grain, 0, 255).astype(np.uint8))


def read(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("make", [vietnamese, khmer])
def test_the_picture_is_black_and_white_and_as_wide_as_the_paper_prints(paper, make) -> None:
    picture = draw(make(paper_mm=paper))
    assert (picture.mode, picture.width) == ("1", WIDTHS[paper])
    assert picture.width % 8 == 0


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("make", [vietnamese, khmer])
def test_the_code_is_read_back_from_a_worn_slip(paper, make) -> None:
    picture = draw(make(paper_mm=paper, priority="Ưu tiên", reprint=True))
    assert [read(worn(picture, seed)) for seed in range(5)] == [[URL]] * 5


@pytest.mark.parametrize("length", [20, 60, 120, LONGEST_URL])
@pytest.mark.parametrize("paper", PAPERS)
def test_every_address_makes_a_code_of_large_modules_with_its_border(paper, length) -> None:
    url = "https://" + "m" * (length - 8)
    code = np.array(qr_code(url, WIDTHS[paper]))
    assert code.shape[1] <= WIDTHS[paper]
    dark = np.argwhere(code == 0)
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0)
    finder = int(np.argmax(code[top, left:] == 255))  # the corner mark is seven modules wide
    assert finder % 7 == 0
    module = finder // 7
    assert module >= QR_LEAST_MODULE
    assert top == left == QR_BORDER * module
    assert bottom == right == code.shape[0] - 1 - QR_BORDER * module
    assert read(draw(Slip(number="A001", url=url, paper_mm=paper))) == [url]


def test_the_usual_code_is_about_28_mm() -> None:
    code = np.array(qr_code(URL, WIDTHS[80]))
    side = np.ptp(np.argwhere(code == 0)[:, 0]) + 1
    assert 26 <= side / 8 <= 30


@pytest.mark.parametrize("number", ["A001", "A012", "G088", "M808", "W888", "Đ200"])
def test_the_number_is_twenty_millimetres_high(number: str) -> None:
    width = WIDTHS[80]
    ink = ImageOps.invert(number_picture(number, width)).getbbox()
    assert ink is not None
    # Round figures reach a dot or two over and under; Đ and the like are as high.
    assert NUMBER_HEIGHT - 8 <= ink[3] - ink[1] <= NUMBER_HEIGHT + 6
    assert 0.9 * width <= ink[2] - ink[0] <= width


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("number", ["A012", "B1204", "A12345"])
def test_the_number_is_the_largest_text(paper: int, number: str) -> None:
    slip = vietnamese(number=number, url="", paper_mm=paper, demo=True, reprint=True)
    heights = sorted((height for _, height in bands(draw(slip))), reverse=True)
    assert abs(heights[0] - number_picture(number, WIDTHS[paper]).height) <= 3
    assert heights[0] > 1.4 * heights[1]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("text", [LONG_VIETNAMESE, LONG_KHMER, "W" * 200])
def test_long_names_fit_on_three_lines_within_the_paper(paper: int, text: str) -> None:
    width = WIDTHS[paper]
    name = fit(text, Style(48, "Bold"), width)
    assert 2 <= len(name.lines) <= 3
    assert all(measure(line, name.style) <= width for line in name.lines)
    assert name.complete or name.lines[-1].endswith("…")
    slip = vietnamese(service=text, office=text, organisation=text, paper_mm=paper)
    assert read(draw(slip)) == [URL]


def test_a_name_that_fits_is_neither_shrunk_nor_broken() -> None:
    name = fit("Hộ tịch", Style(48, "Bold"), WIDTHS[80])
    assert (name.lines, name.style.size, name.complete) == (("Hộ tịch",), 48, True)


def test_each_script_is_set_in_its_own_font() -> None:
    assert list(runs("Chợ សូម អរគុណ 25")) == [("Chợ ", False), ("សូម អរគុណ ", True), ("25", False)]


def test_khmer_is_shaped() -> None:
    assert features.check("raqm")
    # A subscript stands below its consonant and takes no room of its own; unshaped it would.
    style = Style(40)
    assert measure("ក្ក", style) < 1.5 * measure("ក", style)


@pytest.mark.parametrize("text", ["ẾẶẪỘgjỵ", "ស្ត្រីជ្រើ", "Vĩnh ស្រុក"])
@pytest.mark.parametrize("size", [26, 34, 48])
def test_marks_and_subscripts_stay_within_their_line(text: str, size: int) -> None:
    line = fit(text, Style(size, "Bold"), 2000)
    canvas = Image.new("L", (600, 3 * line.leading), 255)
    line.draw(ImageDraw.Draw(canvas), 0, line.leading)
    ink = ImageOps.invert(canvas).getbbox()
    assert ink is not None
    assert line.leading <= ink[1]
    assert ink[3] <= 2 * line.leading


@pytest.mark.parametrize(
    "empty", ["organisation", "office", "service", "ahead", "url", "missed", "thanks"]
)
def test_an_empty_text_takes_no_room(empty: str) -> None:
    changes = {empty: ""}
    if empty == "ahead":  # beside the code there is room anyhow
        changes["url"] = ""
        assert draw(vietnamese(**changes)).height < draw(vietnamese(url="")).height
    else:
        assert draw(vietnamese(**changes)).height < draw(vietnamese()).height


def test_a_reprint_and_a_priority_are_seen_at_a_glance() -> None:
    plain = draw(vietnamese())
    reprint = np.array(draw(vietnamese(reprint=True)))
    assert (~reprint[:40]).mean() > 0.6, "a black band across the top"
    assert (~np.array(plain)[:40]).mean() < 0.2
    dark = {p: (~np.array(draw(vietnamese(priority=p)))).sum() for p in ("", "Ưu tiên")}
    assert dark["Ưu tiên"] > dark[""] + 3000


@settings(max_examples=25, deadline=None)
@given(
    st.text(min_size=1, max_size=8).filter(lambda text: text.strip().isprintable()),
    st.text(max_size=400),
    st.sampled_from(PAPERS),
)
def test_whatever_is_written_a_slip_comes_out(number: str, text: str, paper: int) -> None:
    try:
        slip = Slip(number, text, text, text, text, text, text, URL, paper_mm=paper)
    except ValueError:
        return  # nothing of the number could be printed
    picture = draw(slip)
    assert picture.width == WIDTHS[paper]
    assert picture.height < 4000


def test_a_slip_is_drawn_fast_enough_for_a_tap() -> None:
    draw(sample_slip(URL))
    begun = time.process_time()
    for _ in range(5):
        draw(vietnamese())
    assert (time.process_time() - begun) / 5 < 0.25, "about 0.03 s on the machine this was made on"
