"""What every command shares: the dossier with its history, a new step, one journal entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.calendar import Calendar
from server.dossiers.daysoff import calendar_of, hours_of, local
from server.dossiers.deadlines import Pause, Reckoning, Terms, reckon
from server.dossiers.models import Dossier, DossierStep
from server.dossiers.steps import EVENTS, Standing, Taken, standing_of, take
from server.errors import NotFound
from server.journal import lock_office, record
from server.offices.models import Office


@dataclass
class Recording:
    """One command under way: the dossier (its office locked), the moment, who does it."""

    session: Session
    office: Office
    dossier: Dossier
    now: datetime
    """On the office's own clock."""
    actor: str
    steps: list[DossierStep] = field(default_factory=list)
    """Those in force, in their order."""

    @property
    def standing(self) -> Standing:
        """How the dossier stands now."""
        return standing_of(self.taken(self.steps))

    @property
    def moment(self) -> datetime:
        """When a step taken now happens.

        A clock that was set back must not put a step before the one it follows.
        """
        return max([self.now, *(self.local(step.at) for step in self.steps[-1:])])

    def taken(self, steps: Iterable[DossierStep]) -> list[Taken]:
        """Rows as the rules want them; those that were taken back have no part in it."""
        return [
            Taken(
                step.kind,
                self.local(step.at),
                step.status,
                self.local(step.due_at) if step.due_at else None,
                self.local(step.promised_at) if step.promised_at else None,
            )
            for step in steps
            if step.kind != "void"
        ]

    def local(self, moment: datetime) -> datetime:
        """A moment on the office's own clock."""
        return local(moment, self.office.timezone)

    def reckon(self, received: datetime, pauses: Sequence[Pause]) -> Reckoning:
        """The due date under the terms the dossier was accepted with."""
        terms = Terms(self.dossier.unit, self.dossier.count, self.dossier.afternoon_rule)
        return reckon(
            terms,
            received,
            self.calendar(received),
            pauses=pauses,
            hours=hours_of(self.office.hours),
        )

    def calendar(self, received: datetime) -> Calendar:
        """The calendar that held when the dossier was received."""
        return calendar_of(self.session, self.office, received.date())

    def due(self, received: datetime, pauses: Sequence[Pause]) -> datetime:
        """The due moment alone."""
        return self.reckon(received, pauses).at

    def take(self, kind: str, *, promised: datetime | None = None, **more: Any) -> DossierStep:
        """Take a step now: a new row, and its entry in the journal.

        Raises:
            StepRefused: the status forbids it.
        """
        before, at = self.standing, self.moment
        after = take(before, kind, at, self.due, promised=promised)
        seq = self.steps[-1].seq + 1 if self.steps else 1
        step = self.append(kind, at, seq, after, **more)
        self.steps.append(step)
        self.keep(after)
        self.journal(kind, step)
        return step

    def append(
        self, kind: str, at: datetime, seq: int, after: Standing, **more: Any
    ) -> DossierStep:
        """Add a row with how the dossier stands after it."""
        step = DossierStep(
            dossier_id=self.dossier.id,
            office_id=self.office.id,
            seq=seq,
            kind=kind,
            at=at,
            recorded_at=self.now,
            actor=self.actor,
            field_code=self.dossier.field_code,
            procedure_code=self.dossier.procedure_code,
            channel=self.dossier.channel,
            **standing_columns(at, after),
            **more,
        )
        self.session.add(step)
        self.session.flush()
        return step

    def keep(self, after: Standing) -> None:
        """Keep on the dossier itself how it stands, for lists."""
        for name, value in kept_columns(after).items():
            setattr(self.dossier, name, value)

    def journal(self, kind: str, step: DossierStep, **more: Any) -> None:
        """One entry for the change; nothing in it is personal."""
        data = {"step": step.id, "status": step.status, "due_on": step.due_on} | more
        if self.dossier.ticket_id is not None:
            data["shown_on"] = self.dossier.ticket_id  # a phone may be looking at it
        self.dossier.revision = record(
            self.session,
            self.office,
            EVENTS[kind],
            subject=self.dossier.code,
            actor=self.actor,
            data=data,
            at=self.now,
        )


def recording(session: Session, dossier_id: int, now: datetime, actor: str) -> Recording:
    """Begin a command on a dossier: its office is locked, its history read.

    Raises:
        NotFound: there is no such dossier.
    """
    office_id = session.scalar(select(Dossier.office_id).where(Dossier.id == dossier_id))
    if office_id is None:
        raise NotFound("There is no such dossier.")
    office = lock_office(session, office_id)
    dossier = session.get_one(Dossier, dossier_id)
    steps = steps_in_force(session, dossier_id)
    return Recording(session, office, dossier, local(now, office.timezone), actor, steps)


def steps_in_force(session: Session, dossier_id: int) -> list[DossierStep]:
    """The steps of a dossier that no other corrects, in their order."""
    rows = session.scalars(
        select(DossierStep)
        .where(DossierStep.dossier_id == dossier_id)
        .order_by(DossierStep.seq, DossierStep.id)
    ).all()
    return steps_of(rows)


def steps_of(rows: Sequence[DossierStep]) -> list[DossierStep]:
    """Of a dossier's rows, in their order, those that no other corrects."""
    corrected = {row.corrects_id for row in rows}
    return [row for row in rows if row.id not in corrected]


def standing_columns(at: datetime, after: Standing) -> dict[str, Any]:
    """What the row of a step taken at ``at`` (on the office's clock) says of how things stand."""
    return {
        "status": after.status,
        "due_at": after.due_at,
        "promised_at": after.promised_at,
        "on_day": at.date().isoformat(),
        "received_on": _day(after.received_at),
        "due_on": _day(after.due_at),
        "paused_on": _day(after.paused_at),
        "resolved_on": _day(after.resolved_at),
    }


def kept_columns(after: Standing) -> dict[str, Any]:
    """What the dossier's own row keeps of how it stands, for lists."""
    return {
        "status": after.status,
        "accepted_at": after.received_at,
        "due_at": after.due_at,
        "promised_at": after.promised_at,
    }


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None
