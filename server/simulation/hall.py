"""One hall being played: people wait, counters call them, and whatever was begun goes on in time.

What somebody does over time (a visit, a dossier's life) is a *process*: a generator that yields
the moment at which it wants to go on, or the :class:`Turn` that it waits to be called for.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import event
from sqlalchemy.orm import Session

from server.dossiers.reception import Desk as Reception
from server.errors import Refused
from server.queueing import calling, counters, tickets
from server.simulation.clock import Clock

MISSED = 0.015
"""So many do not hear their number, and come back."""

PRIORITY = (
    ("none", 0.86),
    ("elderly", 0.07),
    ("small_child", 0.03),
    ("pregnancy", 0.02),
    ("merit", 0.02),
)
"""How often people have a reason for priority."""


@dataclass(eq=False)
class Turn:
    """Somebody's turn at a counter, from taking the number on."""

    service: str
    ticket_id: int | None = None
    desk: Counter | None = None
    """Who has called."""
    process: Process | None = None
    """What goes on when the number is called."""


Process = Generator[datetime | Turn, None, None]


@dataclass(eq=False)
class Counter:
    """A counter and whoever is there."""

    id: int
    services: frozenset[str]
    clerk: str
    turn: Turn | None = None


@dataclass
class Hall:
    """An office and all that goes on in it. ``session`` is that of the day being played."""

    office_id: int
    place: str
    clock: Clock
    counters: Sequence[Counter]
    rng: Random
    secret: str
    session: Session = field(init=False)
    now: datetime = field(init=False)
    received: int = 0
    """Dossiers accepted so far."""
    _agenda: list[tuple[datetime, int, Process]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _waiting: dict[int, Turn] = field(default_factory=dict)

    def start(self, process: Process, at: datetime) -> None:
        """Let something go on at a moment."""
        heapq.heappush(self._agenda, (at, next(self._order), process))

    def has_work(self, day: date) -> bool:
        """Whether anything goes on by the end of a day."""
        return bool(self._agenda) and self._agenda[0][0].date() <= day

    def play(self, session: Session, day: date) -> None:
        """Everything that goes on up to the end of a day, in one transaction."""
        _hold(session)
        self.session, self.now = session, self.clock.sessions(day)[0][0]
        for desk in self.counters:
            counters.open_counter(session, desk.id, self.now, desk.clerk)
        while self.has_work(day):
            at, _, process = heapq.heappop(self._agenda)
            self.now = max(self.now, at)
            self._go_on(process)
        for desk in self.counters:
            counters.close(session, desk.id, self.now, desk.clerk)

    def later(self, least: float, most: float) -> datetime:
        """A moment so many minutes from now."""
        return self.now + timedelta(minutes=self.rng.uniform(least, most))

    def desk(self, turn: Turn) -> Reception:
        """Where, when and by whom a dossier is received."""
        return Reception(self.office_id, self.now, self.clerk(turn), self.secret)

    def clerk(self, turn: Turn | None = None) -> str:
        """Who does it: the clerk of the counter, or one of those in the office."""
        desk = turn.desk if turn else None
        return (desk or self.rng.choice(self.counters)).clerk

    def leave(self, turn: Turn) -> None:
        """The citizen has been served; the counter calls the next one, which finishes this."""
        desk = turn.desk
        assert desk is not None and turn.ticket_id is not None
        if self._anybody(desk) and self.clock.at_work(self.now) == self.now:
            self._call(desk)
        else:
            calling.finish(self.session, turn.ticket_id, self.now, desk.clerk)
            self._free(desk)

    def send_off(self, turn: Turn, reason: str) -> None:
        """The citizen goes off to fix something and keeps the place."""
        desk = turn.desk
        assert desk is not None and turn.ticket_id is not None
        calling.park(self.session, turn.ticket_id, reason, self.now, desk.clerk)
        self._free(desk)

    def _go_on(self, process: Process) -> None:
        wanted = next(process, None)
        if isinstance(wanted, Turn):
            wanted.process = process
            self._line_up(wanted)
        elif wanted is not None:
            self.start(process, wanted)

    def _line_up(self, turn: Turn) -> None:
        if turn.ticket_id is not None:
            calling.resume(self.session, turn.ticket_id, self.now, "kiosk")
        else:
            reasons, often = zip(*PRIORITY, strict=True)
            priority = self.rng.choices(reasons, often)[0]
            try:
                turn.ticket_id = tickets.issue(
                    self.session,
                    self.office_id,
                    turn.service,
                    priority=priority,
                    now=self.now,
                    actor="kiosk",
                ).id
            except Refused:
                self.start(self._tomorrow(turn), self.now)
                return
        self._waiting[turn.ticket_id] = turn
        for desk in self.counters:
            if desk.turn is None and turn.service in desk.services:
                self.start(self._wake(desk), self.clock.at_work(self.now))
                return

    def _tomorrow(self, turn: Turn) -> Process:
        yield self.clock.visit(self.clock.after(self.now.date(), 1), self.rng)
        self._line_up(turn)

    def _wake(self, desk: Counter) -> Process:
        if desk.turn is None and self._anybody(desk):
            self._call(desk)
        return
        yield

    def _anybody(self, desk: Counter) -> bool:
        return any(turn.service in desk.services for turn in self._waiting.values())

    def _call(self, desk: Counter) -> None:
        desk.turn = None
        ticket = calling.call_next(self.session, desk.id, self.now, desk.clerk)
        assert ticket is not None  # somebody waits for this counter
        turn = self._waiting.pop(ticket.id)
        turn.desk, desk.turn = desk, turn
        assert turn.process is not None
        if self.rng.random() < MISSED:
            self.start(self._missed(turn, desk), self.later(1, 2))
        else:
            self.start(turn.process, self.later(0.2, 1))

    def _missed(self, turn: Turn, desk: Counter) -> Process:
        assert turn.ticket_id is not None
        calling.mark_no_show(self.session, turn.ticket_id, self.now, desk.clerk)
        self._free(desk)
        yield self.later(4, 20)
        self._line_up(turn)

    def _free(self, desk: Counter) -> None:
        desk.turn = None
        if self._anybody(desk):
            self.start(self._wake(desk), self.clock.at_work(self.now))


def _hold(session: Session) -> None:
    """Let the session keep what it has read. By itself it forgets what nobody holds, and so the
    commands of a long transaction would read the same office and tickets over and over."""
    held: list[object] = []
    for happened in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session, happened, lambda _session, one: held.append(one))
