"""Finding a dossier that somebody asks for: by a part of its code, a name, a number, a visit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from server.dossiers.boards import row_of
from server.dossiers.codes import normalise
from server.dossiers.daysoff import calendar_of, local
from server.dossiers.editing import applicant_of
from server.dossiers.models import Dossier
from server.dossiers.steps import OVER
from server.offices.models import Office
from server.offices.searching import plain

MOST = 50
"""Rows of an answer; who finds more than these says more."""

LOOKED_AT = 5000
"""Dossiers that a name is looked for in; no office has as many open at once."""

Row = dict[str, Any]


def find_dossiers(session: Session, office: Office, words: str, now: datetime) -> list[Row]:
    """The office's dossiers that fit, with the applicant's name: for its clerks alone.

    Everything typed must fit: words begin a word of the name, accents and case are forgiven;
    three digits or more are also part of the code, the phone's or the card's number. A whole code
    finds its dossier whatever its status; everything else those that are not over yet, the newest
    first.

    Args:
        session: for looking only.
        office: whose dossiers.
        words: what was typed; empty finds nothing.
        now: this moment.
    """
    code = normalise(words)
    if code is not None:
        return _rows(session, office, Dossier.code == code, now)
    parts = plain(words).split()
    if not parts:
        return []
    open_ones = _rows(session, office, Dossier.status.not_in(tuple(OVER)), now, parts)
    return open_ones[:MOST]


def dossiers_of_visit(session: Session, office: Office, ticket_id: int, now: datetime) -> list[Row]:
    """The dossiers handed in at a visit, whatever has become of them, the newest first."""
    return _rows(session, office, Dossier.ticket_id == ticket_id, now)


def dossiers_with_status(session: Session, office: Office, status: int, now: datetime) -> list[Row]:
    """The dossiers of an office that stand so now, the newest first."""
    return _rows(session, office, Dossier.status == status, now)[:MOST]


def _rows(
    session: Session,
    office: Office,
    where: ColumnElement[bool],
    now: datetime,
    parts: Iterable[str] = (),
) -> list[Row]:
    today = local(now, office.timezone).date()
    calendar = calendar_of(session, office, today)
    found = session.scalars(
        select(Dossier)
        .where(Dossier.office_id == office.id, where)
        .options(selectinload(Dossier.people))
        .order_by(Dossier.id.desc())
        .limit(LOOKED_AT)
    )
    rows = []
    for dossier in found:
        if _fits(dossier, parts):
            applicant = applicant_of(dossier).name
            rows.append(row_of(dossier, office, today, calendar) | {"applicant": applicant})
    return rows


def _fits(dossier: Dossier, parts: Iterable[str]) -> bool:
    person = applicant_of(dossier)
    name = f" {plain(person.name)}"
    digits = [
        re.sub(r"\D", "", text, flags=re.ASCII)
        for text in (dossier.code, person.phone, person.identity_number)
    ]
    return all(
        f" {part}" in name
        or (part.isdigit() and len(part) >= 3 and any(part in number for number in digits))
        for part in parts
    )
