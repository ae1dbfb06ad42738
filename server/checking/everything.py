"""All checks, in the order in which they are told. A room's check is added to :data:`CHECKS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.checking.calendars import check_calendars
from server.checking.catalogue import check_catalogue
from server.checking.databases import check_database
from server.checking.findings import Finding
from server.checking.halls import check_codes, check_printers
from server.database import Database
from server.offices.models import Office, Service

Check = Callable[[Session, Sequence[Office], date], Iterable[Finding]]

CHECKS: list[Check] = [check_calendars, check_codes, check_printers, check_catalogue]
"""Asked of the offices that have services, on a day."""


def check_everything(database: Database, today: date) -> Iterator[Finding]:
    """Every finding; a database that cannot be asked is the only one."""
    first = check_database(database)
    yield first
    if first.level == "fault":
        return
    with database.read() as session:
        offices = session.scalars(
            select(Office).where(Office.id.in_(select(Service.office_id))).order_by(Office.slug)
        ).all()
        if not offices:
            yield Finding("attention", "There is no hall yet. Load one: motcua hall load.")
            return
        yield Finding("ok", f"Halls: {len(offices)}.")
        for check in CHECKS:
            yield from check(session, offices, today)
