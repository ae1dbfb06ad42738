"""The procedure catalogue: loading it from CSV, and the public fee board.

Terms hold from a date (``valid_from``), so a new fee is a new row beside the old one, and what was
asked of a citizen last year can still be told. Rows that a file leaves out stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import NotFound
from server.offices.hours import business_day
from server.offices.models import Office, Procedure, Service
from server.offices.procedurefile import ProcedureFileError, read_rows
from server.offices.procedureterms import ProcedureRow
from server.offices.procedureversions import last_days, positions

FEE_OF_PROVINCE = "Theo nghị quyết của HĐND tỉnh"
"""What stands in place of a fee that the province sets and nobody has entered; never “0 đ”."""

CHARGE = ("charge_vnd", "charge_note")


def load_procedures(session: Session, text: str, *, file: str) -> int:
    """Add or correct procedures from CSV; the columns are in docs/procedures.md.

    New terms of a procedure end those before them on the day before they begin.

    Returns:
        How many rows were new or different.

    Raises:
        ProcedureFileError: there are problems, each named with line and column; nothing was
            changed.
    """
    return store_rows(session, read_rows(text, file), file=file)


def store_rows(session: Session, rows: Sequence[ProcedureRow], *, file: str) -> int:
    """Add or correct procedures from terms that have been read; see :func:`load_procedures`.

    Raises:
        ProcedureFileError: terms that are to last beyond the beginning of the next.
    """
    known = {(row.code, row.valid_from): row for row in session.scalars(select(Procedure))}
    ends = last_days(rows, {key: row.valid_to for key, row in known.items()}, file)
    places = positions(rows, {key: row.position for key, row in known.items()})
    given = {(row.code, row.valid_from): row for row in rows}
    changed = 0
    for key, last_day in ends.items():
        stored = known.get(key) or Procedure()
        values = _values(given[key], places[key]) if key in given else {}
        if _put(stored, values | {"valid_to": last_day}):
            session.add(stored)
            changed += 1
    session.flush()
    return changed


def fees(
    session: Session,
    office: Office,
    service_code: str | None = None,
    *,
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """What procedures cost and how long they take, for the fee board of an office.

    Args:
        session: any session.
        office: whose services are meant.
        service_code: one of its services; without it, all of them in the order of the kiosk.
        now: the moment whose terms hold; by default this one.

    Returns:
        One row a procedure. ``fee_vnd`` is in đồng, and none where it is not known: then
        ``fee_note`` says who sets it. A charge (*lệ phí*) beside the fee has ``charge_vnd`` or
        ``charge_note``, or both; no charge has neither. ``days`` is counted in ``unit`` and may be
        none as well. ``certain`` is false where the catalogue's source was not sure of these
        terms.

    Raises:
        NotFound: the office has no such service.
    """
    today = business_day(now or datetime.now(UTC), office.timezone)
    services = [
        service
        for service in session.scalars(
            select(Service)
            .where(Service.office_id == office.id, Service.active)
            .order_by(Service.position)
        )
        if service_code is None or service.code == service_code
    ]
    if service_code is not None and not services:
        raise NotFound("There is no such service here.")
    holding = _holding(session, today)
    return [
        _fee(procedure, service)
        for service in services
        for field in service.fields
        for procedure in holding
        if procedure.field_code == field
    ]


def procedure_on(session: Session, code: str, day: date) -> Procedure | None:
    """The terms of a procedure that hold on a day."""
    return terms_on(versions(session, code), day)


def versions(session: Session, code: str) -> list[Procedure]:
    """All terms a procedure has had, those that began first at the front."""
    return list(
        session.scalars(
            select(Procedure).where(Procedure.code == code).order_by(Procedure.valid_from)
        )
    )


def terms_on(versions: Sequence[Procedure], day: date) -> Procedure | None:
    """Of a procedure's terms those that hold on a day: those that began last, if not over."""
    iso = day.isoformat()
    latest = next((one for one in reversed(versions) if one.valid_from <= iso), None)
    return latest if latest and (not latest.valid_to or iso <= latest.valid_to) else None


def _holding(session: Session, today: date) -> list[Procedure]:
    """The terms of each procedure that hold today: those that began last, if not over."""
    iso, latest = today.isoformat(), dict[str, Procedure]()
    rows = session.scalars(
        select(Procedure).where(Procedure.valid_from <= iso).order_by(Procedure.valid_from)
    )
    for row in rows:
        latest[row.code] = row
    current = [row for row in latest.values() if not row.valid_to or iso <= row.valid_to]
    return sorted(current, key=lambda row: (row.position, row.code))


def _fee(procedure: Procedure, service: Service) -> dict[str, Any]:
    note = procedure.fee_note
    if procedure.fee_vnd is None and not note:
        note = FEE_OF_PROVINCE
    return {
        "code": procedure.code,
        "field": procedure.field_code,
        "field_names": procedure.field_names,
        "service": service.code,
        "names": procedure.names,
        "days": procedure.days,
        "unit": procedure.unit,
        "afternoon_rule": procedure.afternoon_rule,
        "fee_vnd": procedure.fee_vnd,
        "fee_note": note,
        "charge_vnd": procedure.charge_vnd,
        "charge_note": procedure.charge_note,
        "level": procedure.level,
        "interlinked": procedure.interlinked,
        "certain": procedure.certainty == "certain",
        "papers": procedure.papers,
    }


def _values(row: ProcedureRow, position: int) -> dict[str, Any]:
    # A file from before there were charges says nothing of them: those that are stored stay.
    charge = {name: getattr(row, name) for name in CHARGE if name in row.columns}
    return charge | {
        "field_code": row.field_code,
        "code": row.code,
        "names": row.names,
        "field_names": row.field_names,
        "days": row.days,
        "unit": row.unit,
        "fee_vnd": row.fee_vnd,
        "fee_note": row.fee_note,
        "level": row.level,
        "interlinked": row.interlinked,
        "afternoon_rule": row.afternoon_rule,
        "certainty": row.certainty,
        "source": row.source,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "position": position,
        "papers": row.papers,
        "agencies": row.agencies,
    }


def _put(stored: Procedure, values: dict[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(stored, name) != value}
    for name, value in different.items():
        setattr(stored, name, value)
    return bool(different)


__all__ = [
    "FEE_OF_PROVINCE",
    "ProcedureFileError",
    "fees",
    "load_procedures",
    "procedure_on",
    "store_rows",
    "terms_on",
    "versions",
]
