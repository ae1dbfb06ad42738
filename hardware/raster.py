"""A slip drawn in dots: a 1-bit image over the whole width of the paper.

Drawn rather than typed, because a printer's code pages lose Vietnamese letters and know no Khmer.
A slip is a stack of blocks from top to bottom; each knows its height and draws itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw

from hardware.figures import number_picture, qr_code
from hardware.logos import HIGHEST, logo_picture
from hardware.slips import Slip
from hardware.typesetting import Paragraph, Style, fit, fit_first

WIDTHS = {80: 576, 58: 384}
"""Printable dots by width of paper in mm."""

_INK, _PAPER = 0, 255
_THRESHOLD = 160
"""Grey levels below are printed. Above the middle: thin strokes burn thinner than drawn."""
_RAISED = 2
"""Dots that words on black stand higher than their line would have them: a line leaves more room
for marks above capitals than the eye allows for when it looks for the middle."""
_LOGO_GAP, _LOGO_ABOVE = 20, 8
"""Dots of white right of a logo, and above it: words have some white above them already."""
_LEAST_COLUMN = 200
"""Dots of words beside a QR code, below which they go above and under it."""


class Block(NamedTuple):
    """A part of the slip: its height in dots, and how it is drawn from its upper edge ``y``."""

    height: int
    draw: Callable[[Image.Image, int], None]


def draw(slip: Slip) -> Image.Image:
    """The slip as a picture in mode ``1``: as wide as the paper prints, as long as it needs.

    Raises ``RuntimeError`` when this machine cannot set the type (see ``typesetting.check``).
    """
    width = WIDTHS[slip.paper_mm]
    blocks = _blocks(slip, width)
    canvas = Image.new("L", (width, _height(blocks)), _PAPER)
    _stack(canvas, 0, blocks)
    return canvas.point([_INK if grey < _THRESHOLD else _PAPER for grey in range(256)], "1")


def _blocks(slip: Slip, width: int) -> list[Block]:
    """The composition, from top to bottom: who, which number, for what, what now, what if."""
    wide = slip.paper_mm == 80
    number = number_picture(slip.number, width)
    who = _who(slip, width, logo_picture(slip.logo, min(HIGHEST, number.height)))
    details = _details(slip, width, beside=wide)
    foot = [
        *_text(slip.missed, Style(27, "Medium"), width, lines=5),
        *_text(slip.thanks, Style(28, "SemiBold"), width, above=4),
    ]
    return [
        *_band(slip.marks, width),
        *who,
        *(_rule(width, 3, above=10, below=28) if who else ()),
        _picture(number),
        *_service(slip.service, width, large=wide),
        *_pill(slip.priority, width),
        *(_rule(width, 2, above=14) if details else ()),
        *details,
        *(_rule(width, 2, below=8) if foot else ()),
        *foot,
        _gap(12),
    ]


def _who(slip: Slip, width: int, logo: Image.Image | None) -> list[Block]:
    """The letterhead: the logo, and right of it who gives out this number."""
    beside = 0 if logo is None or logo.width > width / 3 else logo.width + _LOGO_GAP
    words = [
        *_text(slip.organisation, Style(27, "Medium"), width - beside, left=beside),
        *_text(slip.office, Style(32, "Bold"), width - beside, left=beside),
    ]
    if logo is None:
        return words
    if not words or not beside:
        return [_gap(_LOGO_ABOVE), _picture(logo), *words]
    picture, text = logo, _height(words)
    height = max(picture.height + _LOGO_ABOVE, text)

    def place(canvas: Image.Image, y: int) -> None:
        canvas.paste(picture, (0, y + (height + _LOGO_ABOVE - picture.height) // 2))
        _stack(canvas, y + (height - text) // 2, words)

    return [Block(height, place)]


def _service(name: str, width: int, *, large: bool) -> list[Block]:
    if not name:
        return []
    size = 48 if large else 40
    styles = ((Style(size, "Bold"), 1), (Style(round(size * 0.85), "Bold"), 2))
    smallest = Style(round(size * 0.8), "Bold")
    name_set = fit_first(name, styles, width) or fit(name, smallest, width, lines=4)
    return [_gap(14), _lines(name_set)]


def _details(slip: Slip, width: int, *, beside: bool) -> list[Block]:
    """What holds now (people ahead, time) and where it can be followed (QR code)."""
    code = qr_code(slip.url, width) if slip.url else None
    if code is not None and beside and width - code.width >= _LEAST_COLUMN:
        return [_beside(slip, code, width - code.width)]
    words = [
        *_text(slip.ahead, Style(34 if beside else 30, "SemiBold"), width),
        *_text(slip.printed_at, Style(27), width, above=4),
    ]
    if code is None:
        return [_gap(14), *words, _gap(14)] if words else []
    caption = _text(slip.qr_caption, Style(26, "Medium"), width, centred=True)
    return [_gap(14), *words, _picture(code, (width - code.width) // 2), *caption, _gap(14)]


def _beside(slip: Slip, code: Image.Image, column: int) -> Block:
    """Words on the left, the QR code on the right; capitals and code begin on one line."""
    top = [
        *_text(slip.ahead, Style(34, "SemiBold"), column),
        *_text(slip.printed_at, Style(27), column, above=2),
    ]
    low = _text(slip.qr_caption, Style(26, "Medium"), column, above=8)
    above, below = 14, 21  # so that capitals begin and the last line ends where the code does
    height = max(code.height, above + _height(top) + _height(low) + below)

    def place(canvas: Image.Image, y: int) -> None:
        canvas.paste(code, (column, y + (height - code.height) // 2))
        _stack(canvas, y + above, top)
        _stack(canvas, y + height - below - _height(low), low)

    return Block(height, place)


def _text(
    text: str,
    style: Style,
    width: int,
    *,
    lines: int = 3,
    above: int = 0,
    left: int = 0,
    centred: bool = False,
) -> list[Block]:
    """A paragraph from ``left``, or line by line in the middle; nothing for an empty text."""
    if not text:
        return []
    words = fit(text, style, width, lines=lines)
    return [_gap(above), _lines(words, left, middle=width / 2 if centred else None)]


def _lines(words: Paragraph, left: int = 0, *, middle: float | None = None) -> Block:
    def place(canvas: Image.Image, y: int) -> None:
        words.draw(ImageDraw.Draw(canvas), left, y, middle=middle)

    return Block(words.height, place)


def _pill(text: str, width: int) -> list[Block]:
    """White on a rounded black ground: told at a glance by the clerk who takes the slip."""
    if not text:
        return []
    padding = 20
    inner = width - 2 * padding
    styles = ((Style(32, "SemiBold"), 1), (Style(27, "SemiBold"), 1))
    words = fit_first(text, styles, inner) or fit(text, Style(30, "SemiBold"), inner)
    height = words.height + 12

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        right = min(width - 1, round(words.width) + 2 * padding)
        pen.rounded_rectangle((0, y, right, y + height - 1), radius=16, fill=_INK)
        words.draw(pen, padding, y + 6 - _RAISED, _PAPER)

    return [_gap(14), Block(height, place)]


def _band(marks: Sequence[str], width: int) -> list[Block]:
    """A black band across the top for what must not be overlooked."""
    if not marks:
        return []
    words = fit("  ·  ".join(marks), Style(34, "Bold"), width - 24, lines=1)
    height = words.height + 12

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        pen.rectangle((0, y, width - 1, y + height - 1), fill=_INK)
        words.draw(pen, 0, y + 6 - _RAISED, _PAPER, middle=width / 2)

    return [Block(height, place), _gap(16)]


def _rule(width: int, thickness: int, *, above: int = 0, below: int = 0) -> list[Block]:
    def line(canvas: Image.Image, y: int) -> None:
        ImageDraw.Draw(canvas).rectangle((0, y, width - 1, y + thickness - 1), fill=_INK)

    return [_gap(above), Block(thickness, line), _gap(below)]


def _picture(picture: Image.Image, x: int = 0) -> Block:
    return Block(picture.height, lambda canvas, y: canvas.paste(picture, (x, y)))


def _gap(height: int) -> Block:
    return Block(height, lambda canvas, y: None)


def _height(blocks: Sequence[Block]) -> int:
    return sum(block.height for block in blocks)


def _stack(canvas: Image.Image, y: int, blocks: Sequence[Block]) -> None:
    for block in blocks:
        block.draw(canvas, y)
        y += block.height
