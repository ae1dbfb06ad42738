"""What every way of telling somebody must do. Ours are registered in :mod:`.ways`, like anybody's.

A notifier gets a :class:`Parcel` and returns once the other side has taken it over. Otherwise it
raises :class:`NotSent`; it never guesses "sent".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from server.notices.outbox import Failure


@dataclass(frozen=True, slots=True)
class Parcel:
    """One notice, ready to be sent."""

    ref: str
    """The same however often it is sent."""
    kind: str
    to: str
    """E-mail address, phone number, the address of a push subscription or of a program."""
    subject: str
    text: str
    link: str = ""
    code: str = ""
    """The dossier's, where it is about one."""
    language: str = "vi"
    keys: tuple[str, str] = ("", "")
    """Of a push subscription: ``p256dh`` and ``auth``."""


class NotSent(Exception):
    """It was not taken over, or nobody knows whether it was."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.problem} {failure.detail}".strip())
        self.failure = failure


class Notifier(Protocol):
    """A way of telling somebody."""

    def send(self, parcel: Parcel, now: datetime) -> None:
        """Hand ``parcel`` over at ``now``.

        Raises:
            NotSent: it was not taken over; says why, and whether to try again.
        """
