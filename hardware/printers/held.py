"""A slip that the printer has and cannot finish, until somebody has put in paper or shut the cover.

It is never sent again: the printer prints the rest by itself. What must be told apart is a printer
that still waits from one that was switched off meanwhile and has forgotten the slip.
"""

from __future__ import annotations

import time

from hardware.printers.dialogue import PRINTED_S, Dialogue, Line, NoAnswer
from hardware.printers.interface import Condition, Outcome

SILENT_S = 120.0
"""A printer that waits for paper may be too full to answer; one silent for so long is gone."""


class HeldSlip:
    """The line to a printer with a slip in it, kept open: closing it would make some forget."""

    def __init__(self, line: Line, dialogue: Dialogue, outcome: Outcome) -> None:
        """``outcome`` is what was known when the printer stopped."""
        self._line, self._dialogue = line, dialogue
        self.outcome = outcome
        self._heard = time.monotonic()
        self._ready: float | None = None
        """Since when the printer could go on."""

    @property
    def condition(self) -> Condition:
        """How the printer was when it was last asked."""
        return Condition(self.outcome.reasons, self.outcome.detail)

    def look(self) -> Outcome:
        """How it is now: ``held`` still, ``printed``, or ``unknown`` when it was forgotten."""
        self.outcome = self._outcome()
        return self.outcome

    def close(self) -> None:
        """Lets go of the printer."""
        self._line.close()

    def _outcome(self) -> Outcome:
        try:
            confirmed = self._dialogue.confirmation()
            now = confirmed or self._dialogue.condition()
        except NoAnswer as silence:
            silent = time.monotonic() - self._heard >= SILENT_S
            if silence.reason == "timeout" and not silent:
                return self.outcome
            return Outcome("unknown", (silence.reason,), str(silence))
        self._heard = time.monotonic()
        if confirmed is not None:
            return Outcome("printed", now.reasons, now.detail)
        if now.state != "ok":
            self._ready = None
            return Outcome("held", now.reasons, now.detail)
        self._ready = self._ready or self._heard
        if self._heard - self._ready >= PRINTED_S:
            # Switched off and on again: it is well, and knows nothing of the slip.
            return Outcome("unknown", ("timeout",), "the printer did not go on with the slip")
        return self.outcome
