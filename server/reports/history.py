"""One dossier's recorded steps as those see them who check a figure, and which step decided it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.daysoff import local
from server.dossiers.judging import LATE, NOT_DUE, judge
from server.dossiers.models import Dossier, DossierStep
from server.dossiers.steps import RESOLVING, STATUSES
from server.dossiers.views import cleared
from server.offices.models import Names
from server.people.models import Person


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the history. Moments are on the office's own clock."""

    kind: str
    """A step of :data:`server.dossiers.steps.STEPS`, or ``void``: it never happened."""
    at: datetime
    recorded_at: datetime
    who: str
    note: str
    details: list[str]
    """Missing papers or a reason, without what is known of the applicant."""
    agency: Names | None
    status_names: Names
    due_on: date | None
    """The due date after the step."""
    promised_on: date | None
    """The date an apology names."""
    corrects: bool
    """It takes the place of another row."""
    corrected: bool
    """Another row has taken its place: shown, and no longer counted."""
    decides: bool
    """It made the dossier early, on time or late."""


@dataclass(frozen=True, slots=True)
class History:
    """A dossier with all that was ever recorded."""

    code: str
    procedure_names: Names
    procedure: str
    judged: str | None
    """As :func:`server.dossiers.judging.judge`; none when it was never accepted."""
    received_on: date | None
    due_on: date | None
    paused_on: date | None
    resolved_on: date | None
    steps: list[Step]

    @property
    def missed(self) -> date | None:
        """The due date that has passed without a result and without a pause."""
        return self.due_on if self.judged == LATE and self.resolved_on is None else None


def history(session: Session, dossier: Dossier, today: date) -> History:
    """The history of a dossier, judged on the day given."""
    rows = session.scalars(
        select(DossierStep)
        .where(DossierStep.dossier_id == dossier.id)
        .order_by(DossierStep.seq, DossierStep.id)
    ).all()
    corrected = {row.corrects_id for row in rows}
    # What a void row keeps is how the dossier stood before, so the last row in force tells all.
    last = [row for row in rows if row.id not in corrected][-1]
    names = _names(session, {row.actor for row in rows})
    secrets = [
        secret
        for person in dossier.people
        for secret in (person.name, person.address, person.identity_number, person.phone)
    ]
    days = {
        name: _day(getattr(last, f"{name}_on"))
        for name in ("received", "due", "paused", "resolved")
    }
    judged = None
    if days["received"] is not None:
        judged = judge(days["due"], resolved=days["resolved"], paused=days["paused"], asked=today)
    steps = [_step(row, dossier.office.timezone, names, secrets, corrected, judged) for row in rows]
    return History(
        code=dossier.code,
        procedure_names=dossier.procedure_names,
        procedure=dossier.procedure_code,
        judged=judged,
        received_on=days["received"],
        due_on=days["due"],
        paused_on=days["paused"],
        resolved_on=days["resolved"],
        steps=steps,
    )


def _step(
    row: DossierStep,
    timezone: str,
    names: dict[str, str],
    secrets: Iterable[str],
    corrected: set[int | None],
    judged: str | None,
) -> Step:
    data: dict[str, Any] = row.data or {}
    told = [*data.get("missing", ()), *filter(None, [data.get("reason", "")])]
    in_force = row.id not in corrected
    return Step(
        kind=row.kind,
        at=local(row.at, timezone),
        recorded_at=local(row.recorded_at, timezone),
        who=names.get(row.actor, row.actor),
        note=cleared(row.note, secrets),
        details=[cleared(line, secrets) for line in told],
        agency=row.agency.names if row.agency else None,
        status_names=STATUSES[row.status],
        due_on=_day(row.due_on),
        promised_on=local(row.promised_at, timezone).date()
        if row.kind == "apologise" and row.promised_at
        else None,
        corrects=row.corrects_id is not None,
        corrected=not in_force,
        decides=in_force
        and row.kind in RESOLVING
        and row.resolved_on is not None
        and judged != NOT_DUE,
    )


def _names(session: Session, actors: set[str]) -> dict[str, str]:
    """People by the name they are called by, programs by their own."""
    plain = {actor: actor.partition(":")[2] or actor for actor in actors}
    people = session.scalars(select(Person).where(Person.name.in_(plain.values())))
    called = {f"{one.role}:{one.name}": one.display_name or one.name for one in people}
    return {actor: called.get(actor, name) for actor, name in plain.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
