"""Which dossier comes on which day, of which procedure, and how it is to end.

The due date a dossier would get is reckoned here with the pure rules, so that the last days of the
period receive the dossiers that are not yet due at its end. What then happens is what the product's
commands make of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random

from server.dossiers.deadlines import Terms, reckon
from server.errors import Invalid
from server.simulation.clock import Clock
from server.simulation.scenario import FATES, OfficePart, Scenario, Work

AFTERNOON = time(14)
"""When a dossier is thought to be received; its due day does not depend on it."""

WEEKDAYS = (1.25, 1.05, 1.0, 0.95, 0.85, 0.6, 0.6)
"""How busy the days of a week are, Monday first; a make-up Saturday is quiet."""

PAUSE_DAYS = 8
"""Citizens bring what was missing within so many working days."""

ROOM = timedelta(days=30)
"""A dossier asked for supplements is due so long before the period ends, or after it: then no
pause moves it from one class into another."""

SUPPLEMENTS = 0.06
"""So many dossiers that take days lack a paper."""


@dataclass(frozen=True, slots=True)
class Job:
    """A procedure at the counters of one office."""

    work: Work
    service: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Case:
    """One dossier to come."""

    job: Job
    fate: str
    """One of :data:`~server.simulation.scenario.FATES`."""
    supplement: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody hands in one dossier or a few, at one counter."""

    at: datetime
    service: str
    cases: Sequence[Case]


def plan(
    scenario: Scenario, office: OfficePart, jobs: Sequence[Job], clock: Clock, rng: Random
) -> dict[date, list[Visit]]:
    """The visits of one office by day.

    Raises:
        Invalid: no procedure of the scenario can end as it wants on any day.
    """
    days = clock.days(scenario.begin, scenario.end)

    @cache
    def due(day: date, number: int) -> date:
        received = datetime.combine(day, AFTERNOON, clock.zone)
        return reckon(jobs[number].terms, received, clock.calendar).on

    coming: dict[tuple[date, str], list[Case]] = defaultdict(list)
    for fate in FATES:
        count = getattr(office, fate)
        chances = {
            (day, number): WEEKDAYS[day.weekday()] * job.work.often
            for day in days
            for number, job in enumerate(jobs)
            if _possible(fate, job, due(day, number), scenario.end, clock)
        }
        if not count:
            continue
        if not chances:
            raise Invalid(
                "%(office)s: no procedure of the scenario can be %(fate)s at the end.",
                office=office.slug,
                fate=fate,
            )
        for day, number in rng.choices(list(chances), list(chances.values()), k=count):
            job, on = jobs[number], due(day, number)
            room = job.terms.count > 0 and (on + ROOM <= scenario.end or on >= scenario.end)
            case = Case(job, fate, room and rng.random() < SUPPLEMENTS)
            coming[day, job.service].append(case)
    return _visits(coming, scenario.together[office.kind], clock, rng)


def _possible(fate: str, job: Job, due: date, end: date, clock: Clock) -> bool:
    """Whether a dossier with this due date can end so; what is late is resolved in the period."""
    if fate == "not_due":
        return due >= end
    if fate == "late":
        return job.terms.count > 0 and due < end and clock.after(due, 1) <= end
    return due < end


def _visits(
    coming: Mapping[tuple[date, str], list[Case]],
    together: Sequence[float],
    clock: Clock,
    rng: Random,
) -> dict[date, list[Visit]]:
    visits: dict[date, list[Visit]] = defaultdict(list)
    for (day, service), cases in sorted(coming.items(), key=lambda item: item[0]):
        left = list(cases)
        rng.shuffle(left)
        while left:
            many = rng.choices(range(1, len(together) + 1), together)[0]
            visits[day].append(Visit(clock.visit(day, rng), service, left[:many]))
            del left[:many]
    return visits
