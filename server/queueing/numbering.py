"""The numbers of the day: from 1, without gaps, never twice."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from server.database import is_postgresql
from server.queueing.models import DayNumbers


def next_serial(session: Session, office_id: int, day: str, letter: str) -> int:
    """Take the next number of ``letter`` on ``day``; given back if the transaction fails.

    A row and not a sequence: a sequence leaves gaps after a rollback or a crash.
    """
    insert = postgresql_insert if is_postgresql(session) else sqlite_insert
    statement = (
        insert(DayNumbers)
        .values(office_id=office_id, day=day, letter=letter, last=1)
        .on_conflict_do_update(
            index_elements=["office_id", "day", "letter"], set_={"last": DayNumbers.last + 1}
        )
        .returning(DayNumbers.last)
    )
    return session.execute(statement, execution_options={"populate_existing": True}).scalar_one()


def issued_today(session: Session, office_id: int, day: str) -> dict[str, int]:
    """How many numbers were given out on ``day``, by letter."""
    rows = session.execute(
        select(DayNumbers.letter, DayNumbers.last).where(
            DayNumbers.office_id == office_id, DayNumbers.day == day
        )
    )
    return {letter: last for letter, last in rows}
