"""The codes of an office's dossiers: by the pattern that holds, numbered from 1 every day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from server.database import is_postgresql
from server.dossiers.codes import CodePattern, make_code
from server.dossiers.daysoff import chain
from server.dossiers.models import CodeSeries, DayCodes
from server.errors import Invalid, Refused
from server.journal import lock_office, record
from server.offices.models import Office


def next_code(session: Session, office: Office, day: date) -> str:
    """Take the next code of an office on a day; given back if the transaction fails.

    Offices that share an agency identifier share its numbers.

    Raises:
        Refused: neither the office nor one above it has a pattern that holds on this day.
    """
    pattern = pattern_of(session, office, day)
    if pattern is None:
        raise Refused(
            "This office has no pattern for dossier codes. Set one with: motcua dossiers codes."
        )
    insert = postgresql_insert if is_postgresql(session) else sqlite_insert
    taken = (
        insert(DayCodes)
        .values(agency=pattern.agency, day=day.isoformat(), last=1)
        .on_conflict_do_update(index_elements=["agency", "day"], set_={"last": DayCodes.last + 1})
        .returning(DayCodes.last)
    )
    number = session.execute(taken).scalar_one()
    return make_code(pattern, day, number)


def pattern_of(session: Session, office: Office, day: date) -> CodePattern | None:
    """The pattern that holds in an office on a day: its own, or that of the nearest above."""
    iso = day.isoformat()
    for place in chain(session, office):
        latest = session.scalar(
            select(CodeSeries)
            .where(CodeSeries.office_id == place.id, CodeSeries.valid_from <= iso)
            .order_by(CodeSeries.valid_from.desc())
            .limit(1)
        )
        if latest is not None and (not latest.valid_to or iso <= latest.valid_to):
            return CodePattern(latest.agency, latest.digits)
    return None


def set_pattern(
    session: Session,
    office: Office,
    agency: str,
    *,
    digits: int = 4,
    valid_from: date | None = None,
    now: datetime,
    actor: str,
) -> CodePattern:
    """Say how an office makes its codes from a date on; until then the pattern before it holds.

    Raises:
        Invalid: no codes can be made so.
    """
    try:
        pattern = CodePattern(agency.strip().upper(), digits)
    except ValueError:
        raise Invalid(
            "An agency identifier looks like H33.14 or 000.17.22.H56, and a daily number has four "
            "to six digits."
        ) from None
    place = lock_office(session, office.id)
    begins = valid_from.isoformat() if valid_from else ""
    stored = session.scalar(
        select(CodeSeries).where(CodeSeries.office_id == office.id, CodeSeries.valid_from == begins)
    )
    if stored is None:
        stored = CodeSeries(office_id=office.id, valid_from=begins)
        session.add(stored)
    elif (stored.agency, stored.digits) == (pattern.agency, pattern.digits):
        return pattern
    stored.agency, stored.digits = pattern.agency, pattern.digits
    data = {"agency": pattern.agency, "digits": digits, "valid_from": begins}
    record(session, place, "codes.set", subject=office.slug, actor=actor, data=data, at=now)
    return pattern
