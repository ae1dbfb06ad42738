"""Dossier codes (*mã hồ sơ*) and procedure codes: made, recognised, forgiven.

A dossier code is the agency's identifier, the date as ``YYMMDD`` and a number that begins anew
every day: ``000.17.22.H56-210531-0001`` (older), ``H56.14-240823-0001`` (newer). Six-digit tails
exist.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

CODE = re.compile(r"(\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(\.\d{1,3})*-\d{6}-\d{4,6}", re.ASCII)
AGENCY = re.compile(r"(\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(\.\d{1,3})*", re.ASCII)
PROCEDURE = re.compile(r"(\d\.\d{6})(\.\d{3}\.\d{2}\.\d{2}\.[GH]\d{2,3})?", re.ASCII)

_SEPARATORS = re.compile(r"[\s.,_/\\\-‐‑‒–—−]+")
_DASHES = re.compile(r"[‐‑‒–—−_]")


@dataclass(frozen=True, slots=True)
class CodePattern:
    """How an office makes its codes between two dates."""

    agency: str
    """The agency's identifier, for example ``H33.14``."""
    digits: int = 4
    """How long the daily number is at least: 4 to 6."""

    def __post_init__(self) -> None:
        if not AGENCY.fullmatch(self.agency) or not 4 <= self.digits <= 6:
            raise ValueError(f"no agency identifier or length: {self.agency!r}, {self.digits}")


def make_code(pattern: CodePattern, day: date, number: int) -> str:
    """The code of the dossier with this number on this day.

    Raises:
        ValueError: the number does not fit into six digits.
    """
    code = f"{pattern.agency}-{day:%y%m%d}-{number:0{pattern.digits}d}"
    if not CODE.fullmatch(code):
        raise ValueError(f"a daily number has at most six digits: {number}")
    return code


def normalise(typed: str) -> str | None:
    """The code that somebody meant; none when it is no dossier code.

    Case, spaces and the kind of dash are forgiven, also dots, dashes and spaces in each other's
    place and a missing dash before the daily number.
    """
    text = unicodedata.normalize("NFKC", typed).upper().strip()
    tight = _DASHES.sub("-", re.sub(r"\s+", "", text))
    if CODE.fullmatch(tight):
        return tight if _has_date(tight) else None
    parts = [part for part in _SEPARATORS.split(text) if part]
    if parts and re.fullmatch(r"\d{10,12}", parts[-1], re.ASCII):
        parts[-1:] = [parts[-1][:6], parts[-1][6:]]
    if len(parts) < 3:
        return None
    code = "-".join((".".join(parts[:-2]), parts[-2], parts[-1]))
    return code if CODE.fullmatch(code) and _has_date(code) else None


def _has_date(code: str) -> bool:
    """Whether the six digits in the middle are a day; a scanner does not read it otherwise."""
    day = code.rsplit("-", 2)[1]
    try:
        date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return False
    return True


def procedure_code(typed: str) -> str | None:
    """A procedure's code without a portal's suffix: ``1.001699.000.00.00.H17`` is ``1.001699``."""
    found = PROCEDURE.fullmatch(unicodedata.normalize("NFKC", typed).upper().strip())
    return found[1] if found else None
