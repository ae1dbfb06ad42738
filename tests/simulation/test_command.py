"""``motcua simulate half-year`` as somebody types it, and the report that they ask for then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from server.simulation.scenario import default_text
from tests.commandline import Ran

Run = Callable[..., Ran]

TINY = """
begin = 2019-06-17
end = 2019-06-30
until = 2019-07-03
seed = 1
together = { district = [1.0], commune = [1.0] }

[[office]]
slug = "vinh-thuan"
kind = "district"
codes = "H33.14"
on_time = 3
not_due = 2
late = 1

[[office]]
slug = "binh-minh"
name = "xã Bình Minh"
kind = "commune"
codes = "H33.14.22"
on_time = 2

[[work]]
at = "district"
procedure = "1.001612"
often = 1
minutes = 8

[[work]]
at = "commune"
procedure = "2.000815"
often = 1
minutes = 5
"""


def test_the_half_year_is_played_and_reported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text(TINY, "utf-8")
    played = run("simulate", "half-year", "--scenario", str(file), "--seed", "5")
    assert (played.code, played.out) == (0, "vinh-thuan\n")
    assert "Bộ phận Tiếp nhận và Trả kết quả xã Bình Minh" in played.err
    period = ("--from", "2019-06-17", "--to", "2019-06-30")
    asked = run("report", "--office", "vinh-thuan", *period, "--children", "--format", "json")
    report = json.loads(asked.out)
    figures = [report[name] for name in ("received", "on_time", "not_due", "late")]
    assert figures == [6, 3, 2, 1]
    assert report["share"] == {"on_time": 50.0, "not_due": 33.3, "late": 16.7}
    assert (report["below"]["received"], report["below"]["on_time"]) == (2, 2)

    again = run("simulate", "half-year", "--scenario", str(file))
    assert (again.code, again.out) == (1, "")
    assert again.err.strip().splitlines()[-1].startswith("motcua: There are 3 offices here already")


def test_a_file_with_problems_is_one_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(default_text().replace("late = 77", 'late = "many"'), "utf-8")
    refused = run("simulate", "half-year", "--scenario", str(file))
    assert (refused.code, refused.out) == (1, "")
    assert len(refused.err.strip().splitlines()) == 1
    assert "wrong.toml: office.0.late: Input should be a valid integer" in refused.err


@pytest.mark.parametrize("arguments", [("--scenario", "no-such.toml"), ("--seed", "x")])
def test_wrong_use_is_exit_code_2(run: Run, arguments: tuple[str, str]) -> None:
    assert run("simulate", "half-year", *arguments).code == 2
