"""The slip of a dossier's form, drawn in dots: letterhead, title, QR code, parts, signatures."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageDraw

from hardware.blocks import (
    INK,
    WIDTHS,
    Block,
    band,
    gap,
    height_of,
    picture,
    printed,
    rule,
    stack,
    text,
)
from hardware.figures import qr_code
from hardware.formslips import FormPart, FormSlip, Signature
from hardware.typesetting import Style, draw_line, fit, measure

_MANY = 60
"""Lines that a value may take: none of a reason is left out."""
_LABEL, _VALUE, _STRONG = Style(24), Style(26, "SemiBold"), Style(32, "Bold")
_SMALL = Style(21)
_PADDING = 12
_TO_SIGN = 84
"""Dots of white for a signature: a good centimetre."""
_LEAST_COLUMN = 260
"""Dots of a signature's column; on narrower paper they stand below each other."""


def draw_form(slip: FormSlip) -> Image.Image:
    """The form as a picture in mode ``1``: as wide as the paper prints, as long as it needs.

    Raises ``RuntimeError`` when this machine cannot set the type (see ``typesetting.check``).
    """
    width = WIDTHS[slip.paper_mm]
    return printed(list(_blocks(slip, width)), width)


def _blocks(slip: FormSlip, width: int) -> Iterator[Block]:
    yield from band(slip.marks, width)
    yield from _letterhead(slip, width)
    yield from rule(width, 3, above=10, below=10)
    yield from text(slip.title, Style(36, "Bold"), width, lines=4, centred=True)
    yield from _copy(slip.copy, width)
    yield from _code(slip, width)
    yield from rule(width, 2, below=10)
    if slip.addressee:
        yield from _part(FormPart("Kính gửi: Ông/Bà/Tổ chức", slip.addressee), width)
    for part in slip.parts:
        yield from _part(part, width)
    yield gap(8)
    yield from _signatures(slip.signatures, width)
    if slip.notes:
        yield from rule(width, 2, above=10, below=6)
        for note in slip.notes:
            yield from text(note, _SMALL, width, lines=_MANY)
    yield gap(12)


def _letterhead(slip: FormSlip, width: int) -> Iterator[Block]:
    yield from text(slip.mark, _SMALL, width, centred=True)
    yield from text(slip.agency.upper(), Style(24, "Medium"), width, lines=4, centred=True)
    yield from text(slip.unit.upper(), Style(25, "Bold"), width, lines=4, centred=True)
    yield from text(slip.number, _SMALL, width, centred=True)
    for place, line in enumerate(slip.motto):
        style = Style(24, "Bold")
        yield from text(line, style, width, above=10 if place == 0 else 0, centred=True)
    yield from text(slip.place_and_date, _SMALL, width, above=4, centred=True)


def _copy(words: str, width: int) -> list[Block]:
    """Which copy this is, in a frame."""
    if not words:
        return []
    set_words = fit(words, Style(26, "Bold"), width - 4 * _PADDING, lines=2)
    height, half = set_words.height + _PADDING, round(set_words.width / 2) + 2 * _PADDING

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        frame = (width // 2 - half, y, width // 2 + half, y + height - 1)
        pen.rounded_rectangle(frame, radius=10, outline=INK, width=2)
        set_words.draw(pen, 0, y + _PADDING // 2 - 2, middle=width / 2)

    return [gap(8), Block(height, place)]


def _code(slip: FormSlip, width: int) -> Iterator[Block]:
    yield from text(f"Mã hồ sơ: {slip.code}", Style(30, "Bold"), width, above=8, centred=True)
    if slip.url:
        code = qr_code(slip.url, width)
        yield picture(code, (width - code.width) // 2)
        yield from text(slip.qr_caption, Style(24, "Medium"), width, centred=True)
    yield gap(8)


def _part(part: FormPart, width: int) -> Iterator[Block]:
    """Label and value on one line where they fit, else the value below its label."""
    label = f"{part.label}:" if part.label else ""
    if part.lines:
        yield from text(label, _LABEL, width)
        for number, line in enumerate(part.lines, start=1):
            yield from _numbered(f"{number}.", line, width)
    elif not label:
        yield from text(part.value, _LABEL, width, lines=_MANY, above=4)
    elif part.strong:
        yield from text(label, _LABEL, width, lines=2, above=4)
        yield from _framed(part.value, width)
    elif part.value:
        yield from _pair(label, part.value, width)
    elif part.by_hand:
        yield from text(label, _LABEL, width)
        yield gap(44)
        yield from rule(width, 1, below=6)
    yield gap(5)


def _pair(label: str, value: str, width: int) -> list[Block]:
    beside = measure(f"{label} ", _LABEL)
    if beside + measure(value, _VALUE) > width:
        return [*text(label, _LABEL, width), *text(value, _VALUE, width, lines=_MANY)]
    words = fit(value, _VALUE, width, lines=1)

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        draw_line(pen, 0, y + words.rise, label, _LABEL)
        words.draw(pen, beside, y)

    return [Block(words.height, place)]


def _numbered(number: str, line: str, width: int) -> list[Block]:
    left = 40
    words = fit(line, _VALUE, width - left, lines=_MANY)

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        draw_line(pen, 4, y + words.rise, number, words.style)
        words.draw(pen, left, y)

    return [Block(words.height, place)]


def _framed(value: str, width: int) -> list[Block]:
    """What the citizen looks for first, in a frame across the paper."""
    words = fit(value, _STRONG, width - 2 * _PADDING, lines=_MANY)
    height = words.height + 2 * _PADDING

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        frame = (0, y, width - 1, y + height - 1)
        pen.rounded_rectangle(frame, radius=10, outline=INK, width=3)
        words.draw(pen, _PADDING, y + _PADDING - 2)

    return [gap(2), Block(height, place), gap(4)]


def _signatures(signatures: tuple[Signature, ...], width: int) -> list[Block]:
    """Beside each other; below each other on narrow paper."""
    if not signatures:
        return []
    column = width // len(signatures)
    if column < _LEAST_COLUMN:
        return [block for one in signatures for block in _signed(one, width)]
    columns = [_signed(one, column - 8) for one in signatures]
    height = max(height_of(blocks) for blocks in columns)

    def place(canvas: Image.Image, y: int) -> None:
        for number, blocks in enumerate(columns):
            part = Image.new("L", (column - 8, height), 255)
            stack(part, 0, blocks)
            canvas.paste(part, (number * column + 4, y))

    return [Block(height, place)]


def _signed(one: Signature, width: int) -> list[Block]:
    return [
        *text(one.role, Style(24, "Bold"), width, lines=2, centred=True),
        *text(one.how, _SMALL, width, lines=2, centred=True),
        gap(_TO_SIGN),
        *text(one.name, Style(24, "SemiBold"), width, lines=3, centred=True),
    ]
