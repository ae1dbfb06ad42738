"""What Alembic runs: for the product (`server.database.migrate`) and for `make migration`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import server.dossiers.models
import server.exchange.models
import server.journal
import server.notices.models
import server.offices.models
import server.people.models
import server.printing.models
import server.queueing.models  # noqa: F401  (the tables of every room)
from server.database import Base, UtcDateTime, open_engine


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain ones they are, so that migrations need no models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def number_revision(
    _context: MigrationContext, _revision: str | Iterable[str | None], directives: list[Any]
) -> None:
    """Number the migrations 0001, 0002 … in place of random letters."""
    script = directives[0]
    assert isinstance(script, MigrationScript)
    known = list(ScriptDirectory.from_config(context.config).walk_revisions())
    script.rev_id = f"{len(known) + 1:04d}"


def run(connection: Connection) -> None:
    """Do what the command asked for, within the transaction of ``connection``."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=True,
        render_item=render_item,
        process_revision_directives=number_revision,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    # From the command line: a fresh database at the last migration, to compare the models with.
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'compare.db'}"
        # In a process of its own: Alembic cannot run inside itself.
        script = "import sys; from server.database import migrate; migrate(sys.argv[1])"
        subprocess.run([sys.executable, "-c", script, url], check=True)
        engine = open_engine(url)
        with engine.connect() as connection:
            run(connection)
        engine.dispose()
