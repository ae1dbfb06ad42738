"""The ``motcua`` command. Results go alone to standard output, everything else to standard error.

Exit codes: 0 done, 1 refused or failed (one line says why and what to do), 2 wrong use.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from server import __version__, demo
from server.agentcommand import agent
from server.check_command import check
from server.database import Database, migrate
from server.dossier_commands import dossiers
from server.dossiers.agencies import agency_of
from server.errors import Refused
from server.exchange_commands import import_file  # noqa: F401  (its commands)
from server.notice_commands import notices, webhook
from server.offices import hallfile
from server.offices.hallproblems import HallFileError
from server.offices.procedurereading import read_catalogue
from server.offices.procedures import ProcedureFileError, load_procedures
from server.offices.procedurewriting import export_procedures
from server.people.access import ROLES
from server.people.accounts import add_person, add_token
from server.people.devices import printer_for
from server.report_command import report
from server.settings import Settings, load_settings
from server.simulate_command import simulate
from server.voicecommands import voice
from server.web import office_or_404

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder (default: MOTCUA_DATA, else ./var).",
)
office_option = click.option("--office", metavar="SLUG", help="Where it holds; all if left out.")
PORT = click.IntRange(1, 65535)
HELD_S = 120
"""How long `motcua printer test` waits for somebody to put in paper, in seconds."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def main() -> None:
    """The entry point: turns what went wrong into one line and an exit code."""
    try:
        motcua(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (HallFileError, ProcedureFileError) as error:
        _fail("\n".join(error.problems))
    except (Refused, SQLAlchemyError, OSError, ValueError) as error:
        _fail(" ".join(str(error).split()))


def _fail(words: str) -> None:
    click.echo(f"motcua: {words}" if "\n" not in words else words, err=True)
    sys.exit(1)


@click.group()
@click.version_option(__version__, prog_name="motcua")
def motcua() -> None:
    """Một Cửa: queue numbers, slips, calls and phone pages for a one-stop reception hall."""


motcua.add_command(voice)
motcua.add_command(agent)


@motcua.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=PORT, default=8080, show_default=True, help="The port to listen on.")
@data_option
def serve(host: str, port: int, data: Path | None) -> None:
    """Serve the halls of a data folder."""
    settings = load_settings(data)
    migrate(settings.sqlalchemy_url)
    _serve(settings, host, port)


@motcua.command("demo")
@click.option("--port", type=PORT, default=8080, show_default=True, help="The port to listen on.")
@data_option
def serve_demo(port: int, data: Path | None) -> None:
    """Serve the sample hall, with sample sign-ins, on this machine only."""
    settings = load_settings(data, demo=True)
    database = _open(settings)
    with database.transaction() as session:
        signins = demo.load(session, settings, datetime.now(UTC))
    database.close()
    _serve(settings, "127.0.0.1", port, signins=signins)


def _serve(
    settings: Settings, host: str, port: int, signins: list[dict[str, str]] | None = None
) -> None:
    from server import serving

    address = serving.own_address(host, port)

    def ready() -> None:
        database = Database(settings.sqlalchemy_url)
        click.echo(demo.screens(database, address, signins or [], settings.data), err=True)
        database.close()

    serving.serve(settings, host, port, signins=signins or [], ready=ready)


@motcua.group()
def hall() -> None:
    """Offices as files."""


@hall.command("load")
@click.argument("file", type=FILE)
@data_option
def hall_load(file: Path, data: Path | None) -> None:
    """Create or update offices from FILE (TOML); loading it twice changes nothing."""
    database = _open(load_settings(data))
    with database.transaction() as session:
        loaded = hallfile.load(
            session, file.read_text(encoding="utf-8"), file=str(file), now=datetime.now(UTC)
        )
        for office in loaded:
            click.echo(f"{office.slug}: {office.outcome}", err=True)
    for office in loaded:
        click.echo(office.slug)


@hall.command("export")
@office_option
@data_option
def hall_export(office: str | None, data: Path | None) -> None:
    """Print the hall file of an office, or of all of them."""
    with _open(load_settings(data)).read() as session:
        if office:
            office_or_404(session, office)
        click.echo(hallfile.export(session, office), nl=False)


@motcua.group()
def procedures() -> None:
    """The procedure catalogue."""


@procedures.command("load")
@click.argument("file", type=FILE)
@data_option
def procedures_load(file: Path, data: Path | None) -> None:
    """Load procedures and fees from FILE (CSV); loading it twice changes nothing."""
    text = read_catalogue(file)
    with _open(load_settings(data)).transaction() as session:
        count = load_procedures(session, text, file=str(file))
    click.echo(f"{count} procedures changed", err=True)


@procedures.command("export")
@data_option
def procedures_export(data: Path | None) -> None:
    """Print the catalogue as CSV, as `motcua procedures load` reads it."""
    with _open(load_settings(data)).read() as session:
        click.echo(export_procedures(session).encode(), nl=False)


@motcua.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--agency", metavar="CODE", help="Where an officer works: an agency of the office.")
@click.option("--display-name", default="", help="The name colleagues see.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@office_option
@data_option
def user_add(
    name: str,
    role: str,
    agency: str | None,
    display_name: str,
    password_stdin: bool,
    office: str | None,
    data: Path | None,
) -> None:
    """Add a person, or give an existing one a new role and password."""
    if (role == "officer") != bool(agency and office):
        raise click.UsageError("An officer has an --office and an --agency; nobody else has one.")
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    with _open(load_settings(data)).transaction() as session:
        place = office_or_404(session, office) if office else None
        works_at = agency_of(session, place, agency, date.today()) if place and agency else None
        person = add_person(
            session,
            name,
            password,
            role=role,
            office=works_at.office if works_at else place,
            agency_id=works_at.id if works_at else None,
            display_name=display_name,
            now=datetime.now(UTC),
        )
        added = person.id
    click.echo(added)


@motcua.group()
def device() -> None:
    """Kiosks, displays and agents."""


@device.command("add")
@click.argument("kind", type=click.Choice(["kiosk", "display", "agent"]))
@click.argument("name")
@click.option("--office", metavar="SLUG", required=True, help="The hall it stands in.")
@click.option(
    "--printer",
    metavar="NAME",
    help="The hall file's name of the printer a kiosk's slips come out of, or an agent prints on"
    " (default: one called NAME, else the hall's first).",
)
@data_option
def device_add(kind: str, name: str, office: str, printer: str | None, data: Path | None) -> None:
    """Add a device and print its token, once."""
    if printer and kind == "display":
        raise click.UsageError("A display has no printer.")
    _add_token(name, kind, office, data, printer)


@motcua.group()
def token() -> None:
    """Other programs."""


@token.command("add")
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(["kiosk", "counter", "dossiers", "reports", "admin"]),
    required=True,
)
@office_option
@data_option
def token_add(name: str, scope: str, office: str | None, data: Path | None) -> None:
    """Add a program and print its token, once."""
    _add_token(name, scope, office, data)


def _add_token(
    name: str, scope: str, office: str | None, data: Path | None, printer: str | None = None
) -> None:
    with _open(load_settings(data)).transaction() as session:
        place = office_or_404(session, office) if office else None
        chosen = printer_for(place, scope, name, printer) if place else None
        made = add_token(
            session, name, scope=scope, office=place, printer=chosen, now=datetime.now(UTC)
        )
        if chosen is not None:
            click.echo(f"{name}: printer {chosen.name}", err=True)
    click.echo(made)


@motcua.group()
def printer() -> None:
    """Slip printers."""


@printer.command("test")
@click.argument("uri")
@data_option
def printer_test(uri: str, data: Path | None) -> None:
    """Print a test slip on URI and say what the printer answered."""
    from hardware.printers import PrinterError, open_printer
    from hardware.raster import draw
    from hardware.slips import sample_slip

    settings = load_settings(data)
    try:
        device = open_printer(uri, folder=settings.data)
    except PrinterError as error:
        raise click.UsageError(str(error)) from None
    slip = sample_slip(
        settings.public_url or "https://example.org",
        printed_at=f"{datetime.now():%H:%M · %d/%m/%Y}",
    )
    outcome = device.print_image(draw(slip), "test")
    if outcome.state == "held":
        click.echo(f"the printer waits ({', '.join(outcome.reasons)}) and then goes on", err=True)
    until = time.monotonic() + HELD_S
    while outcome.state == "held" and time.monotonic() < until:
        time.sleep(1)
        outcome = device.held_outcome()
    device.close()
    reasons = f" ({', '.join(outcome.reasons)})" if outcome.reasons else ""
    click.echo(f"{outcome.state}{reasons}{': ' + outcome.detail if outcome.detail else ''}")
    if outcome.state != "printed":
        sys.exit(1)


motcua.add_command(dossiers)
motcua.add_command(report)
motcua.add_command(simulate)
motcua.add_command(webhook)
motcua.add_command(notices)
motcua.add_command(check)


def _open(settings: Settings) -> Database:
    migrate(settings.sqlalchemy_url)
    return Database(settings.sqlalchemy_url)
