"""A dossier as plain data: whole for those who keep it, and what its holder may see on a phone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.boards import UNDER_WAY, left_of
from server.dossiers.daysoff import calendar_of, local
from server.dossiers.interlinked import holders
from server.dossiers.judging import judge
from server.dossiers.models import Applicant, Dossier, DossierPart, DossierStep
from server.dossiers.recording import Recording, steps_in_force
from server.dossiers.steps import STATUSES, Standing, allowed
from server.offices.hours import iso
from server.offices.models import Office

State = dict[str, Any]

PUBLIC_STEPS = frozenset(
    "register accept refuse ask-supplement supplement ask-payment pay process stop continue "
    "apologise finish return withdraw".split()
)
"""What a citizen is shown of a history; what happens between agencies stays inside."""


def dossier(session: Session, found: Dossier, now: datetime) -> State:
    """Everything about a dossier, for those who keep it."""
    office = found.office
    work = _reading(session, found, now)
    standing, today = work.standing, local(now, office.timezone).date()
    calendar = calendar_of(session, office, (standing.received_at or work.now).date())
    applicant = [person for person in found.people if person.role == "applicant"]
    collector = [person for person in found.people if person.role == "collector"]
    rows = session.scalars(
        select(DossierStep)
        .where(DossierStep.dossier_id == found.id)
        .order_by(DossierStep.seq, DossierStep.id)
    ).all()
    return {
        "code": found.code,
        "office": office.slug,
        "ticket": found.ticket.number if found.ticket else None,
        "procedure": _procedure(found),
        "terms": {
            "unit": found.unit,
            "count": found.count,
            "afternoon_rule": found.afternoon_rule,
            "fee_vnd": found.fee_vnd,
            "fee_note": found.fee_note,
        },
        "channel": found.channel,
        "papers": found.papers,
        "sets": found.sets,
        "applicant": _person(applicant[0]) if applicant else None,
        "collector": _person(collector[-1]) if collector else None,
        **_state(standing, office),
        "due_counted": _counted(work, standing),
        "judged": _judged(standing, today),
        "left": (
            left_of(standing.due_at, office, today, calendar)
            if standing.status in UNDER_WAY
            else None
        ),
        "holders": [
            {
                "agency": one.agency,
                "since": iso(one.since, office),
                "accepted": one.accepted,
                "due_at": iso(one.due, office),
                "left": one.left,
            }
            for one in holders(found.parts, today, calendar, office.timezone)
        ],
        "parts": [_part(part, office) for part in found.parts],
        "steps": [_step(row, rows, office) for row in rows],
        "allowed": allowed(standing),
        "revision": office.revision,
    }


def public_dossier(session: Session, found: Dossier) -> State:
    """What a phone may show: where the dossier stands, in the office's own words.

    No name, address or number of anybody: what was written about missing papers or reasons is
    cleared of the applicant's, should a clerk have written them there.
    """
    office = found.office
    steps = steps_in_force(session, found.id)
    work = Recording(session, office, found, found.created_at, "", steps)
    secrets = [
        value
        for person in found.people
        for value in (person.name, person.address, person.identity_number, person.phone)
    ]
    return {
        "code": found.code,
        "office": {"slug": office.slug, "names": office.names},
        "procedure": _procedure(found),
        **_state(work.standing, office),
        "timeline": [
            {
                "kind": step.kind,
                "at": iso(step.at, office),
                "status": step.status,
                "status_names": STATUSES[step.status],
                "due_at": iso(step.due_at, office),
                "promised_at": iso(step.promised_at, office),
                "missing": [cleared(line, secrets) for line in step.data.get("missing", ())],
                "reason": cleared(step.data.get("reason", ""), secrets),
            }
            for step in steps
            if step.kind in PUBLIC_STEPS
        ],
    }


def dossiers_of_ticket(session: Session, ticket_id: int) -> list[State]:
    """The dossiers handed in at a visit, for the page behind the ticket's QR code."""
    found = session.scalars(
        select(Dossier).where(Dossier.ticket_id == ticket_id).order_by(Dossier.id)
    )
    return [public_dossier(session, one) for one in found]


def cleared(text: str, secrets: Iterable[str]) -> str:
    """The text without any of the secrets and without long numbers."""
    text = unicodedata.normalize("NFC", text)
    for secret in secrets:
        words = unicodedata.normalize("NFC", secret).split()
        if words:
            pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
            text = re.sub(pattern, "…", text, flags=re.IGNORECASE)
    return re.sub(r"\d(?:[\s.-]?\d){8,}", "…", text)


def _reading(session: Session, found: Dossier, now: datetime) -> Recording:
    office = found.office
    steps = steps_in_force(session, found.id)
    return Recording(session, office, found, local(now, office.timezone), "", steps)


def _state(standing: Standing, office: Office) -> State:
    return {
        "status": standing.status,
        "status_names": STATUSES[standing.status],
        "accepted_at": iso(standing.received_at, office),
        "due_at": iso(standing.due_at, office),
        "promised_at": iso(standing.promised_at, office),
        "paused_at": iso(standing.paused_at, office),
        "resolved_at": iso(standing.resolved_at, office),
    }


def _judged(standing: Standing, today: date) -> str | None:
    if standing.received_at is None:
        return None
    days = {
        name: moment.date() if moment else None
        for name, moment in (
            ("due", standing.due_at),
            ("resolved", standing.resolved_at),
            ("paused", standing.paused_at),
        )
    }
    return judge(days["due"], resolved=days["resolved"], paused=days["paused"], asked=today)


def _counted(work: Recording, standing: Standing) -> State | None:
    """How the due date was counted: what was passed over, and how long the clock stood still."""
    if standing.received_at is None:
        return None
    reckoned = work.reckon(standing.received_at, standing.pauses)
    return {
        "from": iso(standing.received_at, work.office),
        "holidays": [
            {"day": day.day.isoformat(), "names": dict(day.names)} for day in reckoned.holidays
        ],
        "paused": reckoned.paused,
    }


def _procedure(found: Dossier) -> State:
    return {
        "code": found.procedure_code,
        "names": found.procedure_names,
        "field": found.field_code,
        "field_names": found.field_names,
    }


def _person(person: Applicant) -> Mapping[str, str]:
    return {
        "name": person.name,
        "phone": person.phone,
        "identity_number": person.identity_number,
        "address": person.address,
        "email": person.email,
    }


def _part(part: DossierPart, office: Office) -> State:
    return {
        "agency": part.agency.code,
        "names": part.agency.names,
        "position": part.position,
        "share": part.share,
        "handed_over_at": iso(part.handed_over_at, office),
        "accepted_at": iso(part.accepted_at, office),
        "due_at": iso(part.due_at, office),
        "done_at": iso(part.done_at, office),
    }


def _step(row: DossierStep, rows: Iterable[DossierStep], office: Office) -> State:
    return {
        "id": row.id,
        "kind": row.kind,
        "at": iso(row.at, office),
        "recorded_at": iso(row.recorded_at, office),
        "actor": row.actor,
        "status": row.status,
        "due_at": iso(row.due_at, office),
        "promised_at": iso(row.promised_at, office),
        "note": row.note,
        "agency": row.agency.code if row.agency else None,
        "data": row.data,
        "corrects": row.corrects_id,
        "corrected_by": next((one.id for one in rows if one.corrects_id == row.id), None),
    }
