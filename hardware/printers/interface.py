"""What every printer of slips can do, and what it may say about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from PIL import Image

Reason = Literal[
    "paper-out", "paper-near-end", "cover-open", "offline", "timeout", "rejected", "undrawable"
]
"""Why a printer does not print, or soon will not. After the printer-state-reasons of IPP
(RFC 8011, 5.4.12); ``rejected``: what is there is no printer, or refuses the job for good;
``undrawable``: the slip itself is at fault."""

REASONS: tuple[Reason, ...] = get_args(Reason)

State = Literal["printed", "held", "failed", "unknown"]


class PrinterError(Exception):
    """A printer URI that cannot be used; says what is allowed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one slip.

    ``printed``: the printer confirmed it. ``held``: the printer has it and waits for somebody
    (paper, cover); :meth:`Printer.held_outcome` says how it goes on. ``failed``: nothing of it was
    sent, so trying again is safe. ``unknown``: something was sent and not confirmed; somebody must
    look whether the slip came out, since a second one may be the same number twice.
    """

    state: State
    reasons: tuple[Reason, ...] = ()
    detail: str = ""
    """For the technician, in English."""


NOTHING_HELD = Outcome("unknown", ("offline",), "no slip is held")
"""The ``held_outcome`` of a printer that left no slip ``held``."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How a printer is now."""

    reasons: tuple[Reason, ...] = ()
    detail: str = ""
    """For the technician, in English."""

    @property
    def state(self) -> str:
        """``ok``, or the reason why it does not print (paper and cover before the rest)."""
        for reason in ("paper-out", "cover-open", "rejected", "timeout", "offline"):
            if reason in self.reasons:
                return reason
        return "ok"

    @property
    def word(self) -> str:
        """``state``, or ``paper-near-end`` for a printer that still prints."""
        near_end = self.state == "ok" and "paper-near-end" in self.reasons
        return "paper-near-end" if near_end else self.state

    @property
    def paper(self) -> Literal["ok", "low", "out"]:
        if "paper-out" in self.reasons:
            return "out"
        return "low" if "paper-near-end" in self.reasons else "ok"


class Printer(Protocol):
    """A printer of slips. One job at a time each; none of its methods raises for a printer's
    trouble, which is what the answers are for."""

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        """Prints ``image`` (mode ``1``) and waits for what the printer says.

        ``name`` says which slip it is, for a printer that keeps files or a list of jobs.
        Raises ``ValueError`` for a picture that no slip printer can print.
        """
        ...

    def held_outcome(self) -> Outcome:
        """How the slip is that :meth:`print_image` left ``held``: still so, or what became of it.

        Looks once. Whoever has a slip held asks again until it is not, and asks nothing else.
        """
        ...

    def condition(self) -> Condition:
        """Asks the printer how it is. May take a few seconds."""
        ...

    def close(self) -> None:
        """Lets go of the device. May be called again; no other method afterwards."""
        ...
