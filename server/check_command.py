"""``motcua check``: the health of this installation, a line for each thing looked at."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from server.checking.everything import check_everything
from server.database import Database
from server.settings import load_settings


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder (default: MOTCUA_DATA, else ./var).",
)
def check(data: Path | None) -> None:
    """Say in words how this installation is; changes nothing.

    Each line begins with ok, attention or fault. The exit code is 1 when there is a fault.
    """
    database = Database(load_settings(data).sqlalchemy_url)
    faults = 0
    for finding in check_everything(database, datetime.now(UTC).date()):
        click.echo(finding)
        faults += finding.level == "fault"
    if faults:
        sys.exit(1)
