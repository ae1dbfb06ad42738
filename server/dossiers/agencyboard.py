"""What an agency has to do, over all the offices it serves: on its way, here now, done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.boards import left_of
from server.dossiers.calendar import Calendar
from server.dossiers.daysoff import calendar_of, local
from server.dossiers.models import Agency, Dossier, DossierPart
from server.dossiers.steps import OVER, PAUSING
from server.offices.hours import iso
from server.offices.models import Office

MOST = 200
"""Rows of each kind; whoever has more of them open has other worries."""

DONE_DAYS = 30
"""What was done in so many days before today is summed up."""

LATEST = 10

State = dict[str, Any]


@dataclass
class _Days:
    """Today and the working days, for each office once."""

    session: Session
    now: datetime
    kept: dict[int, tuple[date, Calendar]] = field(default_factory=dict)

    def left(self, due_at: datetime | None, office: Office) -> int | None:
        """Working days after today until the due date; below 0: past it."""
        if office.id not in self.kept:
            today = local(self.now, office.timezone).date()
            self.kept[office.id] = today, calendar_of(self.session, office, today)
        return left_of(due_at, office, *self.kept[office.id])


def agency_board(session: Session, agency: Agency, now: datetime) -> State:
    """The board of an agency: nobody's name is on it.

    ``coming`` was handed over and not confirmed, ``here`` is with the agency; both the share that
    ends first on top, those whose clock stands still last. ``left`` is in working days after today,
    below 0 when the share is used up, none while the clock stands still. ``done`` sums up the last
    :data:`DONE_DAYS` days.
    """
    office = agency.office
    rows = _rows(session, agency, _Days(session, now))
    return {
        "agency": {"code": agency.code, "names": agency.names},
        "office": _place(office),
        "now": iso(now, office),
        "coming": [row for row in rows if not row["accepted_at"]],
        "here": [row for row in rows if row["accepted_at"]],
        "done": _done(session, agency, now),
    }


def agency_counts(session: Session, agencies: Iterable[Agency], now: datetime) -> list[State]:
    """For those who look after several: ``{code, names, office, coming, here, used_up}`` each."""
    days = _Days(session, now)
    found = []
    for agency in agencies:
        rows = _rows(session, agency, days)
        here = sum(row["accepted_at"] is not None for row in rows)
        found.append(
            {
                "code": agency.code,
                "names": agency.names,
                "office": _place(agency.office),
                "coming": len(rows) - here,
                "here": here,
                "used_up": sum(row["left"] is not None and row["left"] < 0 for row in rows),
            }
        )
    return found


def _place(office: Office) -> State:
    return {"slug": office.slug, "names": office.names, "timezone": office.timezone}


def _rows(session: Session, agency: Agency, days: _Days) -> list[State]:
    return [_row(part, dossier, days) for part, dossier in _held(session, agency)]


def _held(session: Session, agency: Agency) -> list[tuple[DossierPart, Dossier]]:
    rows = session.execute(
        select(DossierPart, Dossier)
        .join(Dossier, Dossier.id == DossierPart.dossier_id)
        .where(
            DossierPart.agency_id == agency.id,
            DossierPart.handed_over_at.is_not(None),
            DossierPart.done_at.is_(None),
            Dossier.status.not_in(tuple(OVER)),
        )
        .order_by(Dossier.status.in_(tuple(PAUSING)), DossierPart.due_at, DossierPart.id)
        .limit(MOST)
    )
    return [(part, dossier) for part, dossier in rows]


def _row(part: DossierPart, dossier: Dossier, days: _Days) -> State:
    office = dossier.office
    stands = dossier.status in PAUSING
    return {
        "part": part.id,
        "code": dossier.code,
        "office_names": office.names,
        "procedure_names": dossier.procedure_names,
        "status": dossier.status,
        "unit": dossier.unit,
        "share": part.share,
        "handed_over_at": iso(part.handed_over_at, office),
        "accepted_at": iso(part.accepted_at, office),
        "share_due_at": iso(part.due_at, office),
        "due_at": iso(dossier.due_at, office),
        "stands": stands,
        "left": None if stands else days.left(part.due_at, office),
    }


def _done(session: Session, agency: Agency, now: datetime) -> State:
    zone = agency.office.timezone
    begin = local(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = (
        DossierPart.agency_id == agency.id,
        DossierPart.done_at >= begin - timedelta(days=DONE_DAYS),
    )
    moments = session.execute(select(DossierPart.done_at, DossierPart.due_at).where(*mine)).all()
    latest = session.execute(
        select(DossierPart, Dossier)
        .join(Dossier, Dossier.id == DossierPart.dossier_id)
        .where(*mine)
        .order_by(DossierPart.done_at.desc(), DossierPart.id.desc())
        .limit(LATEST)
    )
    return {
        "days": DONE_DAYS,
        "count": len(moments),
        "in_time": sum(_in_time(done, due, zone) for done, due in moments),
        "latest": [
            {
                "code": dossier.code,
                "procedure_names": dossier.procedure_names,
                "done_at": iso(part.done_at, dossier.office),
                "in_time": _in_time(part.done_at, part.due_at, zone),
            }
            for part, dossier in latest
        ],
    }


def _in_time(done: datetime | None, due: datetime | None, zone: str) -> bool:
    """By dates, as a dossier is judged."""
    if done is None or due is None:
        return False
    return local(done, zone).date() <= local(due, zone).date()
