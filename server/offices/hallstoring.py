"""Between a hall file and the tables: an office as the file has it, and the file put in place.

Nothing that tickets refer to is ever deleted: what a file no longer names is set inactive, and
comes back with its past when a later file names it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.offices.hallschema import (
    CounterPart,
    OfficePart,
    PersonPart,
    PrinterPart,
    ServicePart,
    Words,
)
from server.offices.logos import PREFIX
from server.offices.models import Counter, Names, Office, Printer, Service
from server.people.models import Person

Row = TypeVar("Row", Service, Counter, Printer)

FILE_ROLES = ("clerk", "manager")
"""Roles a hall file may give; administrators are added by ``motcua user add`` only."""


def part_of(session: Session, office: Office) -> OfficePart:
    """The stored office as a hall file has it."""
    parent = session.get(Office, office.parent_id) if office.parent_id else None
    return OfficePart.model_validate(
        {
            "slug": office.slug,
            "parent": parent.slug if parent else None,
            "languages": office.languages,
            "timezone": office.timezone,
            "brand": office.brand,
            "logo": PREFIX + office.logo if office.logo else None,
            "names": office.names,
            "organisation": office.organisation or None,
            "hours": office.hours,
            "issuing": office.issuing,
            "closure": office.closures,
            "rules": office.rules,
            "voice": office.words.get("voice", {}),
            "ticker": office.words.get("ticker", []),
            "park": office.words.get("parks", []),
            "service": [_service(row) for row in _active(session, Service, office)],
            "counter": [_counter(row) for row in _active(session, Counter, office)],
            "printer": [_printer(row) for row in _active(session, Printer, office)],
            "person": [_person(row) for row in people_of(session, office)],
        },
        strict=False,  # JSON has no dates
    )


def people_of(session: Session, office: Office) -> Sequence[Person]:
    """Who works in this office, by name, administrators left out."""
    rows = session.scalars(
        select(Person).where(Person.office_id == office.id, Person.role.in_(FILE_ROLES))
    )
    # Sorted here: each database has an alphabet of its own.
    return sorted(rows, key=lambda row: row.name)


def put_in_place(session: Session, office: Office, part: OfficePart, now: datetime) -> None:
    """Make the stored office what the file says. ``office`` is new or locked."""
    office.languages = list(part.languages)
    office.timezone = part.timezone
    office.brand = part.brand
    office.logo = part.logo.removeprefix(PREFIX) if part.logo else None
    office.names = names(part.names)
    office.organisation = names(part.organisation)
    office.hours = {day: spans for day, spans in part.hours.model_dump().items() if spans}
    office.issuing = part.issuing.model_dump(exclude_none=True)
    office.closures = [
        {"from": closure.from_.isoformat(), "to": closure.from_.isoformat()}
        | closure.model_dump(mode="json", by_alias=True, exclude_none=True)
        for closure in part.closure
    ]
    office.rules = part.rules.model_dump()
    office.words = {
        "ticker": [names(line) for line in part.ticker],
        "voice": part.voice.model_dump(),
        "parks": [names(line) for line in part.park],
    }
    session.flush()
    _put_services(session, office, part.service)
    _put_printers(session, office, part.printer)
    session.flush()
    _put_counters(session, office, part.counter)
    _put_people(session, office, part.person, now)
    session.flush()
    session.expire(office, ["services", "counters", "printers"])


def names(words: Words | None) -> Names:
    """Words as they are stored: the languages that are there."""
    return words.model_dump(exclude_none=True) if words else {}


def _put_services(session: Session, office: Office, parts: list[ServicePart]) -> None:
    known = {row.code: row for row in _all(session, Service, office)}
    letters = {part.code: part.letter for part in parts}
    for code, row in known.items():
        # Also who only changes the letter steps aside, so that two may exchange theirs.
        if row.letter != letters.get(code):
            row.active = False
    session.flush()
    for position, part in enumerate(parts):
        row = known.get(part.code) or Service(office_id=office.id, code=part.code)
        row.letter = part.letter
        row.names = names(part.names)
        row.kind = part.kind
        row.fields = list(part.fields)
        row.icon, row.tint = part.icon, part.tint
        row.daily_cap = part.daily_cap
        row.typical_minutes, row.limit_minutes = part.typical_minutes, part.limit_minutes
        row.papers = _lines(part)
        row.position, row.active = position, True
        session.add(row)


def _put_counters(session: Session, office: Office, parts: list[CounterPart]) -> None:
    known = {row.number: row for row in _all(session, Counter, office)}
    printers = {row.name: row.id for row in _active(session, Printer, office)}
    for row in known.values():
        row.active = False
    for position, part in enumerate(parts):
        row = known.get(part.number) or Counter(office_id=office.id, number=part.number)
        row.names = names(part.names)
        row.services = [list(tier) for tier in part.services]
        row.printer_id = printers[part.printer] if part.printer else None
        row.position, row.active = position, True
        session.add(row)
    for row in known.values():
        if not row.active:  # no longer there, so nobody sits at it
            row.status, row.clerk_id, row.pause_reason = "closed", None, None


def _put_printers(session: Session, office: Office, parts: list[PrinterPart]) -> None:
    known = {row.name: row for row in _all(session, Printer, office)}
    for row in known.values():
        row.active = False
    for position, part in enumerate(parts):
        row = known.get(part.name) or Printer(office_id=office.id, name=part.name)
        row.uri, row.paper_mm = part.uri, part.paper_mm
        row.position, row.active = position, True
        session.add(row)


def _put_people(session: Session, office: Office, parts: list[PersonPart], now: datetime) -> None:
    """Add who is new, without a password: they cannot sign in before one is set."""
    for part in parts:
        row = session.scalar(select(Person).where(Person.name == part.name))
        if row is None:
            row = Person(name=part.name, password_hash="", active=False, created_at=now)
            session.add(row)
        row.office_id = office.id
        row.role = part.role
        row.display_name = part.display_name or part.name


def _all(session: Session, table: type[Row], office: Office) -> Sequence[Row]:
    return session.scalars(
        select(table).where(table.office_id == office.id).order_by(table.position, table.id)
    ).all()


def _active(session: Session, table: type[Row], office: Office) -> list[Row]:
    return [row for row in _all(session, table, office) if row.active]


def _service(row: Service) -> dict[str, Any]:
    return {
        "code": row.code,
        "letter": row.letter,
        "kind": row.kind,
        "fields": row.fields,
        "icon": row.icon,
        "tint": row.tint,
        "daily_cap": row.daily_cap,
        "typical_minutes": row.typical_minutes,
        "limit_minutes": row.limit_minutes,
        "names": row.names,
        "papers": row.papers or None,
    }


def _counter(row: Counter) -> dict[str, Any]:
    # A printer that is not in use any more is not in the file either.
    printer = row.printer.name if row.printer and row.printer.active else None
    return {
        "number": row.number,
        "services": row.services,
        "printer": printer,
        "names": row.names or None,
    }


def _printer(row: Printer) -> dict[str, Any]:
    return {"name": row.name, "uri": row.uri, "paper_mm": row.paper_mm}


def _person(row: Person) -> dict[str, Any]:
    shown = row.display_name if row.display_name != row.name else None
    return {"name": row.name, "role": row.role, "display_name": shown}


def _lines(part: ServicePart) -> dict[str, list[str]]:
    papers: dict[str, list[str]] = part.papers.model_dump() if part.papers else {}
    return {language: lines for language, lines in papers.items() if lines}
