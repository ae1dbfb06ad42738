"""The printing side of the server: one task for each printer that it can reach itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hardware.printers import Outcome, Printer, PrinterError, open_printer
from hardware.raster import draw
from hardware.slips import Slip
from server import journal
from server.database import Database
from server.offices.models import Printer as PrinterRow
from server.printing import jobs
from server.printing.offloaded import without_waiting

OWN_SCHEMES = ("virtual:", "network:", "usb:", "serial:", "file:", "cups:", "win32:")
"""Transports the server itself prints to. In most halls it runs on the kiosk's own PC, so the local
ones are among them."""

LOOK_EVERY_S = 1.0
"""How often jobs are looked for when nobody has said that there is one."""

CHECK_EVERY_S = 4.0
"""How often an idle printer is asked how it is."""

log = structlog.get_logger("motcua.printing")


class PrintingWorker:
    """Leases the jobs of the server's own printers, draws and prints them, records the outcome."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        clock: Callable[[], datetime],
        offload: Callable[..., Any],
        spawn: Callable[..., Any],
    ) -> None:
        self.database = database
        self.folder = folder
        self.clock = clock
        self.offload = offload
        self.spawn = spawn
        self._tasks: dict[int, threading.Event] = {}

    def wake(self) -> None:
        """Say that there may be a new job."""
        for event in self._tasks.values():
            event.set()

    def run(self) -> None:
        """Keep a task for each printer, also for those added later; started once."""
        pause = threading.Event()
        begun = False
        while True:
            try:
                if not begun:
                    self.begin()
                    begun = True
                for printer_id, uri in self._own_printers():
                    if printer_id not in self._tasks:
                        self._tasks[printer_id] = threading.Event()
                        self.spawn(self._serve, printer_id, uri)
            except Exception:
                log.exception("printers cannot be read")
            pause.wait(5)

    def begin(self) -> None:
        """Take up what a crash has left; on SQLite no other process can be printing."""
        if self.database.engine.dialect.name == "sqlite":
            with self.database.transaction() as session:
                jobs.take_back_all(session)

    def _serve(self, printer_id: int, uri: str) -> None:
        """The task of one printer; ends when the printer is gone or has another address."""
        wake = self._tasks[printer_id]
        checked = None
        try:
            printer = without_waiting(open_printer(uri, folder=self.folder), uri, self.offload)
            while (printer_id, uri) in self._own_printers():
                wake.clear()
                try:
                    now = self.clock()
                    if self.print_one(printer_id, printer):
                        checked = now
                        continue
                    if checked is None or now - checked >= timedelta(seconds=CHECK_EVERY_S):
                        checked = now
                        self._note_condition(printer_id, printer.condition().state)
                except Exception:
                    log.exception("printing failed", printer=printer_id)
                wake.wait(LOOK_EVERY_S)
            printer.close()
        except PrinterError as error:
            log.error("printer cannot be used", printer=printer_id, uri=uri, error=str(error))
            wake.wait(60)
        finally:
            self._tasks.pop(printer_id, None)

    def print_one(self, printer_id: int, printer: Printer) -> bool:
        """Print the printer's next job, if there is one; whether there was."""
        if not self._has_job(printer_id):
            return False
        with self.database.transaction() as session:
            job = jobs.lease(session, printer_id, self.clock())
            if job is None:
                return False
            job_id, ref, slip, attempt = job.id, job.ref, dict(job.slip), job.attempts
        outcome = self._print(printer, ref, slip)
        self._settle(job_id, attempt, outcome)
        self._note_condition(printer_id, _condition(outcome))
        return outcome.state != "failed"

    def _settle(self, job_id: int, attempt: int, outcome: Outcome) -> None:
        """Record the outcome, however long the database is busy: forgetting it prints twice."""
        while True:
            try:
                with self.database.transaction() as session:
                    jobs.settle(
                        session,
                        job_id,
                        outcome.state,
                        outcome.reasons,
                        self.clock(),
                        actor="printing",
                        attempt=attempt,
                    )
                return
            except OperationalError:
                log.exception("outcome not recorded yet", job=job_id)
                threading.Event().wait(1)

    def _print(self, printer: Printer, ref: str, slip: dict[str, Any]) -> Outcome:
        try:
            image = self.offload(draw, Slip.from_dict(slip))
        except Exception:
            log.exception("slip cannot be drawn", job=ref)
            return Outcome("failed", ("rejected",), "the slip cannot be drawn")
        try:
            return printer.print_image(image, ref)
        except Exception as error:
            # Whatever went wrong, bytes may have been sent: only a person prints it again.
            log.exception("printer failed", job=ref)
            return Outcome("unknown", ("offline",), str(error))

    def _has_job(self, printer_id: int) -> bool:
        with self.database.read() as session:
            return jobs.jobs_waiting(session, printer_id) > 0

    def _own_printers(self) -> list[tuple[int, str]]:
        with self.database.read() as session:
            rows = session.execute(
                select(PrinterRow.id, PrinterRow.uri).where(PrinterRow.active)
            ).all()
        return [(row.id, row.uri) for row in rows if row.uri.startswith(OWN_SCHEMES)]

    def _note_condition(self, printer_id: int, condition: str) -> None:
        with self.database.read() as session:
            row = session.get(PrinterRow, printer_id)
            if row is None or row.condition == condition:
                return
        with self.database.transaction() as session:
            note_condition(session, printer_id, condition, self.clock())


def note_condition(session: Session, printer_id: int, condition: str, now: datetime) -> None:
    """Record how a printer is; screens are told when that has changed."""
    printer = session.get_one(PrinterRow, printer_id)
    office = journal.lock_office(session, printer.office_id)
    session.refresh(printer)
    if printer.condition == condition:
        return
    printer.condition, printer.condition_at = condition, now
    if condition == "ok":
        jobs.make_due(session, printer_id, now)
    journal.record(
        session,
        office,
        "printer.changed",
        subject=printer.name,
        actor="printing",
        data={"condition": condition},
        at=now,
    )


def _condition(outcome: Outcome) -> str:
    if outcome.state == "printed":
        return outcome.reasons[0] if outcome.reasons else "ok"
    return outcome.reasons[0] if outcome.reasons else "unknown"
