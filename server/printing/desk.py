"""The server's own printers: the agent's task, with the database as its desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from hardware.agent import Job
from hardware.printers import Condition, Outcome
from server.database import Database
from server.printing import leasing
from server.printing.conditions import has_changed, note_condition
from server.printing.forms import slip_of_job

log = structlog.get_logger("motcua.printing")


class DatabaseDesk:
    """Hands out one printer's jobs within this process."""

    def __init__(
        self, database: Database, printer_id: int, *, clock: Callable[[], datetime], by: str
    ) -> None:
        """``by`` names this process, so that its leases are told from another's."""
        self.database, self.printer_id = database, printer_id
        self.clock, self.by = clock, by

    def next_job(self) -> Job | None:
        """Only looks: a job is taken when it begins, which saves a write for each slip."""
        with self.database.read() as session:
            now = self.clock()
            job = leasing.next_due(session, self.printer_id, now)
            if job is None:
                return None
            return Job(job.id, job.attempts + 1, job.ref, slip_of_job(session, job, now))

    def begin(self, job: Job) -> bool:
        """Takes the job, unless another process was quicker."""
        with self.database.transaction() as session:
            return leasing.begin(session, job.id, job.attempt, self.clock(), by=self.by)

    def tell(self, job: Job, outcome: Outcome) -> bool:
        """However long the database is busy: forgetting it prints twice."""
        while True:
            try:
                return self._settle(job, outcome)
            except OperationalError:
                log.exception("outcome not recorded yet", job=job.id)
                threading.Event().wait(1)

    def tell_condition(self, condition: Condition) -> None:
        """Written only when it has changed."""
        with self.database.read() as session:
            if not has_changed(session, self.printer_id, condition):
                return
        with self.database.transaction() as session:
            note_condition(session, self.printer_id, condition, self.clock())

    def _settle(self, job: Job, outcome: Outcome) -> bool:
        with self.database.transaction() as session:
            settled = leasing.settle(
                session,
                job.id,
                outcome.state,
                outcome.reasons,
                self.clock(),
                by=self.by,
                attempt=job.attempt,
                actor="printing",
            )
        return settled is not None
