"""The life of a print job, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from hardware.printers import Outcome
from hardware.printers.interface import Condition
from server.database import Database
from server.journal import JournalEntry
from server.offices.models import Office, Printer
from server.printing import jobs
from server.printing.models import PrintJob
from server.printing.worker import PrintingWorker, note_condition
from tests.conftest import Clock, make_office

SLIP = {"number": "A001", "url": "http://hall.example/t/x"}


class Device:
    """A printer that does what the test says, and keeps what it got."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.printed: list[Image.Image] = []

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        self.printed.append(image)
        return self.outcomes.pop(0)

    def condition(self) -> Condition:
        return Condition()

    def close(self) -> None:
        pass


@pytest.fixture
def printer(database: Database) -> int:
    """The id of an office's printer."""
    office = make_office()
    office.printers = [Printer(name="kiosk", uri="virtual:slips")]
    with database.transaction() as session:
        session.add(office)
        session.flush()
        return office.printers[0].id


@pytest.fixture
def worker(database: Database, clock: Clock, tmp_path: Path) -> PrintingWorker:
    return PrintingWorker(
        database, tmp_path, clock=clock, offload=lambda work, *args: work(*args), spawn=print
    )


def owed(database: Database, printer: int, clock: Clock) -> int:
    """A new job."""
    with database.transaction() as session:
        return jobs.enqueue(session, session.get_one(Printer, printer), SLIP, clock()).id


def lease(database: Database, printer: int, now: datetime) -> int | None:
    """The id of the job that was leased."""
    with database.transaction() as session:
        job = jobs.lease(session, printer, now)
        return job.id if job else None


def settle(database: Database, job: int, state: str, now: datetime, *reasons: str) -> None:
    """Record an outcome."""
    with database.transaction() as session:
        jobs.settle(session, job, state, reasons, now, actor="test")


def state(database: Database, job: int) -> tuple[str, list[str]]:
    """State and reasons of a job."""
    with database.read() as session:
        found = session.get_one(PrintJob, job)
        return found.state, list(found.reasons)


def test_a_job_is_printed_once(database: Database, printer: int, clock: Clock) -> None:
    job = owed(database, printer, clock)
    assert lease(database, printer, clock()) == job
    settle(database, job, "printed", clock())
    assert state(database, job) == ("printed", [])
    assert lease(database, printer, clock.forward(minutes=1)) is None


def test_one_slip_at_a_time_and_in_order(database: Database, printer: int, clock: Clock) -> None:
    first, second = owed(database, printer, clock), owed(database, printer, clock)
    assert lease(database, printer, clock()) == first
    assert lease(database, printer, clock()) is None
    settle(database, first, "printed", clock())
    assert lease(database, printer, clock()) == second


def test_what_failed_before_its_first_byte_is_tried_again_ever_later(
    database: Database, printer: int, clock: Clock
) -> None:
    job = owed(database, printer, clock)
    for pause in (1, 2, 4):
        assert lease(database, printer, clock()) == job
        settle(database, job, "failed", clock(), "paper-out")
        assert state(database, job) == ("pending", ["paper-out"])
        assert lease(database, printer, clock() + timedelta(seconds=pause - 0.1)) is None
        clock.forward(seconds=pause)


def test_what_may_be_out_is_not_tried_again(database: Database, printer: int, clock: Clock) -> None:
    job = owed(database, printer, clock)
    lease(database, printer, clock())
    settle(database, job, "unknown", clock(), "offline")
    assert state(database, job) == ("unknown", ["offline"])
    assert lease(database, printer, clock.forward(minutes=1)) is None


def test_a_lost_lease_comes_back_marked(database: Database, printer: int, clock: Clock) -> None:
    job = owed(database, printer, clock)
    lease(database, printer, clock())
    assert lease(database, printer, clock.forward(seconds=jobs.LEASE_S - 1)) is None
    assert lease(database, printer, clock.forward(seconds=2)) == job
    with database.read() as session:
        assert session.get_one(PrintJob, job).slip["reprint"] is True


def test_after_a_crash_the_only_server_takes_up_its_jobs_at_once(
    database: Database, printer: int, clock: Clock, worker: PrintingWorker
) -> None:
    job = owed(database, printer, clock)
    lease(database, printer, clock())
    worker.begin()
    alone = database.engine.dialect.name == "sqlite"
    assert lease(database, printer, clock()) == (job if alone else None)


def test_a_slip_nobody_waits_for_any_more_is_given_up(
    database: Database, printer: int, clock: Clock
) -> None:
    job = owed(database, printer, clock)
    assert lease(database, printer, clock.forward(seconds=jobs.TOO_OLD_S + 1)) is None
    assert state(database, job) == ("failed", ["too-old"])


def test_screens_are_told_only_when_something_is_new(
    database: Database, printer: int, clock: Clock
) -> None:
    job = owed(database, printer, clock)
    for _ in range(3):
        lease(database, printer, clock.forward(seconds=20))
        settle(database, job, "failed", clock(), "offline")
    lease(database, printer, clock.forward(seconds=20))
    settle(database, job, "printed", clock())
    with database.read() as session:
        events = session.scalars(select(JournalEntry.event).order_by(JournalEntry.revision)).all()
        revision = session.scalars(select(Office.revision)).one()
    assert events == ["slip.pending", "slip.printed"]
    assert revision == 2


def test_the_worker_draws_prints_and_records(
    database: Database, printer: int, clock: Clock, worker: PrintingWorker
) -> None:
    job = owed(database, printer, clock)
    device = Device(Outcome("printed"))
    assert worker.print_one(printer, device)
    assert device.printed[0].width == 576
    assert state(database, job) == ("printed", [])
    assert _condition(database, printer) == "ok"
    assert not worker.print_one(printer, device)


def test_the_worker_notes_that_paper_is_out(
    database: Database, printer: int, clock: Clock, worker: PrintingWorker
) -> None:
    owed(database, printer, clock)
    worker.print_one(printer, Device(Outcome("failed", ("paper-out",))))
    assert _condition(database, printer) == "paper-out"
    clock.forward(seconds=5)
    worker.print_one(printer, Device(Outcome("printed", ("paper-near-end",))))
    assert _condition(database, printer) == "paper-near-end"


def test_paper_that_is_back_makes_the_owed_slips_due_at_once(
    database: Database, printer: int, clock: Clock, worker: PrintingWorker
) -> None:
    job = owed(database, printer, clock)
    for _ in range(4):
        worker.print_one(printer, Device(Outcome("failed", ("paper-out",))))
        clock.forward(seconds=16)
    worker.print_one(printer, Device(Outcome("failed", ("paper-out",))))
    with database.transaction() as session:
        note_condition(session, printer, "ok", clock.forward(seconds=1))
    assert worker.print_one(printer, Device(Outcome("printed")))
    assert state(database, job) == ("printed", [])


def test_an_unforeseen_failure_counts_as_perhaps_printed(
    database: Database, printer: int, clock: Clock, worker: PrintingWorker
) -> None:
    job = owed(database, printer, clock)

    class Broken(Device):
        def print_image(self, image: Any, name: str) -> Outcome:
            raise RuntimeError("the cable is loose")

    worker.print_one(printer, Broken())
    assert state(database, job)[0] == "unknown"


def test_a_slip_that_cannot_be_drawn_harms_nothing(
    database: Database, printer: int, clock: Clock, worker: PrintingWorker
) -> None:
    with database.transaction() as session:
        job = jobs.enqueue(session, session.get_one(Printer, printer), {"number": ""}, clock()).id
    device = Device()
    worker.print_one(printer, device)
    assert device.printed == []
    assert state(database, job) == ("pending", ["rejected"])


def _condition(database: Database, printer: int) -> str:
    with database.read() as session:
        return session.get_one(Printer, printer).condition
