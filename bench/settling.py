"""The half-year settlement against the bare SQL aggregate, and of ten times as many dossiers.

The yardstick finds the last step of each dossier in the period and counts the three classes by
office, in one hand-written statement. It leaves out corrections, what moves no date, fields and
procedures, their names, shares, and the report as such.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy import select

from bench.filling import filled
from bench.table import Ratio, compared, table, verdict
from server.database import Database
from server.offices.models import Office
from server.reports.settlement import Period, settlement

DOSSIERS = 31_800
"""As many as the half-year of 2019 had, 31,739, in whole hundreds."""
TIMES = 10
LIMIT = 3.0
ROUNDS = 21

PERIOD = Period(date(2019, 1, 1), date(2019, 6, 30))

BARE = """
SELECT office_id, count(*),
    sum(CASE WHEN resolved_on <= due_on THEN 1 ELSE 0 END),
    sum(CASE WHEN resolved_on IS NULL AND coalesce(paused_on, :end) <= due_on THEN 1 ELSE 0 END),
    sum(CASE WHEN coalesce(resolved_on, paused_on, :end) > due_on THEN 1 ELSE 0 END)
FROM dossier_step
JOIN (
    SELECT dossier_id AS which, max(seq) AS last FROM dossier_step
    WHERE received_on >= :begin AND on_day <= :end
    GROUP BY dossier_id
) ON dossier_id = which AND seq = last
GROUP BY office_id
"""


def product(database: Database) -> int:
    """The report of the district and its communes, as the page and the command ask for it."""
    with database.read() as session:
        office = session.scalars(select(Office).where(Office.slug == "vinh-thuan")).one()
        report = settlement(session, office, PERIOD, children=True)
    return int(report["received"] + report["below"]["received"])


def bare(database: Database) -> int:
    """The aggregate alone."""
    values = {"begin": PERIOD.begin.isoformat(), "end": PERIOD.end.isoformat()}
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(BARE, values).all()
    return sum(int(row[1]) for row in rows)


def ratios(rounds: int = ROUNDS) -> list[Ratio]:
    """Both stories, on two databases that differ in size alone."""
    with tempfile.TemporaryDirectory() as name:
        small, large = (
            Database(filled(Path(name) / str(count), count).sqlalchemy_url)
            for count in (DOSSIERS, TIMES * DOSSIERS)
        )
        assert product(small) == bare(small) == DOSSIERS
        assert product(large) == TIMES * DOSSIERS
        measured = [
            compared(
                f"The settlement of {DOSSIERS:,} dossiers in nine offices",
                lambda _: product(small),
                lambda _: bare(small),
                against="the bare SQL aggregate on the same database",
                limit=LIMIT,
                rounds=rounds,
                clock=time.process_time,
            ),
            compared(
                f"The settlement of {TIMES * DOSSIERS:,} dossiers",
                lambda _: product(large),
                lambda _: product(small),
                against=f"that of {DOSSIERS:,}",
                limit=TIMES,
                rounds=rounds // 3,
                clock=time.process_time,
            ),
        ]
        small.close()
        large.close()
    return measured


if __name__ == "__main__":
    found = ratios()
    print(table(found))
    sys.exit(verdict(found))
