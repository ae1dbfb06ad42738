"""Text set in dots: fonts by script, lines broken to a width, drawn where they belong.

Lengths are dots of a 203 dpi print head, 8 to the millimetre. Texts are NFC.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PIL import ImageDraw, ImageFont, features

from hardware import breaking

FONTS = Path(__file__).parent / "fonts"

Weight = Literal["Regular", "Medium", "SemiBold", "Bold", "ExtraBold"]

LATIN_LEADING, _LATIN_RISE = 1.4, 1.15
"""Line height and its part above the base line, over type size: room for Ẫ above and Ặ below."""
KHMER_LEADING, _KHMER_RISE = 1.7, 1.19
"""The same for Khmer, which stacks vowels above and subscript consonants below."""

_KHMER = re.compile("[\u1780-\u17ff\u19e0-\u19ff]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: ``size`` in dots (the em), and weight."""

    size: int
    weight: Weight = "Regular"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text broken into lines, ready to be drawn."""

    lines: tuple[str, ...]
    style: Style
    width: float
    """Of the longest line."""
    leading: int
    """From one base line to the next."""
    rise: int
    """From a line's upper edge to its base line."""
    complete: bool
    """Whether all of the text is there; if not, the last line ends in an ellipsis."""

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)

    def draw(
        self,
        canvas: ImageDraw.ImageDraw,
        x: float,
        y: float,
        ink: int = 0,
        *,
        middle: float | None = None,
    ) -> None:
        """Draws the lines from the top left corner (``x``, ``y``) in grey level ``ink``.

        With ``middle``, each line is centred there instead.
        """
        for number, line in enumerate(self.lines):
            base = round(y) + self.leading * number + self.rise
            left = x if middle is None else middle - measure(line, self.style) / 2
            draw_line(canvas, left, base, line, self.style, ink)


def check() -> None:
    """Raises ``RuntimeError`` when this machine cannot set Khmer, or the fonts are missing."""
    if not features.check("raqm"):
        raise RuntimeError("Pillow came without Raqm, which puts Khmer letters in their places")
    if not (FONTS / "BeVietnamPro-Bold.ttf").exists():
        raise RuntimeError(f"no fonts in {FONTS}: run `make vendor`")


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Splits ``text`` into pieces of one script each; the flag says that a piece is Khmer.

    Spaces and joiners stay with what stands before them; separators have no ink and go.
    """
    piece, khmer = "", False
    for sign in text:
        if sign == breaking.ZERO_WIDTH_SPACE:
            continue
        neutral = sign in " \u200c\u200d" or unicodedata.combining(sign)
        here = khmer if neutral else bool(_KHMER.match(sign))
        if piece and here is not khmer:
            yield piece, khmer
            piece = ""
        piece, khmer = piece + sign, here
    if piece:
        yield piece, khmer


def font(style: Style, khmer: bool = False) -> ImageFont.FreeTypeFont:
    """The font of a style; opened once a process."""
    if khmer:
        # There are two weights; the thin joints of the lighter one burn too thin for a caption.
        weight = "Regular" if style.weight == "Regular" else "Bold"
        return _open(f"NotoSansKhmer-{weight}.ttf", style.size)
    return _open(f"BeVietnamPro-{style.weight}.ttf", style.size)


@functools.lru_cache(maxsize=64)
def _open(file: str, size: int) -> ImageFont.FreeTypeFont:
    check()
    return ImageFont.truetype(str(FONTS / file), size, layout_engine=ImageFont.Layout.RAQM)


@functools.lru_cache(maxsize=4096)
def measure(text: str, style: Style) -> float:
    """How wide ``text`` is on one line."""
    return sum(font(style, khmer).getlength(piece) for piece, khmer in runs(text))


def draw_line(
    canvas: ImageDraw.ImageDraw, x: float, base: int, text: str, style: Style, ink: int = 0
) -> None:
    """Draws one line with its base line at ``base``, every script in its own font."""
    for piece, khmer in runs(text):
        face = font(style, khmer)
        canvas.text((x, base), piece, fill=ink, font=face, anchor="ls")
        x += face.getlength(piece)


def fit(text: str, style: Style, width: int, *, lines: int = 3, smallest: int = 0) -> Paragraph:
    """Sets ``text`` within ``width`` on at most ``lines`` lines.

    Where it does not fit, the type shrinks in steps down to ``smallest`` (default: three quarters
    of its size); what still does not fit ends in an ellipsis. The lines come out about equally
    long, which reads better than one word alone at the end.
    """
    smallest = smallest or round(style.size * 0.75)
    size = style.size
    while True:
        styled = replace(style, size=size)
        ruler = functools.partial(measure, style=styled)
        broken = breaking.filled(text, ruler, width)
        if len(broken) <= lines:
            if len(broken) > 1:
                broken = breaking.evened(text, ruler, width, len(broken)) or broken
            return _paragraph(broken, styled, complete=True)
        if size <= smallest:
            last = breaking.shortened(broken[lines - 1], ruler, width)
            return _paragraph([*broken[: lines - 1], last], styled, complete=False)
        size = max(smallest, round(size * 0.9))


def fit_first(text: str, settings: Iterable[tuple[Style, int]], width: int) -> Paragraph | None:
    """The first of ``settings`` (style, number of lines) in which the whole text fits, if any."""
    for style, lines in settings:
        paragraph = fit(text, style, width, lines=lines, smallest=style.size)
        if paragraph.complete:
            return paragraph
    return None


def _paragraph(lines: list[str], style: Style, *, complete: bool) -> Paragraph:
    khmer = any(_KHMER.search(line) for line in lines)
    leading, rise = (KHMER_LEADING, _KHMER_RISE) if khmer else (LATIN_LEADING, _LATIN_RISE)
    width = max((measure(line, style) for line in lines), default=0.0)
    size = style.size
    return Paragraph(
        tuple(lines), style, width, math.ceil(size * leading), math.ceil(size * rise), complete
    )
