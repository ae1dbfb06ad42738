"""The facts of a dossier that its forms tell, as plain values on the office's own clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.daysoff import local
from server.dossiers.forms.wording import place_of
from server.dossiers.models import Dossier, DossierStep
from server.dossiers.reception import Person
from server.dossiers.recording import steps_in_force
from server.dossiers.register import Entry, entry_of
from server.offices.models import Office
from server.people.models import Person as Staff


@dataclass(frozen=True, slots=True)
class Happened:
    """A step in force."""

    kind: str
    at: datetime
    by: str
    """The name of whoever took it."""
    note: str = ""
    due_at: datetime | None = None
    """The due date after it."""
    promised_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgencyPart:
    """An agency's part of an interlinked dossier."""

    id: int
    agency: str
    """Its Vietnamese name."""
    due_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A dossier, as far as its forms tell of it."""

    code: str
    agency: str
    """The authority above the reception unit; may be empty."""
    unit: str
    """The reception unit."""
    place: str
    procedure: str
    terms: tuple[str, int, bool]
    """Unit, count and the 15:00 flag, as it was accepted under."""
    fee_vnd: int | None
    fee_note: str
    channel: int
    papers: Sequence[dict[str, Any]]
    sets: int
    applicant: Person
    collector: str
    """Who collected the result for the applicant; empty: nobody else."""
    created_at: datetime
    entry: Entry | None
    steps: tuple[Happened, ...]
    parts: tuple[AgencyPart, ...] = ()

    def last(self, kind: str) -> Happened | None:
        """The last step of a kind that is in force."""
        return next((step for step in reversed(self.steps) if step.kind == kind), None)

    @property
    def began_at(self) -> datetime:
        """When it was accepted, or made where it never was: what decides on its forms."""
        accepted = self.last("accept")
        return accepted.at if accepted else self.created_at


def facts_of(session: Session, dossier: Dossier) -> Facts:
    """Read the facts of a dossier."""
    office = dossier.office
    steps = [step for step in steps_in_force(session, dossier.id) if step.kind != "void"]
    names = _names(session, {step.actor for step in steps})
    people = {person.role: person for person in dossier.people}
    applicant = people.get("applicant")
    authority, unit = office.organisation.get("vi", ""), office.names["vi"]
    return Facts(
        code=dossier.code,
        agency=authority,
        unit=unit,
        place=place_of(authority, unit),
        procedure=dossier.procedure_names["vi"],
        terms=(dossier.unit, dossier.count, dossier.afternoon_rule),
        fee_vnd=dossier.fee_vnd,
        fee_note=dossier.fee_note,
        channel=dossier.channel,
        papers=dossier.papers,
        sets=dossier.sets,
        applicant=Person(
            name=applicant.name,
            phone=applicant.phone,
            identity_number=applicant.identity_number,
            address=applicant.address,
            email=applicant.email,
        )
        if applicant
        else Person(),
        collector=people["collector"].name if "collector" in people else "",
        created_at=local(dossier.created_at, office.timezone),
        entry=entry_of(session, dossier),
        steps=tuple(_happened(step, names, office) for step in steps),
        parts=tuple(
            AgencyPart(
                part.id,
                part.agency.names["vi"],
                _local(part.due_at, office),
                _local(part.done_at, office),
            )
            for part in dossier.parts
        ),
    )


def _happened(step: DossierStep, names: Mapping[str, str], office: Office) -> Happened:
    return Happened(
        kind=step.kind,
        at=local(step.at, office.timezone),
        by=names[step.actor],
        note=step.note,
        due_at=_local(step.due_at, office),
        promised_at=_local(step.promised_at, office),
        data=step.data,
    )


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    """How people call those whom the steps name as ``clerk:lan``; programs by their own name."""
    signed_in = {actor: actor.partition(":")[2] or actor for actor in actors}
    shown = session.execute(
        select(Staff.name, Staff.display_name).where(Staff.name.in_(signed_in.values()))
    )
    known = {name: display or name for name, display in shown}
    return {actor: known.get(name, name) for actor, name in signed_in.items()}


def _local(moment: datetime | None, office: Office) -> datetime | None:
    return local(moment, office.timezone) if moment else None
