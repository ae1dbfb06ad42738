"""What an ESC/POS printer answers, read strictly.

Every answer is one byte and says only by its fixed bits what it answers (Epson, ESC/POS):

- ``0xx1xx10``: the answer to DLE EOT, sent at once, whatever the printer is doing;
- ``0xx0xxxx``: the answer to GS r, sent in order, after everything before it was printed;
- ``0xx1xx00`` and three of ``0xx0xxxx``: automatic status back, which nobody asked for;
- ``00010001`` and ``00010011``: XON and XOFF.

So a picture counts as printed only when GS r, sent after it, was answered. Silence is no answer.

Some models confirm by name (GS ( H, function 48): ``37 22``, the four digits that were asked for,
and ``00``, in order as well. It cannot be mistaken for the confirmation of another slip. A model
that does not have it would print the question, so it is asked for in the printer's address only.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum

from hardware.printers.interface import Reason

Trouble = tuple[Reason, str]
"""A reason, and words for the technician."""

ASK_IN_ORDER = b"\x1dr\x01"
"""GS r 1: the paper sensors, once everything before this was printed."""


def ask_process(number: int) -> bytes:
    """GS ( H: the printer says ``number`` (0 to 9999) once everything before was printed."""
    return b"\x1d(H\x06\x0000" + b"%04d" % number


_PROCESS = b"\x37\x22"
"""How the answer to ``ask_process`` begins; four digits and a zero byte follow."""
_PROCESS_LENGTH = 7


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
    PROCESS = "by name"


class Replies:
    """Sorts the bytes that come from a printer; keeps its place within an answer of several.

    ``process_ids``: whether answers to ``ask_process`` may come.
    """

    def __init__(self, *, process_ids: bool = False) -> None:
        self._process_ids = process_ids
        self._process = b""
        """What has come of an answer to ``ask_process``."""
        self._automatic = 0
        """Bytes of an automatic status still to come."""
        self.strange = 0
        """Bytes that no ESC/POS printer sends."""

    def sort(self, received: bytes) -> Iterable[tuple[Kind, int]]:
        """The answers among ``received``, in order; everything else is skipped."""
        for byte in received:
            if self._process or (self._process_ids and byte == _PROCESS[0]):
                yield from self._named(byte)
            elif byte & 0x93 == 0x10:
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

    def _named(self, byte: int) -> Iterable[tuple[Kind, int]]:
        self._process += bytes((byte,))
        if not self._process.startswith(_PROCESS[: len(self._process)]):
            self._process, self.strange = b"", self.strange + 1
        elif len(self._process) == _PROCESS_LENGTH:
            digits, end = self._process[2:6], self._process[6]
            self._process = b""
            if digits.isdigit() and end == 0:
                yield Kind.PROCESS, int(digits)
            else:
                self.strange += 1


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
