"""The hall file: loading offices from TOML, and writing them out again.

``load`` tells every problem of a file at once, with line and field, and then changes nothing. A
file that is already in place changes nothing either. ``export`` gives the canonical form, which
loads to the same halls; comments are not kept. Fields: docs/hall-file.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import journal
from server.errors import NotFound
from server.offices.hallchecks import file_checks
from server.offices.hallconflicts import conflicts
from server.offices.hallmessages import schema_problems
from server.offices.hallproblems import HallFileError, described, read_toml
from server.offices.hallschema import HallFile, OfficePart
from server.offices.hallstoring import part_of, people_of, put_in_place
from server.offices.hallwriting import written
from server.offices.models import Office

BY_COMMAND = "command:hall load"
"""How the journal names whoever loads a file at the command line."""


@dataclass(frozen=True, slots=True)
class LoadedOffice:
    """What loading did to one office."""

    slug: str
    outcome: Literal["created", "changed", "unchanged"]
    revision: int


def load(
    session: Session, text: str, *, file: str, now: datetime, actor: str = BY_COMMAND
) -> list[LoadedOffice]:
    """Create or update the offices of a hall file, inside the caller's transaction.

    Every changed office gets one journal entry, ``office.loaded``, with what it was and what it
    became. Offices that the file does not name stay as they are.

    Args:
        session: a writing session.
        text: the file's content, TOML.
        file: its name, for the messages; a logo that it names lies beside it.
        now: this moment, for the journal and for who waits today.
        actor: who loads it.

    Raises:
        HallFileError: there are problems; nothing was changed.
    """
    raw = read_toml(text := text.removeprefix("\ufeff"), file)
    stored = _locked(session, raw)
    hall, problems = schema_problems(raw, Path(file).parent)
    problems += file_checks(raw, _parents(session))
    problems += conflicts(session, raw, stored, now)
    if hall is None or problems:
        raise HallFileError(described(problems, text, file))
    loaded = {
        part.slug: _load_office(session, part, stored.get(part.slug), file, now, actor)
        for part in _parents_first(hall.office)
    }
    return [loaded[part.slug] for part in hall.office]


def export(session: Session, slug: str | None = None) -> str:
    """The hall file of all offices, or of one and those below it.

    Raises:
        NotFound: there is no such office.
    """
    offices = {office.id: office for office in session.scalars(select(Office))}
    if slug is not None:
        top = next((office for office in offices.values() if office.slug == slug), None)
        if top is None:
            raise NotFound("There is no such office.")
        offices = {office.id: office for office in _below(top, list(offices.values()))}
    if not offices:
        raise NotFound("There is no office yet.")
    return written(
        HallFile.model_construct(office=[part_of(session, office) for office in offices.values()])
    )


def _locked(session: Session, raw: dict[str, Any]) -> dict[str, Office]:
    """The offices of the file that exist, locked; in one order, so that two loads never block."""
    offices = raw.get("office")
    slugs = {
        office["slug"]
        for office in (offices if isinstance(offices, list) else ())
        if isinstance(office, dict) and isinstance(office.get("slug"), str)
    }
    ids = session.scalars(select(Office.id).where(Office.slug.in_(slugs)).order_by(Office.id))
    locked = [journal.lock_office(session, office_id) for office_id in ids.all()]
    return {office.slug: office for office in locked}


def _parents(session: Session) -> dict[str, str | None]:
    rows = session.execute(select(Office.id, Office.slug, Office.parent_id)).all()
    slugs: dict[int | None, str] = {office_id: slug for office_id, slug, _ in rows}
    return {slug: slugs.get(parent_id) for _, slug, parent_id in rows}


def _parents_first(parts: list[OfficePart]) -> Iterator[OfficePart]:
    waiting = {part.slug: part for part in parts}
    while waiting:
        for part in list(waiting.values()):
            if part.parent not in waiting:  # a circle has been refused before
                yield waiting.pop(part.slug)


def _below(top: Office, offices: list[Office]) -> Iterator[Office]:
    yield top
    for office in offices:
        if office.parent_id == top.id:
            yield from _below(office, offices)


def _load_office(
    session: Session,
    part: OfficePart,
    office: Office | None,
    file: str,
    now: datetime,
    actor: str,
) -> LoadedOffice:
    before = _values(session, office)
    outcome: Literal["created", "changed"] = "changed"
    if office is None:
        outcome = "created"
        office = Office(slug=part.slug, names={}, revision=0)
        session.add(office)
    else:
        after = _wanted(session, part, office)
        if before == after:
            return LoadedOffice(part.slug, "unchanged", office.revision)
    office.parent_id = (
        session.scalars(select(Office.id).where(Office.slug == part.parent)).one()
        if part.parent
        else None
    )
    put_in_place(session, office, part, now)
    after = _values(session, office)
    keys = [key for key in after if before.get(key) != after[key]]
    revision = journal.record(
        session,
        office,
        "office.loaded",
        subject=part.slug,
        actor=actor,
        at=now,
        data={
            "file": file,
            "before": {key: before[key] for key in keys if key in before},
            "after": {key: after[key] for key in keys},
        },
    )
    return LoadedOffice(part.slug, outcome, revision)


def _values(session: Session, office: Office | None) -> dict[str, Any]:
    """The stored office as JSON values; nothing for a new one or one that no file could give."""
    if office is None:
        return {}
    try:
        return part_of(session, office).model_dump(mode="json", by_alias=True)
    except ValidationError:
        return {}


def _wanted(session: Session, part: OfficePart, office: Office) -> dict[str, Any]:
    """What :func:`_values` will be after loading: people whom the file leaves out stay."""
    values = part.model_dump(mode="json", by_alias=True)
    stay = {
        row.name: {
            "name": row.name,
            "role": row.role,
            "display_name": row.display_name if row.display_name != row.name else None,
        }
        for row in people_of(session, office)
    }
    given = {person["name"]: person for person in values["person"]}
    values["person"] = [person for _, person in sorted((stay | given).items())]
    return values


__all__ = ["BY_COMMAND", "HallFileError", "LoadedOffice", "export", "load"]
