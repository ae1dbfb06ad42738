"""The catalogue as a list to look through: found by words, by field, by what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.offices.models import Names, Procedure
from server.offices.procedures import FEE_OF_PROVINCE
from server.offices.searching import search

PAGE = 50
"""Procedures on a page of the list."""

SHOWS = ("all", "unpriced", "ended")
"""What may be left of the list: all, where an amount is missing, what is no longer valid."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One procedure with its terms of today and those to come."""

    code: str
    now: Procedure | None
    """The terms that hold; none before the first and after the last."""
    next: Procedure | None
    """The first terms that have not begun."""
    last: Procedure
    """Those that begin last; its names are known whatever holds."""

    @property
    def shown(self) -> Procedure:
        """The terms to show: today's, else the next, else the last there were."""
        return self.now or self.next or self.last

    @property
    def ended(self) -> bool:
        """Whether it is no longer valid."""
        return self.now is None and self.next is None

    @property
    def unpriced(self) -> bool:
        """Whether an amount that the province sets has not been entered."""
        return not self.ended and (
            self.shown.fee_vnd is None or FEE_OF_PROVINCE in self.shown.charge_note
        )


def catalogue(session: Session, today: date) -> list[Entry]:
    """Every procedure, in the order of the fee board."""
    rows = session.scalars(select(Procedure).order_by(Procedure.code, Procedure.valid_from)).all()
    by_code = groupby(rows, key=lambda row: row.code)
    found = [_entry(code, list(group), today.isoformat()) for code, group in by_code]
    return sorted(found, key=lambda one: (one.shown.position, one.code))


def fields_of(entries: list[Entry]) -> dict[str, Names]:
    """The fields (*lĩnh vực*) that procedures are in, by code, in the order of the board."""
    return {one.shown.field_code: one.shown.field_names for one in reversed(entries)}


def narrowed(entries: list[Entry], *, query: str, field: str, show: str) -> list[Entry]:
    """What is left for a search, a field and one of :data:`SHOWS`; the best fit first."""
    if field:
        entries = [one for one in entries if one.shown.field_code == field]
    if show == "unpriced":
        entries = [one for one in entries if one.unpriced]
    elif show == "ended":
        entries = [one for one in entries if one.ended]
    if not query:
        return entries
    by_code = {one.code: one for one in entries}
    return [by_code[found["code"]] for found in search(query, map(_searched, entries))]


def _searched(one: Entry) -> dict[str, Any]:
    terms = one.shown
    return {"code": one.code, "names": terms.names, "field_names": terms.field_names}


def _entry(code: str, rows: list[Procedure], today: str) -> Entry:
    begun = [row for row in rows if row.valid_from <= today]
    to_come = [row for row in rows if row.valid_from > today]
    latest = begun[-1] if begun else None
    now = latest if latest and (not latest.valid_to or today <= latest.valid_to) else None
    return Entry(code, now, to_come[0] if to_come else None, rows[-1])
