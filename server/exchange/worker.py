"""Large messages are read in by a process of their own, so that the hall's never computes for them.

That process is ``motcua dossiers continue MESSAGE``. If it dies, or the whole server does, the next
one goes on behind the last batch.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select

from server.database import Database
from server.exchange.importing import Workplace, give_up
from server.exchange.models import IMPORTING, RECEIVED, ExchangeMessage
from server.exchange.receiving import spool_of
from server.settings import Settings

LOOK_EVERY_S = 30.0
"""How often it is looked for messages that another process left lying."""

POLL_S = 0.05
MOST_TRIES = 5
NICENESS = 5
"""The hall's own process comes first."""

log = structlog.get_logger("motcua.exchange")


class ImportWorker:
    """Has the messages whose files lie in this data folder read in, one after the other."""

    def __init__(
        self, database: Database, settings: Settings, *, clock: Callable[[], datetime]
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock
        self._wake = threading.Event()

    def wake(self) -> None:
        """Look at once."""
        self._wake.set()

    def run(self) -> None:
        """Read in messages until the process ends; started once as a background task."""
        while True:
            try:
                while (message := self._next()) is not None:
                    self._read_in(*message)
            except Exception:
                log.exception("import")
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()

    def _next(self) -> tuple[int, int] | None:
        """The oldest message whose file is here, and how often it was begun."""
        with self.database.read() as session:
            waiting = session.execute(
                select(ExchangeMessage.id, ExchangeMessage.tries)
                .where(ExchangeMessage.state.in_((RECEIVED, IMPORTING)))
                .order_by(ExchangeMessage.id)
            ).all()
        for message, tries in waiting:
            if spool_of(self.settings.data, message).exists():
                return message, tries
        return None

    def _read_in(self, message: int, tries: int) -> None:
        if tries >= MOST_TRIES:
            log.error("a message broke off again and again", message=message)
            secret = self.settings.secret_key or ""
            give_up(Workplace(self.database, self.settings.data, secret, self.clock), message)
            return
        command = ["dossiers", "continue", str(message), "--data", str(self.settings.data)]
        process = subprocess.Popen(
            [sys.executable, "-m", "server", *command],
            env=os.environ | self._environment(),
            stdin=subprocess.DEVNULL,
        )
        while process.poll() is None:
            time.sleep(POLL_S)
        if process.returncode != 0:
            log.error("an import broke off", message=message, code=process.returncode)
            time.sleep(tries + 1)

    def _environment(self) -> dict[str, str]:
        """What this process was told otherwise than through its environment."""
        told = {
            "MOTCUA_DATABASE_URL": self.settings.database_url,
            "MOTCUA_SECRET_KEY": self.settings.secret_key,
        }
        return {name: value for name, value in told.items() if value}
