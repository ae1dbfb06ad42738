"""One hall being played: people wait, counters call them, and whatever was begun goes on in time.

What somebody does over time (a visit, a dossier's life) is a *process*: a generator that yields
the moment at which it wants to go on, or the :class:`Turn` that it waits to be called for.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from sqlalchemy import event
from sqlalchemy.orm import Session

from server.dossiers.reception import Desk
from server.errors import Refused
from server.queueing import calling, counters, tickets
from server.simulation.clock import Clock

MISSED = 0.015
"""So many do not hear their number, and come back."""

PRIORITIES = ("none", "elderly", "small_child", "pregnancy", "merit")
PRIORITY_SHARES = (0.86, 0.07, 0.03, 0.02, 0.02)
"""How often people have each reason for priority."""


@dataclass(eq=False)
class Turn:
    """Somebody's turn at a counter, from taking the number on."""

    service: str
    ticket_id: int | None = None
    counter: Counter | None = None
    """Where the number was called."""
    process: Process | None = None
    """What goes on when it is called."""

    @property
    def called(self) -> tuple[int, Counter]:
        """The ticket and its counter, once it was called."""
        assert self.ticket_id is not None and self.counter is not None
        return self.ticket_id, self.counter


Process = Generator[datetime | Turn, None, None]


@dataclass(eq=False)
class Counter:
    """A counter and whoever is there."""

    id: int
    services: frozenset[str]
    clerk: str
    turn: Turn | None = None
    open: bool = False
    """Opened by its first call of the day."""


@dataclass
class Hall:
    """An office and all that goes on in it."""

    office_id: int
    place: str
    clock: Clock
    counters: Sequence[Counter]
    rng: Random
    secret: str
    session: Session = field(init=False)
    """Of the transaction of the day being played."""
    now: datetime = field(init=False)
    """On the office's own clock."""
    received: int = 0
    """Dossiers accepted so far."""
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _waiting: dict[int, Turn] = field(default_factory=dict)

    @property
    def utc(self) -> datetime:
        """This moment as commands are told it."""
        return self.now.astimezone(UTC)

    def start(self, process: Process, at: datetime) -> None:
        """Let something go on at a moment."""
        self._then(at, partial(self._go_on, process))

    def has_work(self, day: date) -> bool:
        """Whether anything goes on by the end of a day."""
        return bool(self._agenda) and self._agenda[0][0].date() <= day

    def play(self, session: Session, day: date) -> None:
        """Everything that goes on up to the end of a day, within the caller's transaction."""
        _hold(session)
        self.session, self.now = session, self.clock.sessions(day)[0][0]
        while self.has_work(day):
            at, _, act = heapq.heappop(self._agenda)
            self.now = max(self.now, at)
            act()
        for counter in self.counters:
            if counter.open:
                counters.close(session, counter.id, self.utc, counter.clerk)
                counter.open = False

    def later(self, least: float, most: float) -> datetime:
        """A moment so many minutes from now."""
        return self.now + timedelta(minutes=self.rng.uniform(least, most))

    def desk(self, turn: Turn) -> Desk:
        """Where, when and by whom a dossier is received."""
        return Desk(self.office_id, self.utc, self.clerk(turn), self.secret)

    def clerk(self, turn: Turn | None = None) -> str:
        """Who does it: the clerk of the counter, or one of those in the office."""
        return turn.called[1].clerk if turn else self.rng.choice(self.counters).clerk

    def leave(self, turn: Turn) -> None:
        """The citizen has been served; the counter calls the next one, which finishes this."""
        ticket_id, counter = turn.called
        if self._anybody(counter) and self.clock.at_work(self.now) == self.now:
            self._call(counter)
        else:
            calling.finish(self.session, ticket_id, self.utc, counter.clerk)
            self._free(counter)

    def send_off(self, turn: Turn, reason: str) -> None:
        """The citizen goes off to fix something and keeps the place."""
        ticket_id, counter = turn.called
        calling.park(self.session, ticket_id, reason, self.utc, counter.clerk)
        self._free(counter)

    def _then(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), act))

    def _go_on(self, process: Process) -> None:
        wanted = next(process, None)
        if isinstance(wanted, Turn):
            wanted.process = process
            self._line_up(wanted)
        elif wanted is not None:
            self.start(process, wanted)

    def _line_up(self, turn: Turn) -> None:
        try:
            turn.ticket_id = self._number(turn)
        except Refused:  # no more numbers, or too late for the old one: again tomorrow
            turn.ticket_id = None
            tomorrow = self.clock.after(self.now.date(), 1)
            self._then(self.clock.visit(tomorrow, self.rng), partial(self._line_up, turn))
            return
        self._waiting[turn.ticket_id] = turn
        for counter in self.counters:
            if counter.turn is None and turn.service in counter.services:
                self._wake_up(counter)
                return

    def _number(self, turn: Turn) -> int:
        """Of a ticket that waits: a new one, or the one that was away."""
        if turn.ticket_id is not None:
            return calling.resume(self.session, turn.ticket_id, self.utc, "kiosk").id
        return tickets.issue(
            self.session,
            self.office_id,
            turn.service,
            priority=self.rng.choices(PRIORITIES, PRIORITY_SHARES)[0],
            now=self.utc,
            actor="kiosk",
        ).id

    def _wake_up(self, counter: Counter) -> None:
        """Let a free counter call somebody: now, or when the break is over."""

        def call() -> None:
            if counter.turn is None and self._anybody(counter):
                self._call(counter)

        self._then(self.clock.at_work(self.now), call)

    def _anybody(self, counter: Counter) -> bool:
        return any(turn.service in counter.services for turn in self._waiting.values())

    def _call(self, counter: Counter) -> None:
        ticket = calling.call_next(self.session, counter.id, self.utc, counter.clerk)
        assert ticket is not None  # somebody waits for this counter
        turn = self._waiting.pop(ticket.id)
        turn.counter, counter.turn, counter.open = counter, turn, True
        assert turn.process is not None
        if self.rng.random() < MISSED:
            self._then(self.later(1, 2), partial(self._miss, turn))
        else:
            self.start(turn.process, self.later(0.2, 1))

    def _miss(self, turn: Turn) -> None:
        ticket_id, counter = turn.called
        calling.mark_no_show(self.session, ticket_id, self.utc, counter.clerk)
        self._free(counter)
        self._then(self.later(4, 20), partial(self._line_up, turn))

    def _free(self, counter: Counter) -> None:
        counter.turn = None
        if self._anybody(counter):
            self._wake_up(counter)


def _hold(session: Session) -> None:
    """Let the session keep what it has read. By itself it forgets what nobody holds, and so the
    commands of a long transaction would read the same office and tickets over and over."""
    held: list[object] = []
    for happened in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session, happened, lambda _session, one: held.append(one))
