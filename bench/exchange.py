"""Reading in another system's dossiers: against bare inserts, and beside a hall that goes on."""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import FromClause, insert, select
from sqlalchemy.orm import Session

from bench.table import Ratio
from server.database import Base, Database, migrate
from server.dossiers.models import Applicant, Dossier, DossierStep
from server.exchange.importing import Workplace, import_message
from server.exchange.models import ExchangeBatch
from server.exchange.receiving import Letter, receive, spooled
from server.journal import JournalEntry
from server.offices import hallfile, sample
from server.offices.procedures import load_procedures
from server.people.access import Asker
from server.people.accounts import add_token
from server.settings import load_settings
from server.web import office_or_404
from tests.product import Product, served

ROWS = 30_000
RATE_LIMIT = 2.0
"""At least half the rate of the bare inserts."""
SLOWING_LIMIT = 1.5
ROUNDS = 5
TAPS = 150
PAUSE_S = 0.03

PROCEDURES = ("1.004873", "2.000635", "1.001193")


def ratios() -> list[Ratio]:
    """All figures."""
    return [_rate(), _slowing()]


def rows(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Dossiers of half a year in the sample office: accepted, worked on, ready, collected."""
    chance = random.Random(seed)
    for number in range(count):
        day = datetime(2026, 1, 5, 8) + timedelta(days=chance.randrange(170))
        day += timedelta(days=max(0, day.weekday() - 4), minutes=chance.randrange(400))
        steps = ("accept", 0.0), ("process", 0.1), ("finish", chance.randrange(1, 9)), ("return", 9)
        yield {
            "code": f"H33.14-{day:%y%m%d}-{seed % 10}{number:05}",
            "office": sample.SLUG,
            "procedure": chance.choice(PROCEDURES),
            "channel": chance.choice((1, 1, 2)),
            "applicant": {
                "name": "NGUYỄN VĂN MẪU",
                "phone": f"09{chance.randrange(10**8):08}",
                "address": "Ấp Mẫu, Vĩnh Thuận",
            },
            "steps": [
                {"kind": kind, "at": (day + timedelta(days=after)).isoformat() + "+07:00"}
                for kind, after in steps
            ],
        }


def lines(count: int, seed: int = 1) -> bytes:
    """The same as JSON lines."""
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in rows(count, seed)).encode()


TABLES = (Dossier, Applicant, DossierStep, JournalEntry, ExchangeBatch)
"""What an import writes, a row a row."""


def _rate() -> Ratio:
    """30,000 rows from the file to the last commit, and the same rows inserted barely."""
    times: list[tuple[float, float]] = []
    content = lines(ROWS)
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            ours = _new(folder / "ours")
            begun = time.perf_counter()
            _import(ours, folder / "ours", content)
            took = time.perf_counter() - begun
            times.append((took, _bare(ours, _new(folder / "bare"))))
    return Ratio(
        "30,000 dossiers with 120,000 steps read in: checked, decided, written",
        "the same rows of the same tables inserted with bare SQLAlchemy Core",
        ratio=statistics.median(ours / bare for ours, bare in times),
        limit=RATE_LIMIT,
        product_ms=statistics.median(ours for ours, _ in times) * 1000,
        yardstick_ms=statistics.median(bare for _, bare in times) * 1000,
        rounds=ROUNDS,
    )


def _new(folder: Path) -> Database:
    """A database with the sample hall."""
    folder.mkdir()
    settings = load_settings(folder)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    with database.transaction() as session:
        now = datetime.now(UTC)
        text = sample.hall_text(always_open=True)
        hallfile.load(session, text, file=sample.HALL_FILE, now=now)
        load_procedures(session, sample.procedures_text(), file=sample.PROCEDURES_FILE)
    return database


def _import(database: Database, folder: Path, content: bytes) -> None:
    path = folder / "sent"
    path.write_bytes(content)
    letter = Letter("jsonl", Asker("scope:admin", "bench"))
    with (
        path.open("rb") as file,
        spooled(file, folder) as incoming,
        database.transaction() as session,
    ):
        message, _ = receive(session, incoming, letter, folder, datetime.now(UTC))
        number = message.id
    work = Workplace(database, folder, "secret", lambda: datetime.now(UTC))
    assert import_message(work, number) == "done"


def _bare(ours: Database, bare: Database) -> float:
    """Seconds for the rows that the import wrote, ready in memory, into an empty database.

    In as many transactions as the import needed.
    """
    with ours.read() as session:
        content = [(model.__table__, _all(session, model.__table__)) for model in TABLES]
    _copy_rest(ours, bare)
    pieces = len(content[-1][1])
    begun = time.perf_counter()
    for piece in range(pieces):
        with bare.transaction() as session:
            for table, values in content:
                first, last = (-(-len(values) * step // pieces) for step in (piece, piece + 1))
                if first < last:
                    session.execute(insert(table), values[first:last])  # type: ignore[arg-type]
    return time.perf_counter() - begun


def _copy_rest(ours: Database, bare: Database) -> None:
    """What the rows refer to: the messages; the hall is in both."""
    copied = {model.__table__ for model in TABLES}
    with ours.read() as reading, bare.transaction() as writing:
        for table in Base.metadata.sorted_tables:
            if table.name == "exchange_message":
                writing.execute(insert(table), _all(reading, table))
            elif table in copied:
                writing.execute(table.delete())


def _all(session: Session, table: FromClause) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(select(*table.c))]


@dataclass
class Served:
    """The served sample hall, a kiosk and a program."""

    product: Product
    kiosk: str
    program: str

    def tap(self) -> float:
        """Take a number; seconds."""
        begun = time.perf_counter()
        answer = requests.post(
            f"{self.product.url}/api/v1/offices/{sample.SLUG}/tickets",
            json={"service": "ho-tich"},
            headers={"Authorization": f"Bearer {self.kiosk}"},
            timeout=30,
        )
        took = time.perf_counter() - begun
        assert answer.status_code == 201, answer.text
        time.sleep(PAUSE_S)
        return took

    def send(self, content: bytes) -> None:
        """Send a file and wait until it is read in."""
        headers = {
            "Authorization": f"Bearer {self.program}",
            "Content-Type": "application/x-ndjson",
            "Prefer": "respond-async",
        }
        url = f"{self.product.url}/api/v1/dossiers/import"
        answer = requests.post(url, data=content, headers=headers, timeout=120)
        assert answer.status_code == 202, answer.text
        where = f"{self.product.url}{answer.headers['Location']}"
        while answer.json()["state"] in ("received", "importing"):
            time.sleep(1)
            answer = requests.get(where, headers=headers, timeout=30)
        assert answer.json()["counts"]["created"] == ROWS, answer.text[:1000]


@contextmanager
def hall() -> Iterator[Served]:
    """A served hall of its own."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        database = _new(data)
        tokens = []
        with database.transaction() as session:
            office = office_or_404(session, sample.SLUG)
            for scope in ("kiosk", "dossiers"):
                now = datetime.now(UTC)
                tokens.append(add_token(session, scope, scope=scope, office=office, now=now))
        database.close()
        with served(data) as product:
            yield Served(product, *tokens)


def _slowing() -> Ratio:
    """How long a number takes while 30,000 rows come in, and before and after that."""
    content = lines(ROWS, seed=2)
    with hall() as place, ThreadPoolExecutor(1) as threads:
        for _ in range(10):
            place.tap()
        quiet = [place.tap() for _ in range(TAPS)]
        sending = threads.submit(place.send, content)
        busy = []
        while not sending.done():
            busy.append(place.tap())
        sending.result()
        quiet += [place.tap() for _ in range(TAPS)]
    assert len(busy) >= 50, f"the import was over after {len(busy)} numbers"
    return Ratio(
        f"A number while 30,000 dossiers are read in (p95 {_p95(busy):.0f} ms)",
        f"a number before and after that (p95 {_p95(quiet):.0f} ms)",
        ratio=statistics.median(busy) / statistics.median(quiet),
        limit=SLOWING_LIMIT,
        product_ms=statistics.median(busy) * 1000,
        yardstick_ms=statistics.median(quiet) * 1000,
        rounds=len(busy),
    )


def _p95(times: Iterable[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000
