"""What accepting a dossier now would promise: shown at the counter before it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.dossiers.agencies import agency_of
from server.dossiers.calendar import Day
from server.dossiers.counting import how_counted
from server.dossiers.daysoff import calendar_of, hours_of, local
from server.dossiers.deadlines import Terms, reckon
from server.dossiers.reception import procedure_in_force, terms_of
from server.errors import NotFound
from server.offices.hours import iso
from server.offices.models import AgencyShare, Office, Procedure
from server.offices.procedures import FEE_OF_PROVINCE

State = dict[str, Any]


def preview(
    session: Session, office: Office, procedure: str, count: int | None, now: datetime
) -> State:
    """The terms, due date, fee, papers and agencies of a procedure, were it accepted now.

    ``due_at`` and ``counted`` are none while nobody has said how long it takes (``count_needed``).
    Changes nothing.

    Args:
        session: for looking only.
        office: where it would be received.
        procedure: its code, with or without a portal's suffix.
        count: how many of its unit, where the catalogue does not say.
        now: the moment of reception.

    Raises:
        NotFound: there is no such procedure in force.
        Invalid: the catalogue says how long it takes, and ``count`` says otherwise.
        Refused: the calendar ends before the due date.
    """
    received = local(now, office.timezone)
    found = procedure_in_force(session, procedure, received.date())
    count_needed = found.days is None and found.unit != "same_day"
    shown: State = {
        "procedure": {
            "code": found.code,
            "names": found.names,
            "field": found.field_code,
            "field_names": found.field_names,
        },
        "count_needed": count_needed,
        "terms": {"unit": found.unit, "count": None, "afternoon_rule": found.afternoon_rule},
        "received_at": iso(received, office),
        "due_at": None,
        "counted": None,
        "fee": _fee(found),
        "papers": found.papers,
        "agencies": [_agency(session, office, share, received) for share in found.agencies],
    }
    if count_needed and count is None:
        return shown
    kept = terms_of(found, count)
    terms = Terms(kept["unit"], kept["count"], kept["afternoon_rule"])
    calendar = calendar_of(session, office, received.date())
    reckoned = reckon(terms, received, calendar, hours=hours_of(office.hours))
    counted = how_counted(reckoned, calendar)
    return shown | {
        "terms": shown["terms"] | {"count": terms.count},
        "due_at": iso(reckoned.at, office),
        "counted": {
            "weekends": counted.weekends,
            "holidays": [_day(day) for day in counted.holidays],
            "worked": [_day(day) for day in counted.worked],
            "rule": counted.rule,
        },
    }


def _fee(procedure: Procedure) -> State:
    note = procedure.fee_note
    if procedure.fee_vnd is None and not note:
        note = FEE_OF_PROVINCE
    return {"vnd": procedure.fee_vnd, "note": note}


def _agency(session: Session, office: Office, share: AgencyShare, received: datetime) -> State:
    """An agency's share, with its names where the office knows the agency."""
    try:
        names = agency_of(session, office, share["agency"], received.date()).names
    except NotFound:
        names = None
    return {**share, "names": names}


def _day(day: Day) -> State:
    return {
        "day": day.day.isoformat(),
        "names": dict(day.names),
        "source": day.source,
        "certainty": day.certainty,
    }
