"""Reading in a message: everything is read and checked first, then applied in small batches.

Each batch is a transaction of its own that holds the office for some tens of milliseconds, so that
the hall goes on. Broken off at any moment, it goes on behind the last batch.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from server.database import Database
from server.exchange.applying import Sender
from server.exchange.batches import (
    Batch,
    Numbered,
    Verdict,
    carry_out,
    decide_all,
    last_row,
    note,
)
from server.exchange.models import DONE, FAILED, IMPORTING, REFUSED, ExchangeMessage
from server.exchange.places import Catalogue, OfficePlace, place_of
from server.exchange.reading import FileRefused, collected, read_file
from server.exchange.receiving import spool_of
from server.exchange.rows import Problem, Row
from server.people.access import Asker

BUDGET_S = 0.05
"""How long a batch may take, in seconds; it holds its office's lock for a part of that."""

SMALLEST, LARGEST = 150, 400
"""Rows of a batch; fewer would spend more time on the transaction than on the rows."""

BREATH_S = 0.001
"""Between batches, for the green threads of this process. Writers of other processes have all the
time in which the next batch is decided."""

AT_ONCE = 64 * 1024
"""Up to so many bytes a file is read in within the request, else by a process of its own."""

MOST_TOLD = 1000
"""So many problems of a refused file are kept."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where messages are read in."""

    database: Database
    folder: Path
    """The data folder."""
    secret: str
    """The installation's."""
    clock: Callable[[], datetime]


def import_message(work: Workplace, message_id: int) -> str:
    """Read in a message, or go on with it; its state at the end."""
    with work.database.transaction() as session:
        message = session.get_one(ExchangeMessage, message_id)
        if message.state in (DONE, REFUSED, FAILED):
            return message.state
        message.state = IMPORTING
        message.tries += 1
    sender = Sender(message.id, message.actor, work.clock(), work.secret)
    try:
        with spool_of(work.folder, message_id).open("rb") as file:
            rows = collected(read_file(file, message.format))
        if message.bytes > AT_ONCE:
            # This process does nothing else: Python need not look through all rows again and
            # again for something to throw away.
            gc.freeze()
        batches = _by_office(rows)
        if message.all_or_nothing:
            _check_all(work, message, batches, sender)
    except FileRefused as refused:
        return _finish(work, message_id, REFUSED, refused.problems)
    with work.database.transaction() as session:
        session.get_one(ExchangeMessage, message_id).rows = len(rows)
    catalogue = Catalogue()
    for name, of_office in batches.items():
        with work.database.read() as session:
            place = place_of(session, name, catalogue, _asker(message)) if name else ""
            done = last_row(session, message_id, name)
        left = [one for one in of_office if one[0] > done]
        for some in _in_pieces(left):
            if isinstance(place, OfficePlace):
                carry_out(work.database, Batch(name, some), place, sender)
            else:
                _refuse(work, message_id, name, _without_place(some, place))
    return _finish(work, message_id, DONE, [])


def give_up(work: Workplace, message_id: int) -> None:
    """Say that a message broke off again and again; sent again, it is tried again."""
    _finish(work, message_id, FAILED, [])


def _asker(message: ExchangeMessage) -> Asker:
    return Asker(actor=message.actor, office_id=message.office_id)


def _by_office(rows: list[Numbered]) -> dict[str, list[Numbered]]:
    """The rows by the office they name; those that cannot be read under the empty name."""

    def office(one: Numbered) -> str:
        return one[1].office if isinstance(one[1], Row) else ""

    return {name: list(some) for name, some in groupby(sorted(rows, key=office), key=office)}


def _in_pieces(rows: list[Numbered]) -> Iterator[list[Numbered]]:
    """Batches of about :data:`BUDGET_S`, with a breath for others after each."""
    size, begin = SMALLEST, 0
    while begin < len(rows):
        begun = time.perf_counter()
        yield rows[begin : begin + size]
        took = time.perf_counter() - begun
        begin += size
        size = max(SMALLEST, min(LARGEST, round(size * BUDGET_S / took)))
        time.sleep(BREATH_S)


def _without_place(rows: list[Numbered], why: str) -> list[Verdict]:
    return [
        row if isinstance(row, Problem) else Problem(number, "office", why, code=row.code)
        for number, row in rows
    ]


def _refuse(work: Workplace, message_id: int, name: str, verdicts: list[Verdict]) -> None:
    with work.database.transaction() as session:
        note(session, message_id, name, verdicts)


def _check_all(
    work: Workplace,
    message: ExchangeMessage,
    batches: dict[str, list[Numbered]],
    sender: Sender,
) -> None:
    """Refuse the file when any of its rows would be refused as things are now."""
    problems: list[Problem] = []
    catalogue = Catalogue()
    for name, rows in batches.items():
        with work.database.read() as session:
            place = place_of(session, name, catalogue, _asker(message)) if name else ""
            for some in _in_pieces(rows):
                if isinstance(place, OfficePlace):
                    verdicts, _ = decide_all(session, place, some, sender)
                else:
                    verdicts = _without_place(some, place)
                problems += [one for one in verdicts if isinstance(one, Problem)]
    if problems:
        raise FileRefused(*sorted(problems, key=lambda one: one.row))


def _finish(work: Workplace, message_id: int, state: str, problems: list[Problem]) -> str:
    with work.database.transaction() as session:
        message = session.get_one(ExchangeMessage, message_id)
        message.state, message.finished_at = state, work.clock()
        message.problems = [
            {"row": one.row, "field": one.field, "detail": one.detail, "params": one.params}
            for one in problems[:MOST_TOLD]
        ]
    if state != FAILED:
        spool_of(work.folder, message_id).unlink(missing_ok=True)
    return state
