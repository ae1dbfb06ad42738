"""The second proof of a dossier's holder: the last four digits of the card or the phone number.

Four digits are few, so the digest is keyed with the installation's secret: the database alone does
not give them away, and tries are limited where they are made (see :mod:`server.dossier_lookup`).
"""

from __future__ import annotations

import hmac
import re


def proof_of(secret: str, code: str, number: str) -> str | None:
    """The digest kept of a card's or phone's number; none when it has fewer than four digits.

    Args:
        secret: the installation's.
        code: the dossier's, so that equal digits of two dossiers do not look alike.
        number: the number, or its last four digits.
    """
    digits = re.sub(r"\D", "", number, flags=re.ASCII)
    if len(digits) < 4:
        return None
    return hmac.digest(secret.encode(), f"{code}:{digits[-4:]}".encode(), "sha256").hex()


def proves(secret: str, code: str, kept: tuple[str | None, str | None], given: str) -> bool:
    """Whether ``given`` matches one of the two digests kept; takes as long when it does not."""
    digest = proof_of(secret, code, given) or ""
    matches = [hmac.compare_digest(one or "-" * 64, digest) for one in kept]
    return any(matches)
