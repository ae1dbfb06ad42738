"""Can the halls give out numbers on paper and receive dossiers?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from server.checking.findings import Finding, named
from server.dossiers.numbering import pattern_of
from server.offices.models import Office

FINE = ("ok", "unknown")
"""Conditions of a printer that nobody need look at; before its first word it is unknown."""


def check_codes(session: Session, offices: Sequence[Office], today: date) -> Iterator[Finding]:
    """Whether each office has a pattern for dossier codes today."""
    lacking = [one.slug for one in offices if pattern_of(session, one, today) is None]
    if lacking:
        yield Finding(
            "attention",
            f"No pattern for dossier codes, so no dossier can be received: {named(lacking)}. "
            "Set one: motcua dossiers codes.",
        )
    else:
        yield Finding("ok", "Every office has a pattern for dossier codes.")


def check_printers(session: Session, offices: Sequence[Office], today: date) -> Iterator[Finding]:
    """Whether each office has a printer for slips, and what those said last."""
    lacking = [one.slug for one in offices if not any(printer.active for printer in one.printers)]
    if lacking:
        yield Finding(
            "attention",
            f"No printer, so numbers are shown and not printed: {named(lacking)}. "
            "Name one in the hall file.",
        )
    unwell = [
        f"{printer.name} of {office.slug} ({printer.condition})"
        for office in offices
        for printer in office.printers
        if printer.active and printer.condition not in FINE
    ]
    if unwell:
        yield Finding("attention", f"Printers that said something is wrong: {named(unwell)}.")
    if not lacking and not unwell:
        yield Finding("ok", "Every office has a printer, and none complains.")
