"""Reception at the counter: accept a dossier, ask for supplements, refuse, or register it.

Each makes a dossier with a code of its own, so that whatever was decided can be looked up later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.dossiers.codes import procedure_code
from server.dossiers.daysoff import local
from server.dossiers.interlinked import Share, plan
from server.dossiers.models import Applicant, Dossier
from server.dossiers.numbering import next_code
from server.dossiers.proofs import proof_of
from server.dossiers.recording import Recording
from server.errors import Invalid, NotFound
from server.journal import lock_office
from server.offices.models import Procedure
from server.offices.procedures import procedure_on
from server.queueing.models import Ticket

CHANNELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Person:
    """Who handed it in, as the card or the clerk says. Empty: not given."""

    name: str = ""
    phone: str = ""
    identity_number: str = ""
    address: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Reception:
    """What is handed in."""

    procedure: str
    """The procedure's code, with or without a portal's suffix."""
    applicant: Person
    channel: int = 1
    papers: Sequence[dict[str, Any]] = ()
    sets: int = 1
    ticket_id: int | None = None
    count: int | None = None
    """How many of the procedure's unit, where the catalogue does not say."""
    shares: Sequence[Share] | None = None
    """Which agencies work on it; none: those of the catalogue."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where, when and by whom; ``secret`` is the installation's, for the second proofs."""

    office_id: int
    now: datetime
    actor: str
    secret: str


def accept(session: Session, what: Reception, desk: Desk) -> Dossier:
    """Accept a dossier (form 01): from this moment its time is counted.

    Raises:
        NotFound: no such office, procedure, ticket or agency.
        Invalid: the procedure has no time and none is given, or the shares exceed it.
        Refused: the office has no code pattern, or the calendar ends before the due date.
    """
    return _receive(session, what, desk, "accept")


def ask_supplement(
    session: Session, what: Reception, desk: Desk, *, missing: Sequence[str]
) -> Dossier:
    """Hand the papers back with what is missing, once and in writing (form 02).

    No time is counted until the dossier is accepted.

    Raises:
        NotFound, Invalid, Refused: as for :func:`accept`; also when nothing is missing.
    """
    if not missing:
        raise Invalid("Say what is missing.")
    return _receive(session, what, desk, "ask-supplement", data={"missing": list(missing)})


def refuse(session: Session, what: Reception, desk: Desk, *, reason: str) -> Dossier:
    """Refuse to accept a dossier, always with the reason (form 03).

    Raises:
        NotFound, Invalid, Refused: as for :func:`accept`; also without a reason.
    """
    if not reason.strip():
        raise Invalid("A refusal needs a reason.")
    return _receive(session, what, desk, "refuse", data={"reason": reason.strip()})


def register(session: Session, what: Reception, desk: Desk) -> Dossier:
    """Keep a dossier that came from outside and nobody has looked at yet.

    Raises:
        NotFound, Invalid, Refused: as for :func:`accept`.
    """
    return _receive(session, what, desk, "register")


def _receive(session: Session, what: Reception, desk: Desk, step: str, **more: Any) -> Dossier:
    office = lock_office(session, desk.office_id)
    now = local(desk.now, office.timezone)
    procedure = procedure_in_force(session, what.procedure, now.date())
    _check_ticket(session, what.ticket_id, office.id)
    if what.channel not in CHANNELS:
        raise Invalid("The channel is 1, 2 or 3.")
    code = next_code(session, office, now.date())
    dossier = Dossier(
        code=code,
        office_id=office.id,
        ticket_id=what.ticket_id,
        channel=what.channel,
        papers=list(what.papers),
        sets=what.sets,
        created_at=now,
        identity_proof=proof_of(desk.secret, code, what.applicant.identity_number),
        phone_proof=proof_of(desk.secret, code, what.applicant.phone),
        **terms_of(procedure, what.count),
    )
    session.add(dossier)
    session.flush()
    session.add(_applicant(dossier.id, what.applicant))
    work = Recording(session, office, dossier, now, desk.actor)
    shares = what.shares
    if shares is None:
        shares = [Share(**one) for one in procedure.agencies]
    plan(session, office, dossier, shares)
    work.take(step, note=what.note, **more)
    return dossier


def procedure_in_force(session: Session, typed: str, day: date) -> Procedure:
    """The procedure somebody means, with the terms that hold on a day.

    Raises:
        NotFound: there is none.
    """
    code = procedure_code(typed)
    procedure = procedure_on(session, code, day) if code else None
    if procedure is None:
        raise NotFound("There is no such procedure in force.")
    return procedure


def terms_of(procedure: Procedure, given: int | None) -> dict[str, Any]:
    """The terms as they are today; they stay with the dossier whatever the catalogue says later.

    Args:
        procedure: as it holds today.
        given: how many of its unit, where the catalogue does not say.

    Raises:
        Invalid: neither says how long it takes, or both and otherwise.
    """
    count = 0 if procedure.unit == "same_day" else procedure.days
    if count is None:
        if given is None:
            raise Invalid(
                "The catalogue does not say how long this procedure takes. Please say it.",
                errors=[{"field": "count", "detail": f"how many ({procedure.unit})"}],
            )
        count = given
    elif given is not None and given != count:
        raise Invalid(
            "The catalogue says how long this procedure takes.",
            errors=[{"field": "count", "detail": f"{count} ({procedure.unit})"}],
        )
    return {
        "procedure_id": procedure.id,
        "procedure_code": procedure.code,
        "procedure_names": procedure.names,
        "field_code": procedure.field_code,
        "field_names": procedure.field_names,
        "unit": procedure.unit,
        "count": count,
        "afternoon_rule": procedure.afternoon_rule,
        "fee_vnd": procedure.fee_vnd,
        "fee_note": procedure.fee_note,
        "charge_vnd": procedure.charge_vnd,
        "charge_note": procedure.charge_note,
    }


def _check_ticket(session: Session, ticket_id: int | None, office_id: int) -> None:
    if ticket_id is None:
        return
    ticket = session.get(Ticket, ticket_id)
    if ticket is None or ticket.office_id != office_id:
        raise NotFound("There is no such ticket.")


def _applicant(dossier_id: int, person: Person, role: str = "applicant") -> Applicant:
    return Applicant(
        dossier_id=dossier_id,
        role=role,
        name=person.name,
        phone=person.phone,
        identity_number=person.identity_number,
        address=person.address,
        email=person.email,
    )
