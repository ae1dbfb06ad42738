"""Slips compared with pictures that somebody has looked at and approved.

Another version of FreeType or Raqm may put the edge of a letter a dot further: so much may differ.
A line that moved, a mark that is missing or another font leaves ink further than that from any ink
of the approved picture, or the other way round; and a spot of it is enough. Measured: between
Pillow 13.0 and 11.3 (FreeType 2.13, Raqm 0.10.1) up to 3,148 dots of a Khmer slip differ, no spot.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

APPROVED = Path(__file__).with_name("approved")
FOUND = Path(__file__).parents[2] / "var" / "slips"
"""Where a failed test leaves what it drew and what differs."""

SPOT = 16
"""Dots; differences are counted in squares of this side, so that one mark among many is missed."""
MOST = 3
"""Dots that may differ in a spot; the dot below ẹ at the smallest size has nine."""

Dots = NDArray[np.bool_]


def compare(picture: Image.Image, name: str, folder: Path = APPROVED) -> None:
    """Fails when ``picture`` is not the approved one; with ``MOTCUA_APPROVE=1`` approves it.

    ``folder`` has the approved ones of its kind.
    """
    path = folder / f"{name}.png"
    if os.environ.get("MOTCUA_APPROVE") == "1":
        # Only what has changed to the eye, so that the other files stay as they are.
        if not path.exists() or differing(picture, _opened(path)):
            picture.save(path, optimize=True)
        return
    FOUND.mkdir(parents=True, exist_ok=True)
    drawn, difference = FOUND / f"{name}.png", FOUND / f"{name}-difference.png"
    drawn.unlink(missing_ok=True)
    difference.unlink(missing_ok=True)
    approved = _opened(path) if path.exists() else Image.new("1", picture.size, 255)
    found = differing(picture, approved)
    if not found:
        return
    picture.save(drawn)
    overlaid(picture, approved).save(difference)
    places = ", ".join(f"x {x} y {y}" for x, y in found[:5])
    raise AssertionError(
        f"the slip {name} is not the approved one, near {places}{' …' if found[5:] else ''}.\n"
        f"  drawn:      {drawn}\n"
        f"  approved:   {path}{'' if path.exists() else ' (missing)'}\n"
        f"  difference: {difference} (red: new ink, blue: missing ink)\n"
        "Look at it; if it is as it should be, approve it: make approve"
    )


def differing(picture: Image.Image, approved: Image.Image) -> list[tuple[int, int]]:
    """The spots where the two differ by more than an edge, as (x, y) of their corners."""
    if picture.size != approved.size:
        return [(0, min(picture.height, approved.height))]
    wrong = _apart(picture, approved) | _apart(approved, picture)
    half = SPOT // 2
    rows, columns = (-(-side // half) + 1 for side in wrong.shape)
    padded = np.zeros((rows * half, columns * half), dtype=np.int64)
    padded[: wrong.shape[0], : wrong.shape[1]] = wrong
    quarters = padded.reshape(rows, half, columns, half).sum(axis=(1, 3))
    # Half a square apart, so that a mark on the seam of two is counted as a whole in a third.
    spots = quarters[:-1, :-1] + quarters[1:, :-1] + quarters[:-1, 1:] + quarters[1:, 1:]
    return [(int(x) * half, int(y) * half) for y, x in np.argwhere(spots > MOST)]


def overlaid(picture: Image.Image, approved: Image.Image) -> Image.Image:
    """Both in one: grey where they agree, red where ink is new, blue where it is missing."""
    size = tuple(map(max, zip(picture.size, approved.size, strict=True)))
    new, old = (_ink(_on_canvas(one, size)) for one in (picture, approved))
    colours = np.full((*new.shape, 3), 255, np.uint8)
    colours[new & old] = (170, 170, 170)
    colours[new & ~old] = (220, 0, 0)
    colours[old & ~new] = (0, 60, 220)
    return Image.fromarray(colours)


def _apart(one: Image.Image, other: Image.Image) -> Dots:
    """The ink of ``one`` that has no ink of ``other`` within a dot of it."""
    near = other.convert("L").filter(ImageFilter.MinFilter(3))
    apart: Dots = _ink(one) & (np.array(near) > 0)
    return apart


def _ink(picture: Image.Image) -> Dots:
    ink: Dots = ~np.array(picture, dtype=bool)
    return ink


def _on_canvas(picture: Image.Image, size: tuple[int, ...]) -> Image.Image:
    canvas = Image.new("1", (size[0], size[1]), 255)
    canvas.paste(picture)
    return canvas


def _opened(path: Path) -> Image.Image:
    return Image.open(path).convert("1")
