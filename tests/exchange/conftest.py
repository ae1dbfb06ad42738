"""A hall that other systems send dossiers to, on SQLite and on PostgreSQL."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from server.database import Database
from server.dossiers.models import Dossier, DossierStep
from server.exchange.importing import Workplace, import_message
from server.exchange.models import ExchangeMessage
from server.exchange.outcomes import outcomes, summary
from server.exchange.receiving import Letter, receive, spooled
from server.offices.models import Office
from server.people.access import Asker
from server.words import translate
from tests.conftest import Clock
from tests.dossiers.conftest import COPY, SECRET, furnish, moment

PROVINCE = Asker(grant="scope:dossiers", actor="dossiers:province")


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    """A dossier of another system: accepted on a Monday, result ready on Thursday."""
    usual = {
        "code": f"H33.14-260302-{number:04}",
        "office": "hall",
        "procedure": COPY,
        "steps": [
            {"kind": "accept", "at": "2026-03-02T08:30:00+07:00"},
            {"kind": "finish", "at": "2026-03-05T15:00:00+07:00", "by": "Lan"},
        ],
    }
    return usual | more


def lines(rows: Iterable[dict[str, Any]]) -> bytes:
    """JSON lines."""
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in rows).encode()


@dataclass
class Post:
    """Whoever reads in what other systems send."""

    database: Database
    folder: Path
    clock: Clock

    @property
    def work(self) -> Workplace:
        return Workplace(self.database, self.folder, SECRET, self.clock)

    def put(
        self, content: bytes, form: str = "jsonl", sender: Asker = PROVINCE, **letter: Any
    ) -> tuple[int, bool]:
        """A file arrives and waits; its message, and whether it has come before."""
        with (
            spooled(io.BytesIO(content), self.folder) as incoming,
            self.database.transaction() as session,
        ):
            written = Letter(form, sender, **letter)
            message, again = receive(session, incoming, written, self.folder, self.clock.now)
            return message.id, again

    def send(self, content: bytes | Iterable[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """A file arrives and is read in; what its sender is told."""
        content = content if isinstance(content, bytes) else lines(content)
        number, again = self.put(content, **more)
        import_message(self.work, number)
        return self.told(number) | {"again": again}

    def told(self, number: int) -> dict[str, Any]:
        """What the sender of a message is told, in English."""

        def words(detail: str, **params: Any) -> str:
            return translate("en", detail, **params)

        with self.database.read() as session:
            head = summary(session, session.get_one(ExchangeMessage, number), words)
        return head | {"outcomes": list(outcomes(self.database, number, words))}

    def count(self, table: Any = Dossier) -> int:
        """How many rows a table has."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def dossier(self, code: str) -> Dossier:
        """A dossier as it is stored now."""
        with self.database.read() as session:
            return session.scalars(select(Dossier).where(Dossier.code == code)).one()

    def steps(self, code: str) -> list[DossierStep]:
        """The rows of its history."""
        with self.database.read() as session:
            mine = select(DossierStep).join(Dossier, Dossier.id == DossierStep.dossier_id)
            return list(session.scalars(mine.where(Dossier.code == code).order_by(DossierStep.id)))


def refusals(told: dict[str, Any]) -> list[tuple[int, str, str]]:
    """Row, field and words of the rows that were refused, or of the whole file."""
    refused = [one for one in told["outcomes"] if one["outcome"] == "refused"]
    return [(one["row"], one["field"], one["detail"]) for one in (*told["problems"], *refused)]


def kinds(told: dict[str, Any]) -> list[str]:
    """The outcomes of the rows in their order."""
    return [one["outcome"] for one in told["outcomes"]]


@pytest.fixture
def post(database: Database, clock: Clock, tmp_path: Path) -> Post:
    """The hall ``hall`` and the commune ``xa`` below it, on a Monday in April at 8."""
    clock.now = moment("2026-04-06 08:00")
    with database.transaction() as session:
        above = furnish(session, clock)
        session.add(Office(slug="xa", names={"vi": "Xã"}, parent_id=above.id))
    return Post(database, tmp_path, clock)
