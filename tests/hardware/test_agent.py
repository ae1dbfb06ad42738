"""The agent's task: each slip goes to the printer once, and in the end somebody knows of it."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.agent import Job, Memory, NotAccepted, PrintingTask, Unreachable, task
from hardware.agent.memory import CUT_SHORT, InUse
from hardware.printers.interface import NOTHING_HELD, Condition, Outcome
from hardware.slips import Slip

SLIP = Slip(number="A001", url="http://hall.example/t/x").to_dict()
PRINTED = Outcome("printed")


class PowerCut(BaseException):
    """Everything stops here."""


@dataclass
class Model:
    """The server's side, as leasing has it, without a database: what is known of each job."""

    jobs: dict[int, str] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """For each call to come: ``ok``, ``lost`` (it never came), ``unanswered`` (it came)."""
    conditions: list[Condition] = field(default_factory=list)

    def next_job(self) -> Job | None:
        fault = self._fault("next")
        for number, state in self.jobs.items():
            if state == "processing" and number in self.begun:
                self.jobs[number] = "unknown"  # whoever asks for the next has forgotten this one
        waiting = [number for number, state in self.jobs.items() if state in ("pending", "leased")]
        found = min(waiting, default=None)
        if found is not None:
            self.jobs[found] = "leased"
        self._answer(fault)
        return None if found is None else Job(found, 1, f"ref{found}", SLIP)

    def begin(self, job: Job) -> bool:
        fault = self._fault("begin")
        mine = self.jobs[job.id] == "leased"
        if mine:
            self.jobs[job.id] = "processing"
            self.begun.add(job.id)
        self._answer(fault)
        return mine

    def tell(self, job: Job, outcome: Outcome) -> bool:
        fault = self._fault("tell")
        if self.jobs[job.id] in ("processing", "held", "unknown"):
            again = outcome.state == "failed"
            self.jobs[job.id] = "pending" if again else outcome.state
        self._answer(fault)
        return True

    def tell_condition(self, condition: Condition) -> None:
        self._answer(self._fault("condition"))
        self.conditions.append(condition)

    def _fault(self, call: str) -> str:
        self.calls.append(call)
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault == "lost":
            raise Unreachable("the cable is out")
        return fault

    def _answer(self, fault: str) -> None:
        if fault == "unanswered":
            raise Unreachable("the answer was lost")
        if fault == "cut":
            raise PowerCut


@dataclass
class Device:
    """A printer that answers as it is told, and keeps the names of what it was sent."""

    outcomes: list[Outcome | type[BaseException]] = field(default_factory=list)
    held: list[Outcome] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    log: list[str] | None = None

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else PRINTED
        if self.log is not None:
            self.log.append("print")
        if isinstance(outcome, Outcome):
            if outcome.state != "failed":
                self.sent.append(name)
            return outcome
        self.sent.append(name)
        raise outcome

    def held_outcome(self) -> Outcome:
        return self.held.pop(0) if self.held else NOTHING_HELD

    def condition(self) -> Condition:
        return Condition()

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is not what this is about."""
    monkeypatch.setattr(task, "drawn", lambda slip: Image.new("1", (8, 8)))


def test_a_slip_is_printed_and_told(tmp_path: Path) -> None:
    desk, device = Model({1: "pending"}), Device()
    memory = Memory(tmp_path / "agent.json")
    work = PrintingTask(desk, device, memory=memory)
    assert work.step()
    assert (desk.jobs, device.sent) == ({1: "printed"}, ["ref1"])
    assert memory.untold() is None
    assert desk.conditions == [Condition()]


def test_what_may_be_on_paper_is_written_down_before_the_first_byte(tmp_path: Path) -> None:
    desk = Model({1: "pending"})
    device = Device(log=desk.calls)
    memory = Memory(tmp_path / "agent.json")
    begun = memory.begun

    def noted(job: Job) -> None:
        desk.calls.append("memory")
        begun(job)

    memory.begun = noted  # type: ignore[method-assign]
    PrintingTask(desk, device, memory=memory).step()
    assert desk.calls == ["next", "begin", "memory", "print", "tell", "condition"]


def test_a_slip_that_is_no_longer_ours_is_not_printed() -> None:
    desk, device = Model({1: "pending"}), Device()
    work = PrintingTask(desk, device)
    job = desk.next_job()
    assert job is not None
    desk.next_job = lambda: job  # type: ignore[method-assign]
    desk.jobs[1] = "printed"
    assert not work.step()
    assert device.sent == []


def test_an_outcome_is_kept_until_it_can_be_told(tmp_path: Path) -> None:
    desk, device = Model({1: "pending", 2: "pending"}), Device()
    memory = Memory(tmp_path / "agent.json")
    work = PrintingTask(desk, device, memory=memory)
    desk.faults = ["ok", "ok", "lost", "lost"]
    for _ in range(2):
        with pytest.raises(Unreachable):
            work.step()
    assert json.loads((tmp_path / "agent.json").read_text())["outcome"]["state"] == "printed"
    work.step()
    assert desk.jobs[1] == "printed"
    assert device.sent == ["ref1", "ref2"]


def test_after_a_power_cut_the_slip_is_in_doubt_and_not_printed_again(tmp_path: Path) -> None:
    desk, device = Model({1: "pending"}), Device([PowerCut])
    memory = Memory(tmp_path / "agent.json")
    with pytest.raises(PowerCut):
        PrintingTask(desk, device, memory=memory).step()
    memory.close()
    again = Memory(tmp_path / "agent.json")
    assert again.untold() == (Job(1, 1, "ref1"), CUT_SHORT)
    PrintingTask(desk, device, memory=again).step()
    assert desk.jobs == {1: "unknown"}
    assert device.sent == ["ref1"]


def test_a_held_slip_is_watched_and_nothing_else_is_printed() -> None:
    out = Outcome("held", ("paper-out",))
    desk = Model({1: "pending", 2: "pending"})
    device = Device([out], held=[out, PRINTED])
    seconds = [0.0]
    work = PrintingTask(desk, device, clock=lambda: seconds[0])
    work.step()
    assert desk.jobs == {1: "held", 2: "pending"}
    calls = len(desk.calls)
    work.step()
    assert len(desk.calls) == calls, "nothing new, nothing told"
    assert work.step()
    assert desk.jobs[1] == "printed"
    work.step()
    assert (desk.jobs[2], device.sent) == ("printed", ["ref1", "ref2"])


def test_it_says_now_and_then_that_a_slip_is_still_held() -> None:
    out = Outcome("held", ("paper-out",))
    desk = Model({1: "pending"})
    seconds = [0.0]
    work = PrintingTask(desk, Device([out], held=[out] * 9), clock=lambda: seconds[0])
    work.step()
    told = desk.calls.count("tell")
    for _ in range(9):
        seconds[0] += 10
        work.step()
    assert desk.calls.count("tell") - told == 4, "every twenty seconds, so that its lease goes on"


def test_an_idle_printer_is_asked_how_it_is_every_two_seconds() -> None:
    desk = Model()
    seconds = [0.0]
    work = PrintingTask(desk, Device(), clock=lambda: seconds[0])
    for _ in range(20):
        work.step()
        seconds[0] += 0.5
    assert 5 <= len(desk.conditions) <= 7


def test_it_goes_on_after_anything_but_a_refusal() -> None:
    class Rough(Model):
        rounds = 0

        def next_job(self) -> Job | None:
            self.rounds += 1
            if self.rounds == 1:
                raise RuntimeError("the disk is full")
            if self.rounds == 2:
                raise Unreachable("away")
            raise NotAccepted("no such token")

    desk = Rough()
    work = PrintingTask(desk, Device())
    wake = threading.Event()
    pauses: list[float] = []
    wake.wait = lambda pause=None: pauses.append(pause) or True  # type: ignore[assignment, method-assign]
    with pytest.raises(NotAccepted):
        work.run(wake, lambda: True)
    assert pauses == [task.LOOK_EVERY_S, task.AGAIN_S[0]]


def test_it_asks_ever_more_seldom_while_the_server_is_away() -> None:
    desk = Model(faults=["lost"] * 6)
    wake = threading.Event()
    pauses: list[float] = []
    wake.wait = lambda pause=None: pauses.append(pause) or True  # type: ignore[assignment, method-assign]
    rounds = iter(range(8))
    PrintingTask(desk, Device()).run(wake, lambda: next(rounds) < 7)
    assert pauses == [*task.AGAIN_S, task.AGAIN_S[-1], task.LOOK_EVERY_S]


def test_a_second_agent_finds_the_file_in_use(tmp_path: Path) -> None:
    first = Memory(tmp_path / "agent.json")
    with pytest.raises(InUse, match="another agent"):
        Memory(tmp_path / "agent.json")
    first.close()
    Memory(tmp_path / "agent.json").close()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"job": "x"}', '{"job": 1}', '{"job": 1, "attempt": null, "ref": "r"}'],
)
def test_a_state_file_that_says_nothing_is_no_obstacle(tmp_path: Path, content: str) -> None:
    path = tmp_path / "agent.json"
    path.write_text(content, encoding="utf-8")
    desk, device = Model({1: "pending"}), Device()
    memory = Memory(path)
    PrintingTask(desk, device, memory=memory).step()
    assert desk.jobs == {1: "printed"}
    memory.close()


@pytest.mark.parametrize("outcome", [None, {"state": "held"}, {"state": "nonsense"}])
def test_what_was_begun_and_not_finished_is_in_doubt(tmp_path: Path, outcome: object) -> None:
    path = tmp_path / "agent.json"
    path.write_text(json.dumps({"job": 7, "attempt": 2, "ref": "r", "outcome": outcome}))
    memory = Memory(path)
    assert memory.untold() == (Job(7, 2, "r"), CUT_SHORT)
    memory.close()


OUTCOMES = st.sampled_from(
    [
        PRINTED,
        Outcome("failed", ("paper-out",)),
        Outcome("unknown", ("timeout",)),
        Outcome("held", ("paper-out",)),
        PowerCut,
        RuntimeError,
    ]
)


@settings(max_examples=100)
@given(
    outcomes=st.lists(OUTCOMES, max_size=8),
    held=st.lists(st.sampled_from([Outcome("held", ("paper-out",)), PRINTED]), max_size=8),
    faults=st.lists(st.sampled_from(["ok", "ok", "ok", "lost", "unanswered", "cut"]), max_size=24),
)
def test_whatever_fails_no_slip_is_sent_twice_and_none_is_forgotten(
    tmp_path_factory: pytest.TempPathFactory,
    outcomes: list[Outcome | type[BaseException]],
    held: list[Outcome],
    faults: list[str],
) -> None:
    path = tmp_path_factory.mktemp("agent") / "agent.json"
    desk = Model({1: "pending", 2: "pending", 3: "pending"}, faults=list(faults))
    device = Device(list(outcomes), held=list(held))
    memory = Memory(path)
    work = PrintingTask(desk, device, memory=memory)
    for _ in range(60):
        try:
            work.step()
        except PowerCut:
            memory.close()
            memory = Memory(path)
            device.held = []  # it was switched off as well
            work = PrintingTask(desk, device, memory=memory)
        except Unreachable:
            pass
    memory.close()
    assert len(device.sent) == len(set(device.sent)), "a slip went to the printer twice"
    assert set(desk.jobs.values()) <= {"printed", "unknown"}, desk.jobs
    for number, state in desk.jobs.items():
        if state == "printed":
            assert f"ref{number}" in device.sent
