"""The page of one dossier on a phone, between a thousand and a million dossiers in the database."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from bench.filling import PLAYED, STEP, filled
from bench.table import Ratio, compared, table, verdict
from server.app import create_app
from server.database import Database
from server.dossiers.models import Dossier
from server.queueing.models import Ticket
from server.settings import Settings

FEW, MANY = 1_000, 1_000_000
LIMIT = 1.2
ROUNDS = 201


def follower(settings: Settings, dossiers: int) -> Callable[[int], int]:
    """Opens the page of some dossier, another one each time, and gives the length of the page."""
    rng = random.Random(dossiers)
    database = Database(settings.sqlalchemy_url)
    with database.read() as session:
        played = session.execute(
            select(Ticket.token, Ticket.id)
            .join(Dossier, Dossier.ticket_id == Ticket.id)
            .where(Ticket.id < STEP)
            .order_by(Ticket.id)
        ).all()
    database.close()
    phone = create_app(settings).test_client()

    def look(number: int) -> int:
        # The same visits in both databases, so that the pages are alike; any copy of them.
        token, _ = played[number % len(played)]
        copy = rng.randrange(1, dossiers // PLAYED)
        answer = phone.get(f"/t/{token}-{copy}")
        assert answer.status_code == 200
        assert b"H33.14" in answer.data
        return len(answer.data)

    return look


def ratios(rounds: int = ROUNDS) -> list[Ratio]:
    """The one story."""
    with tempfile.TemporaryDirectory() as name:
        few, many = (
            follower(filled(Path(name) / str(count), count), count) for count in (FEW, MANY)
        )
        return [
            compared(
                f"The page of a dossier behind a ticket's QR code, among {MANY:,} dossiers",
                many,
                few,
                against=f"the same page among {FEW:,}",
                limit=LIMIT,
                rounds=rounds,
                clock=time.process_time,
            )
        ]


if __name__ == "__main__":
    found = ratios()
    print(table(found))
    sys.exit(verdict(found))
