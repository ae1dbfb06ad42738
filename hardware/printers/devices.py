"""What all printers of paper share: one slip at a time, and trouble told rather than raised."""

from __future__ import annotations

from abc import ABC, abstractmethod

from PIL import Image

from hardware.escpos import encode
from hardware.printers.dialogue import NoAnswer
from hardware.printers.interface import NOTHING_HELD, Condition, Outcome
from hardware.printers.turns import turn_at

TURN_S = 30.0
"""Longest wait for the job before."""


class DevicePrinter(ABC):
    """Takes turns with everybody in this process who prints on the same device.

    ``confirms`` is false for a printer that answers nothing: what it took counts as printed.
    """

    def __init__(self, device: str, *, confirms: bool) -> None:
        """``device`` names the device, the same for everybody."""
        self.confirms = confirms
        self._turn = turn_at(device)

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        """Takes at most about a minute, when everything that can be slow is, and as long again as
        a slow cable needs for the slip."""
        return self.print_encoded(encode(image), name)

    def print_encoded(self, job: bytes, name: str) -> Outcome:
        """The same for a slip that ``hardware.escpos.encode`` has made bytes of already."""
        if not self._turn.acquire(timeout=TURN_S):
            return Outcome("failed", ("timeout",), "another slip is still being printed")
        try:
            return self._print(job, name)
        except NoAnswer as silence:
            return Outcome("failed", (silence.reason,), str(silence))
        finally:
            self._turn.release()

    def condition(self) -> Condition:
        """A printer that answers nothing counts as fine when it is there."""
        if not self._turn.acquire(timeout=TURN_S):
            return Condition(("timeout",), "a slip is still being printed")
        try:
            return self._look()
        except NoAnswer as silence:
            return Condition((silence.reason,), str(silence))
        finally:
            self._turn.release()

    def held_outcome(self) -> Outcome:
        """For those that hold no slip: they say at once what they know."""
        return NOTHING_HELD

    def close(self) -> None:  # noqa: B027  # most have nothing to do
        """Nothing is kept open between jobs, unless a slip is held."""

    @abstractmethod
    def _print(self, job: bytes, name: str) -> Outcome:
        """Raises ``NoAnswer`` as long as nothing was sent that prints."""

    @abstractmethod
    def _look(self) -> Condition:
        """Raises ``NoAnswer`` when the printer cannot be asked."""


def one_line(error: BaseException) -> str:
    """What an exception says, for a detail."""
    return " ".join(str(error).split())
