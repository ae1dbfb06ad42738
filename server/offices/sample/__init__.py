"""The sample hall: Vĩnh Thuận district (Kiên Giang), as ``motcua demo`` shows it.

9 services in three languages, 6 counters, 4 clerks and a manager. Its names of people are invented.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from server.offices.hallschema import HallFile, PersonPart, Week, Words
from server.offices.hallwriting import written

SLUG = "vinh-thuan"
HALL_FILE = "vinh-thuan.toml"
PROCEDURES_FILE = "procedures.csv"

ALWAYS_OPEN = Words(
    vi="Bản dùng thử: phòng này mở cửa suốt ngày đêm để lúc nào cũng thử được.",
    en="Sample hall: open day and night, so that it can be tried at any hour.",
)
"""Says so on the board when the sample does not keep its hours."""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody of the sample hall; passwords are made by ``motcua demo`` only."""

    name: str
    role: str
    display_name: str


def hall_text(*, always_open: bool = False) -> str:
    """The hall file of the sample.

    Args:
        always_open: round the clock on every day, without closures, and says so on the board:
            for a demo that somebody tries at night or from another time zone.
    """
    text = _read(HALL_FILE)
    if not always_open:
        return text
    hall = HallFile.model_validate(tomllib.loads(text))
    for office in hall.office:
        if office.service:
            office.hours = Week.model_validate(
                {day: [["00:00", "24:00"]] for day in Week.model_fields}
            )
            office.closure = []
            # There is no closing time to stop before; midnight is not one.
            office.issuing.stop_minutes = 0
            office.rules.stop_when_full = False
            office.ticker = [ALWAYS_OPEN, *office.ticker]
    return written(hall)


def procedures_text() -> str:
    """The procedure catalogue of the sample: 53 procedures of the national portal."""
    return _read(PROCEDURES_FILE)


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _people() -> tuple[SamplePerson, ...]:
    hall = HallFile.model_validate(tomllib.loads(_read(HALL_FILE)))
    return tuple(
        SamplePerson(person.name, person.role, _shown(person))
        for office in hall.office
        if office.slug == SLUG
        for person in office.person
    )


def _shown(person: PersonPart) -> str:
    return person.display_name or person.name


PEOPLE = _people()
"""The clerks and the manager of the hall file."""
