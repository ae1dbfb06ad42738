"""``motcua dossiers import``, ``export`` and ``continue``: exchange without HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from server.database import Database, migrate
from server.dossier_commands import ACTOR, data_option, dossiers
from server.exchange.exporting import Cursor, choose, told
from server.exchange.importing import Workplace, import_message
from server.exchange.models import DONE, ExchangeMessage
from server.exchange.outcomes import outcomes, summary
from server.exchange.receiving import Letter, receive, spooled
from server.exchange.worker import NICENESS
from server.exchange.writing import csv_lines, json_lines
from server.people.access import Asker
from server.reports.states import below
from server.settings import Settings, load_settings
from server.web import office_or_404
from server.words import translate

FORMS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
MOST_SHOWN = 50


@dossiers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="The system the file comes from.")
@click.option("--all-or-nothing", is_flag=True, help="Nothing goes in if one row is refused.")
@data_option
def import_file(file: Path, source: str, all_or_nothing: bool, data: Path | None) -> None:
    """Read in FILE, a .csv or .jsonl of dossiers; sending it again changes nothing."""
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise click.UsageError(f"{file}: is neither .csv nor .jsonl.")
    settings, work = _workplace(data)
    letter = Letter(
        form, Asker(grant="scope:admin", actor=ACTOR), source, file.name, all_or_nothing
    )
    with (
        file.open("rb") as stream,
        spooled(stream, settings.data) as incoming,
        work.database.transaction() as session,
    ):
        message, _ = receive(session, incoming, letter, settings.data, datetime.now(UTC))
        number = message.id
    state = import_message(work, number)
    _tell(work, number)
    click.echo(number)
    if state != DONE or _refused(work, number):
        sys.exit(1)


@dossiers.command("export")
@click.option("--office", metavar="SLUG", required=True, help="The office meant.")
@click.option("--children", is_flag=True, help="Also the offices below.")
@click.option("--after", default="", help="Only what has changed since: the line told at the end.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl"]), default="jsonl", show_default=True
)
@data_option
def export_file(office: str, children: bool, after: str, form: str, data: Path | None) -> None:
    """Print dossiers as `motcua dossiers import` reads them; says where to go on."""
    _, work = _workplace(data)
    cursor, more = Cursor.read(after), True
    with work.database.read() as session:
        offices = [office_or_404(session, office)]
        if children:
            offices += [one for some in below(session, offices[0]).values() for one in some]

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal cursor, more
        while more:
            with work.database.read() as session:
                chosen = choose(session, offices, cursor)
            yield from told(work.database, chosen.ids)
            cursor, more = chosen.after, chosen.more

    for line in csv_lines(rows()) if form == "csv" else json_lines(rows()):
        sys.stdout.buffer.write(line.encode())
    click.echo(f"--after {cursor}", err=True)


@dossiers.command("continue", hidden=True)
@click.argument("message", type=int)
@data_option
def continue_import(message: int, data: Path | None) -> None:
    """Read in MESSAGE, or go on with it: what the server calls for large ones."""
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    _, work = _workplace(data)
    import_message(work, message)


def _workplace(data: Path | None) -> tuple[Settings, Workplace]:
    settings = load_settings(data)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    assert settings.secret_key is not None
    return settings, Workplace(
        database, settings.data, settings.secret_key, lambda: datetime.now(UTC)
    )


def _tell(work: Workplace, number: int) -> None:
    """The counts, and what was refused, on standard error."""
    with work.database.read() as session:
        shown = summary(session, session.get_one(ExchangeMessage, number), _words)
    counts = ", ".join(f"{count} {name}" for name, count in shown["counts"].items())
    click.echo(f"{shown['state']}: {shown['rows']} rows; {counts}", err=True)
    refused = [one for one in outcomes(work.database, number, _words) if "detail" in one]
    for one in (*shown["problems"], *refused)[:MOST_SHOWN]:
        where = f"{one['row']}: {one['field']}" if one["field"] else str(one["row"])
        click.echo(f"{where}: {one['detail']}", err=True)


def _refused(work: Workplace, number: int) -> int:
    with work.database.read() as session:
        shown = summary(session, session.get_one(ExchangeMessage, number), _words)
    return int(shown["counts"]["refused"])


def _words(message: str, **params: object) -> str:
    return translate("en", message, **params)
