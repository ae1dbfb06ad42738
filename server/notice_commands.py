"""``motcua webhook …`` and ``motcua notices …``: programs that are told, and what waits."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import func, select

from server.dossier_commands import data_option, working
from server.dossiers.steps import EVENTS
from server.notices import outbox
from server.notices.models import Notice
from server.notices.notifier import NotSent
from server.notices.signing import new_secret
from server.notices.ways import post_signed
from server.notices.webhooks import (
    TEST,
    active_webhooks,
    add_webhook,
    body_of,
    remove_webhook,
    webhook_of,
)
from server.web import office_or_404

SHOWN = 50
"""So many notices `motcua notices` lists."""


@click.group()
def webhook() -> None:
    """Programs that are told what happens to dossiers; each request is signed."""


@webhook.command("add")
@click.argument("url")
@click.option(
    "--events",
    default="",
    metavar="LIST",
    help=f"Only these, with commas between: {', '.join(sorted(EVENTS.values()))}.",
)
@click.option("--office", metavar="SLUG", help="Of this office and those below; all if left out.")
@click.option("--secret-stdin", is_flag=True, help="Read its secret from standard input.")
@data_option
def webhook_add(
    url: str, events: str, office: str | None, secret_stdin: bool, data: Path | None
) -> None:
    """Tell the program at URL from now on. Prints its id, and once its secret beside the output."""
    secret = sys.stdin.readline().strip() if secret_stdin else new_secret()
    names = [name.strip() for name in events.split(",") if name.strip()]
    with working(data) as session:
        place = office_or_404(session, office) if office else None
        added = add_webhook(session, url, secret, datetime.now(UTC), events=names, office=place)
        made = added.id
    if not secret_stdin:
        click.echo(f"secret, shown this once: {secret}", err=True)
    click.echo(made)


@webhook.command("list")
@data_option
def webhook_list(data: Path | None) -> None:
    """Print the programs that are told, with what waits for them."""
    with working(data) as session:
        for hook in active_webhooks(session):
            waiting = session.scalar(
                select(func.count()).where(
                    Notice.webhook_id == hook.id, Notice.state.in_(outbox.OPEN)
                )
            )
            place = hook.office.slug if hook.office else "(all offices)"
            events = ",".join(hook.events) or "(all events)"
            click.echo(f"{hook.id} {hook.url} {place} {events} waiting={waiting}")


@webhook.command("remove")
@click.argument("id", type=int)
@data_option
def webhook_remove(id: int, data: Path | None) -> None:
    """Tell the program ID no more, not even what still waits."""
    with working(data) as session:
        remove_webhook(session, id, datetime.now(UTC))
    click.echo(id)


@webhook.command("test")
@click.argument("id", type=int)
@data_option
def webhook_test(id: int, data: Path | None) -> None:
    """Send the program ID a signed event `motcua.test` and say what it answered."""
    now = datetime.now(UTC)
    with working(data) as session:
        hook = webhook_of(session, id)
        url, secret = hook.url, hook.secret
    body = body_of(TEST, now.isoformat(), {}).encode()
    try:
        post_signed(url, secret, f"{TEST}-{now:%Y%m%d%H%M%S}", body, now)
    except NotSent as error:
        raise click.ClickException(f"{url}: {error}") from None
    click.echo("taken")


@click.group(invoke_without_command=True)
@click.option("--all", "every", is_flag=True, help="Also those that were sent.")
@data_option
@click.pass_context
def notices(context: click.Context, every: bool, data: Path | None) -> None:
    """Print which notices wait, have failed or were given up, the newest first."""
    if context.invoked_subcommand is not None:
        return
    states = () if every else ("waiting", "sending", "failed", "given-up")
    with working(data) as session:
        for row in session.scalars(outbox.listed(states).limit(SHOWN)):
            code = row.dossier.code if row.dossier else ""
            why = " ".join(part for part in (row.problem, row.detail) if part)
            line = (row.id, row.state, row.lane, row.kind, code, f"attempts={row.attempts}", why)
            click.echo(" ".join(str(part) for part in line if part != ""))
        counted = outbox.counts(session)
    summary = ", ".join(f"{count} {state}" for state, count in sorted(counted.items()))
    click.echo(summary or "no notices", err=True)


@notices.command("retry")
@click.argument("ids", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that have failed or were given up.")
@data_option
def notices_retry(ids: tuple[int, ...], every: bool, data: Path | None) -> None:
    """Try the notices IDS again soon; they have three days once more."""
    if bool(ids) == every:
        raise click.UsageError("Name notices by their ids, or say --all.")
    with working(data) as session:
        chosen = outbox.failed_notices(session) if every else ids
        for one in chosen:
            outbox.retry(session, one, datetime.now(UTC))
    for one in chosen:
        click.echo(one)
