"""Whatever people do in whatever order, the queue stays in the state a simple model is in.

Hypothesis makes up days in two halls that share one database: numbers, calls, steps, presses taken
back, pauses, midnights. After every command the stored state must be the model's, and at the end
the journal must replay to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from server.database import Database
from server.errors import Refused
from server.offices.models import Counter, Office, Service
from server.queueing import calling, counters, services, tickets
from server.queueing.models import Ticket
from tests.conftest import MORNING, Clock, Hall, store_hall
from tests.queueing.queue_model import LEADS, ModelHall, ModelRefuses, Slip

HALLS = st.sampled_from(["south", "south", "south", "west"])
SERVICES = st.sampled_from(["civil", "land", "results"])
COUNTERS = st.sampled_from(["1", "2", "3"])
PRIORITIES = st.sampled_from(["none", "none", "elderly", "merit"])
WISHES = st.lists(st.tuples(SERVICES, PRIORITIES), min_size=2, max_size=8)
PRESSES = st.sampled_from(
    "next next next serve finish recall no-show no-show park park resume resume "
    "call transfer cancel undo undo".split()
)
WORK = st.lists(st.tuples(COUNTERS, PRESSES, SERVICES), min_size=4, max_size=14)
AWAY = ("parked", "no_show")
STEPS = st.sampled_from(sorted(set(LEADS) - {"call"}))
RULES = {"priority": "2:1", "stop_when_full": False}

COMMANDS: dict[str, Callable[..., Any]] = {
    "recall": calling.recall,
    "serve": calling.serve,
    "finish": calling.finish,
    "no-show": calling.mark_no_show,
    "resume": calling.resume,
}


class Machine(RuleBasedStateMachine):
    """Two halls, three services and three counters each; see ``make_office``."""

    opened: ClassVar[Database]
    made = 0

    @initialize(wishes=WISHES)
    def open_the_doors(self, wishes: list[tuple[str, str]]) -> None:
        """Two fresh halls; the days of the western one end an hour and a half later."""
        Machine.made += 1
        self.clock = Clock(MORNING)
        self.real: dict[str, Hall] = {}
        self.model: dict[str, ModelHall] = {}
        for name, zone in (("south", "Asia/Ho_Chi_Minh"), ("west", "Asia/Kolkata")):
            hall = store_hall(
                self.opened, self.clock, f"{name}-{Machine.made}", timezone=zone, rules=RULES
            )
            hall.change_service("results", daily_cap=4)
            self.real[name] = hall
            self.model[name] = ModelHall(
                timezone=zone,
                caps={"results": 4},
                letters={"civil": "A", "land": "B", "results": "C"},
                tiers={
                    "1": [["civil"]],
                    "2": [["land"], ["civil"]],
                    "3": [["civil", "land", "results"]],
                },
                counters=dict.fromkeys("123", "closed"),
            )
            self._people_come(name, wishes)

    @contextmanager
    def trying(self, name: str) -> Iterator[ModelHall]:
        """A command of both: the model's new state counts only if neither refuses."""
        trial = self.model[name].copy()
        trial.roll(self.clock.now)
        yield trial
        self.model[name] = trial

    def both(self, name: str, model: Callable[[ModelHall], Any], real: Callable[[], Any]) -> Any:
        """Both do the same, or both refuse and nothing changes."""
        with self.trying(name) as trial:
            try:
                model(trial)
            except ModelRefuses:
                with pytest.raises(Refused):
                    real()
                # A refused command is undone as a whole, the day it began as well.
                trial.__dict__.update(self.model[name].copy().__dict__)
                return None
            return real()

    # ── what people do ────────────────────────────────────────────────────────

    @rule(name=HALLS, wishes=WISHES, presses=WORK)
    def people_come_and_clerks_work(
        self, name: str, wishes: list[tuple[str, str]], presses: list[tuple[str, str, str]]
    ) -> None:
        self._people_come(name, wishes)
        self._clerks_work(name, presses)

    @rule(name=HALLS, presses=WORK)
    def clerks_work(self, name: str, presses: list[tuple[str, str, str]]) -> None:
        self._clerks_work(name, presses)

    def _people_come(self, name: str, wishes: list[tuple[str, str]]) -> None:
        for service, priority in wishes:
            self.clock.forward(seconds=1)
            with self.trying(name) as trial:
                try:
                    number, place = trial.issue(service, self.clock.now)
                except ModelRefuses:
                    with pytest.raises(Refused):
                        self._issue(name, service, priority)
                    trial.__dict__.update(self.model[name].copy().__dict__)
                    continue
                ticket = self._issue(name, service, priority)
                assert (ticket.number, ticket.place, ticket.day) == (number, place, trial.day)
                first = priority != "none"
                trial.add(Slip(ticket.id, number, service, first, place, trial.day or ""))

    def _issue(self, name: str, service: str, priority: str) -> Ticket:
        hall = self.real[name]
        return hall._do(
            lambda session, now: tickets.issue(
                session, hall.office_id, service, priority=priority, now=now, actor="kiosk"
            )
        )

    def _clerks_work(self, name: str, presses: list[tuple[str, str, str]]) -> None:
        for counter, press, service in presses:
            self.clock.forward(seconds=3)
            away = [s for s in self.model[name].slips.values() if s.status in AWAY]
            held = self.model[name].held(counter)
            if press == "undo":
                self._undo(name, counter)
            elif press in ("resume", "call") and away:
                self._step(name, away[0], press, service, counter)
            elif press in LEADS and held:
                self._step(name, held[0], press, service, counter)
            else:
                self._call_next(name, counter)

    def _call_next(self, name: str, counter: str) -> None:
        with self.trying(name) as trial:
            ticket = self.real[name].call_next(counter)
            trial.called(counter, ticket.id if ticket else None, self.clock.now)

    @rule(name=HALLS, step=STEPS | st.just("call"), service=SERVICES, data=st.data())
    def take_any_step(self, name: str, step: str, service: str, data: st.DataObject) -> None:
        slips = list(self.model[name].slips.values())[-20:]
        if slips:
            slip = data.draw(st.sampled_from(slips), label="ticket")
            self._step(name, slip, step, service, "3")

    def _step(self, name: str, slip: Slip, step: str, service: str, counter: str) -> None:
        hall = self.real[name]
        doing: dict[str, Callable[[], Any]] = {
            "call": lambda: hall.do(calling.call, slip.id, hall.counter_ids[counter]),
            "park": lambda: hall.do(calling.park, slip.id, "photo"),
            "transfer": lambda: hall.do(tickets.transfer, slip.id, service),
            "cancel": lambda: hall.do(tickets.cancel, slip.id, by="clerk"),
            "give back": lambda: hall.do(tickets.cancel, slip.id, by="holder"),
        }
        self.both(
            name,
            lambda model: model.step(
                slip.id, step, self.clock.now, service=service, counter=counter
            ),
            doing.get(step) or (lambda: hall.do(COMMANDS[step], slip.id)),
        )

    @rule(name=HALLS, counter=COUNTERS, seconds=st.sampled_from([1, 5, 6, 7]))
    def take_the_press_back(self, name: str, counter: str, seconds: int) -> None:
        self._call_next(name, counter)
        self.clock.forward(seconds=seconds)
        self._undo(name, counter)

    def _undo(self, name: str, counter: str) -> None:
        self.both(
            name,
            lambda model: model.undo(counter, self.clock.now),
            lambda: self.real[name].undo(counter),
        )

    @rule(name=HALLS, counter=COUNTERS, status=st.sampled_from(["open", "paused", "closed"]))
    def switch_a_counter(self, name: str, counter: str, status: str) -> None:
        commands = {
            "open": counters.open_counter,
            "paused": counters.pause,
            "closed": counters.close,
        }
        hall = self.real[name]
        self.both(
            name,
            lambda model: model.switch_counter(counter, status),
            lambda: hall.do(commands[status], hall.counter_ids[counter]),
        )

    @rule(name=HALLS, service=SERVICES, paused=st.booleans())
    def switch_a_service(self, name: str, service: str, paused: bool) -> None:
        hall = self.real[name]
        command = services.pause_service if paused else services.resume_service
        self.both(
            name,
            lambda model: model.switch_service(service, paused),
            lambda: hall.do(command, hall.office_id, service),
        )

    @rule(minutes=st.sampled_from([1, 5, 20, 45, None]))
    def time_passes(self, minutes: int | None) -> None:
        """Some minutes, or all that are left until a moment before midnight in the south."""
        now = self.clock.now
        midnight = now.replace(hour=17, minute=0, second=0, microsecond=0)
        if midnight < now:
            midnight += timedelta(days=1)
        if minutes is not None:
            self.clock.forward(minutes=minutes)
        elif midnight - now > timedelta(seconds=20):
            self.clock.now = midnight - timedelta(seconds=20)

    # ── what must hold after each of it ───────────────────────────────────────

    @invariant()
    def both_are_in_the_same_state(self) -> None:
        for name, hall in getattr(self, "real", {}).items():
            model = self.model[name]
            with self.opened.read() as session:
                office = session.get_one(Office, hall.office_id)
                assert (office.revision, office.day) == (model.revision, model.day)
                stored = session.execute(
                    select(
                        Ticket.id,
                        Ticket.status,
                        Service.code,
                        Counter.number,
                        Ticket.place,
                        Ticket.returned_at,
                    )
                    .join(Service, Service.id == Ticket.service_id)
                    .outerjoin(Counter, Counter.id == Ticket.counter_id)
                    .where(Ticket.office_id == hall.office_id)
                    .order_by(Ticket.id)
                ).all()
                status = session.execute(
                    select(Counter.number, Counter.status).where(
                        Counter.office_id == hall.office_id
                    )
                ).all()
            assert [tuple(row) for row in stored] == [
                (slip.id, slip.status, slip.service, slip.counter, slip.place, slip.returned)
                for slip in model.slips.values()
            ]
            assert dict(map(tuple, status)) == model.counters
            for counter in model.counters:
                assert len(model.held(counter)) <= 1
            numbers = [(slip.day, slip.number) for slip in model.slips.values()]
            assert len(set(numbers)) == len(numbers)

    def teardown(self) -> None:
        for name, hall in getattr(self, "real", {}).items():
            hall.check()
            by_letter: dict[tuple[str, str], list[int]] = {}
            for slip in self.model[name].slips.values():
                by_letter.setdefault((slip.day, slip.number[0]), []).append(int(slip.number[1:]))
            for serials in by_letter.values():
                assert serials == list(range(1, len(serials) + 1))


PROFILE = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
    "phases": (Phase.reuse, Phase.generate, Phase.shrink),  # explaining takes too long here
}


def run(database: Database, examples: int, steps: int) -> None:
    """Let Hypothesis play in this database."""
    machine = type("Machine", (Machine,), {"opened": database}).TestCase
    machine.settings = settings(max_examples=examples, stateful_step_count=steps, **PROFILE)
    machine().runTest()


def test_on_sqlite(sqlite_database: Database) -> None:
    run(sqlite_database, examples=15, steps=20)


def test_on_postgresql(postgresql_database: Database) -> None:
    run(postgresql_database, examples=4, steps=15)
