"""``motcua voice``: what to record, whether a folder of recordings is good, and recording it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hardware.voice import checking, recording
from hardware.voice.pack import Recording, needed, recordings
from hardware.voice.phrases import FRAMES
from server.database import Database, migrate
from server.settings import load_settings
from server.web import office_or_404

FOLDER = click.Path(file_okay=False, path_type=Path)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What the three have in common: which recordings it is about."""
    for option in (
        click.option(
            "--data",
            type=FOLDER,
            help="With --office: the data folder (default: MOTCUA_DATA, else ./var).",
        ),
        click.option(
            "--office",
            metavar="SLUG",
            help="Only what this hall's calls need; without it, what any hall's do.",
        ),
        click.option(
            "--language",
            type=click.Choice(list(FRAMES)),
            default="vi",
            show_default=True,
            help="The language that is spoken.",
        ),
    ):
        command = option(command)
    return command


@click.group()
def voice() -> None:
    """The recorded voice: docs/voice.md."""


@voice.command("list")
@_options
def list_recordings(language: str, office: str | None, data: Path | None) -> None:
    """Print what to record: file name and words, a tab between."""
    for wanted in _wanted(language, office, data):
        click.echo(f"{wanted.name}.wav\t{wanted.words}")


@voice.command()
@click.argument("folder", type=FOLDER)
@_options
def check(folder: Path, language: str, office: str | None, data: Path | None) -> None:
    """Say what is missing or unusable in FOLDER/LANGUAGE, a line each; exit code 1 then."""
    wanted = _wanted(language, office, data)
    found = list(checking.problems(folder, language, wanted))
    for problem in found:
        click.echo(problem)
    if found:
        click.echo(f"{len(found)} problems", err=True)
        sys.exit(1)
    click.echo(f"{len(wanted)} recordings of {folder / language} are fine", err=True)


@voice.command()
@click.argument("folder", type=FOLDER)
@_options
@click.option(
    "--with",
    "command",
    metavar="COMMAND",
    help="A recorder of your own; {file} is where it writes a WAV file, {seconds} for how long.",
)
@click.option("--only", metavar="NAME", multiple=True, help="This one, also when it is there.")
@click.option("--again", is_flag=True, help="Also those that are there already.")
def record(
    folder: Path,
    language: str,
    office: str | None,
    data: Path | None,
    command: str | None,
    only: tuple[str, ...],
    again: bool,
) -> None:
    """Record into FOLDER/LANGUAGE what is still missing, one after the other."""
    wanted = _wanted(language, office, data)
    chosen = {name.removesuffix(".wav") for name in only}
    if unknown := chosen - {each.name for each in wanted}:
        raise click.UsageError(f"no recording is called {', '.join(sorted(unknown))}")
    place = folder / language
    todo = [
        each
        for each in wanted
        if (each.name in chosen if chosen else again or not _good(place, each))
    ]
    try:
        listener = command or recording.recorder()
    except recording.NotRecorded as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{len(wanted) - len(todo)} of {len(wanted)} are there already", err=True)
    for place_in_list, each in enumerate(todo, start=1):
        if not _recorded(place, each, f"{place_in_list}/{len(todo)}", listener):
            click.echo("stopped; the same command goes on from here", err=True)
            sys.exit(1)
    click.echo(f"done; see with: motcua voice check {folder} --language {language}", err=True)


def _recorded(place: Path, wanted: Recording, progress: str, listener: str) -> bool:
    """Asks until it is recorded or passed over; false when the speaker wants to stop."""
    while True:
        click.echo(f"\n[{progress}]  {wanted.words}", err=True)
        answer = click.prompt(
            f"Enter, then speak within {recording.SECONDS} s (s: skip, q: stop)",
            default="",
            show_default=False,
            err=True,
        )
        if answer in ("s", "q"):
            return bool(answer == "s")
        try:
            seconds = recording.take(listener, place / f"{wanted.name}.wav")
        except recording.NotRecorded as error:
            click.echo(f"Once more, please: {error}", err=True)
            continue
        click.echo(f"{wanted.name}.wav, {seconds:.1f} s", err=True)
        return True


def _good(place: Path, wanted: Recording) -> bool:
    path = place / f"{wanted.name}.wav"
    return path.is_file() and checking.problem_of(path) is None


def _wanted(language: str, office: str | None, data: Path | None) -> list[Recording]:
    if office is None:
        return recordings(language)
    settings = load_settings(data)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    try:
        with database.read() as session:
            hall = office_or_404(session, office)
            spoken = hall.words.get("voice", {})
            return needed(
                language,
                [service.letter for service in hall.services if service.active],
                [counter.number for counter in hall.counters if counter.active],
                whole_numbers=bool(spoken.get("whole_numbers", False)),
                link=str(spoken.get("link", "lẻ")),
            )
    finally:
        database.close()
