"""The command line as the contract has it: what it prints where, and its exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.database import Database
from server.offices import sample
from server.people.accounts import find_token, password_hash_of, password_is
from server.settings import load_settings
from tests.commandline import Ran


@pytest.fixture
def hall_file(tmp_path: Path) -> Path:
    file = tmp_path / "hall.toml"
    file.write_text(sample.hall_text(), encoding="utf-8")
    return file


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(load_settings(tmp_path / "data").sqlalchemy_url)


def test_a_hall_is_loaded_and_exported_as_the_same_file(
    run: Callable[..., Ran], hall_file: Path
) -> None:
    loaded = run("hall", "load", str(hall_file))
    assert (loaded.code, loaded.out.split()) == (0, ["kien-giang", "vinh-thuan"])
    assert "created" in loaded.err
    again = run("hall", "load", str(hall_file))
    assert again.code == 0
    assert "created" not in again.err
    exported = run("hall", "export")
    assert exported.out == hall_file.read_text(encoding="utf-8")


def test_a_wrong_hall_file_names_line_and_field_and_changes_nothing(
    run: Callable[..., Ran], hall_file: Path
) -> None:
    text = hall_file.read_text(encoding="utf-8")
    hall_file.write_text(text.replace('letter = "B"', 'letter = "A"'), encoding="utf-8")
    line = text[: text.index('letter = "B"')].count("\n") + 1
    refused = run("hall", "load", str(hall_file))
    assert refused.code == 1
    assert f"hall.toml:{line}:" in refused.err
    assert "letter" in refused.err
    assert run("hall", "export").out == ""


def test_a_person_signs_in_with_the_password_from_standard_input(
    run: Callable[..., Ran], hall_file: Path, database: Database
) -> None:
    run("hall", "load", str(hall_file))
    arguments = ("user", "add", "lan", "--role", "clerk", "--office", "vinh-thuan")
    added = run(*arguments, "--password-stdin", stdin="correct horse\n")
    assert added.code == 0
    with database.read() as session:
        person_id, password_hash = password_hash_of(session, "lan")
    assert added.out.strip() == str(person_id)
    assert password_is(password_hash, "correct horse")
    short = run("user", "add", "hung", "--role", "clerk", "--password-stdin", stdin="short\n")
    assert short.code == 1
    assert "8" in short.err


@pytest.mark.parametrize(
    ("arguments", "scope"),
    [
        (("device", "add", "kiosk", "k1"), "kiosk"),
        (("device", "add", "display", "d1"), "display"),
        (("token", "add", "desks", "--scope", "counter"), "counter"),
    ],
)
def test_a_token_stands_alone_on_standard_output(
    run: Callable[..., Ran],
    hall_file: Path,
    database: Database,
    arguments: tuple[str, ...],
    scope: str,
) -> None:
    run("hall", "load", str(hall_file))
    made = run(*arguments, "--office", "vinh-thuan")
    assert made.code == 0
    assert len(made.out.splitlines()) == 1
    with database.read() as session:
        found = find_token(session, made.out.strip())
    assert found is not None
    assert found.scope == scope


def test_procedures_are_loaded_once(run: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "procedures.csv"
    file.write_text(sample.procedures_text(), encoding="utf-8")
    assert run("procedures", "load", str(file)).err.startswith("53 ")
    assert run("procedures", "load", str(file)).err.startswith("0 ")


def test_a_test_slip_comes_out_and_a_missing_printer_is_said(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    printed = run("printer", "test", "virtual:slips")
    assert (printed.code, printed.out[:8]) == (0, "printed:")
    assert list((tmp_path / "data" / "slips").glob("*.png"))
    gone = run("printer", "test", "network://127.0.0.1:1")
    assert gone.code == 1
    assert gone.out.startswith("failed (offline)")
    assert run("printer", "test", "teletype://x").code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hall", "load", "no-such-file.toml"), 2),
        (("user", "add", "lan", "--role", "king"), 2),
        (("device", "add", "kiosk", "k1", "--office", "nowhere"), 1),
        (("no-such-command",), 2),
    ],
)
def test_refusals_are_one_line_on_standard_error(
    run: Callable[..., Ran], arguments: tuple[str, ...], code: int
) -> None:
    refused = run(*arguments)
    assert refused.code == code
    assert refused.out == ""
    assert refused.err.strip()
    if code == 1:
        assert len(refused.err.strip().splitlines()) == 1
