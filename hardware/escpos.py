"""A picture as the bytes an ESC/POS printer prints, through python-escpos."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import Image, ImageOps

from hardware.escpos_library import HW_INIT, PAPER_PART_CUT, Dummy, SlipProfile

FRAGMENT_ROWS = 240
"""Rows sent with one command. A multiple of 24, or some printers leave white lines between."""

_GRAIN = 24
_FEED_LINES = 5
"""From the print head to the knife: 5 lines of 1/6 inch, 21 mm."""

_OBEYED = {b"\x10\x04": b"\x18\x04", b"\x10\x05": b"\x18\x05", b"\x10\x14": b"\x18\x14"}
"""What a printer obeys even within a picture (DLE EOT: report, DLE ENQ: recover, DLE DC4: pulse,
power off, clear), and the same with one dot more, right of one that is black already."""


def encode(image: Image.Image) -> bytes:
    """The whole job: reset, the picture, feed, cut. ``image`` is in mode ``1``, black is printed.

    Raises ``ValueError`` when the picture is not as wide as whole bytes, or wider than 576 dots.
    """
    if image.mode != "1" or image.width % 8 or image.width > 576:
        raise ValueError(f"cannot print a picture of mode {image.mode} and {image.width} dots")
    printer = Dummy(profile=SlipProfile())
    printer._raw(HW_INIT)
    for fragment in _fragments(harmless(_padded(image))):
        printer._raw(fragment)
    # python-escpos' own cut() feeds six lines, more than any head needs.
    printer.print_and_feed(_FEED_LINES)
    printer._raw(PAPER_PART_CUT)
    return bytes(printer.output)


def _fragments(image: Image.Image) -> Iterator[bytes]:
    """The picture as GS v 0 commands, the same bytes as python-escpos' ``bitImageRaster``.

    Its own way there converts and cuts the picture again for each fragment, 18 ms a slip. Its
    ``graphics`` overflows its length bytes at this size, and ``center`` would pad with black.
    """
    across, ink = image.width // 8, ImageOps.invert(image).tobytes()
    for top in range(0, image.height, FRAGMENT_ROWS):
        rows = min(FRAGMENT_ROWS, image.height - top)
        head = b"\x1dv0\x00" + struct.pack("<HH", across, rows)
        yield head + ink[top * across : (top + rows) * across]


def harmless(image: Image.Image) -> Image.Image:
    """``image`` without dots that read as a command; about one dot in some thousand is added.

    The rows are looked at as they will follow each other, so a pair across two rows counts.
    """
    ink = ImageOps.invert(image).tobytes()
    for obeyed, instead in _OBEYED.items():
        # No pair begins within another, and none ends in a byte that could begin one anew.
        ink = ink.replace(obeyed, instead)
    return ImageOps.invert(Image.frombytes("1", image.size, ink))


def _padded(image: Image.Image) -> Image.Image:
    """With white rows at the end, so that the last fragment is a multiple of 24 as well."""
    missing = -image.height % _GRAIN
    if not missing:
        return image
    padded = Image.new("1", (image.width, image.height + missing), 255)
    padded.paste(image)
    return padded
