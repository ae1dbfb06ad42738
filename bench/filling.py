"""Data folders with any number of dossiers: a hundred are played, and their rows are multiplied.

The hundred come about through the product's own commands (:mod:`server.simulation`). Multiplying
is for measuring alone: rows of tickets, dossiers, steps and people are copied in SQL with other
keys, a million of them in a minute.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

from sqlalchemy import Table, func, make_url, select

from server.database import Base, Database, migrate
from server.dossiers.models import Applicant, Dossier, DossierStep
from server.queueing.models import Ticket
from server.settings import Settings, load_settings
from server.simulation.playing import play
from server.simulation.scenario import Scenario, read_scenario

PLAYED = 100
STEP = 100_000
"""Added to the ids of each copy; more than there are rows of any table in the original."""

SHIFTED: dict[type[Base], dict[str, str]] = {
    Ticket: {
        "token": "token || '-' || k",
        "ref": "'b' || (id + k * :step)",
        "serial": "serial + k * 1000",
    },
    Dossier: {"code": "code || '-' || k", "ticket_id": "ticket_id + k * :step"},
    Applicant: {"dossier_id": "dossier_id + k * :step"},
    DossierStep: {"dossier_id": "dossier_id + k * :step"},
}
"""What differs in a copy beside the id; ``k`` is its number."""


def hundred() -> Scenario:
    """Nine offices and a hundred dossiers in June 2019."""
    whole = read_scenario()
    district, *communes = whole.office
    few = {"on_time": 5, "not_due": 0, "late": 0}
    offices = [
        district.model_copy(update={"on_time": 50, "not_due": 6, "late": 4}),
        *(commune.model_copy(update=few) for commune in communes),
    ]
    days = {"begin": date(2019, 6, 3), "end": date(2019, 6, 30), "until": date(2019, 7, 12)}
    return whole.model_copy(update={"office": offices, **days})


def filled(folder: Path, dossiers: int) -> Settings:
    """A data folder with so many dossiers, a multiple of :data:`PLAYED`, on SQLite."""
    settings = load_settings(folder)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    play(database, hundred(), secret=settings.secret_key or "")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == PLAYED
    database.close()
    file = sqlite3.connect(make_url(settings.sqlalchemy_url).database or "", isolation_level=None)
    # Should the machine stop meanwhile, it is filled again: nothing here need survive.
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
        file.execute(f"PRAGMA {pragma}")
    for model in SHIFTED:
        _multiply(file, model, dossiers // PLAYED)
    file.execute("ANALYZE")
    file.close()
    return settings


def _multiply(file: sqlite3.Connection, model: type[Base], times: int) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    differing = {"id": "id + k * :step"} | SHIFTED[model]
    columns = [column.name for column in table.columns]
    values = [differing.get(name, f'"{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    file.execute(
        "WITH RECURSIVE copy(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copy WHERE k < :last) "
        f'INSERT INTO "{table.name}" ({names}) '
        f'SELECT {", ".join(values)} FROM copy CROSS JOIN "{table.name}" WHERE id < :step',
        {"last": times - 1, "step": STEP},
    )
