"""Where slips come from, as a printer sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from hardware.printers.interface import Condition, Outcome


class Unreachable(Exception):
    """The server cannot be asked now. Nothing was lost; ask again later."""


class NotAccepted(Exception):
    """The server does not know us, or we are no agent of its: somebody must see to it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One slip to print. ``id`` and ``attempt`` together name the lease under which it is."""

    id: int
    attempt: int
    ref: str
    """A short name for files and lists of jobs."""
    slip: Mapping[str, Any] = field(default_factory=dict)
    """What is on it; see :mod:`hardware.layouts`."""


class Desk(Protocol):
    """Hands out slips and is told what became of them. All its methods raise
    ``Unreachable`` and ``NotAccepted``."""

    def next_job(self) -> Job | None:
        """The slip to print next, if there is one."""
        ...

    def begin(self, job: Job) -> bool:
        """Say that printing begins now; false when the slip has meanwhile been given to another.

        After this a second try needs a person, so it is said just before the first byte.
        """
        ...

    def tell(self, job: Job, outcome: Outcome) -> bool:
        """Say what became of a slip; false when nobody wants to know from us any more."""
        ...

    def tell_condition(self, condition: Condition) -> None:
        """Say how the printer is, also that it is still the same."""
        ...
