"""ESC/POS bytes turned back into slips: our own reading of the printers' manuals, and a strict one.

Only what a slip needs is known, each command with exactly the parameters it has there. Anything
else fails with its place: an unknown command, a picture cut short, bytes left over, and what a
printer would obey within a picture. Commands: Epson ESC/POS Command Reference, named as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image

OBEYED = {b"\x10\x04": "DLE EOT", b"\x10\x05": "DLE ENQ", b"\x10\x14": "DLE DC4"}
"""Real-time commands: some printers obey them wherever they stand, also within a picture."""

QUESTIONS = (b"\x10\x04\1", b"\x10\x04\2", b"\x10\x04\3", b"\x10\x04\4", b"\x1dr\1", b"\x1dr1")
"""DLE EOT 1 to 4 (how the printer is) and GS r 1 (paper; answered when all before is printed)."""

WIDTHS = (384, 576)
"""Dots across, on paper of 58 and 80 mm."""
GRAIN = 24
"""Rows that a print head burns at once; some printers leave white between other fragments."""
HIGHEST = 2303
"""Rows that one GS v 0 may have (yL + yH × 256)."""


class NotASlip(AssertionError):
    """The bytes are not those of whole slips; ``at`` is where that shows."""

    def __init__(self, stream: bytes, at: int, why: str) -> None:
        self.at = at
        super().__init__(f"at byte {at}: {why}; there stands {stream[at : at + 12].hex(' ')!r}")


class Printed(NamedTuple):
    """What comes out of the printer."""

    picture: Image.Image
    """Mode ``1``; black is ink."""
    fragments: tuple[int, ...]
    """Rows of each raster command."""
    feed_lines: int
    """Lines fed between the last row and the cut."""


def decode(stream: bytes, *, asked: bool = False) -> list[Printed]:
    """The slips of ``stream``, each from its reset to its cut.

    Args:
        stream: one or more whole jobs.
        asked: whether the printer is asked how it is, between commands (DLE EOT) and after a
            slip (GS r), as it is over a network; else that is as unknown as anything.

    Raises:
        NotASlip: there is something in it that no slip needs.
    """
    reader = _Reader(stream, asked)
    slips = []
    while not reader.ended():
        slips.append(reader.slip())
    if not slips:
        raise NotASlip(stream, 0, "nothing is printed")
    return slips


def decode_one(stream: bytes) -> Printed:
    """The only slip of ``stream``; fails as :func:`decode` does, and when there are more."""
    slips = decode(stream)
    assert len(slips) == 1, f"{len(slips)} slips instead of one"
    return slips[0]


@dataclass
class _Reader:
    stream: bytes
    asked: bool
    at: int = 0

    def ended(self) -> bool:
        self.questions()
        return self.at == len(self.stream)

    def slip(self) -> Printed:
        self.expect(b"\x1b@", "ESC @ (reset) begins a slip")
        ink, heights, width = bytearray(), list[int](), 0
        while self.sees(b"\x1dv0"):
            begun = self.at
            across, rows = self.raster()
            if width not in (0, across * 8):
                raise NotASlip(self.stream, begun, f"a fragment of another width than {width}")
            width = across * 8
            heights.append(len(rows) // across)
            ink += rows
        if not heights:
            raise NotASlip(self.stream, self.at, "GS v 0 (picture) follows the reset")
        self.expect(b"\x1bd", "ESC d (feed) or another GS v 0 follows a picture")
        lines = self.number(1)
        self.expect(b"\x1dV\x01", "GS V 1 (partial cut) ends a slip")
        paper = bytes(byte ^ 0xFF for byte in ink)
        picture = Image.frombytes("1", (width, sum(heights)), paper)
        return Printed(picture, tuple(heights), lines)

    def raster(self) -> tuple[int, bytes]:
        """GS v 0 m xL xH yL yH d…: bytes across, and the rows."""
        begun = self.at
        self.expect(b"\x1dv0\x00", "GS v 0 in normal size (m = 0)")
        across, down = self.number(2), self.number(2)
        if across * 8 not in WIDTHS:
            raise NotASlip(self.stream, begun, f"a picture of {across * 8} dots across")
        if not 0 < down <= HIGHEST or down % GRAIN:
            raise NotASlip(self.stream, begun, f"a picture of {down} rows")
        start, self.at = self.at, self.at + across * down
        if self.at > len(self.stream):
            raise NotASlip(self.stream, begun, "the picture is cut short")
        for pair, name in OBEYED.items():
            # From a byte before to a byte after: a printer that obeys knows nothing of fragments.
            if (found := self.stream.find(pair, start - 1, self.at + 1)) >= 0:
                raise NotASlip(self.stream, found, f"{name} within a picture")
        return across, self.stream[start : self.at]

    def sees(self, command: bytes) -> bool:
        self.questions()
        return self.stream.startswith(command, self.at)

    def expect(self, command: bytes, wanted: str) -> None:
        if not self.sees(command):
            raise NotASlip(self.stream, self.at, f"{wanted}, but it does not come")
        self.at += len(command)

    def number(self, size: int) -> int:
        end = self.at + size
        if end > len(self.stream):
            raise NotASlip(self.stream, self.at, "the bytes end within a command")
        value = int.from_bytes(self.stream[self.at : end], "little")
        self.at = end
        return value

    def questions(self) -> None:
        """Skips what may be asked between commands."""
        while self.asked:
            if self.stream[self.at : self.at + 3] not in QUESTIONS:
                return
            self.at += 3
