"""Dossiers as other systems, and we ourselves, read them in: what has changed since a cursor.

Of each dossier its history in force is told: what was taken back or corrected has its place no
more. Dossiers come office by office in the order of their last change, so that a sender who breaks
off goes on where it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from server.database import Database
from server.dossiers.models import Dossier, DossierStep
from server.dossiers.recording import steps_of
from server.errors import Invalid
from server.exchange.rows import PAPER_FIELDS, PERSON_FIELDS
from server.offices.models import Office

PIECE = 100
"""Dossiers that are read at once."""

MOST = 50_000
"""So many are told at once at most."""

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far each office has been told: the revision of the last dossier, and its id."""

    reached: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def __str__(self) -> str:
        told = sorted(self.reached.items())
        return ",".join(f"{slug}:{revision}.{id_}" for slug, (revision, id_) in told)

    @classmethod
    def read(cls, text: str) -> Cursor:
        """The cursor that was written so.

        Raises:
            Invalid: it is none of ours.
        """
        reached: dict[str, tuple[int, int]] = {}
        for one in text.split(",") if text else ():
            found = re.fullmatch(r"([a-z0-9-]{1,64}):(\d{1,9})\.(\d{1,9})", one)
            if found is None:
                raise Invalid(
                    "Some fields of this request are not acceptable.",
                    errors=[{"field": "after", "detail": "the cursor of the export before"}],
                )
            reached[found[1]] = int(found[2]), int(found[3])
        return cls(reached)


@dataclass(frozen=True, slots=True)
class Export:
    """Which dossiers are told, and where to go on."""

    ids: Sequence[int]
    after: Cursor
    more: bool
    """Whether there are more than were asked for."""


def choose(session: Session, offices: Iterable[Office], after: Cursor, limit: int = MOST) -> Export:
    """The dossiers of offices that have changed since a cursor, at most ``limit``."""
    ids: list[int] = []
    reached = dict(after.reached)
    for office in offices:
        revision, last = reached.get(office.slug, (-1, 0))
        rows = session.execute(
            select(Dossier.id, Dossier.revision)
            .where(
                Dossier.office_id == office.id,
                or_(
                    Dossier.revision > revision,
                    and_(Dossier.revision == revision, Dossier.id > last),
                ),
            )
            .order_by(Dossier.revision, Dossier.id)
            .limit(limit + 1 - len(ids))
        ).all()
        here = rows[: limit - len(ids)]
        ids += [row.id for row in here]
        if here:
            reached[office.slug] = here[-1].revision, here[-1].id
        if len(rows) > len(here):
            return Export(ids, Cursor(reached), more=True)
    return Export(ids, Cursor(reached), more=False)


def told(database: Database, ids: Sequence[int]) -> Iterator[Told]:
    """Dossiers as rows of :mod:`server.exchange.rows`, read piece by piece."""
    for first in range(0, len(ids), PIECE):
        piece = ids[first : first + PIECE]
        with database.read() as session:
            found = {
                one.id: one
                for one in session.scalars(
                    select(Dossier)
                    .where(Dossier.id.in_(piece))
                    .options(
                        joinedload(Dossier.office),
                        selectinload(Dossier.steps).joinedload(DossierStep.agency),
                        selectinload(Dossier.people),
                        selectinload(Dossier.parts),
                    )
                )
            }
            rows = [_row(found[id_]) for id_ in piece if id_ in found]
        yield from rows


def _row(one: Dossier) -> Told:
    steps = [step for step in steps_of(one.steps) if step.kind != "void"]
    due_on = steps[-1].due_on if steps else None
    row: Told = {
        "code": one.code,
        "office": one.office.slug,
        "procedure": one.procedure_code,
        "channel": one.channel,
        "status": one.status,
        "due_on": due_on,
        "count": one.count or None,
        "sets": one.sets,
        "steps": [_step(step, ZoneInfo(one.office.timezone)) for step in steps],
        "papers": [
            {name: paper[name] for name in PAPER_FIELDS if name in paper} for paper in one.papers
        ],
        "parts": [
            {"agency": part.agency.code, "share": part.share, "position": part.position}
            for part in one.parts
        ],
    }
    for role in ("applicant", "collector"):
        people = [person for person in one.people if person.role == role]
        if people:
            person = people[-1]
            row[role] = {name: value for name in PERSON_FIELDS if (value := getattr(person, name))}
    return {name: value for name, value in row.items() if value not in (None, [], {})}


def _step(step: DossierStep, zone: ZoneInfo) -> Told:
    said: Told = {"kind": step.kind, "at": step.at.astimezone(zone).isoformat()}
    more: Told = {
        "note": step.note,
        "by": step.data.get("by", step.actor),
        "agency": step.agency.code if step.agency else "",
        "missing": step.data.get("missing"),
        "reason": step.data.get("reason"),
    }
    if step.kind == "apologise" and step.promised_at:
        more["promised_on"] = step.promised_at.astimezone(zone).date().isoformat()
    return said | {name: value for name, value in more.items() if value}
