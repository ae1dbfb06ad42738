"""Power cuts and full disks at the agent, also in the middle of what it writes down."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hardware.agent.desk import Job, NotAccepted, Unreachable
from hardware.agent.memory import Memory
from hardware.agent.task import PrintingTask
from hardware.printers.interface import NOTHING_HELD, Condition, Outcome

PRINTED = Outcome("printed")


PAPER_OUT = Outcome("failed", ("paper-out",))


HELD = Outcome("held", ("paper-out",))


BROKEN = Outcome("unknown", ("offline",))


class PowerCut(BaseException):
    """The process is gone; nothing catches this."""


@dataclass
class World:
    """What happens, call by call: ``lost`` before or ``late`` after it took effect, or a cut."""

    happenings: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    now: float = 0.0

    def begin(self, what: str) -> str:
        happening = self.happenings.pop(0) if self.happenings else "fine"
        self.log.append(what)
        if happening == "cut before":
            raise PowerCut
        if happening == "lost":
            raise Unreachable("lost on the way")
        return happening

    def end(self, happening: str) -> None:
        if happening == "cut after":
            raise PowerCut
        if happening == "late":
            raise Unreachable("the answer was lost")


class ModelDesk:
    """The rules of ``server.printing.leasing`` for one agent, in a few lines."""

    def __init__(self, world: World, jobs: int) -> None:
        self.world = world
        self.state = dict.fromkeys(range(jobs), "pending")
        self.attempts = dict.fromkeys(range(jobs), 0)
        self.begun: set[int] = set()
        self.conditions: list[Condition] = []

    def next_job(self) -> Job | None:
        happening = self.world.begin("next")
        for job, state in self.state.items():
            if state in ("processing", "held") and job in self.begun:
                self.state[job] = "unknown"  # begun, and its agent asks for another
        mine = [job for job, state in self.state.items() if state == "processing"]
        due = [job for job, state in self.state.items() if state == "pending"]
        found = None
        if mine:
            found = mine[0]
        elif due:
            found = due[0]
            self.state[found] = "processing"
            self.attempts[found] += 1
        self.world.end(happening)
        return None if found is None else Job(found, self.attempts[found], f"s{found}")

    def begin(self, job: Job) -> bool:
        happening = self.world.begin("begin")
        mine = self.state[job.id] == "processing" and self.attempts[job.id] == job.attempt
        if mine:
            self.begun.add(job.id)
        self.world.end(happening)
        return mine

    def tell(self, job: Job, outcome: Outcome) -> bool:
        happening = self.world.begin(f"tell {outcome.state}")
        before = self.state[job.id]
        mine = before != "pending" and self.attempts[job.id] == job.attempt
        ended = before in ("printed", "unknown")
        if mine and (not ended or (before == "unknown" and outcome.state == "printed")):
            self.state[job.id] = "pending" if outcome.state == "failed" else outcome.state
            if outcome.state != "held":
                self.begun.discard(job.id)
        self.world.end(happening)
        return mine

    def tell_condition(self, condition: Condition) -> None:
        happening = self.world.begin("condition")
        self.conditions.append(condition)
        self.world.end(happening)


class ModelPrinter:
    """Ends each slip as the test says, and counts what was sent to it."""

    def __init__(self, world: World, outcomes: list[Outcome]) -> None:
        self.world, self.outcomes = world, outcomes
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.holding = 0

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        happening = self.world.begin("print")
        self.asked.append(name)
        outcome = self.outcomes.pop(0) if self.outcomes else PRINTED
        if outcome.state != "failed":
            self.sent.append(name)
        self.holding = 2 if outcome.state == "held" else 0
        if happening == "cut after":
            raise PowerCut
        return outcome

    def held_outcome(self) -> Outcome:
        self.world.log.append("look")
        if not self.holding:
            return NOTHING_HELD
        self.holding -= 1
        return PRINTED if self.holding == 0 else HELD

    def condition(self) -> Condition:
        return Condition()

    def close(self) -> None: ...


class LoggedMemory(Memory):
    """A memory whose writes can be cut as well."""

    def __init__(self, path: Path, world: World) -> None:
        super().__init__(path)
        self.world = world

    def begun(self, job: Job) -> None:
        self._cut("remember", lambda: Memory.begun(self, job))

    def ended(self, job: Job, outcome: Outcome) -> None:
        self._cut("keep", lambda: Memory.ended(self, job, outcome))

    def forget(self) -> None:
        self._cut("forget", lambda: Memory.forget(self))

    def _cut(self, what: str, write: Any) -> None:
        happening = self.world.happenings.pop(0) if self.world.happenings else "fine"
        self.world.log.append(what)
        if happening in ("cut before", "lost"):
            raise PowerCut
        write()
        if happening in ("cut after", "late"):
            raise PowerCut


@dataclass
class Beside:
    """An agent that is started anew after each cut, with the folder it had."""

    world: World
    desk: ModelDesk
    printer: ModelPrinter
    folder: Path
    memory: LoggedMemory | None = None
    task: PrintingTask | None = None

    def start(self) -> PrintingTask:
        self.memory = LoggedMemory(self.folder / "agent.json", self.world)
        self.task = PrintingTask(
            self.desk,
            self.printer,
            memory=self.memory,
            offload=lambda *_: Image.new("1", (8, 24)),
            clock=lambda: self.world.now,
        )
        return self.task

    def stop(self) -> None:
        if self.memory is not None:
            self.memory.close()
        self.memory = self.task = None
        self.printer.holding = 0  # whoever kept the connection open is gone

    def work(self, steps: int) -> None:
        """So many steps, whatever happens in them."""
        for _ in range(steps):
            self.world.now += 1
            try:
                (self.task or self.start()).step()
            except Unreachable:
                pass
            except PowerCut:
                self.stop()


def beside(
    folder: Path, *outcomes: Outcome, jobs: int = 1, happenings: tuple[str, ...] = ()
) -> Any:
    world = World(list(happenings))
    return Beside(world, ModelDesk(world, jobs), ModelPrinter(world, list(outcomes)), folder)


HAPPENINGS = ("fine", "fine", "fine", "lost", "late", "cut before", "cut after")


OUTCOMES = (PRINTED, PRINTED, PAPER_OUT, HELD, BROKEN)


@settings(max_examples=300)
@given(
    happenings=st.lists(st.sampled_from(HAPPENINGS), max_size=40),
    outcomes=st.lists(st.sampled_from(OUTCOMES), max_size=6),
)
def test_whatever_is_cut_each_slip_is_sent_once_at_most_and_its_end_is_known(
    happenings: list[str], outcomes: list[Outcome]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        agent = beside(Path(folder), *outcomes, jobs=3, happenings=tuple(happenings))
        agent.work(90)
        agent.stop()
    assert len(agent.printer.sent) == len(set(agent.printer.sent)), agent.world.log
    assert set(agent.desk.state.values()) <= {"printed", "unknown"}, agent.world.log
    for job, state in agent.desk.state.items():
        if state == "printed":
            assert f"s{job}" in agent.printer.sent, agent.world.log


@pytest.mark.parametrize("happening", ["lost", "late"])
@pytest.mark.parametrize("call", ["next", "tell", "condition"])
def test_a_cut_in_the_network_alone_loses_no_outcome(
    tmp_path: Path, call: str, happening: str
) -> None:
    before = {"next": 0, "tell": 5, "condition": 7}[call]
    agent = beside(tmp_path, PRINTED, happenings=("fine",) * before + (happening,))
    agent.work(4)
    agent.stop()
    assert agent.printer.sent == ["s0"]
    assert agent.desk.state == {0: "printed"}


def test_nobody_prints_what_may_have_been_begun_by_an_answer_that_was_lost(tmp_path: Path) -> None:
    agent = beside(tmp_path, happenings=("fine", "late"))
    agent.work(4)
    agent.stop()
    assert agent.printer.sent == []
    assert agent.desk.state == {0: "unknown"}, "for a person; nothing else is owed"


def test_an_agent_killed_between_confirmation_and_telling_still_knows_it_is_printed(
    tmp_path: Path,
) -> None:
    agent = beside(tmp_path, PRINTED, happenings=("fine",) * 4 + ("cut after",))
    agent.work(3)
    agent.stop()
    assert agent.desk.state == {0: "printed"}


def test_a_refusal_is_passed_on_and_the_outcome_is_told_when_it_is_lifted(tmp_path: Path) -> None:
    agent = beside(tmp_path, PRINTED)
    accepted, tell = threading.Event(), agent.desk.tell

    def refusing(job: Job, outcome: Outcome) -> bool:
        if not accepted.is_set():
            raise NotAccepted("the token was revoked")
        return bool(tell(job, outcome))

    agent.desk.tell = refusing
    task = agent.start()
    with pytest.raises(NotAccepted):
        task.run(threading.Event(), lambda: True)
    accepted.set()
    task.step()
    agent.stop()
    assert agent.desk.state == {0: "printed"}
    assert agent.printer.sent == ["s0"]


def test_a_disk_that_is_full_before_printing_puts_the_slip_off_and_none_in_doubt(
    tmp_path: Path,
) -> None:
    agent = beside(tmp_path)
    task = agent.start()
    assert agent.memory is not None

    def full(job: Job) -> None:
        raise OSError(28, "No space left on device")

    agent.memory.begun = full
    task.step()
    assert agent.printer.asked == []
    assert agent.desk.state == {0: "pending"}
    assert "state file" in agent.desk.conditions[-1].detail, "the technician is told"
    del agent.memory.begun
    task.step()
    agent.stop()
    assert agent.desk.state == {0: "printed"}


def test_a_disk_that_is_full_after_printing_keeps_nobody_from_being_told(tmp_path: Path) -> None:
    agent = beside(tmp_path)
    task = agent.start()
    assert agent.memory is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    agent.memory.ended = agent.memory.forget = full
    task.step()
    task.step()
    agent.stop()
    assert agent.desk.state == {0: "printed"}
    assert agent.printer.sent == ["s0"]


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with closing(Memory(tmp_path / "agent.json")) as kept:
        yield kept


@pytest.mark.parametrize(
    "content",
    ['{"job": Infinity, "attempt": 1, "ref": "a"}', "7", "null", "\x00" * 40]
    + [f'{{"job": 7, "attempt": 1, "ref": "a", "outcome": {bad}}}' for bad in ("3", "[1]")],
)
def test_a_state_file_that_cannot_be_read_is_an_idle_agent(memory: Memory, content: str) -> None:
    memory.path.write_text(content, encoding="utf-8")
    assert memory.untold() is None


def test_bytes_that_are_no_text_are_an_idle_agent_too(memory: Memory) -> None:
    memory.path.write_bytes(b"\xff\xfe{")
    assert memory.untold() is None
