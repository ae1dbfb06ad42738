"""What citizens and dossiers do, from the number at the kiosk to the result in the hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby

from server.dossiers import interlinked, lifecycle, reception
from server.dossiers.interlinked import Share
from server.dossiers.models import Dossier
from server.dossiers.reception import Person, Reception
from server.simulation.hall import Hall, Process, Turn
from server.simulation.people import applicant
from server.simulation.planning import PAUSE_DAYS, Case, Visit

PARKED = 0.01
"""So many are sent off to put a form right, and keep their place."""

NEVER_COLLECTED = 0.02
BY_ANOTHER = 0.08
"""So many results are collected by somebody else."""

LATEST = 12
"""The late ones are finished at most so many working days after they were due."""

REASON = "Hồ sơ cần thẩm tra, xác minh thêm"
PARK_REASON = "Sửa hoặc viết lại tờ khai"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the scenario wants of the period's end."""

    end: date
    results: str
    """The service that gives results back."""


def handing_in(hall: Hall, visit: Visit, ahead: Ahead) -> Process:
    """One visit: a number, the call, a dossier or a few; what takes no days is done at once."""
    turn = Turn(visit.service)
    yield turn
    if hall.rng.random() < PARKED:
        hall.send_off(turn, PARK_REASON)
        yield hall.later(8, 25)
        yield turn
    person = applicant(hall.rng, hall.place)
    for case in visit.cases:
        minutes = case.job.work.minutes
        yield hall.later(0.4 * minutes, 0.9 * minutes)
        dossier = _accept(hall, turn, case, person)
        if case.job.terms.count == 0:
            yield hall.later(0.2 * minutes, 0.6 * minutes)
            lifecycle.take_step(hall.session, dossier.id, "finish", hall.utc, hall.clerk(turn))
            lifecycle.give_back(hall.session, dossier.id, hall.utc, hall.clerk(turn))
        else:
            tomorrow = hall.clock.after(hall.now.date(), 1)
            life = Life(hall, case, dossier.id, _day(hall, dossier.due_at), ahead)
            hall.start(life.live(), _on(hall, tomorrow, 0, 0.3))
    hall.leave(turn)


def _accept(hall: Hall, turn: Turn, case: Case, person: Person) -> Dossier:
    work = case.job.work
    what = Reception(
        work.procedure,
        person,
        papers=[{"name": name, "kind": "copy", "count": 1} for name in work.papers],
        ticket_id=turn.ticket_id,
        count=work.count,
        shares=[Share(one["agency"], one["position"], one["share"]) for one in work.shares],
    )
    hall.received += 1
    return reception.accept(hall.session, what, hall.desk(turn))


@dataclass
class Life:
    """A dossier that takes days."""

    hall: Hall
    case: Case
    dossier_id: int
    due: date
    ahead: Ahead

    def live(self) -> Process:
        """From the first hand on it to the result in the citizen's hand."""
        hall = self.hall
        if not self.case.job.work.agencies:
            self._step("process")
        if self.case.supplement:
            yield from self._supplement()
        finish = self._finishing()
        for at, act in sorted(self._between(finish), key=lambda one: one[0]):
            yield at
            act()
        yield finish
        self._step("finish")
        if hall.rng.random() >= NEVER_COLLECTED:
            days = hall.rng.choices((1, 2, 3, 4, 6, 10), (30, 25, 15, 10, 10, 10))[0]
            yield hall.clock.visit(hall.clock.after(hall.now.date(), days), hall.rng)
            yield from self._collect()

    def _supplement(self) -> Process:
        """Papers are missing: the clock stands still until the citizen has brought them."""
        hall, today = self.hall, self.hall.now.date()
        asked = hall.rng.choice(hall.clock.days(today, self.due)[:3])
        if asked > today:
            yield _on(hall, asked, 0.1, 0.9)
        missing = self.case.job.work.papers[-1:] or ["Giấy tờ kèm theo"]
        lifecycle.ask_for_papers(hall.session, self.dossier_id, missing, hall.utc, hall.clerk())
        back = hall.clock.after(asked, hall.rng.randint(1, PAUSE_DAYS))
        yield hall.clock.visit(back, hall.rng)
        turn = Turn(self.case.job.service)
        yield turn
        yield hall.later(2, 5)
        self._step("supplement", turn)
        hall.leave(turn)
        dossier = hall.session.get_one(Dossier, self.dossier_id)
        self.due = _day(hall, dossier.due_at)

    def _finishing(self) -> datetime:
        """When the result is to be ready, so that the dossier ends as the scenario wants."""
        hall, today, end = self.hall, self.hall.now.date(), self.ahead.end
        if self.case.fate == "late":
            first = hall.clock.after(self.due, 1)
            day = hall.rng.choice(hall.clock.days(first, end)[:LATEST] or [first])
        elif self.case.fate == "not_due":
            day = hall.rng.choice(hall.clock.days(end, self.due)[-5:] or [hall.clock.after(end, 1)])
            if day <= end:
                day = hall.clock.after(end, 1)
        else:
            day = hall.rng.choice(hall.clock.days(today, self.due)[-4:])
        return max(_on(hall, day, 0.35, 0.95), hall.now)

    def _between(self, finish: datetime) -> list[tuple[datetime, Callable[[], object]]]:
        """What happens before the result: agencies one after the other, apologies."""
        hall = self.hall
        at = partial(hall.clock.between, hall.now, finish)
        found: list[tuple[datetime, Callable[[], object]]] = []
        turns = [
            list(group)
            for _, group in groupby(self.case.job.work.shares, lambda one: one["position"])
        ]
        for place, group in enumerate(turns):
            for share in group:
                for part, command in (
                    (0.02, interlinked.hand_over),
                    (0.2, interlinked.take_over),
                    (0.95, interlinked.finish_part),
                ):
                    act = partial(self._agency, command, share["agency"])
                    found.append((at((place + part) / len(turns)), act))
        if finish.date() > self.due >= hall.now.date():
            found.append((_on(hall, self.due, 0.6, 0.95), partial(self._apologise, finish.date())))
        return found

    def _agency(self, command: Callable[..., object], agency: str) -> None:
        command(self.hall.session, self.dossier_id, agency, self.hall.utc, f"agency:{agency}")

    def _apologise(self, promised: date) -> None:
        hall = self.hall
        lifecycle.apologise(hall.session, self.dossier_id, promised, REASON, hall.utc, hall.clerk())

    def _step(self, step: str, turn: Turn | None = None) -> None:
        hall = self.hall
        lifecycle.take_step(hall.session, self.dossier_id, step, hall.utc, hall.clerk(turn))

    def _collect(self) -> Process:
        hall = self.hall
        turn = Turn(self.ahead.results)
        yield turn
        yield hall.later(1.5, 4)
        other = applicant(hall.rng, hall.place) if hall.rng.random() < BY_ANOTHER else None
        lifecycle.give_back(
            hall.session,
            self.dossier_id,
            hall.utc,
            hall.clerk(turn),
            collector=other.name if other else None,
            identity_number=other.identity_number if other else "",
        )
        hall.leave(turn)


def _on(hall: Hall, day: date, least: float, most: float) -> datetime:
    sessions = hall.clock.sessions(day)
    share = hall.rng.uniform(least, most)
    return hall.clock.between(sessions[0][0], sessions[-1][1], share)


def _day(hall: Hall, moment: datetime | None) -> date:
    assert moment is not None  # an accepted dossier has a due date
    return moment.astimezone(hall.clock.zone).date()
