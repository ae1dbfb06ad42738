"""What became of a message: the whole, and each row in the order of the file."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import Database
from server.exchange.deciding import OUTCOMES
from server.exchange.models import ExchangeBatch, ExchangeMessage

Words = Callable[..., str]
"""Translates an English message id with its parameters."""

Shown = dict[str, Any]


def summary(session: Session, message: ExchangeMessage, words: Words) -> Shown:
    """A message without its rows."""
    sums = session.execute(
        select(*(func.sum(getattr(ExchangeBatch, name)) for name in OUTCOMES)).where(
            ExchangeBatch.message_id == message.id
        )
    ).one()
    return {
        "message": message.id,
        "source": message.source,
        "reference": message.reference,
        "state": message.state,
        "received_at": message.received_at.isoformat(),
        "finished_at": message.finished_at.isoformat() if message.finished_at else None,
        "rows": message.rows,
        "counts": {name: int(count or 0) for name, count in zip(OUTCOMES, sums, strict=True)},
        "problems": problems(message, words),
    }


def problems(message: ExchangeMessage, words: Words) -> list[Shown]:
    """Why a whole file was refused, in words."""
    return [
        {
            "row": one["row"],
            "field": one["field"],
            "detail": words(one["detail"], **one["params"]),
        }
        for one in message.problems
    ]


def outcomes(database: Database, message_id: int, words: Words) -> Iterator[Shown]:
    """What became of each row, in the order of the file.

    Batches are of one office each and lie across each other; they are read one by one, and a row
    is given out when no later batch can have an earlier one.
    """
    with database.read() as session:
        batches = session.execute(
            select(ExchangeBatch.id, ExchangeBatch.first_row)
            .where(ExchangeBatch.message_id == message_id)
            .order_by(ExchangeBatch.first_row)
        ).all()
    waiting: list[list[Any]] = []
    for batch, first_row in batches:
        while waiting and waiting[0][0] < first_row:
            yield _shown(heapq.heappop(waiting), words)
        with database.read() as session:
            for row in session.get_one(ExchangeBatch, batch).outcomes:
                heapq.heappush(waiting, row)
    while waiting:
        yield _shown(heapq.heappop(waiting), words)


def _shown(row: list[Any], words: Words) -> Shown:
    number, code, outcome, *refusal = row
    shown = {"row": number, "code": code, "outcome": outcome}
    if refusal:
        field, detail, params = refusal
        shown |= {"field": field, "detail": words(detail, **params)}
    return shown
