"""The agencies that dossiers are handed to."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.models import Agency
from server.errors import Invalid
from server.journal import lock_office, record
from server.offices.models import Names, Office

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def set_agency(
    session: Session, office: Office, code: str, names: Names, *, now: datetime, actor: str
) -> Agency:
    """Add an agency that serves an office and all below, or give it other names.

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
    elif agency.names == names:
        return agency
    agency.names = names
    record(session, place, "agency.set", subject=code, actor=actor, data={"code": code}, at=now)
    return agency
