"""What slips are stacked of: blocks from top to bottom, each with its height and its drawing.

Lengths are dots of a 203 dpi print head. Drawn in grey levels, and made black and white at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PIL import Image, ImageDraw

from hardware.typesetting import Paragraph, Style, fit

WIDTHS = {80: 576, 58: 384}
"""Printable dots by width of paper in mm."""

INK, PAPER = 0, 255
_THRESHOLD = 160
"""Grey levels below are printed. Above the middle: thin strokes burn thinner than drawn."""
RAISED = 2
"""Dots that words on black stand higher than their line would have them: a line leaves more room
for marks above capitals than the eye allows for when it looks for the middle."""


class Block(NamedTuple):
    """A part of a slip: its height in dots, and how it is drawn from its upper edge ``y``."""

    height: int
    draw: Callable[[Image.Image, int], None]


def printed(blocks: Sequence[Block], width: int) -> Image.Image:
    """The blocks as a picture in mode ``1``, as wide as the paper prints, as long as they need."""
    canvas = Image.new("L", (width, height_of(blocks)), PAPER)
    stack(canvas, 0, blocks)
    return canvas.point([INK if grey < _THRESHOLD else PAPER for grey in range(256)], "1")


def text(
    words: str,
    style: Style,
    width: int,
    *,
    lines: int = 3,
    above: int = 0,
    left: int = 0,
    centred: bool = False,
) -> list[Block]:
    """A paragraph from ``left``, or line by line in the middle; nothing for an empty text."""
    if not words:
        return []
    paragraph = fit(words, style, width, lines=lines)
    return [gap(above), lines_of(paragraph, left, middle=width / 2 if centred else None)]


def lines_of(words: Paragraph, left: int = 0, *, middle: float | None = None) -> Block:
    """A paragraph that is set already."""

    def place(canvas: Image.Image, y: int) -> None:
        words.draw(ImageDraw.Draw(canvas), left, y, middle=middle)

    return Block(words.height, place)


def band(marks: Sequence[str], width: int) -> list[Block]:
    """A black band across the top for what must not be overlooked."""
    if not marks:
        return []
    words = fit("  ·  ".join(marks), Style(34, "Bold"), width - 24, lines=1)
    height = words.height + 12

    def place(canvas: Image.Image, y: int) -> None:
        pen = ImageDraw.Draw(canvas)
        pen.rectangle((0, y, width - 1, y + height - 1), fill=INK)
        words.draw(pen, 0, y + 6 - RAISED, PAPER, middle=width / 2)

    return [Block(height, place), gap(16)]


def rule(width: int, thickness: int, *, above: int = 0, below: int = 0) -> list[Block]:
    """A line across the paper."""

    def line(canvas: Image.Image, y: int) -> None:
        ImageDraw.Draw(canvas).rectangle((0, y, width - 1, y + thickness - 1), fill=INK)

    return [gap(above), Block(thickness, line), gap(below)]


def picture(drawn: Image.Image, x: int = 0) -> Block:
    """A picture in grey levels."""
    return Block(drawn.height, lambda canvas, y: canvas.paste(drawn, (x, y)))


def gap(height: int) -> Block:
    """White."""
    return Block(height, lambda canvas, y: None)


def height_of(blocks: Sequence[Block]) -> int:
    """How high blocks are on top of each other."""
    return sum(block.height for block in blocks)


def stack(canvas: Image.Image, y: int, blocks: Sequence[Block]) -> None:
    """Draws the blocks on top of each other, from ``y`` down."""
    for block in blocks:
        block.draw(canvas, y)
        y += block.height
