"""What a printer makes of our bytes, read by a decoder that knows nothing but the manuals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.escpos import encode
from hardware.printers import Outcome, open_printer
from hardware.raster import draw
from hardware.slips import Slip, sample_slip
from tests.hardware.escpos_decoder import GRAIN, OBEYED, NotASlip, Printed, decode, decode_one
from tests.hardware.examples import (
    LONG_KHMER,
    LONG_VIETNAMESE,
    PRIORITIES,
    SHADED_LOGO,
    URL,
    english,
    khmer,
    vietnamese,
)
from tests.hardware.fake_printer import running

LONGEST = {
    "organisation": LONG_VIETNAMESE,
    "office": LONG_VIETNAMESE,
    "service": LONG_VIETNAMESE,
    "missed": LONG_VIETNAMESE * 2,
    "thanks": LONG_KHMER,
    "reprint": True,
    "demo": True,
}
SLIPS = {
    "vi": vietnamese(),
    "en": english(),
    "km": khmer(),
    "vi longest": vietnamese(**LONGEST),
    "en longest": english(**LONGEST),
    "km longest": khmer(**{**LONGEST, "service": LONG_KHMER}),
    "shaded logo": vietnamese(logo=SHADED_LOGO),
    "test": sample_slip(URL, printed_at="07:42"),
    **{f"vi {reason}": vietnamese(priority=f"Ưu tiên: {reason}") for reason in PRIORITIES},
}


def on_paper(slip: Slip, paper_mm: int) -> Slip:
    return Slip.from_dict({**slip.to_dict(), "paper_mm": paper_mm})


def harmless_dots(drawn: Image.Image) -> set[tuple[int, int]]:
    """Where a dot may be added to ``drawn``, as (x, y): right of the last dot of a DLE, and only
    where DLE stands before one of the three bytes that make it a command."""
    ink = bytes(byte ^ 0xFF for byte in drawn.tobytes())
    across = drawn.width // 8
    # 0x10 is the dot at bit 4 of the byte's eight; the dot right of it makes the byte 0x18.
    return {
        (at % across * 8 + 4, at // across)
        for at in range(len(ink) - 1)
        if ink[at : at + 2] in OBEYED
    }


def check(printed: Printed, drawn: Image.Image) -> None:
    """The paper has exactly the dots of ``drawn``, the harmless ones, and white below."""
    assert printed.picture.width == drawn.width
    assert 0 <= printed.picture.height - drawn.height < GRAIN
    dots, wanted = np.array(printed.picture), np.array(drawn)
    assert dots[drawn.height :].all(), "nothing but white below the slip"
    differ = np.argwhere(dots[: drawn.height] != wanted)
    assert {(int(x), int(y)) for y, x in differ} == harmless_dots(drawn)


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("name", SLIPS)
def test_the_paper_has_the_dots_of_the_drawn_slip(name: str, paper_mm: int) -> None:
    drawn = draw(on_paper(SLIPS[name], paper_mm))
    printed = decode_one(encode(drawn))
    check(printed, drawn)
    assert printed.feed_lines * 203 / 6 / 8 > 18, "mm from the print head past the knife"
    assert (name == "shaded logo") <= len(harmless_dots(drawn)) < 20
    assert [code.text for code in zxingcpp.read_barcodes(printed.picture)] == [URL]


@settings(max_examples=20)
@given(
    st.from_regex(r"[A-ZĐ][0-9]{3,4}", fullmatch=True),
    st.text(max_size=80),
    st.from_regex(r"https://h/t/[A-Za-z0-9]{8,40}", fullmatch=True),
    st.sampled_from([80, 58]),
)
def test_any_slip_comes_out_dot_by_dot(number: str, text: str, url: str, paper: int) -> None:
    drawn = draw(Slip(number, text, text, text, text, url=url, paper_mm=paper))
    printed = decode_one(encode(drawn))
    check(printed, drawn)
    assert [code.text for code in zxingcpp.read_barcodes(printed.picture)] == [url]


def test_harmless_dots_are_told_from_any_other() -> None:
    """A picture of nothing but commands: each is made harmless, and a dot too many is seen."""
    drawn = Image.frombytes("1", (384, GRAIN), (b"\xef\xfb\xef\xeb\xef\xfa\x00\xff" * 144))
    printed = decode_one(encode(drawn))
    check(printed, drawn)
    assert len(harmless_dots(drawn)) == 144 * 3
    for x, y in [(4, 0), (100, 11)]:
        spoilt = printed.picture.copy()
        spoilt.putpixel((x, y), 255 - int(spoilt.getpixel((x, y))))
        with pytest.raises(AssertionError):
            check(printed._replace(picture=spoilt), drawn)


def test_the_stream_over_a_network_is_slips_and_questions_and_nothing_else() -> None:
    pictures = [draw(vietnamese()), draw(khmer(paper_mm=58))]
    with running() as printer:
        network = open_printer(printer.uri, folder=Path())
        for picture in pictures:
            assert network.print_image(picture, "A012") == Outcome("printed")
    stream = bytes(printer.received)
    for printed, drawn in zip(decode(stream, asked=True), pictures, strict=True):
        check(printed, drawn)
    with pytest.raises(NotASlip, match="ESC @"):
        decode(stream)


# ── the decoder fails ─────────────────────────────────────────────────────────

JOB = encode(draw(vietnamese(url="", missed="", thanks="")))
HEAD = JOB.index(b"\x1dv0")
PICTURE = HEAD + 8


def changed(at: int, value: bytes) -> bytes:
    return JOB[:at] + value + JOB[at + len(value) :]


@pytest.mark.parametrize(
    ("stream", "at", "why"),
    [
        (b"", 0, "nothing is printed"),
        (JOB + b"\n", len(JOB), "ESC @"),
        (JOB + b"\x1b", len(JOB), "ESC @"),
        (b"\x00" + JOB, 0, "ESC @"),
        (JOB[2:], 0, "ESC @"),
        (JOB[:2] + b"\x1bt\x1e" + JOB[2:], 2, "GS v 0 .picture. follows"),
        (JOB[:2] + b"Ph\xe1\xbb\x9f" + JOB[2:], 2, "GS v 0 .picture. follows"),
        (b"\x1b@\x1bd\x05\x1dV\x01", 2, "GS v 0 .picture. follows"),
        (changed(HEAD + 3, b"\x01"), HEAD, "normal size"),
        (changed(HEAD + 4, b"\x49"), HEAD, "584 dots across"),
        (changed(HEAD + 4, b"\x30"), HEAD + 8 + 48 * 240, "ESC d"),
        (changed(HEAD + 6, b"\x19"), HEAD, "25 rows"),
        (changed(HEAD + 6, b"\x00"), HEAD, "0 rows"),
        (JOB[: PICTURE + 1000], HEAD, "cut short"),
        (JOB[: HEAD + 7], HEAD + 6, "end within a command"),
        (JOB[:-1], len(JOB) - 3, "GS V 1"),
        (JOB[:-3], len(JOB) - 3, "GS V 1"),
        (JOB[:-4], len(JOB) - 4, "end within a command"),
        (JOB[:-6], len(JOB) - 6, "ESC d"),
        (JOB[:-1] + b"\x00", len(JOB) - 3, "GS V 1"),
        (changed(PICTURE + 700, b"\x10\x04\x01"), PICTURE + 700, "DLE EOT within"),
        (changed(PICTURE + 71, b"\x10\x05"), PICTURE + 71, "DLE ENQ within"),
        (changed(PICTURE, b"\x10\x14\x01\x00\x05"), PICTURE, "DLE DC4 within"),
        (JOB[:2] + b"\x10\x04\x01" + JOB[2:], 2, "GS v 0 .picture. follows"),
    ],
)
def test_anything_else_fails_with_its_place(stream: bytes, at: int, why: str) -> None:
    with pytest.raises(NotASlip, match=why) as failed:
        decode(stream)
    assert failed.value.at == at


def test_fragments_of_two_widths_are_no_slip() -> None:
    narrow = b"\x1dv0\x00\x30\x00\x18\x00" + bytes(48 * 24)
    with pytest.raises(NotASlip, match="another width than 576"):
        decode(JOB[:-6] + narrow + JOB[-6:])


@settings(max_examples=100)
@given(st.data())
def test_no_byte_can_be_lost(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(JOB) - 1))
    with pytest.raises(NotASlip):
        decode(JOB[:at] + JOB[at + 1 :])
