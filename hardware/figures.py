"""The two figures of a slip: its number and its QR code, as pictures in grey levels."""

from __future__ import annotations

from typing import NamedTuple

import qrcode
import qrcode.constants
from PIL import Image, ImageChops, ImageDraw, ImageFont

from hardware.typesetting import Style, font

DOTS_PER_MM = 8
"""203 dpi, which nearly all slip printers have."""
NUMBER_HEIGHT = 20 * DOTS_PER_MM
"""Height of the number's capitals where the paper is wide enough."""
QR_SIDE = 28 * DOTS_PER_MM
"""Aimed at; a QR code grows in whole dots a module."""
QR_BORDER = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""
QR_LEAST_MODULE = 5
"""Dots; smaller ones are lost on a worn print head."""

_INK, _PAPER = 0, 255
_CAPITALS = 0.74
"""Height of Be Vietnam Pro's capitals and figures over the type size."""
_TIGHTEST, _LOOSEST = 14, 30
"""Dots of white between two signs of a number."""
_NARROWEST = 0.86
"""How far a wide number is condensed before it is drawn smaller instead."""


class _Glyph(NamedTuple):
    picture: Image.Image
    top: int
    """Of its ink, from the base line down (so negative)."""


def number_picture(number: str, width: int) -> Image.Image:
    """The number, cut to its ink: 20 mm high, or as high as ``width`` dots allow.

    Set loosely enough to reach from edge to edge, within what still reads as one number.
    """
    face = font(Style(round(NUMBER_HEIGHT / _CAPITALS), "Bold"))
    glyphs = [_glyph(sign, face) for sign in number]
    ink = sum(glyph.picture.width for glyph in glyphs)
    gaps = len(glyphs) - 1
    gap = min(_LOOSEST, max(_TIGHTEST, (width - ink) // gaps)) if gaps else 0
    top = min(glyph.top for glyph in glyphs)
    bottom = max(glyph.top + glyph.picture.height for glyph in glyphs)
    line = Image.new("L", (ink + gaps * gap, bottom - top), _PAPER)
    x = 0
    for glyph in glyphs:
        line.paste(glyph.picture, (x, glyph.top - top))
        x += glyph.picture.width + gap
    if line.width <= width:
        return line
    across = width / line.width
    height = round(line.height * min(1.0, across / _NARROWEST))
    return line.resize((width, height), Image.Resampling.LANCZOS)


def qr_code(url: str, width: int) -> Image.Image:
    """The QR code of ``url`` with its border, about 28 mm without it.

    A module is at least five dots; an address of ``slips.LONGEST_URL`` fits any paper even so.
    """
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=QR_BORDER, box_size=1
    )
    code.add_data(url)
    code.make(fit=True)
    rows = code.get_matrix()
    module = max(QR_LEAST_MODULE, round(QR_SIDE / code.modules_count))
    module = min(module, max(QR_LEAST_MODULE, width // len(rows)))
    dots = bytes(_INK if dark else _PAPER for row in rows for dark in row)
    picture = Image.frombytes("L", (len(rows), len(rows)), dots)
    return picture.resize((len(rows) * module,) * 2, Image.Resampling.NEAREST)


def _glyph(sign: str, face: ImageFont.FreeTypeFont) -> _Glyph:
    """One sign, cut to its ink; a space is a narrow white strip."""
    em = round(face.size)
    picture = Image.new("L", (2 * em, 2 * em), _PAPER)
    base = round(1.5 * em)
    ImageDraw.Draw(picture).text((em / 2, base), sign, fill=_INK, font=face, anchor="ls")
    edges = ImageChops.invert(picture).getbbox()
    if edges is None:
        return _Glyph(Image.new("L", (em // 8, 1), _PAPER), -1)
    return _Glyph(picture.crop(edges), edges[1] - base)
