"""Printing over a line: what all transports share that carry bytes to a printer and back."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from hardware.printers.devices import DevicePrinter
from hardware.printers.dialogue import Dialogue, Line, NoAnswer
from hardware.printers.held import HeldSlip
from hardware.printers.interface import NOTHING_HELD, Condition, Outcome

UNSENT_S = 10.0
"""Data the printer does not take for so long will not be taken any more."""
PIECE = 4096
"""Bytes written at once, so that ``UNSENT_S`` is about a printer that stands, not a slow one."""


class LinePrinter(DevicePrinter):
    """Opens its line for each job: ask how the printer is, send, have it confirm, close."""

    outlives: ClassVar[bool] = True
    """Whether the printer's answers survive the closing of the line, as they do on a cable."""

    process_ids = False
    """Whether the printer confirms each slip by a number of its own: ``?status=process-id``."""

    def __init__(self, device: str, *, confirms: bool) -> None:
        super().__init__(device, confirms=confirms)
        self._owed = self.outlives
        """Whether a confirmation may still come that an earlier slip asked for."""
        self._held: HeldSlip | None = None

    @abstractmethod
    def _connect(self) -> Line:
        """The line, open; raises ``NoAnswer`` within a few seconds when there is none."""

    def held_outcome(self) -> Outcome:
        """Asks over the line that was left open."""
        if self._held is None:
            return NOTHING_HELD
        outcome = self._held.look()
        if outcome.state != "held":
            self._owed = self.outlives and outcome.state != "printed"
            self.close()
        return outcome

    def close(self) -> None:
        """Also lets go of a printer that has a slip."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _look(self) -> Condition:
        if self._held is not None:
            return self._held.condition
        line = self._open()
        try:
            return Dialogue(line).condition() if self.confirms else Condition()
        finally:
            line.close()

    def _print(self, job: bytes, name: str) -> Outcome:
        if self._held is not None:
            raise NoAnswer("timeout", "the printer has an earlier slip still to print")
        line = self._open()
        try:
            return self._print_confirmed(line, job) if self.confirms else _hand_over(line, job)
        finally:
            if self._held is None:
                line.close()

    def _print_confirmed(self, line: Line, job: bytes) -> Outcome:
        dialogue = Dialogue(line, process_ids=self.process_ids)
        before = dialogue.condition()
        if before.state != "ok":
            return Outcome("failed", before.reasons, before.detail)
        if self._owed and not self.process_ids:
            dialogue.settle()
        self._owed = self.outlives
        try:
            # From here on a part of the slip may come out, so nothing is `failed` any more.
            _send(line, job)
            confirmed, after = dialogue.acknowledgement()
        except NoAnswer as silence:
            return Outcome("unknown", (silence.reason,), str(silence))
        except OSError as error:
            return _broken(error)
        if not confirmed:
            self._held = HeldSlip(line, dialogue, Outcome("held", after.reasons, after.detail))
            return self._held.outcome
        if after.state != "ok":
            return Outcome("unknown", after.reasons, after.detail)
        self._owed = False
        return Outcome("printed", after.reasons, after.detail)

    def _open(self) -> Line:
        line = self._connect()
        if self.outlives and self.confirms:
            try:
                _forget(line)
            except OSError as error:
                line.close()
                raise NoAnswer("offline", f"the connection broke: {error}") from error
        return line


def _hand_over(line: Line, job: bytes) -> Outcome:
    try:
        _send(line, job)
        taken = line.taken()
    except OSError as error:
        return _broken(error)
    if not taken:
        return Outcome("unknown", ("timeout",), "the printer did not take all of the slip")
    return Outcome("printed", detail="taken by a printer that confirms nothing")


def _send(line: Line, job: bytes) -> None:
    for start in range(0, len(job), PIECE):
        line.write(job[start : start + PIECE])


def _forget(line: Line) -> None:
    """Reads away what the printer said before anybody asked: a late answer to an earlier job."""
    for _ in range(64):
        if not line.read(0.02):
            break


def _broken(error: OSError) -> Outcome:
    """The outcome when sending stopped in the middle of a slip."""
    if isinstance(error, TimeoutError):
        return Outcome("unknown", ("timeout",), "the printer stopped taking the slip")
    return Outcome("unknown", ("offline",), f"the connection broke while printing: {error}")
