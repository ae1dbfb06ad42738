"""Playing a scenario from its first day to its last: every office's day is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.database import Database
from server.dossiers.daysoff import calendar_of, hours_of
from server.dossiers.deadlines import Terms
from server.errors import Invalid
from server.offices.models import Office
from server.offices.procedures import procedure_on
from server.simulation.clock import Clock
from server.simulation.hall import Counter, Hall
from server.simulation.halls import put_in_place, refuse_other_data
from server.simulation.lives import Ahead, handing_in
from server.simulation.planning import Job, plan
from server.simulation.scenario import OfficePart, Scenario, Work

FIRST_HOUR = time(6)
"""When the halls are put in place, on the first day."""


def play(
    database: Database,
    scenario: Scenario,
    *,
    secret: str,
    tell: Callable[[int], object] = lambda received: None,
) -> None:
    """Play the scenario into an empty database.

    Args:
        database: with the product's tables, and no office.
        scenario: what is to happen.
        secret: of the installation, for the second proofs.
        tell: told after each office's day how many dossiers it has received.

    Raises:
        Refused: the database has offices.
        Invalid: the scenario asks for what its procedures and offices cannot do.
    """
    with database.transaction() as session:
        refuse_other_data(session)
        halls = _opened(session, scenario, secret)
    day = scenario.begin
    while day <= scenario.until:
        for hall in halls:
            if hall.has_work(day):
                before = hall.received
                with database.transaction() as session:
                    hall.play(session, day)
                tell(hall.received - before)
        day += timedelta(days=1)


def _opened(session: Session, scenario: Scenario, secret: str) -> list[Hall]:
    moment = datetime.combine(scenario.begin, FIRST_HOUR, ZoneInfo("Asia/Ho_Chi_Minh"))
    offices = put_in_place(session, scenario, moment.astimezone(UTC))
    return [_hall(session, scenario, part, offices[part.slug], secret) for part in scenario.office]


def _hall(
    session: Session, scenario: Scenario, part: OfficePart, office: Office, secret: str
) -> Hall:
    rng = Random(f"{scenario.seed}:{part.slug}")
    calendar = calendar_of(session, office, scenario.begin)
    clock = Clock(hours_of(office.hours), calendar, office.timezone)
    hall = Hall(office.id, part.name or office.names["vi"], clock, _counters(office), rng, secret)
    jobs = [_job(session, work, office, scenario.begin) for work in scenario.works(part.kind)]
    results = next(one.code for one in office.services if one.kind == "results")
    ahead = Ahead(scenario.end, results)
    for visits in plan(scenario, part, jobs, clock, rng).values():
        for visit in visits:
            hall.start(handing_in(hall, visit, ahead), visit.at)
    return hall


def _counters(office: Office) -> Sequence[Counter]:
    return [
        Counter(
            desk.id,
            frozenset(code for tier in desk.services for code in tier),
            f"clerk:{office.slug}-{desk.number}",
        )
        for desk in office.counters
    ]


def _job(session: Session, work: Work, office: Office, day: date) -> Job:
    procedure = procedure_on(session, work.procedure, day)
    if procedure is None:
        raise Invalid("There is no procedure %(code)s in force.", code=work.procedure)
    service = next((one for one in office.services if procedure.field_code in one.fields), None)
    if service is None:
        raise Invalid(
            "%(office)s has no service for the procedure %(code)s.",
            office=office.slug,
            code=work.procedure,
        )
    count = 0 if procedure.unit == "same_day" else procedure.days
    count = work.count if count is None else count
    if count is None:
        raise Invalid(
            "The catalogue does not say how long %(code)s takes; give its count.",
            code=work.procedure,
        )
    return Job(work, service.code, Terms(procedure.unit, count, procedure.afternoon_rule))
