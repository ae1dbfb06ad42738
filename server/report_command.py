"""``motcua report``: the settlement report on the command line."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from server.database import Database, migrate
from server.reports.settlement import Period, settlement
from server.reports.tables import settlement_text, settlement_workbook
from server.settings import load_settings
from server.web import office_or_404

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--office", metavar="SLUG", required=True, help="The office meant.")
@click.option("--from", "begin", type=DAY, required=True, help="The first day.")
@click.option("--to", "end", type=DAY, required=True, help="The last day.")
@click.option("--children", is_flag=True, help="Also the offices below.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "xlsx"]),
    default="table",
    show_default=True,
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder (default: MOTCUA_DATA, else ./var).",
)
def report(
    office: str,
    begin: datetime,
    end: datetime,
    children: bool,
    form: str,
    out: Path | None,
    data: Path | None,
) -> None:
    """The settlement of the dossiers received in a period, as seen at its end."""
    if begin > end:
        raise click.UsageError("--to is before --from.")
    settings = load_settings(data)
    migrate(settings.sqlalchemy_url)
    with Database(settings.sqlalchemy_url).read() as session:
        period = Period(begin.date(), end.date())
        found = settlement(session, office_or_404(session, office), period, children=children)
    if form == "xlsx":
        written = settlement_workbook(found)
    elif form == "json":
        written = (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
    else:
        written = settlement_text(found).encode()
    if out is not None:
        out.write_bytes(written)
        click.echo(out)
    else:
        sys.stdout.buffer.write(written)
