"""The background task that reads the journal, fills the outbox and empties it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from server.database import Database
from server.errors import marked
from server.journal import changed_offices
from server.notices import outbox
from server.notices.backoff import LONGEST_S, pause_s
from server.notices.following import SAVE_EVERY, follow, next_of_interest, positions
from server.notices.models import Notice
from server.notices.notifier import Notifier, NotSent, Parcel
from server.notices.outbox import Failure
from server.notices.packing import NotNeeded, notifier_of, pack
from server.notices.reminders import remind, reminders
from server.notices.subscriptions import forget_phones, remove
from server.notices.ways import offered, open_way
from server.settings import Settings

LOOK_EVERY_S = 2.0
"""How often the journal is looked at, for changes that another process made, and the outbox."""

CLOSED_S = 15 * 60.0
"""A receiver that is away is asked at least so often, in seconds, by one notice for all."""

FORGET_EVERY = timedelta(hours=12)

REMIND_EVERY = timedelta(minutes=10)
"""How often it is looked whether an agency's head is to be reminded."""

log = structlog.get_logger("motcua.notices")


class NoticeWorker:
    """Tells citizens and programs what they are to be told; one runs in each server process.

    Each lane of the outbox (a channel, or one program) is emptied by a task of its own, so that a
    gateway that takes its time holds up nobody but itself.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        spawn: Callable[..., Any],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock
        self.spawn = spawn
        self.chance = chance
        self._wake = threading.Event()
        self._read: dict[int, int] = {}
        self._busy: set[str] = set()
        self._closed: dict[str, tuple[int, datetime]] = {}
        """Lanes whose receiver is away: how often in a row, and until when it is left alone."""
        self._forgot: datetime | None = None
        self._reminded: datetime | None = None

    def committed(self, session: Session) -> None:
        """A transaction of this process was committed: have a look at once if it matters."""
        if changed_offices(session):
            self._wake.set()

    def run(self) -> None:
        """Work until the process ends; started once as a background task."""
        begun = False
        while True:
            try:
                if not begun:
                    self.begin()
                    begun = True
                self.look()
            except Exception:
                # What could not be read or sent now is found again in the next round.
                log.exception("notices cannot be looked after")
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()

    def begin(self) -> None:
        """Take up what a crash has left; on SQLite no other process can be sending.

        A way that is set up wrongly is said at once, not when the first notice fails.
        """
        for channel in offered(self.settings):
            try:
                open_way(channel, self.settings)
            except NotSent as error:
                log.error("notices cannot be sent", channel=channel, problem=str(error))
        if self.database.engine.dialect.name == "sqlite":
            with self.database.transaction() as session:
                outbox.release_all(session, self.clock())

    def look(self) -> None:
        """One round: the journal, then a task for each lane that has something to send."""
        self.follow()
        now = self.clock()
        if self._forgot is None or now - self._forgot >= FORGET_EVERY:
            self._forgot = now
            with self.database.transaction() as session:
                outbox.forget(session, now)
                forget_phones(session, now)
        if self._reminded is None or now - self._reminded >= REMIND_EVERY:
            self._reminded = now
            self.remind()
        with self.database.read() as session:
            lanes = outbox.due_lanes(session, now)
        for lane in lanes:
            closed = lane in self._closed and now < self._closed[lane][1]
            if lane not in self._busy and not closed:
                self._busy.add(lane)
                self.spawn(self._work, lane)

    def remind(self) -> None:
        """Remind the heads of agencies of what falls due, where there is a mail server."""
        if not self.settings.smtp_url:
            return
        now = self.clock()
        with self.database.read() as session:
            due = reminders(session, now, self.settings.public_url or "")
        if due:
            with self.database.transaction() as session:
                remind(session, due, now)

    def follow(self) -> None:
        """Write down what is to be told of all that has happened.

        Most revisions are the queue's and nothing is to be told of them. Those cost a look, and no
        write: how far they were read is remembered here, and written down now and then.
        """
        with self.database.read() as session:
            offices = positions(session)
        for office_id, (latest, kept) in offices.items():
            read = max(kept, self._read.get(office_id, 0))
            if latest <= read:
                continue
            with self.database.read() as session:
                found = next_of_interest(session, office_id, read)
            if found is None and latest - kept < SAVE_EVERY:
                self._read[office_id] = latest
                continue
            while read < latest:
                with self.database.transaction() as session:
                    read = follow(
                        session,
                        office_id,
                        latest,
                        self.clock(),
                        public_url=self.settings.public_url or "",
                    )
            self._read[office_id] = read

    def drain(self, lane: str) -> None:
        """Send what is due on a lane until nothing is, or until its receiver fails.

        Then one row has been tried, and the others wait untried until it is asked again.
        """
        alive = False
        while True:
            with self.database.transaction() as session:
                rows = outbox.claim(session, lane, self.clock())
            if not rows:
                return
            for place, row in enumerate(rows):
                failure = self._send(row)
                if failure is not None and alive:
                    failure = replace(failure, everyone=False)
                with self.database.transaction() as session:
                    self._settle(session, row, failure)
                if failure is None:
                    alive = True
                    self._closed.pop(lane, None)
                elif failure.everyone and not failure.final:
                    self._close(lane, failure, rows[place + 1 :])
                    return

    def _close(self, lane: str, failure: Failure, untried: list[Notice]) -> None:
        """Leave a lane's receiver alone for a while, each time for longer."""
        now = self.clock()
        failures = self._closed[lane][0] + 1 if lane in self._closed else 1
        usual = min(pause_s(failures, self.chance()), CLOSED_S)
        wait = max(usual, min(failure.not_before_s, LONGEST_S))
        self._closed[lane] = (failures, now + timedelta(seconds=wait))
        with self.database.transaction() as session:
            outbox.hand_back(session, untried, now)
            old = outbox.give_up_old(session, lane, failure, now)
        if old:
            log.warning("notices given up", lane=lane, count=old, problem=failure.problem)

    def _work(self, lane: str) -> None:
        try:
            self.drain(lane)
        except Exception:
            log.exception("notices cannot be sent", lane=lane)
        finally:
            self._busy.discard(lane)

    def _send(self, row: Notice) -> Failure | None:
        """Send one row; none: it was sent, or need not be."""
        now = self.clock()
        try:
            notifier, parcel = self._ready(row)
            notifier.send(parcel, now)
        except NotNeeded as why:
            with self.database.transaction() as session:
                outbox.drop(session, row.id, row.attempts, str(why), now)
        except NotSent as error:
            return error.failure
        except Exception as error:
            log.exception("a notice cannot be sent", notice=row.id, lane=row.lane)
            problem = marked("The program has a fault. Please tell those who made it.")
            return Failure(problem, type(error).__name__, everyone=False)
        return None

    def _ready(self, row: Notice) -> tuple[Notifier, Parcel]:
        with self.database.read() as session:
            stored = session.get_one(Notice, row.id)
            return notifier_of(session, stored, self.settings), pack(session, stored)

    def _settle(self, session: Session, row: Notice, failure: Failure | None) -> None:
        ended = outbox.settle(
            session, row.id, row.attempts, self.clock(), failure=failure, chance=self.chance()
        )
        if ended is not None and ended.state == "given-up":
            log.warning(
                "notice given up",
                notice=ended.id,
                lane=ended.lane,
                kind=ended.kind,
                attempts=ended.attempts,
                problem=ended.problem,
                detail=ended.detail,
            )
            if failure is not None and failure.gone and ended.subscription is not None:
                remove(session, ended.subscription)
