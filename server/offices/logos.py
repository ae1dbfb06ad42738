"""The office's logo for its slips: any PNG, made small and black and white when the hall is loaded.

A slip printer burns dots or leaves them white, 8 to the millimetre. What is stored, exported and
sent to the printer is therefore a PNG of at most 192 × 96 dots; a picture that is one already is
kept byte for byte, so that a hall file comes back as it was.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from pathlib import Path

from PIL import Image, ImageChops, ImageOps
from pydantic import ValidationInfo

WIDEST, HIGHEST = 192, 96
"""Dots on paper, 24 × 12 mm; as ``hardware.logos`` has them."""
MOST_BYTES = 1_000_000
MOST_PIXELS = 2_000
"""Across and down, of the picture that is given."""
LEAST = 24
"""Pixels across and down, given and printed: 3 mm."""
SMALL = 3_000
"""Bytes of a picture that is kept as it is: the dots of the largest take 2,304."""

PREFIX = "data:image/png;base64,"
FOLDER = "folder"
"""Where the hall file lies: a name in the context of its validation."""

_WHITE = (255, 255)
_NAME = re.compile(r"[^./\\:\x00-\x1f][^/\\:\x00-\x1f]{0,99}\.png", re.IGNORECASE)
_THRESHOLD = 150
"""Grey levels below are printed, where a logo is drawn in flat colours."""
_PALEST = 16
"""How much darker than white a pixel is that does not count as margin."""
_COLOURS, _FLAT = 6, 0.8
"""A logo is drawn in flat colours when so many cover so much of it; a photograph has more."""


def office_logo(value: str, info: ValidationInfo) -> str:
    """The logo of a hall file, a file beside it or a ``data:`` address, as the latter.

    Raises:
        ValueError: says in one line what is wrong and what is allowed.
    """
    if value.startswith("data:"):
        encoded = value.removeprefix(PREFIX)
        if encoded == value or len(encoded) > MOST_BYTES * 4 / 3 + 4:
            raise ValueError(f"begins with data:, but {_ALLOWED}")
        try:
            data = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise ValueError(f"what follows {PREFIX} is no Base64; {_ALLOWED}") from None
    else:
        data = _file(value, (info.context or {}).get(FOLDER))
    return PREFIX + base64.b64encode(printable(data)).decode("ascii")


_ALLOWED = f'allowed is the name of a PNG file beside the hall file, like "logo.png", or {PREFIX}…'


def _file(name: str, folder: Path | None) -> bytes:
    if not _NAME.fullmatch(name):
        raise ValueError(f'"{name}" will not do; {_ALLOWED}')
    if folder is None:
        raise ValueError(f'"{name}" cannot be read from here; allowed is {PREFIX}…')
    try:
        with (folder / name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f'"{name}" cannot be read ({error.strerror}); {_ALLOWED}') from None


def printable(data: bytes) -> bytes:
    """A PNG as it is printed: black and white, cut to its ink, at most 192 × 96 dots.

    Raises:
        ValueError: it is no PNG, too large, too small, or white all over.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"is too large; allowed are {MOST_BYTES // 1000} kB")
    picture = _opened(data)
    if _is_printable(picture) and len(data) <= SMALL:
        return data
    made = io.BytesIO()
    _dots(_on_white(picture)).save(made, "PNG", optimize=True)
    return made.getvalue()


def _opened(data: bytes) -> Image.Image:
    try:
        # Nothing is unpacked yet: a small file can hold a picture of any size.
        picture = Image.open(io.BytesIO(data), formats=("PNG",))
    except Image.DecompressionBombError:
        raise ValueError(f"is a picture of far too many pixels; {_ALLOWED_PIXELS}") from None
    except (OSError, SyntaxError, ValueError):
        raise ValueError(_NO_PNG) from None
    width, height = picture.size
    if max(width, height) > MOST_PIXELS or min(width, height) < LEAST:
        raise ValueError(f"is a picture of {width} × {height} pixels; {_ALLOWED_PIXELS}")
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError):
        raise ValueError(_NO_PNG) from None
    return picture


_NO_PNG = "is no PNG picture, or a damaged one; save it as PNG again"
_NO_INK = "is white or pale all over, so nothing would be printed; choose a darker picture"
_ALLOWED_PIXELS = f"allowed are {LEAST} to {MOST_PIXELS} pixels across and down"


def _is_printable(picture: Image.Image) -> bool:
    small = picture.width <= WIDEST and picture.height <= HIGHEST
    plain = picture.mode == "1" and "transparency" not in picture.info
    return small and plain and picture.getextrema() != _WHITE


def _on_white(picture: Image.Image) -> Image.Image:
    """In grey levels; what is transparent is paper."""
    solid = picture.convert("RGBA")
    paper = Image.new("RGBA", solid.size, "white")
    return Image.alpha_composite(paper, solid).convert("L")


def _flat(grey: Image.Image) -> bool:
    counts = grey.histogram()
    # Of neighbouring levels together: a saved picture is a little noisy.
    levels = [sum(counts[level : level + 8]) for level in range(0, 256, 8)]
    return sum(sorted(levels)[-_COLOURS:]) >= _FLAT * sum(levels)


def _dots(grey: Image.Image) -> Image.Image:
    """``grey`` cut to its ink, as large as there is room for, never enlarged, in mode ``1``."""
    ink = ImageChops.invert(grey).point([0 if level < _PALEST else level for level in range(256)])
    edges = ink.getbbox()
    if edges is None:
        raise ValueError(_NO_INK)
    grey = ImageOps.autocontrast(grey.crop(edges), cutoff=1)
    scale = min(1.0, WIDEST / grey.width, HIGHEST / grey.height)
    size = round(grey.width * scale), round(grey.height * scale)
    if min(size) < LEAST:
        raise ValueError(
            f"would be {size[0]} × {size[1]} dots on paper without its white margins; each side "
            f"needs {LEAST}, so choose a picture that is less small or less flat"
        )
    small = grey.resize(size, Image.Resampling.LANCZOS)
    if _flat(grey):
        dots = small.point([0 if level < _THRESHOLD else 255 for level in range(256)], "1")
    else:
        dots = small.convert("1")  # Floyd and Steinberg's dots, for shades
    if dots.getextrema() == _WHITE:
        raise ValueError(_NO_INK)
    return dots
