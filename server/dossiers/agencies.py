"""The agencies that dossiers are handed to."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.daysoff import chain
from server.dossiers.models import Agency
from server.errors import Invalid, NotFound
from server.journal import lock_office, record
from server.offices.models import Names, Office

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def agency_of(session: Session, office: Office, code: str, day: date) -> Agency:
    """The agency with this code that serves an office on a day: its own, or the nearest above.

    Raises:
        NotFound: there is none, or none that works then.
    """
    iso = day.isoformat()
    for place in chain(session, office):
        agency = session.scalar(
            select(Agency).where(Agency.office_id == place.id, Agency.code == code)
        )
        if (
            agency is not None
            and agency.valid_from <= iso
            and (not agency.valid_to or iso <= agency.valid_to)
        ):
            return agency
    raise NotFound("There is no such agency.")


def set_agency(
    session: Session,
    office: Office,
    code: str,
    names: Names,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
    now: datetime,
    actor: str,
) -> Agency:
    """Add an agency that serves an office and all below, or give it other names or dates.

    Dossiers received outside of its dates cannot be planned for it; what it holds stays with it.

    Raises:
        Invalid: the code or the names will not do.
    """
    if not CODE.fullmatch(code) or not names.get("vi", "").strip():
        raise Invalid(
            "An agency has a code of small letters, digits and dashes, and a Vietnamese name."
        )
    place = lock_office(session, office.id)
    agency = session.scalar(
        select(Agency).where(Agency.office_id == office.id, Agency.code == code)
    )
    if agency is None:
        agency = Agency(office_id=office.id, code=code)
        session.add(agency)
    values = {
        "names": names,
        "valid_from": valid_from.isoformat() if valid_from else "",
        "valid_to": valid_to.isoformat() if valid_to else "",
    }
    if all(getattr(agency, name) == value for name, value in values.items()):
        return agency
    for name, value in values.items():
        setattr(agency, name, value)
    record(session, place, "agency.set", subject=code, actor=actor, data={"code": code}, at=now)
    return agency
