"""What every printer of slips can do, and what it may say about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from PIL import Image

Reason = Literal["paper-out", "paper-near-end", "cover-open", "offline", "timeout", "rejected"]
"""Why a printer does not print, or soon will not. After the printer-state-reasons of IPP
(RFC 8011, 5.4.12); ``rejected``: what is there is no printer, or refuses the job for good."""

State = Literal["printed", "failed", "unknown"]


class PrinterError(Exception):
    """A printer URI that cannot be used; says what is allowed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one slip.

    ``printed``: the printer confirmed it. ``failed``: nothing of it was sent, so trying again is
    safe. ``unknown``: something was sent and not confirmed; somebody must look whether the slip
    came out, since a second one may be the same number twice.
    """

    state: State
    reasons: tuple[Reason, ...] = ()
    detail: str = ""
    """For the technician, in English."""


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

    def condition(self) -> Condition:
        """Asks the printer how it is. May take a few seconds."""
        ...

    def close(self) -> None:
        """Lets go of the device. May be called again; no other method afterwards."""
        ...
