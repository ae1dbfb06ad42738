"""``motcua voice``: what a technician with a microphone types."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from server import cli
from server.offices import sample
from tests.hardware.test_voice import record, tone
from tests.hardware.test_voice_pack import fake_recorder, spoken_pack

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command: exit code, output, messages."""

    def command(*arguments: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["motcua", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return command


@pytest.fixture
def data(tmp_path: Path, run: Run) -> Path:
    """A data folder with the sample hall."""
    file = tmp_path / "hall.toml"
    file.write_text(sample.hall_text(), encoding="utf-8")
    assert run("hall", "load", file, "--data", tmp_path / "data")[0] == 0
    return tmp_path / "data"


def test_the_list_names_files_and_words_and_nothing_else(run: Run) -> None:
    code, out, err = run("voice", "list")
    assert (code, err) == (0, "")
    rows = dict(line.split("\t") for line in out.splitlines())
    assert rows["please-number.wav"] == "Xin mời số"
    assert len(rows) == 147 and out.count("\n") == 147


def test_the_list_of_a_hall_is_short(run: Run, data: Path) -> None:
    code, out, _ = run("voice", "list", "--office", sample.SLUG, "--data", data)
    assert code == 0
    assert out.splitlines()[2] == "letter-a.wav\tA"
    assert len(out.splitlines()) < 40
    code, out, err = run("voice", "list", "--office", "nowhere", "--data", data)
    assert (code, out) == (1, "")
    assert err.count("\n") == 1


def test_check_says_a_line_for_each_problem_and_exits_with_1(run: Run, tmp_path: Path) -> None:
    spoken_pack(tmp_path, "vi")
    assert run("voice", "check", tmp_path)[:2] == (0, "")
    (tmp_path / "vi" / "digit-0.wav").unlink()
    record(tmp_path / "vi" / "digit-1.wav", bytes(20_000))
    code, out, err = run("voice", "check", tmp_path, "--language", "vi")
    assert code == 1
    assert [line.split(": ")[1] for line in out.splitlines()] == [
        "is missing; say “không”",
        "is silent",
    ]
    assert err == "2 problems\n"


def test_recording_goes_through_what_is_missing_and_goes_on_where_it_stopped(
    run: Run, data: Path, tmp_path: Path
) -> None:
    command = fake_recorder(tmp_path, tone(500, 0.6))
    pack = data / "clips"
    options = ("--office", sample.SLUG, "--data", data, "--with", command)
    code, out, err = run("voice", "record", pack, *options, stdin="\n\ns\nq\n")
    assert (code, out) == (1, "")
    assert "Xin mời số" in err and "goes on from here" in err
    assert sorted(path.name for path in (pack / "vi").iterdir()) == [
        "please-number.wav",
        "to-counter.wav",
    ]
    code, _, err = run("voice", "record", pack, *options, stdin="\n" * 60)
    assert code == 0
    assert "2 of " in err and "Xin mời số" not in err
    assert run("voice", "check", pack, "--office", sample.SLUG, "--data", data)[:2] == (0, "")


def test_one_recording_can_be_made_again(run: Run, tmp_path: Path) -> None:
    spoken_pack(tmp_path / "pack", "vi")
    place = tmp_path / "pack" / "vi"
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    command = fake_recorder(tmp_path, tone(900, 1.0))
    code, _, _ = run(
        *("voice", "record", tmp_path / "pack", "--only", "digit-5", "--with", command), stdin="\n"
    )
    assert code == 0
    changed = {path.name for path in place.iterdir() if path.read_bytes() != before[path.name]}
    assert changed == {"digit-5.wav"}
    assert run("voice", "record", tmp_path, "--only", "digit-55")[0] == 2


def test_a_bad_take_is_asked_for_once_more(run: Run, tmp_path: Path) -> None:
    command = fake_recorder(tmp_path, bytes(30_000))
    code, _, err = run(
        *("voice", "record", tmp_path / "p", "--only", "link", "--with", command), stdin="\n\nq\n"
    )
    assert code == 1
    assert err.count("Once more, please: it is silent") == 2


def test_without_a_recorder_the_command_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = run("voice", "record", tmp_path / "pack")
    assert (code, out) == (1, "")
    assert "apt install alsa-utils" in err


def test_the_documented_recorder_option_takes_any_program(run: Run, tmp_path: Path) -> None:
    quiet = f"{sys.executable} -c 'import sys; sys.exit(3)' {{file}} {{seconds}}"
    code, _, err = run(
        *("voice", "record", tmp_path / "p", "--only", "link", "--with", quiet), stdin="\nq\n"
    )
    assert code == 1
    assert "the recorder failed: exit code 3" in err
