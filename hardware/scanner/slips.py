"""The code of a number slip: the address of its phone page, which ends in the ticket's token.

A Vietnamese input method that is left on changes the token while the scanner types it. With Telex
``aa`` becomes ``â`` and a later ``s`` in the same word a tone on it; with VNI digits do both. Where
in the word the swallowed key was, and in which case, cannot be told from the result. But the
tickets of the day can be asked which of them, typed through the input method, leaves this text:
:meth:`TicketScan.fits`. A token has 128 random bits, so that what is left of it still names one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TOKEN_LENGTH = 22
"""Characters of a ticket's token: 16 random bytes as base64url."""

FEWEST_LEFT = 12
"""Characters that must be left of a garbled token: 60 random bits and more."""

TELEX_KEYS = frozenset("aeodwsfrxjz")
"""Keys that Telex may swallow: letters doubled into one with a mark, ``w``, tones, undoing."""
VNI_KEYS = frozenset("0123456789")
"""Keys that VNI may swallow."""

_TOKEN = re.compile(r"/t/([^/?#\s]+)/?(?:[?#]\S*)?$", re.IGNORECASE)
_WHOLE = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")
_MARKS = frozenset(
    "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}"
    "\N{COMBINING HOOK ABOVE}\N{COMBINING DOT BELOW}\N{COMBINING CIRCUMFLEX ACCENT}"
    "\N{COMBINING BREVE}\N{COMBINING HORN}"
)
_HORN = "\N{COMBINING HORN}"
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True, repr=False)
class TicketScan:
    """A number slip; ``token`` as it arrived. It opens a ticket, so it is never shown in a log."""

    token: str

    @property
    def whole(self) -> bool:
        """Whether the token can be right as it stands; else the day's tickets must be asked."""
        return _WHOLE.fullmatch(self.token) is not None

    def fits(self, token: str) -> bool:
        """Whether a keyboard may have made this text of a ticket's ``token``.

        Allowed are what a Vietnamese input method does, and letters in another case (CapsLock, or
        a scanner that writes capitals only). Pieces that are missing for another reason are not.
        """
        if len(token) != TOKEN_LENGTH:
            return False
        left = _letters(self.token)
        if len(left) < FEWEST_LEFT:
            return False
        return any(_left_by(token.lower(), left, keys) for keys in (TELEX_KEYS, VNI_KEYS))

    def __repr__(self) -> str:
        return "TicketScan(…)"


def read_slip(text: str) -> TicketScan | None:
    """The slip whose address ``text`` is; none when it is no such address."""
    found = _TOKEN.search(text)
    if found is None:
        return None
    scan = TicketScan(found[1])
    left = _letters(scan.token)
    if len(left) < FEWEST_LEFT or len(left) > TOKEN_LENGTH:
        return None
    return scan if _ALPHABET.issuperset("".join(left)) else None


def _letters(token: str) -> list[str]:
    """The keys of the letters that are there, each as the characters it may have been typed by."""
    letters: list[str] = []
    for character in unicodedata.normalize("NFD", token.lower().replace("đ", "d")):
        if character == _HORN and letters and letters[-1] == "u":
            letters[-1] = "uw"  # ``ư`` is ``uw``, or ``w`` alone
        elif character not in _MARKS:
            letters.append(character)
    return letters


def _left_by(token: str, left: list[str], keys: frozenset[str]) -> bool:
    """Whether ``left`` remains of ``token`` when some of ``keys`` are swallowed."""
    matched = {0}  # how many of ``left`` may be accounted for
    for character in token:
        on = {count + 1 for count in matched if count < len(left) and character in left[count]}
        matched = on | (matched if character in keys else set())
    return len(left) in matched
