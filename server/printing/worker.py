"""The printing side of the server: a task for each printer that it can reach itself."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from hardware.agent import PrintingTask
from hardware.printers import PrinterError, open_printer
from server.database import Database
from server.printing import conditions, leasing
from server.printing.desk import DatabaseDesk
from server.printing.offloaded import without_waiting

KEEP_EVERY_S = 5.0
"""How often new printers, lost leases and silent agents are looked for."""

UNUSABLE_S = 60.0
"""How long a printer whose address cannot be used is left alone."""

log = structlog.get_logger("motcua.printing")


class PrintingWorker:
    """Keeps a :class:`hardware.agent.PrintingTask` running for each of the server's own printers,
    and ends what the agents of the others have left."""

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
        self.name = f"server:{secrets.token_hex(4)}"
        self._wakes: dict[int, threading.Event] = {}
        self._own: set[tuple[int, str]] = set()

    def wake(self) -> None:
        """Say that there may be a new job."""
        for event in list(self._wakes.values()):
            event.set()

    def run(self) -> None:
        """Keep everything going until the process ends; started once."""
        pause = threading.Event()
        begun = False
        while True:
            try:
                if not begun:
                    self.begin()
                    begun = True
                self.keep()
            except Exception:
                log.exception("printers cannot be looked after")
            pause.wait(KEEP_EVERY_S)

    def begin(self) -> None:
        """Give up what a crash has left; on SQLite no other process can be printing."""
        if self.database.engine.dialect.name == "sqlite":
            with self.database.transaction() as session:
                leasing.give_up_all(session, self.clock(), besides=self.name)

    def keep(self) -> None:
        """Start the tasks that are missing, and end what has ended by itself."""
        now = self.clock()
        with self.database.read() as session:
            self._own = set(conditions.own_printers(session))
            behind = leasing.offices_to_sweep(session, now)
            silent = conditions.silent_printers(session, now)
        for printer_id, uri in sorted(self._own):
            if printer_id not in self._wakes:
                self._wakes[printer_id] = threading.Event()
                self.spawn(self._serve, printer_id, uri)
        for office_id in behind:
            with self.database.transaction() as session:
                leasing.sweep(session, office_id, now)
        for printer_id in silent:
            with self.database.transaction() as session:
                conditions.note_silence(session, printer_id, now)

    def task(self, printer_id: int, uri: str) -> PrintingTask:
        """The task of one printer. Raises ``PrinterError`` for an address that cannot be used."""
        printer = without_waiting(open_printer(uri, folder=self.folder), uri, self.offload)
        desk = DatabaseDesk(self.database, printer_id, clock=self.clock, by=self.name)
        return PrintingTask(desk, printer, offload=self.offload)

    def _serve(self, printer_id: int, uri: str) -> None:
        """Ends when the printer is gone, has another address, or an agent of its own."""
        wake = self._wakes[printer_id]
        try:
            task = self.task(printer_id, uri)
            try:
                task.run(wake, lambda: (printer_id, uri) in self._own)
            finally:
                task.printer.close()
        except PrinterError as error:
            log.error("printer cannot be used", printer=printer_id, uri=uri, error=str(error))
            wake.wait(UNUSABLE_S)
        finally:
            self._wakes.pop(printer_id, None)
