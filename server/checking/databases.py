"""Is the database there, and at this program's version? Looks only: it never migrates."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from server import migrations
from server.checking.findings import Finding
from server.database import Database

NEWER = "The database was made by a newer version of this program. Please update the program."


def check_database(database: Database) -> Finding:
    """Whether the database answers, and with the tables of this version."""
    place = make_url(database.url)
    if place.drivername == "sqlite" and not Path(place.database or "").exists():
        return Finding("fault", "There is no database yet. Start the server once: motcua serve.")
    try:
        with database.engine.connect() as connection:
            now = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        said = " ".join(str(error.__cause__ or error).split())
        return Finding("fault", f"The database does not answer: {said}")
    script = ScriptDirectory(str(Path(next(iter(migrations.__path__)))))
    known = [one.revision for one in script.walk_revisions()]
    if now == script.get_current_head():
        kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database.engine.dialect.name]
        return Finding("ok", f"The database answers ({kind}, tables at {now}).")
    if now is None or now in known:
        return Finding(
            "fault",
            f"The database is at {now or 'nothing'}, this program needs {known[0]}. "
            "Start the server once: it brings the tables up to date.",
        )
    return Finding("fault", NEWER)
