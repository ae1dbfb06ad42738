"""What an ESC/POS printer answers, read strictly.

Every answer is one byte and says only by its fixed bits what it answers (Epson, ESC/POS):

- ``0xx1xx10``: the answer to DLE EOT, sent at once, whatever the printer is doing;
- ``0xx0xxxx``: the answer to GS r, sent in order, after everything before it was printed;
- ``0xx1xx00`` and three of ``0xx0xxxx``: automatic status back, which nobody asked for;
- ``00010001`` and ``00010011``: XON and XOFF.

So a picture counts as printed only when GS r, sent after it, was answered. Silence is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum

from hardware.printers.interface import Reason

Trouble = tuple[Reason, str]
"""A reason, and words for the technician."""

ASK_IN_ORDER = b"\x1dr\x01"
"""GS r 1: the paper sensors, once everything before this was printed."""


class Ask(IntEnum):
    """What DLE EOT can ask for; the answer comes at once."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4

    @property
    def command(self) -> bytes:
        return bytes((0x10, 0x04, self))


class Kind(Enum):
    """What kind of answer a byte is."""

    AT_ONCE = "at once"
    IN_ORDER = "in order"


class Replies:
    """Sorts the bytes that come from a printer; keeps its place within an automatic status."""

    def __init__(self) -> None:
        self._automatic = 0
        """Bytes of an automatic status still to come."""
        self.strange = 0
        """Bytes that no ESC/POS printer sends."""

    def sort(self, received: bytes) -> Iterable[tuple[Kind, int]]:
        """The answers among ``received``, in order; everything else is skipped."""
        for byte in received:
            if byte & 0x93 == 0x10:
                self._automatic = 3
            elif byte & 0x93 == 0x12:
                self._automatic = 0
                yield Kind.AT_ONCE, byte
            elif byte in (0x11, 0x13):
                continue
            elif byte & 0x90:
                self._automatic = 0
                self.strange += 1
            elif self._automatic:
                self._automatic -= 1
            else:
                yield Kind.IN_ORDER, byte


def troubles(ask: Ask, answer: int) -> tuple[Trouble, ...]:
    """What ``answer`` to ``ask`` complains of: the reasons, most telling first.

    Empty when all is well. ``paper-near-end`` alone does not keep a printer from printing.
    """
    table: dict[Ask, tuple[tuple[int, Reason, str], ...]] = {
        Ask.PRINTER: ((0x08, "offline", "the printer is offline"),),
        Ask.OFFLINE_CAUSE: (
            (0x04, "cover-open", "the cover is open"),
            (0x20, "paper-out", "the paper has run out"),
            (0x40, "offline", "the printer reports an error"),
        ),
        Ask.ERROR_CAUSE: (
            (0x08, "offline", "the knife is stuck"),
            (0x20, "offline", "an error that only switching off and on again clears"),
            (0x40, "offline", "the print head is too hot and cools down"),
        ),
        Ask.PAPER: (
            (0x60, "paper-out", "the paper has run out"),
            (0x0C, "paper-near-end", "the paper will run out soon"),
        ),
    }
    return tuple((reason, words) for bits, reason, words in table[ask] if answer & bits)


def paper_troubles(answer: int) -> tuple[Trouble, ...]:
    """The same for the answer to ``ASK_IN_ORDER``."""
    if answer & 0x0C:
        return (("paper-out", "the paper has run out"),)
    if answer & 0x03:
        return (("paper-near-end", "the paper will run out soon"),)
    return ()
