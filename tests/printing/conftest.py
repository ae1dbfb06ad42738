"""An office with a printer, and the life of its jobs in short words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from hardware.agent import PrintingTask
from hardware.printers import Outcome
from hardware.printers.interface import NOTHING_HELD, Condition
from server.database import Database
from server.journal import JournalEntry
from server.offices.models import Printer
from server.printing import jobs, leasing
from server.printing.desk import DatabaseDesk
from server.printing.models import PrintJob
from server.printing.worker import PrintingWorker
from tests.conftest import Clock, make_office

SLIP = {"number": "A001", "url": "http://hall.example/t/x"}


class Device:
    """A printer that does what the test says, and keeps what it got."""

    def __init__(self, *outcomes: Outcome, held: tuple[Outcome, ...] = ()) -> None:
        self.outcomes, self.held = list(outcomes), list(held)
        self.printed: list[Image.Image] = []
        self.now = Condition()

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        self.printed.append(image)
        return self.outcomes.pop(0)

    def held_outcome(self) -> Outcome:
        return self.held.pop(0) if self.held else NOTHING_HELD

    def condition(self) -> Condition:
        return self.now

    def close(self) -> None:
        pass


@dataclass
class Outbox:
    """One printer's jobs."""

    database: Database
    clock: Clock
    printer: int
    office: int
    attempts: dict[int, int] = field(default_factory=dict)

    def owed(self, slip: dict[str, Any] = SLIP, **more: Any) -> int:
        """The id of a new job."""
        with self.database.transaction() as session:
            printer = session.get_one(Printer, self.printer)
            return jobs.enqueue(session, printer, slip, self.clock(), **more).id

    def lease(self, by: str = "token:1", *, begin: bool = True) -> int | None:
        """The id of the job that ``by`` leased, and has begun to print."""
        with self.database.transaction() as session:
            job = leasing.lease(session, self.printer, self.clock(), by=by)
            if job is None:
                return None
            self.attempts[job.id] = job.attempts
            leased = job.id
        assert not begin or self.begin(leased, by=by)
        return leased

    def begin(self, job: int, by: str = "token:1") -> bool:
        """Say that printing begins."""
        with self.database.transaction() as session:
            return leasing.begin(session, job, self.attempts[job], self.clock(), by=by)

    def settle(self, job: int, state: str, *reasons: str, by: str = "token:1") -> bool:
        """Say what became of it; whether that was wanted."""
        with self.database.transaction() as session:
            settled = leasing.settle(
                session,
                job,
                state,
                reasons,
                self.clock(),
                by=by,
                attempt=self.attempts[job],
                actor="test",
            )
            return settled is not None

    def sweep(self) -> None:
        """What the server does every few seconds."""
        with self.database.read() as session:
            behind = leasing.offices_to_sweep(session, self.clock())
        for office in behind:
            with self.database.transaction() as session:
                leasing.sweep(session, office, self.clock())

    def do(self, command: Any, *arguments: Any) -> Any:
        """Carry out ``command(session, *arguments, now, "clerk")``."""
        with self.database.transaction() as session:
            return command(session, *arguments, self.clock(), "clerk")

    def state(self, job: int) -> tuple[str, list[str]]:
        """State and reasons of a job."""
        found = self.look(job)
        return found.state, list(found.reasons)

    def look(self, job: int) -> PrintJob:
        """The job as it is stored."""
        with self.database.read() as session:
            return session.get_one(PrintJob, job)

    def condition(self) -> str:
        """What is known of the printer."""
        with self.database.read() as session:
            return session.get_one(Printer, self.printer).condition

    def events(self) -> list[str]:
        """What the journal says."""
        with self.database.read() as session:
            entries = select(JournalEntry.event).order_by(JournalEntry.revision)
            return list(session.scalars(entries))

    def task(self, device: Device, by: str = "server:1") -> PrintingTask:
        """The task that the server runs for its own printers."""
        desk = DatabaseDesk(self.database, self.printer, clock=self.clock, by=by)
        seconds = lambda: self.clock().timestamp()  # noqa: E731
        return PrintingTask(desk, device, clock=seconds)


@pytest.fixture
def outbox(database: Database, clock: Clock) -> Outbox:
    """The jobs of an office's one printer."""
    office = make_office()
    office.printers = [Printer(name="kiosk", uri="virtual:slips")]
    with database.transaction() as session:
        session.add(office)
        session.flush()
        return Outbox(database, clock, office.printers[0].id, office.id)


@pytest.fixture
def worker(database: Database, clock: Clock, tmp_path: Path) -> PrintingWorker:
    """The server's printing side, which starts no task by itself."""

    def started(*_: object) -> None: ...

    return PrintingWorker(
        database, tmp_path, clock=clock, offload=lambda work, *args: work(*args), spawn=started
    )


def later(clock: Clock, **span: float) -> datetime:
    """The moment in a while, without waiting for it."""
    return Clock(clock.now).forward(**span)
