"""The agencies that dossiers are handed to."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.daysoff import chain
from server.dossiers.models import Agency, Dossier
from server.errors import Forbidden, Invalid, NotFound
from server.journal import lock_office, record
from server.offices.models import Names, Office
from server.people.access import Asker, may_at_agency, require_somebody

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,130}")


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
    raise NotFound("No agency “%(code)s” serves this office.", code=code)


def agency_for(session: Session, asker: Asker, office: Office, code: str) -> Agency:
    """An agency of this office, for somebody who may do its work.

    Raises:
        NotFound: the office has no such agency.
        Unauthenticated, Forbidden: the asker may not work there.
    """
    require_somebody(asker)
    agency = session.scalar(
        select(Agency).where(Agency.office_id == office.id, Agency.code == code)
    )
    if agency is None:
        raise NotFound("There is no such agency.")
    if not may_at_agency(session, asker, office, agency.id):
        raise Forbidden("This sign-in may not do that here.")
    return agency


def agencies_of(session: Session, asker: Asker) -> list[Agency]:
    """The agencies whose work ``asker`` may do, by office and code."""
    agencies = session.scalars(
        select(Agency).join(Office).order_by(Office.slug, Agency.code, Agency.id)
    )
    return [one for one in agencies if may_at_agency(session, asker, one.office, one.id)]


def works_on(asker: Asker, dossier: Dossier, code: str = "") -> bool:
    """Whether ``asker`` is an officer of an agency that was given a part of the dossier.

    With a ``code``, of that agency.
    """
    return asker.agency_id is not None and any(
        part.agency_id == asker.agency_id
        and part.handed_over_at is not None
        and code in ("", part.agency.code)
        for part in dossier.parts
    )


def set_agency(
    session: Session,
    office: Office,
    code: str,
    names: Names,
    *,
    head_name: str | None = None,
    head_email: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    now: datetime,
    actor: str,
) -> Agency:
    """Add an agency that serves an office and all below, or give it other names or dates.

    Dossiers received outside of its dates cannot be planned for it; what it holds stays with it.

    Args:
        head_name: who answers for it; none: as before. Likewise ``head_email``, where reminders go.

    Raises:
        Invalid: the code, the names or the address will not do.
    """
    if not CODE.fullmatch(code) or not names.get("vi", "").strip():
        raise Invalid(
            "An agency has a code of small letters, digits and dashes, and a Vietnamese name."
        )
    if head_email and not EMAIL.fullmatch(head_email):
        raise Invalid("That is not an e-mail address.")
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
    heads = {"head_name": head_name, "head_email": head_email}
    values |= {name: value for name, value in heads.items() if value is not None}
    if all(getattr(agency, name) == value for name, value in values.items()):
        return agency
    for name, value in values.items():
        setattr(agency, name, value)
    record(session, place, "agency.set", subject=code, actor=actor, data={"code": code}, at=now)
    return agency
