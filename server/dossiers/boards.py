"""What is under way: in an office, the soonest due first; and at an agency, what it holds now."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.calendar import Calendar
from server.dossiers.daysoff import calendar_of, chain, local
from server.dossiers.models import Agency, Dossier, DossierPart
from server.dossiers.steps import ACCEPTED, PAUSING, PROCESSING, STATUSES
from server.errors import NotFound
from server.offices.hours import iso
from server.offices.models import Office

MOST = 200
"""Rows on a board; whoever has more than these open has other worries."""

UNDER_WAY = (ACCEPTED, PROCESSING)

Row = dict[str, Any]


def office_dossiers(session: Session, office: Office, now: datetime) -> list[Row]:
    """The open dossiers of an office, the soonest due first, those whose clock stands still last.

    ``left`` is in working days after today, below 0 when it is late; none while the clock stands
    still. Names of applicants are not in it.
    """
    today = local(now, office.timezone).date()
    calendar = calendar_of(session, office, today)
    found = session.scalars(
        select(Dossier)
        .where(
            Dossier.office_id == office.id,
            Dossier.status.in_((*UNDER_WAY, *PAUSING)),
            Dossier.accepted_at.is_not(None),
        )
        .order_by(Dossier.status.in_(tuple(PAUSING)), Dossier.due_at, Dossier.id)
        .limit(MOST)
    )
    return [row_of(one, office, today, calendar) for one in found]


def agency_dossiers(session: Session, office: Office, code: str, now: datetime) -> list[Row]:
    """What an agency holds of an office's dossiers, the share that ends first on top.

    ``left`` is what is left of its share in working days after today, below 0 when it is used up.

    Raises:
        NotFound: the office knows no such agency.
    """
    offices = [one.id for one in chain(session, office)]
    agencies = list(
        session.scalars(select(Agency.id).where(Agency.code == code, Agency.office_id.in_(offices)))
    )
    if not agencies:
        raise NotFound("There is no such agency.")
    today = local(now, office.timezone).date()
    calendar = calendar_of(session, office, today)
    rows = session.execute(
        select(DossierPart, Dossier)
        .join(Dossier, Dossier.id == DossierPart.dossier_id)
        .where(
            Dossier.office_id == office.id,
            Dossier.status == PROCESSING,
            DossierPart.agency_id.in_(agencies),
            DossierPart.handed_over_at.is_not(None),
            DossierPart.done_at.is_(None),
        )
        .order_by(DossierPart.due_at, DossierPart.id)
        .limit(MOST)
    )
    return [
        row_of(dossier, office, today, calendar)
        | {
            "since": iso(part.accepted_at or part.handed_over_at, office),
            "accepted": part.accepted_at is not None,
            "share_due_at": iso(part.due_at, office),
            "left": left_of(part.due_at, office, today, calendar),
        }
        for part, dossier in rows
    ]


def row_of(dossier: Dossier, office: Office, today: date, calendar: Calendar) -> Row:
    """A dossier as a row of a list; without anything personal."""
    stands = dossier.status in PAUSING
    return {
        "code": dossier.code,
        "procedure": {"code": dossier.procedure_code, "names": dossier.procedure_names},
        "status": dossier.status,
        "status_names": STATUSES[dossier.status],
        "due_at": iso(dossier.due_at, office),
        "promised_at": iso(dossier.promised_at, office),
        "left": None if stands else left_of(dossier.due_at, office, today, calendar),
    }


def left_of(due_at: datetime | None, office: Office, today: date, calendar: Calendar) -> int | None:
    """Working days after today until a due date, below 0 when it has passed; none: no date."""
    if due_at is None:
        return None
    return calendar.left(today, local(due_at, office.timezone).date())
