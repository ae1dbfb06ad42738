"""``motcua simulate half-year``: six months of a district, played into an empty data folder."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from server.database import Database, migrate
from server.settings import load_settings
from server.simulation.outcome import settled, unmet
from server.simulation.playing import play
from server.simulation.scenario import read_scenario

SELDOM = 100_000
"""So many new objects before Python looks for garbage: a day's objects are needed until it ends,
and looking through them every few hundred took a tenth of the time."""


@click.group()
def simulate() -> None:
    """Play what happens in halls, for trials and teaching."""


@simulate.command("half-year")
@click.option("--seed", type=int, help="Another course of the same figures (default: the file's).")
@click.option(
    "--scenario",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another scenario (TOML; default: January to June 2019 of Vĩnh Thuận).",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder (default: MOTCUA_DATA, else ./var). It must be empty.",
)
def half_year(seed: int | None, file: Path | None, data: Path | None) -> None:
    """Play a half-year of reception offices into a data folder; takes minutes.

    Tickets, dossiers, supplements, agencies, apologies and results of a district and its communes,
    all by the product's own commands. Ask `motcua report` for what came of it.
    """
    scenario = read_scenario(file)
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    settings = load_settings(data)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    with (
        _seldom_collecting(),
        click.progressbar(
            length=scenario.received,
            label=f"{scenario.begin} – {scenario.end}",
            file=sys.stderr,
            show_pos=True,
        ) as bar,
    ):
        play(database, scenario, secret=settings.secret_key or "", tell=bar.update)
    missed = unmet(database, scenario)
    if missed:
        raise click.ClickException(
            "The halls could not do what the scenario wants; give it more days, or fewer "
            f"dossiers: {'; '.join(missed)}"
        )
    click.echo(settled(database, scenario), err=True)
    click.echo(scenario.office[0].slug)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
