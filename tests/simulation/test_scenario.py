"""A scenario file that will not do is refused with its place and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.database import Database
from server.errors import Invalid, Refused
from server.offices.models import Office
from server.simulation.playing import play
from server.simulation.scenario import (
    Scenario,
    default_text,
    parse_scenario,
    read_scenario,
)
from tests.simulation.conftest import SECRET


def test_a_file_is_read_as_it_says(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(default_text().replace("late = 77", "late = 80"), "utf-8")
    assert read_scenario(file).office[0].late == 80
    assert read_scenario().office[0].late == 77


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("seed = 2019", 'seed = "x"', "mine.toml: seed: Input should be a valid integer"),
        ("late = 77", "late = -1", "office.0.late: Input should be greater than or equal to 0"),
        ("late = 77", "lately = 77", "office.0.lately: Extra inputs are not permitted"),
        ("often = 30", "often = 0", "work.0.often: Input should be greater than 0"),
        ('"vpdk:5 | thue:3"', '"vpdk"', 'work.0.agencies: Value error, "vpdk" will not do'),
        ('"vpdk:5 | thue:3"', '"tnmt:5"', "no such agency: tnmt"),
        ("end = 2019-06-30", "end = 2018-06-30", "begin, end and until must follow each other"),
        ('slug = "binh-minh"', 'slug = "vinh-phong"', "two offices have the same slug"),
        ('name = "xã Bình Minh"', "", "the others are named communes"),
        ("seed = 2019", "seed = ", "mine.toml: Invalid value (at line"),
    ],
)
def test_problems_are_said_with_their_place(old: str, new: str, says: str) -> None:
    text = default_text()
    assert old in text
    with pytest.raises(Invalid) as refused:
        parse_scenario(text.replace(old, new), "mine.toml")
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"procedure": "9.999999"}, "There is no procedure 9.999999 in force."),
        ({"procedure": "2.002913"}, "how long 2.002913 takes; give its count"),
        ({"procedure": "1.014801"}, "has no service for the procedure 1.014801"),
    ],
)
def test_what_the_catalogue_or_the_hall_lacks_is_said_and_nothing_is_stored(
    sqlite_database: Database, scenario: Scenario, changes: dict[str, str], says: str
) -> None:
    commune = next(work for work in scenario.work if work.at == "commune")
    wrong = scenario.model_copy(
        update={"work": [*scenario.work, commune.model_copy(update=changes)]}
    )
    with pytest.raises(Refused, match=says):
        play(sqlite_database, wrong, secret=SECRET)
    with sqlite_database.read() as session:
        assert session.query(Office).count() == 0


def test_a_class_that_no_procedure_can_be_in_is_said(
    sqlite_database: Database, scenario: Scenario
) -> None:
    # Certified copies are done the same day: none of them can be late.
    copies = [work for work in scenario.work if work.procedure == "2.000815"]
    wrong = scenario.model_copy(update={"work": copies})
    with pytest.raises(Invalid, match="vinh-thuan: no procedure of the scenario can be not_due"):
        play(sqlite_database, wrong, secret=SECRET)
