"""From what was typed to what was scanned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.scanner.cards import FIELDS, CardScan, read_card
from hardware.scanner.dossiers import DOSSIER_CODE, DossierScan, read_dossier
from hardware.scanner.slips import TicketScan, read_slip

LONGEST = 1200
"""Characters of the longest text that can be a scan: a card scanned twice, and some more."""


@dataclass(frozen=True, slots=True)
class UnknownScan:
    """Not one of ours, or not whole: to be scanned again."""


Scan = TicketScan | DossierScan | CardScan | UnknownScan

_AIM = re.compile(r"^\][A-Za-z]\d")
"""The scanner's own note on the kind of code, when it is set to send one: ``]Q1``."""
_NEXT_ADDRESS = re.compile(r"(?=https?://)", re.IGNORECASE)
_SEAM = re.compile(r"^(\d{8})(\d{12})$")
"""A card's last date with the number of the next one right behind it."""


def read_scan(text: str, dossier_pattern: str = DOSSIER_CODE) -> Scan:
    """What ``text`` is. Never raises, whatever was typed.

    Two scans that ran together because an Enter was lost count when they are the same one;
    otherwise it is not known which one is meant.
    """
    for candidate in candidates(text):
        scans = {_one(piece, dossier_pattern) for piece in _pieces(candidate)}
        if len(scans) == 1 and not isinstance(scan := scans.pop(), UnknownScan):
            return scan
    return UnknownScan()


def candidates(text: str) -> list[str]:
    """Texts that may have been meant, the likeliest first.

    With UTF-8 bytes put together again that a scanner has typed one by one; as it is. Case needs
    no candidate: no code of ours is told from another by its case alone.
    """
    if len(text) > LONGEST:
        return []
    plain = _AIM.sub("", unicodedata.normalize("NFC", text).strip().strip("\ufeff\x00"))
    return [text for text in (_joined(plain), plain) if text]


def _joined(text: str) -> str | None:
    """UTF-8 bytes that were typed as one character each (``áº¤`` for ``Ấ``), as they were meant."""
    if text.isascii():
        return None
    for table in ("latin-1", "cp1252", "cp1258"):
        try:
            return unicodedata.normalize("NFC", text.encode(table).decode("utf-8"))
        except UnicodeError:
            continue
    return None


def _one(text: str, dossier_pattern: str) -> Scan:
    card = read_card(text)
    if card is not None:
        return CardScan(card)
    return read_slip(text) or read_dossier(text, dossier_pattern) or UnknownScan()


def _pieces(text: str) -> Iterator[str]:
    """The scans in ``text``: mostly one."""
    half, odd = divmod(len(text), 2)
    if not odd and half and text[:half] == text[half:]:
        yield text[:half]
    elif text.count("|") >= 2 * (FIELDS - 1):
        yield from _cards(text)
    else:
        yield from (piece.strip() for piece in _NEXT_ADDRESS.split(text) if piece.strip())


def _cards(text: str) -> Iterator[str]:
    """Cards that ran together: the first ends, and the next begins, in one field of 20 digits."""
    fields = text.split("|")
    seams = [at for at, field in enumerate(fields) if _SEAM.fullmatch(field.strip())]
    if not seams:
        yield text  # one card with more fields than usual
        return
    card: list[str] = []
    for at, field in enumerate(fields):
        seam = _SEAM.fullmatch(field.strip()) if at in seams else None
        if seam is None:
            card.append(field)
        else:
            yield "|".join([*card, seam[1]])
            card = [seam[2]]
    yield "|".join(card)
