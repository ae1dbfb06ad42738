"""``motcua printer test URI``: a real process, a test slip, and what the printer truly answered."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import zxingcpp

from tests.hardware.fake_printer import FakePrinter, plugged_in, running

ON_A_CABLE = ("serial://{}?baudrate=115200", "file://{}")


def start(uri: str, data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "server", "printer", "test", uri, "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def try_out(uri: str, data: Path) -> tuple[int, str]:
    """Exit code, and what was said."""
    process = start(uri, data)
    said, error = process.communicate(timeout=60)
    return process.returncode, (said + error).strip()


def is_the_test_slip(fake: FakePrinter) -> bool:
    (slip,) = fake.slips
    return [code.text for code in zxingcpp.read_barcodes(slip)] == ["https://example.org"]


def test_a_network_printer_prints_and_says_so(tmp_path: Path) -> None:
    with running() as fake:
        assert try_out(fake.uri, tmp_path) == (0, "printed")
        assert is_the_test_slip(fake)


@pytest.mark.parametrize("uri", ON_A_CABLE)
def test_a_printer_on_a_cable_prints_and_says_so(tmp_path: Path, uri: str) -> None:
    with plugged_in() as fake:
        assert try_out(uri.format(fake.path), tmp_path) == (0, "printed")
        assert is_the_test_slip(fake)


def test_without_a_printer_the_slip_is_a_picture(tmp_path: Path) -> None:
    code, said = try_out("virtual:slips", tmp_path)
    (picture,) = (tmp_path / "slips").glob("*.png")
    assert (code, said) == (0, f"printed: {picture}")


@pytest.mark.parametrize(
    ("how", "reasons"),
    [
        ({"paper": "out"}, "paper-out"),
        ({"cover_open": True}, "cover-open"),
        ({"answers": False}, "timeout"),
        ({"greeting": b"HTTP/1.1 400 Bad Request\r\n"}, "rejected"),
    ],
)
def test_a_printer_that_cannot_print_says_why(
    tmp_path: Path, how: dict[str, object], reasons: str
) -> None:
    with running(**how) as fake:
        code, said = try_out(fake.uri, tmp_path)
        assert (code, said.split(":")[0]) == (1, f"failed ({reasons})")
        assert fake.slips == []


@pytest.mark.parametrize("uri", ON_A_CABLE)
def test_a_silent_cable_is_not_fine(tmp_path: Path, uri: str) -> None:
    with plugged_in(answers=False) as fake:
        code, said = try_out(uri.format(fake.path), tmp_path)
        assert code == 1
        assert said.startswith("failed (timeout)")


def test_nearly_no_paper_is_told_with_the_good_news(tmp_path: Path) -> None:
    with running(paper="low") as fake:
        code, said = try_out(fake.uri, tmp_path)
        assert code == 0
        assert said.startswith("printed (paper-near-end)")


def test_paper_may_be_put_in_while_it_waits(tmp_path: Path) -> None:
    with running(runs_out_after=100) as fake:
        process = start(fake.uri, tmp_path)
        assert process.stderr is not None
        assert "waits (paper-out)" in process.stderr.readline()
        fake.runs_out_after, fake.paper = None, "ok"
        said, _ = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, "printed\n")
        assert is_the_test_slip(fake)


def test_two_tests_at_once_do_not_print_into_each_other(tmp_path: Path) -> None:
    with plugged_in() as fake:
        answers: list[tuple[int, str]] = []
        uri = f"serial://{fake.path}?baudrate=115200"
        threads = [
            threading.Thread(target=lambda: answers.append(try_out(uri, tmp_path)))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert fake.at_once == 1
        assert sorted(code for code, _ in answers)[0] == 0
        for code, said in answers:
            assert code == 0 or "in use" in said, said
