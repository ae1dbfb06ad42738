"""``motcua agent`` on the command line: the program beside a kiosk's printer."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from server import __version__
from server.logs import configure
from server.settings import load_settings


@click.command("agent")
@click.option(
    "--server",
    envvar="MOTCUA_AGENT_SERVER",
    required=True,
    metavar="URL",
    help="Address of the server, for example http://10.0.0.2:8080.",
)
@click.option(
    "--token",
    envvar="MOTCUA_AGENT_TOKEN",
    required=True,
    metavar="T",
    help="What `motcua device add agent` printed. Safer in MOTCUA_AGENT_TOKEN: other users of"
    " this computer can read a command line.",
)
@click.option(
    "--printer",
    envvar="MOTCUA_AGENT_PRINTER",
    required=True,
    metavar="URI",
    help="The printer, for example usb://04b8:0e15; see `motcua printer test`.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where its state file is (default: MOTCUA_DATA, else ./var).",
)
def agent(server: str, token: str, printer: str, data: Path | None) -> None:
    """Print the slips of one printer for a server elsewhere."""
    from hardware.agent import NotAccepted
    from hardware.agent.memory import InUse
    from hardware.agent.program import run_agent
    from hardware.printers import PrinterError

    settings = load_settings(data)
    configure(settings, sys.stderr)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        run_agent(
            server,
            token.strip(),
            printer,
            folder=settings.data,
            version=__version__,
            say=lambda words: click.echo(words, err=True),
        )
    except (PrinterError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    except InUse as error:
        raise click.ClickException(f"{error}. Stop the other one first.") from None
    except NotAccepted as error:
        raise click.ClickException(
            f"the server does not accept this token: {error} "
            "Make one with `motcua device add agent NAME --office SLUG` on the server."
        ) from None
