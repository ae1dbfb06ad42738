"""``motcua dossiers …``: what an office needs before it can receive dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from server.database import Database, migrate
from server.dossiers.agencies import set_agency
from server.dossiers.calendar import CERTAINTIES, Day, differences
from server.dossiers.daysoff import calendar_of, set_day
from server.dossiers.numbering import set_pattern
from server.settings import load_settings
from server.web import office_or_404

DAY = click.DateTime(["%Y-%m-%d"])
ACTOR = "command-line"

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder (default: MOTCUA_DATA, else ./var).",
)
office_option = click.option("--office", metavar="SLUG", required=True, help="The office meant.")


@click.group()
def dossiers() -> None:
    """Dossiers: their codes, the agencies behind the hall, the calendar."""


@dossiers.command("codes")
@click.argument("agency")
@office_option
@click.option("--digits", type=click.IntRange(4, 6), default=4, show_default=True)
@click.option("--from", "begins", type=DAY, help="From this date on; without it, from ever.")
@data_option
def codes(
    agency: str, office: str, digits: int, begins: datetime | None, data: Path | None
) -> None:
    """Make dossier codes with the identifier AGENCY, in this office and those below it."""
    with working(data) as session:
        pattern = set_pattern(
            session,
            office_or_404(session, office),
            agency,
            digits=digits,
            valid_from=_date(begins),
            now=datetime.now(UTC),
            actor=ACTOR,
        )
    click.echo(pattern.agency)


@dossiers.command("agency")
@click.argument("code")
@click.argument("name")
@office_option
@click.option("--en", default="", help="The name in English.")
@click.option("--head", help="Who answers for it.")
@click.option("--head-email", help="Where reminders go before and when a share is used up.")
@click.option("--from", "begins", type=DAY, help="It works from this date on.")
@click.option("--to", "ends", type=DAY, help="The last date it works.")
@data_option
def agency(
    code: str,
    name: str,
    office: str,
    en: str,
    head: str | None,
    head_email: str | None,
    begins: datetime | None,
    ends: datetime | None,
    data: Path | None,
) -> None:
    """Add the agency CODE, which dossiers of this office and those below are handed to."""
    names = {"vi": name} | ({"en": en} if en else {})
    with working(data) as session:
        place = office_or_404(session, office)
        set_agency(
            session,
            place,
            code,
            names,
            head_name=head,
            head_email=head_email,
            valid_from=_date(begins),
            valid_to=_date(ends),
            now=datetime.now(UTC),
            actor=ACTOR,
        )
    click.echo(code)


@dossiers.command("day")
@click.argument("day", type=DAY)
@click.argument("kind", type=click.Choice(["off", "work"]))
@click.argument("name")
@click.option("--source", required=True, help="The decision that says so.")
@click.option("--certainty", type=click.Choice(CERTAINTIES), default="verified", show_default=True)
@click.option("--from", "begins", type=DAY, help="For dossiers received from this date on.")
@click.option("--everywhere", is_flag=True, help="In every office, not only here and below.")
@office_option
@data_option
def day_off(
    day: datetime,
    kind: str,
    name: str,
    source: str,
    certainty: str,
    begins: datetime | None,
    everywhere: bool,
    office: str,
    data: Path | None,
) -> None:
    """Enter a day off, or a make-up day that is worked."""
    row = Day(day.date(), kind == "work", {"vi": name}, source, certainty, valid_from=_date(begins))
    with working(data) as session:
        place = office_or_404(session, office)
        now = datetime.now(UTC)
        set_day(session, place, row, everywhere=everywhere, now=now, actor=ACTOR)
    click.echo(f"{row.day} {kind}")


@dossiers.command("calendar")
@click.argument("year", type=int)
@office_option
@data_option
def calendar(year: int, office: str, data: Path | None) -> None:
    """Print the days of a YEAR that the calendar names, and where another source disagrees."""
    with working(data) as session:
        place = office_or_404(session, office)
        known = calendar_of(session, place, datetime.now(UTC).date())
    for one in differences(known, year):
        said = "work" if one.ours else "off"
        theirs = "work" if one.theirs else "off"
        click.echo(f"{one.day}: {said} here, {theirs} in `holidays` ({one.reason})", err=True)
    for row in sorted(known.days.values(), key=lambda row: row.day):
        if row.day.year == year:
            kind = "work" if row.working else "off"
            click.echo(f"{row.day} {kind:4} {row.certainty:8} {row.names['vi']} ({row.source})")


@contextmanager
def working(data: Path | None) -> Iterator[Session]:
    """One transaction on the installation in a data folder, for a command."""
    settings = load_settings(data)
    migrate(settings.sqlalchemy_url)
    with Database(settings.sqlalchemy_url).transaction() as session:
        yield session


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
