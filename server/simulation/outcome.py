"""What the report of the period counts afterwards, beside what the scenario wanted."""

from __future__ import annotations

from sqlalchemy import select

from server.database import Database
from server.offices.models import Office
from server.reports.settlement import Figures, Period, settlement
from server.reports.tables import settlement_text
from server.simulation.scenario import FATES, Scenario


def settled(database: Database, scenario: Scenario) -> str:
    """The settlement of the period as a table, counted from the recorded steps."""
    return settlement_text(_report(database, scenario))


def unmet(database: Database, scenario: Scenario) -> list[str]:
    """Where the report differs from what the scenario wanted, in words; usually nowhere.

    An office without enough counters sends people home, and then its figures are others.
    """
    report = _report(database, scenario)
    counted = {one["office"]: one for one in (report, *report["children"])}
    return [
        f"{part.slug} has {counted[part.slug][fate]} {fate}, not {getattr(part, fate)}"
        for part in scenario.office
        for fate in FATES
        if counted[part.slug][fate] != getattr(part, fate)
    ]


def _report(database: Database, scenario: Scenario) -> Figures:
    with database.read() as session:
        slug = scenario.office[0].slug
        office = session.scalars(select(Office).where(Office.slug == slug)).one()
        return settlement(session, office, Period(scenario.begin, scenario.end), children=True)
