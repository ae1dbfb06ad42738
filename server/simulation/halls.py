"""The halls of a scenario, put in place as any others are: by a hall file, codes and agencies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.dossiers.agencies import set_agency
from server.dossiers.calendar import REST
from server.dossiers.daysoff import nationwide
from server.dossiers.numbering import set_pattern
from server.errors import Refused
from server.offices import hallfile, sample
from server.offices.hallschema import HallFile
from server.offices.hallwriting import written
from server.offices.models import Office
from server.offices.procedures import load_procedures
from server.simulation.scenario import OfficePart, Scenario

ACTOR = "command:simulate"
"""How the journal names whoever put the halls in place."""

COMMUNE = "commune.toml"


def refuse_other_data(session: Session) -> None:
    """Raise unless the database is empty: a simulation never mixes with what is there.

    Raises:
        Refused: it has offices.
    """
    count = session.scalar(select(func.count()).select_from(Office))
    if count:
        raise Refused(
            "There are %(count)s offices here already. The half-year is played into an empty "
            "folder: choose another one with --data, or remove this one first.",
            count=count,
        )


def put_in_place(session: Session, scenario: Scenario, now: datetime) -> dict[str, Office]:
    """Load the halls, the catalogue, the code patterns and the agencies; returns the offices."""
    load_procedures(session, sample.procedures_text(), file=sample.PROCEDURES_FILE)
    text = hall_text(scenario)
    hallfile.load(session, text, file="simulation", now=now, actor=ACTOR)
    offices = {office.slug: office for office in session.scalars(select(Office))}
    for part in scenario.office:
        set_pattern(session, offices[part.slug], part.codes, now=now, actor=ACTOR)
    top = offices[scenario.office[0].slug]
    for agency in scenario.agency:
        set_agency(session, top, agency.code, {"vi": agency.name}, now=now, actor=ACTOR)
    return {part.slug: offices[part.slug] for part in scenario.office}


def hall_text(scenario: Scenario) -> str:
    """The hall file of the scenario: the sample hall and a smaller one for each commune."""
    above, district = tomllib.loads(sample.hall_text())["office"]
    usual = tomllib.loads(files(__package__).joinpath(COMMUNE).read_text("utf-8"))["office"][0]
    top = scenario.office[0]
    halls = [above, district | {"slug": top.slug}]
    halls += [_commune(usual, part, top.slug) for part in scenario.office[1:]]
    for hall in halls[1:]:
        hall["closure"] = list(closures(scenario.begin, scenario.until, hall["hours"]["mon"]))
    return written(HallFile.model_validate({"office": halls}))


def _commune(usual: Mapping[str, Any], part: OfficePart, parent: str) -> dict[str, Any]:
    names = {"vi": f"{usual['names']['vi']} {part.name}"}
    place = {"organisation": {"vi": f"UBND {part.name}"}, "names": names}
    return {**usual, "slug": part.slug, "parent": parent, **place}


def closures(begin: date, until: date, hours: list[list[str]]) -> Iterable[dict[str, Any]]:
    """Days off, and make-up days with their hours, out of the calendar that due dates follow."""
    day = begin
    rows = {row.day: row for row in nationwide()}
    while day <= until:
        row = rows.get(day)
        if row is not None and row.working:
            yield {"from": day, "hours": hours, "reason": dict(row.names)}
        elif row is not None and day.weekday() not in REST:
            yield {"from": day, "reason": dict(row.names)}
        day += timedelta(days=1)
