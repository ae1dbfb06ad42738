"""One batch of decided rows into the tables: a few statements, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from server.database import is_postgresql
from server.dossiers.editing import edit
from server.dossiers.models import Applicant, Dossier, DossierPart, DossierStep
from server.dossiers.proofs import proof_of
from server.dossiers.recording import kept_columns, standing_columns
from server.exchange.deciding import CREATED, UPDATED, Decision, NewStep, papers_of
from server.exchange.rows import Person
from server.journal import record
from server.offices.models import Office

EVENT = "dossiers.imported"

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """Which message a batch belongs to, who sent it, and when it is written down."""

    message: int
    actor: str
    now: datetime
    secret: str
    """The installation's, for the second proofs."""


def apply(session: Session, office: Office, decisions: Sequence[Decision], sender: Sender) -> None:
    """Write down what was decided; the office is locked and nothing has changed since.

    One entry in the journal for all of them, which names the message.
    """
    created = [one for one in decisions if one.outcome == CREATED]
    updated = [one for one in decisions if one.outcome == UPDATED]
    if not created and not updated:
        return
    for one in updated:
        if one.known and one.changes:
            edit(session, one.known.id, one.changes, sender.now, sender.actor, sender.secret)
    going_on = [one for one in updated if one.steps]
    data = {
        "message": sender.message,
        "rows": [decisions[0].number, decisions[-1].number],
        "created": len(created),
        "updated": len(updated),
    }
    revision = record(session, office, EVENT, actor=sender.actor, data=data, at=sender.now)
    session.flush()
    ids = _insert_dossiers(session, office, created, revision, sender)
    ids |= {one.number: one.known.id for one in going_on if one.known}
    _insert_people(session, created, going_on, ids)
    _keep_parts(session, created, going_on, ids)
    _insert_steps(session, office, created + going_on, ids, sender)
    _keep(session, going_on, revision)


def _insert_dossiers(
    session: Session, office: Office, created: Sequence[Decision], revision: int, sender: Sender
) -> dict[int, int]:
    """The ids of the new dossiers by the number of their row."""
    if not created:
        return {}
    ids = _reserved(session, len(created))
    rows = [
        {"id": id_} | _dossier(one, office.id, revision, sender.secret)
        for id_, one in zip(ids, created, strict=True)
    ]
    session.execute(insert(Dossier.__table__), rows)  # type: ignore[arg-type]
    return {one.number: id_ for id_, one in zip(ids, created, strict=True)}


def _reserved(session: Session, count: int) -> list[int]:
    """Ids for new dossiers. Asking for them back row by row would take longer than inserting."""
    if is_postgresql(session):
        sequence = func.pg_get_serial_sequence("dossier", "id")
        numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return list(session.scalars(numbers))
    # Nobody else writes until this transaction ends.
    last = session.scalar(select(func.max(Dossier.id))) or 0
    return list(range(last + 1, last + 1 + count))


def _dossier(one: Decision, office_id: int, revision: int, secret: str) -> Values:
    row = one.row
    person = row.applicant or Person()
    return {
        "code": row.code,
        "office_id": office_id,
        "ticket_id": None,
        "channel": row.channel,
        "papers": papers_of(row),
        "sets": row.sets or 1,
        "created_at": one.steps[0].at,
        "identity_proof": proof_of(secret, row.code, person.identity_number),
        "phone_proof": proof_of(secret, row.code, person.phone),
        "revision": revision,
        **one.columns,
        **kept_columns(one.standing),
    }


def _insert_people(
    session: Session,
    created: Sequence[Decision],
    going_on: Sequence[Decision],
    ids: dict[int, int],
) -> None:
    rows = [_person(ids[one.number], "applicant", one.row.applicant) for one in created]
    rows += [
        _person(ids[one.number], "collector", one.row.collector)
        for one in (*created, *going_on)
        if one.row.collector
        and one.row.collector.name
        and any(step.kind == "return" for step in one.steps)
    ]
    if rows:
        session.execute(insert(Applicant.__table__), rows)  # type: ignore[arg-type]


def _person(dossier_id: int, role: str, person: Person | None) -> Values:
    known = person or Person()
    return {
        "dossier_id": dossier_id,
        "role": role,
        "name": known.name,
        "phone": known.phone,
        "identity_number": known.identity_number,
        "address": known.address,
        "email": known.email,
    }


def _keep_parts(
    session: Session,
    created: Sequence[Decision],
    going_on: Sequence[Decision],
    ids: dict[int, int],
) -> None:
    """New parts get their ids here; of known ones the moments are kept."""
    new = [(one, part) for one in created for part in one.parts]
    if new:
        statement = insert(DossierPart.__table__).returning(  # type: ignore[arg-type]
            DossierPart.__table__.c.id, sort_by_parameter_order=True
        )
        rows = [_part(part) | {"dossier_id": ids[one.number]} for one, part in new]
        for (_, part), id_ in zip(new, session.execute(statement, rows).scalars(), strict=True):
            part.id = id_
    moved = [_part(part) | {"which": part.id} for one in going_on for part in one.parts]
    if moved:
        table = DossierPart.__table__
        session.connection().execute(
            update(table).where(table.c.id == bindparam("which")),  # type: ignore[arg-type]
            moved,
        )


def _part(part: DossierPart) -> Values:
    return {
        "agency_id": part.agency_id,
        "position": part.position,
        "share": part.share,
        "handed_over_at": part.handed_over_at,
        "accepted_at": part.accepted_at,
        "due_at": part.due_at,
        "done_at": part.done_at,
    }


def _insert_steps(
    session: Session,
    office: Office,
    decisions: Sequence[Decision],
    ids: dict[int, int],
    sender: Sender,
) -> None:
    rows: list[Values] = []
    for one in decisions:
        shared = {
            "dossier_id": ids[one.number],
            "office_id": office.id,
            "recorded_at": sender.now,
            "actor": sender.actor,
            "field_code": one.columns["field_code"],
            "procedure_code": one.columns["procedure_code"],
            "channel": one.known.columns["channel"] if one.known else one.row.channel,
            "corrects_id": None,
        }
        origin = {"message": sender.message, "row": one.number}
        first = one.known.seq + 1 if one.known else 1
        for seq, step in enumerate(one.steps, start=first):
            rows.append(_step(step, seq, origin) | shared)
    if rows:
        session.execute(insert(DossierStep.__table__), rows)  # type: ignore[arg-type]


def _step(step: NewStep, seq: int, origin: Values) -> Values:
    about = {"part": step.part.id} if step.part else {}
    return {
        "seq": seq,
        "kind": step.kind,
        "at": step.at,
        "note": step.note,
        "agency_id": step.part.agency_id if step.part else None,
        "data": origin | step.data | about,
        **standing_columns(step.at, step.after),
    }


def _keep(session: Session, going_on: Sequence[Decision], revision: int) -> None:
    """Keep on the rows of known dossiers how they stand now."""
    rows = [
        kept_columns(one.standing) | {"which": one.known.id, "revision": revision}
        for one in going_on
        if one.known
    ]
    if rows:
        table = Dossier.__table__
        session.connection().execute(
            update(table).where(table.c.id == bindparam("which")),  # type: ignore[arg-type]
            rows,
        )
