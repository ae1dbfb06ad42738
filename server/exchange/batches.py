"""Rows of one office, decided beside the hall's work and written in a short transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import Database
from server.exchange.applying import Sender, apply
from server.exchange.deciding import OUTCOMES, REFUSED, UNCHANGED, Decision, decide
from server.exchange.finding import fingerprint, known_dossiers
from server.exchange.history import RowRefused
from server.exchange.models import ExchangeBatch
from server.exchange.places import OfficePlace
from server.exchange.rows import Problem, Row
from server.journal import lock_office

Numbered = tuple[int, Row | Problem]
Verdict = Decision | Problem


@dataclass(slots=True)
class Batch:
    """Rows that name the same office, in their order."""

    place: str
    rows: Sequence[Numbered]


def decide_all(
    session: Session, place: OfficePlace, rows: Sequence[Numbered], sender: Sender
) -> tuple[list[Verdict], dict[str, int]]:
    """What becomes of each row, and the fingerprint of what is here and was looked at for it."""
    place.session = session
    codes = [row.code for _, row in rows if isinstance(row, Row)]
    known, seen = known_dossiers(session, codes, place.zone)
    verdicts: list[Verdict] = []
    decided: set[str] = set()
    for number, row in rows:
        if isinstance(row, Problem):
            verdicts.append(row)
        elif row.code in decided:
            verdicts.append(Decision(number, row, UNCHANGED))  # it says the same: see collected()
        else:
            decided.add(row.code)
            try:
                verdicts.append(decide(number, row, place, known.get(row.code), sender.now))
            except RowRefused as refused:
                verdicts.append(refused_row(number, row, refused))
    return verdicts, seen


def carry_out(database: Database, batch: Batch, place: OfficePlace, sender: Sender) -> None:
    """Decide the rows of a batch and write them and their outcomes down, all or nothing.

    The deciding is done before the office is locked. Should one of the dossiers have changed by
    then, it is done again.
    """
    rows = batch.rows
    with database.read() as session:
        verdicts, seen = decide_all(session, place, rows, sender)
    codes = [row.code for _, row in rows if isinstance(row, Row)]
    with database.transaction() as session:
        office = lock_office(session, place.id)
        done = last_row(session, sender.message, batch.place)
        if done >= rows[0][0]:  # another process is at the same message
            rows = [one for one in rows if one[0] > done]
            verdicts = [one for one in verdicts if _number(one) > done]
        if not rows:
            return
        if fingerprint(session, codes) != seen:
            verdicts, _ = decide_all(session, place, rows, sender)
        apply(session, office, [one for one in verdicts if isinstance(one, Decision)], sender)
        note(session, sender.message, batch.place, verdicts)


def note(session: Session, message: int, place: str, verdicts: Sequence[Verdict]) -> None:
    """Write down what became of rows."""
    outcomes = [_outcome(one) for one in verdicts]
    counts = {name: sum(one[2] == name for one in outcomes) for name in OUTCOMES}
    session.add(
        ExchangeBatch(
            message_id=message,
            place=place,
            first_row=outcomes[0][0],
            last_row=outcomes[-1][0],
            outcomes=outcomes,
            **counts,
        )
    )


def last_row(session: Session, message: int, place: str) -> int:
    """The last row of a message and an office that has an outcome; 0 when there is none."""
    last = session.scalar(
        select(func.max(ExchangeBatch.last_row)).where(
            ExchangeBatch.message_id == message, ExchangeBatch.place == place
        )
    )
    return last or 0


def refused_row(number: int, row: Row, why: RowRefused) -> Problem:
    """A row that the rules refuse."""
    return Problem(number, why.field, why.detail, why.params, code=row.code)


def _outcome(one: Verdict) -> list[Any]:
    if isinstance(one, Problem):
        return [one.row, one.code, REFUSED, one.field, one.detail, one.params]
    return [one.number, one.row.code, one.outcome]


def _number(one: Verdict) -> int:
    return one.row if isinstance(one, Problem) else one.number
