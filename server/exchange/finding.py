"""The dossiers that are here already, for many codes at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.models import Agency, Applicant, Dossier, DossierPart, DossierStep
from server.dossiers.steps import Taken, standing_of
from server.exchange.deciding import Known
from server.exchange.history import Recorded
from server.exchange.rows import PERSON_FIELDS

COLUMNS = (
    "procedure_code",
    "field_code",
    "channel",
    "unit",
    "count",
    "afternoon_rule",
    "papers",
    "sets",
)
"""What a decision about a known dossier needs of its row."""


def fingerprint(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """The dossiers with these codes that are here: code and revision of the last change."""
    found = session.execute(select(Dossier.code, Dossier.revision).where(Dossier.code.in_(codes)))
    return {code: revision for code, revision in found}  # noqa: C416


def known_dossiers(
    session: Session, codes: Sequence[str], zone: tzinfo
) -> tuple[dict[str, Known], dict[str, int]]:
    """The dossiers with these codes and their histories, and the fingerprint they were read under.

    Moments are on the clock of ``zone``. The parts belong to no session: a decision may try steps
    on them.
    """
    seen = fingerprint(session, codes)
    if not seen:
        return {}, seen
    columns = [getattr(Dossier, name) for name in ("id", "code", "office_id", *COLUMNS)]
    rows = session.execute(select(*columns).where(Dossier.code.in_(list(seen)))).all()
    ids = [row.id for row in rows]
    steps = _steps(session, ids, zone)
    parts = _parts(session, ids)
    people = _people(session, ids)
    found = {}
    for row in rows:
        mine = steps.get(row.id, [])
        found[row.code] = Known(
            id=row.id,
            office_id=row.office_id,
            columns={name: getattr(row, name) for name in COLUMNS},
            history=[Recorded(taken.kind, taken.at, agency) for _, taken, agency in mine],
            standing=standing_of(taken for _, taken, _ in mine),
            seq=max((seq for seq, _, _ in mine), default=0),
            parts=parts.get(row.id, []),
            applicant=people.get(row.id, {}),
        )
    return found, seen


def _steps(
    session: Session, ids: Iterable[int], zone: tzinfo
) -> dict[int, list[tuple[int, Taken, str]]]:
    """The steps in force, without those that were taken back."""
    rows = session.execute(
        select(DossierStep, Agency.code)
        .outerjoin(Agency, Agency.id == DossierStep.agency_id)
        .where(DossierStep.dossier_id.in_(list(ids)))
        .order_by(DossierStep.dossier_id, DossierStep.seq, DossierStep.id)
    ).all()
    corrected = {step.corrects_id for step, _ in rows}
    found: dict[int, list[tuple[int, Taken, str]]] = {}

    def local(moment: datetime | None) -> datetime | None:
        return moment.astimezone(zone) if moment else None

    for step, agency in rows:
        if step.id in corrected or step.kind == "void":
            continue
        due, promised = local(step.due_at), local(step.promised_at)
        taken = Taken(step.kind, step.at.astimezone(zone), step.status, due, promised)
        found.setdefault(step.dossier_id, []).append((step.seq, taken, agency or ""))
    return found


def _parts(session: Session, ids: Iterable[int]) -> dict[int, list[DossierPart]]:
    found: dict[int, list[DossierPart]] = {}
    for part in session.scalars(
        select(DossierPart)
        .where(DossierPart.dossier_id.in_(list(ids)))
        .order_by(DossierPart.position, DossierPart.id)
    ):
        found.setdefault(part.dossier_id, []).append(part)
    for parts in found.values():
        for part in parts:
            session.expunge(part)
    return found


def _people(session: Session, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = session.scalars(
        select(Applicant)
        .where(Applicant.dossier_id.in_(list(ids)), Applicant.role == "applicant")
        .order_by(Applicant.id.desc())
    )
    return {row.dossier_id: {name: getattr(row, name) for name in PERSON_FIELDS} for row in rows}
