"""A slip drawn in dots: a 1-bit image over the whole width of the paper.

Drawn rather than typed, because a printer's code pages lose Vietnamese letters and know no Khmer.
A slip is a stack of blocks from top to bottom; each knows its height and draws itself.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from hardware.blocks import (
    INK,
    PAPER,
    RAISED,
    WIDTHS,
    Block,
    band,
    gap,
    height_of,
    lines_of,
    picture,
    printed,
    rule,
    stack,
    text,
)
from hardware.figures import number_picture, qr_code
from hardware.logos import HIGHEST, logo_picture
from hardware.slips import Slip
from hardware.typesetting import Style, fit, fit_first

_LOGO_GAP, _LOGO_ABOVE = 20, 8
"""Dots of white right of a logo, and above it: words have some white above them already."""
_LEAST_COLUMN = 200
"""Dots of words beside a QR code, below which they go above and under it."""


def draw(slip: Slip) -> Image.Image:
    """The slip as a picture in mode ``1``: as wide as the paper prints, as long as it needs.

    Raises ``RuntimeError`` when this machine cannot set the type (see ``typesetting.check``).
    """
    width = WIDTHS[slip.paper_mm]
    return printed(_blocks(slip, width), width)


def _blocks(slip: Slip, width: int) -> list[Block]:
    """The composition, from top to bottom: who, which number, for what, what now, what if."""
    wide = slip.paper_mm == 80
    number = number_picture(slip.number, width)
    who = _who(slip, width, logo_picture(slip.logo, min(HIGHEST, number.height)))
    details = _details(slip, width, beside=wide)
    foot = [
        *text(slip.missed, Style(27, "Medium"), width, lines=5),
        *text(slip.thanks, Style(28, "SemiBold"), width, above=4),
    ]
    return [
        *band(slip.marks, width),
        *who,
        *(rule(width, 3, above=10, below=28) if who else ()),
        picture(number),
        *_service(slip.service, width, large=wide),
        *_pill(slip.priority, width),
        *(rule(width, 2, above=14) if details else ()),
        *details,
        *(rule(width, 2, below=8) if foot else ()),
        *foot,
        gap(12),
    ]


def _who(slip: Slip, width: int, logo: Image.Image | None) -> list[Block]:
    """The letterhead: the logo, and right of it who gives out this number."""
    beside = 0 if logo is None or logo.width > width / 3 else logo.width + _LOGO_GAP
    words = [
        *text(slip.organisation, Style(27, "Medium"), width - beside, left=beside),
        *text(slip.office, Style(32, "Bold"), width - beside, left=beside),
    ]
    if logo is None:
        return words
    if not words or not beside:
        return [gap(_LOGO_ABOVE), picture(logo), *words]
    sign, high = logo, height_of(words)
    height = max(sign.height + _LOGO_ABOVE, high)

    def place(canvas: Image.Image, y: int) -> None:
        canvas.paste(sign, (0, y + (height + _LOGO_ABOVE - sign.height) // 2))
        stack(canvas, y + (height - high) // 2, words)

    return [Block(height, place)]


def _service(name: str, width: int, *, large: bool) -> list[Block]:
    if not name:
        return []
    size = 48 if large else 40
    styles = ((Style(size, "Bold"), 1), (Style(round(size * 0.85), "Bold"), 2))
    smallest = Style(round(size * 0.8), "Bold")
    name_set = fit_first(name, styles, width) or fit(name, smallest, width, lines=4)
    return [gap(14), lines_of(name_set)]


def _details(slip: Slip, width: int, *, beside: bool) -> list[Block]:
    """What holds now (people ahead, time) and where it can be followed (QR code)."""
    code = qr_code(slip.url, width) if slip.url else None
    if code is not None and beside and width - code.width >= _LEAST_COLUMN:
        return [_beside(slip, code, width - code.width)]
    words = [
        *text(slip.ahead, Style(34 if beside else 30, "SemiBold"), width),
        *text(slip.printed_at, Style(27), width, above=4),
    ]
    if code is None:
        return [gap(14), *words, gap(14)] if words else []
    caption = text(slip.qr_caption, Style(26, "Medium"), width, centred=True)
    return [gap(14), *words, picture(code, (width - code.width) // 2), *caption, gap(14)]


def _beside(slip: Slip, code: Image.Image, column: int) -> Block:
    """Words on the left, the QR code on the right; capitals and code begin on one line."""
    top = [
        *text(slip.ahead, Style(34, "SemiBold"), column),
        *text(slip.printed_at, Style(27), column, above=2),
    ]
    low = text(slip.qr_caption, Style(26, "Medium"), column, above=8)
    above, below = 14, 21  # so that capitals begin and the last line ends where the code does
    height = max(code.height, above + height_of(top) + height_of(low) + below)

    def place(canvas: Image.Image, y: int) -> None:
        canvas.paste(code, (column, y + (height - code.height) // 2))
        stack(canvas, y + above, top)
        stack(canvas, y + height - below - height_of(low), low)

    return Block(height, place)


def _pill(reason: str, width: int) -> list[Block]:
    """White on a rounded black ground: told at a glance by the clerk who takes the slip."""
    if not reason:
        return []
    padding = 20
    inner = width - 2 * padding
    styles = ((Style(32, "SemiBold"), 1), (Style(27, "SemiBold"), 1))
    words = fit_first(reason, styles, inner) or fit(reason, Style(30, "SemiBold"), inner)
    height = words.height + 12

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        right = min(width - 1, round(words.width) + 2 * padding)
        pen.rounded_rectangle((0, y, right, y + height - 1), radius=16, fill=INK)
        words.draw(pen, padding, y + 6 - RAISED, PAPER)

    return [gap(14), Block(height, place)]
