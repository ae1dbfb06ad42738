"""The numbers of the day: from 1, without gaps, never twice."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from server.database import is_postgresql
from server.queueing.models import DayNumbers


def next_number(
    session: Session, office_id: int, day: str, letter: str, place: int
) -> tuple[int, int]:
    """Take the next number of ``letter`` on ``day``; given back if the transaction fails.

    A row and not a sequence: a sequence leaves gaps after a rollback or a crash.

    Args:
        session: of one ``transaction()``.
        office_id: whose hall it is.
        day: ISO date of the business day.
        letter: of the service.
        place: this moment in microseconds since 1970.

    Returns:
        The number, and its place in the queue: ``place``, or just behind the number before.
    """
    insert, greatest = (
        (postgresql_insert, func.greatest) if is_postgresql(session) else (sqlite_insert, func.max)
    )
    row = insert(DayNumbers).values(
        office_id=office_id, day=day, letter=letter, last=1, place=place
    )
    taken = row.on_conflict_do_update(
        index_elements=["office_id", "day", "letter"],
        set_={
            "last": DayNumbers.last + 1,
            "place": greatest(DayNumbers.place + 1, row.excluded.place),
        },
    ).returning(DayNumbers.last, DayNumbers.place)
    last, at = session.execute(taken).one()
    return last, at


def issued_today(session: Session, office_id: int, day: str) -> dict[str, int]:
    """How many numbers were given out on ``day``, by letter."""
    rows = session.execute(
        select(DayNumbers.letter, DayNumbers.last).where(
            DayNumbers.office_id == office_id, DayNumbers.day == day
        )
    )
    return dict(rows.all())
