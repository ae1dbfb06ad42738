"""One printer's task: the next slip, drawn, printed, and what became of it told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import structlog
from PIL import Image

from hardware.agent.desk import Desk, Job, NotAccepted, Unreachable
from hardware.layouts import drawn
from hardware.printers.interface import Condition, Outcome, Printer

LOOK_EVERY_S = 1.0
"""How often somebody looks for a slip, or at one that is held, when nobody has said anything."""

CHECK_EVERY_S = 1.5
"""How often an idle printer is asked how it is: people are to know within five seconds."""

STILL_HELD_EVERY_S = 20.0
"""How often the desk is told that a slip is still held, so that its lease goes on."""

AGAIN_S = (0.5, 1, 2, 4, 8)
"""Pauses while the server cannot be reached, in seconds; the last one repeats."""

log = structlog.get_logger("motcua.agent")


class Remembering(Protocol):
    """What outlives this process; see :class:`hardware.agent.memory.Memory`."""

    def begun(self, job: Job) -> None: ...
    def ended(self, job: Job, outcome: Outcome) -> None: ...
    def forget(self) -> None: ...
    def untold(self) -> tuple[Job, Outcome] | None: ...


def _call(work: Callable[..., Any], *args: Any) -> Any:
    return work(*args)


class PrintingTask:
    """Prints for one desk on one printer, one slip at a time."""

    def __init__(
        self,
        desk: Desk,
        printer: Printer,
        *,
        memory: Remembering | None = None,
        offload: Callable[..., Any] = _call,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            desk: where the slips come from.
            printer: where they go.
            memory: keeps what may be on paper beyond this process; the desk itself may do that.
            offload: runs slow drawing where it holds nobody up.
            clock: seconds, for the pauses.
        """
        self.desk, self.printer = desk, printer
        self.memory, self.offload, self.clock = memory, offload, clock
        self._untold: tuple[Job, Outcome] | None = memory.untold() if memory else None
        self._held: tuple[Job, Outcome, float] | None = None
        self._checked: float | None = None
        self._failures = 0

    def run(self, wake: threading.Event, going_on: Callable[[], bool]) -> None:
        """Work until ``going_on`` says no; ``wake`` says that there may be something to do.

        Raises ``NotAccepted``; it may be called again then.
        """
        while going_on():
            wake.clear()
            pause = LOOK_EVERY_S
            try:
                if self.step():
                    continue
                self._failures = 0
            except Unreachable as error:
                pause = AGAIN_S[min(self._failures, len(AGAIN_S) - 1)]
                if not self._failures:
                    log.warning("server cannot be reached", error=str(error))
                self._failures += 1
            except NotAccepted:
                raise
            except Exception:
                log.exception("printing failed")
            wake.wait(pause)

    def step(self) -> bool:
        """Do what is to be done now; whether there may be more at once.

        Raises ``Unreachable``; the step is then done the next time.
        """
        if self._untold is not None:
            self._tell(*self._untold)
        if self._held is not None:
            return self._look_at_held()
        job = self.desk.next_job()
        if job is None:
            self._check()
            return False
        outcome = self._print(job)
        if outcome is None:
            return False
        self._settle(job, outcome)
        # One that failed before its first byte waits; asking again at once would only spin.
        return outcome.state == "printed"

    def _print(self, job: Job) -> Outcome | None:
        """What became of ``job``; nothing when somebody else has it."""
        image = self._drawn(job)
        if not self.desk.begin(job):
            return None
        if image is None:
            return Outcome("failed", ("undrawable",), "the slip cannot be drawn")
        if self.memory is not None and not _written(self.memory.begun, job):
            # Nothing is on paper yet, and unremembered it might be there twice.
            return Outcome("failed", ("offline",), "the agent cannot write its state file")
        try:
            return self.printer.print_image(image, job.ref)
        except Exception as error:
            # Whatever went wrong, bytes may have been sent: only a person prints it again.
            log.exception("printer failed", job=job.ref)
            return Outcome("unknown", ("offline",), " ".join(str(error).split()))

    def _drawn(self, job: Job) -> Image.Image | None:
        try:
            image: Image.Image = self.offload(drawn, job.slip)
        except Exception:
            log.exception("slip cannot be drawn", job=job.ref)
            return None
        return image

    def _settle(self, job: Job, outcome: Outcome) -> None:
        self._checked = self.clock()
        if outcome.state == "held":
            self._held = (job, outcome, self._checked)
        elif self.memory is not None:
            _written(self.memory.ended, job, outcome)
        self._untold = (job, outcome)
        self._tell(job, outcome)

    def _tell(self, job: Job, outcome: Outcome) -> None:
        """Tell the outcome, or keep it until it can be told: forgotten, it would print twice."""
        if not self.desk.tell(job, outcome):
            log.warning("outcome not wanted any more", job=job.ref, state=outcome.state)
        self._untold = None
        if outcome.state != "held" and self.memory is not None:
            _written(self.memory.forget)
        self.desk.tell_condition(_condition_after(outcome))

    def _look_at_held(self) -> bool:
        assert self._held is not None
        job, before, told = self._held
        outcome = self.printer.held_outcome()
        now = self.clock()
        if outcome.state == "held":
            if outcome != before or now - told >= STILL_HELD_EVERY_S:
                self._settle(job, outcome)
            return False
        self._held = None
        self._settle(job, outcome)
        return True

    def _check(self) -> None:
        now = self.clock()
        if self._checked is None or now - self._checked >= CHECK_EVERY_S:
            self._checked = now
            self.desk.tell_condition(self.printer.condition())


def _written(write: Callable[..., None], *args: Any) -> bool:
    """Whether the memory could be written; a full disk keeps nobody from being told."""
    try:
        write(*args)
    except OSError:
        log.exception("state file cannot be written")
        return False
    return True


def _condition_after(outcome: Outcome) -> Condition:
    """How the printer is, as far as an outcome tells."""
    reasons = tuple(reason for reason in outcome.reasons if reason != "undrawable")
    detail = "" if outcome.state == "printed" else outcome.detail
    return Condition(reasons, detail)
