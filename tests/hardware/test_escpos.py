"""The slip as bytes for a printer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from hardware.escpos import FRAGMENT_ROWS, encode, harmless
from hardware.escpos_library import Dummy, SlipProfile
from hardware.raster import draw
from hardware.slips import Slip
from tests.hardware.escpos_decoder import OBEYED, decode_one
from tests.hardware.examples import URL, khmer, vietnamese


def of_ink(ink: bytes, width: int = 576) -> Image.Image:
    """A picture whose printed dots are the bits of ``ink``, filled up with white."""
    across = width // 8
    rows = -(-len(ink) // across)
    bits = bytes(byte ^ 0xFF for byte in ink.ljust(rows * across, b"\0"))
    return Image.frombytes("1", (width, rows), bits)


@pytest.mark.parametrize("paper", [80, 58])
def test_a_slip_becomes_fragments_that_no_printer_tears_apart(paper: int) -> None:
    picture = draw(vietnamese(paper_mm=paper))
    heights = decode_one(encode(picture)).fragments
    assert all(height % 24 == 0 and height <= FRAGMENT_ROWS for height in heights)
    assert 0 <= sum(heights) - picture.height < 24


@pytest.mark.parametrize("paper", [80, 58])
def test_the_bytes_are_those_of_the_library(paper: int) -> None:
    picture = draw(khmer(paper_mm=paper))
    theirs = Dummy(profile=SlipProfile())
    padded = Image.new("1", (picture.width, picture.height + -picture.height % 24), 255)
    padded.paste(picture)
    theirs.image(harmless(padded), impl="bitImageRaster", fragment_height=FRAGMENT_ROWS)
    assert bytes(theirs.output) in encode(picture)


@settings(max_examples=30, deadline=None)
@given(
    st.builds(
        Slip,
        st.from_regex(r"[A-ZĐ][0-9]{3,4}", fullmatch=True),
        *[st.text(st.characters(exclude_categories=["Cs"]), max_size=60)] * 6,
        st.from_regex(r"https://h/t/[A-Za-z0-9]{8,40}", fullmatch=True),
        paper_mm=st.sampled_from([80, 58]),
        reprint=st.booleans(),
    )
)
def test_no_slip_holds_a_command_that_a_printer_obeys_in_its_middle(slip: Slip) -> None:
    job = encode(draw(slip))
    assert not [pair for pair in OBEYED if pair in job]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(b"\x00\x04\x05\x10\x14\x18"), max_size=400).map(bytes))
@example(b"\x10\x10\x04\x10\x05\x10\x14")
@example(b"\0" * 71 + b"\x10\x04")  # across the end of a row
def test_the_worst_picture_is_made_harmless_by_single_dots(ink: bytes) -> None:
    before = of_ink(ink)
    after = harmless(before)
    assert not [pair for pair in OBEYED if pair in encode(before)]
    changed = np.array(ImageChops.logical_xor(before, after), dtype=bool)
    assert changed.sum() == sum(ink.count(pair) for pair in OBEYED)
    assert not np.array(after)[changed].any(), "dots are added, none is taken away"


def test_a_picture_without_commands_stays_as_it_is() -> None:
    picture = of_ink(b"\x10\x00\x04\xff" * 50)
    assert harmless(picture).tobytes() == picture.tobytes()


@pytest.mark.parametrize(
    "picture", [Image.new("L", (576, 24)), Image.new("1", (570, 24)), Image.new("1", (640, 24))]
)
def test_a_picture_no_printer_can_print_is_refused(picture: Image.Image) -> None:
    with pytest.raises(ValueError, match="cannot print"):
        encode(picture)


def test_python_escpos_leaves_nothing_behind(tmp_path: Path) -> None:
    """No temporary folder, no word on standard output, no handler at the root logger."""
    script = (
        "import json, logging, os, sys, tempfile\n"
        "from PIL import Image\n"
        "from hardware.escpos import encode\n"
        "from hardware.printers import network\n"
        "encode(Image.new('1', (576, 960), 255))\n"
        "print(json.dumps([logging.getLogger().handlers, tempfile.tempdir, "
        "os.environ.get('ESCPOS_CAPABILITIES_PICKLE_DIR'), "
        "sorted({'flask', 'sqlalchemy', 'server'} & set(sys.modules))]))\n"
    )
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(ran.stdout) == [[], None, None, []]
    assert list(tmp_path.iterdir()) == []


def test_the_longest_slip_is_still_one_job() -> None:
    wordy = "Ủy ban nhân dân xã Vĩnh Bình Bắc " * 20
    job = encode(draw(khmer(service=wordy, missed=wordy, office=wordy, url=URL)))
    assert len(job) < 150_000
