"""How long it will take and how many can still be served: pure rules over plain values.

Counters are played through in steps: whoever is free takes somebody from its most preferred service
that has anybody waiting, for as long as one citizen of that service usually takes. That costs a few
microseconds for each waiting ticket, and gives every place in every line its likely moment. Nobody
who has not come yet is counted. Time is counted in seconds of work; the office's breaks are added
at the end.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

RECENT = 20
"""So many of the latest served citizens say how long a service takes."""

FEWEST = 3
"""With fewer measured times than this, and no word of the office, nothing is known."""

OFFICE_WEIGHT = 5
"""What the office says counts as much as this many measured times."""

SHORTEST_REST = 0.25
"""Somebody who is being served longer than usual needs at least this share of the usual time."""

EDGES = (0, 5, 10, 15, 20, 30, 40, 60, 90, 120)
"""Between these minutes an estimate is told; beyond them in whole hours."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One counter, as far as waiting is concerned."""

    tiers: Sequence[Sequence[int]]
    """Service ids in order of preference; equals in one inner list."""
    status: str = "open"
    """``open``, ``paused`` or ``closed``."""
    busy_with: int | None = None
    """The service of whom it has called or serves."""
    busy_s: float = 0
    """For how many seconds."""

    def serves(self, service: int) -> bool:
        """Whether it takes this service at all."""
        return any(service in tier for tier in self.tiers)


@dataclass(frozen=True, slots=True)
class Load:
    """What a hall has to do, at one moment."""

    waiting: Mapping[int, int]
    """How many wait, by service id."""
    seconds: Mapping[int, float]
    """How long one citizen takes, by service id; left out where nothing is known."""
    desks: Sequence[Desk]
    sessions: Sequence[tuple[float, float]] = ()
    """The open parts of today that are still to come, from and to in seconds from now."""

    @property
    def remaining_s(self) -> float:
        """Open seconds still to come today."""
        return sum(end - start for start, end in self.sessions)


def usual_seconds(measured: Sequence[int], typical_minutes: float | None) -> float | None:
    """How long one citizen takes, or none when there is nothing to go by.

    The tenth at each end is left out: a clerk who forgot to press, a citizen who came to the wrong
    hall. What the office says counts like a few measured times, so that a single one in the morning
    does not turn everything round.

    Args:
        measured: service times in seconds, the latest ``RECENT`` of them.
        typical_minutes: what the office says, in minutes.
    """
    aside = math.ceil(len(measured) / 10) if len(measured) >= FEWEST else 0
    middle = sorted(measured)[aside : len(measured) - aside]
    if typical_minutes is None:
        if len(measured) < FEWEST:
            return None
        return max(1.0, sum(middle) / len(middle))
    total = sum(middle) + OFFICE_WEIGHT * 60 * typical_minutes
    return max(1.0, total / (len(middle) + OFFICE_WEIGHT))


@dataclass(frozen=True)
class Course:
    """How the waiting would be called if everything took its usual time."""

    calls: Mapping[int, Sequence[float]]
    """By service id: after how many seconds of work its first, second … ticket is called, and at
    the end one who takes a number now."""
    free: Mapping[int, float]
    """By position among the desks: after how many seconds it has nobody left."""


def play(load: Load, desks: Collection[int]) -> Course:
    """Play the hall through with some of its desks, named by their positions in ``load.desks``."""
    left = {service: count for service, count in load.waiting.items() if count > 0}
    start = dict(left)
    calls: dict[int, list[float]] = {}
    newcomer: dict[int, float] = {}
    free: dict[int, float] = {}
    ready = [(_rest(load, load.desks[position]), position) for position in desks]
    heapq.heapify(ready)
    while ready:
        at, position = heapq.heappop(ready)
        taken = None
        for tier in load.desks[position].tiers:
            here = [service for service in tier if left.get(service)]
            if here:
                # Evenly mixed, as if people had come to the services of a tier in turns.
                taken = max(here, key=lambda service: (left[service] - 0.5) / start[service])
                break
            for service in tier:
                newcomer.setdefault(service, at)
        if taken is None:
            free[position] = at
            continue
        calls.setdefault(taken, []).append(at)
        left[taken] -= 1
        heapq.heappush(ready, (at + _usual(load, taken), position))
    return Course(
        {service: [*calls.get(service, []), at] for service, at in newcomer.items()}, free
    )


@dataclass(frozen=True)
class Outlook:
    """What can be told about a load: waits and what is left of the day."""

    load: Load

    @cached_property
    def _open(self) -> Course:
        return play(self.load, _positions(self.load, {"open"}))

    @cached_property
    def _expected(self) -> tuple[Course, set[int]]:
        """With those counters that may be expected to work until the day ends."""
        at_work = _positions(self.load, {"open", "paused"})
        served = {
            service
            for position in at_work
            for tier in self.load.desks[position].tiers
            for service in tier
        }
        missing = {service for service in self.load.waiting if service not in served}
        more = {
            position
            for position, desk in enumerate(self.load.desks)
            if any(desk.serves(service) for service in missing)
        }
        return play(self.load, at_work | more), at_work | more

    def wait_s(self, service: int, ahead: int | None = None) -> int | None:
        """Seconds until somebody of this service is called.

        Args:
            service: its id.
            ahead: how many of the service are called before; none for one who takes a number now.

        Returns:
            None when there is nothing to go by: no usual time, or no open counter.
        """
        calls = self._open.calls.get(service)
        if calls is None or service not in self.load.seconds:
            return None
        last = len(calls) - 1
        work = calls[last if ahead is None else min(ahead, last)]
        return round(on_the_clock(work, self.load.sessions))

    def left(self, service: int) -> int | None:
        """How many more of this service can be served before the day ends.

        Counters that are paused come back, and where none is open all that could serve it are
        counted: a number is only refused when it would be in vain.

        Returns:
            None when there is nothing to go by.
        """
        if service not in self.load.seconds:
            return None
        course, desks = self._expected
        working = [position for position in desks if self.load.desks[position].serves(service)]
        if not working:
            return None
        spare = (max(0.0, self.load.remaining_s - course.free[position]) for position in working)
        return math.floor(sum(spare) / self.load.seconds[service] + 1e-9)


def on_the_clock(work_s: float, sessions: Iterable[tuple[float, float]]) -> float:
    """Seconds from now until ``work_s`` seconds of work are done, breaks included.

    What does not fit into today's sessions is done after the last one; without sessions (a counter
    that works out of hours) there are no breaks.
    """
    end = 0.0
    for start, end in sessions:
        if work_s < end - start:
            return max(0.0, start) + work_s
        work_s -= end - start
    return max(0.0, end) + work_s


def wait_range(seconds: float) -> tuple[int, int]:
    """The minutes between which a wait is told: the longer, the coarser.

    >>> wait_range(17 * 60)
    (15, 20)
    """
    minutes = max(0.0, seconds) / 60
    for low, high in pairwise(EDGES):
        if minutes < high:
            return low, high
    low = int(minutes // 60) * 60
    return low, low + 60


def _positions(load: Load, statuses: Collection[str]) -> set[int]:
    return {position for position, desk in enumerate(load.desks) if desk.status in statuses}


def _usual(load: Load, service: int) -> float:
    """The usual time, or where it is not known the mean of those that are."""
    known = load.seconds.get(service)
    if known is not None:
        return known
    return sum(load.seconds.values()) / len(load.seconds) if load.seconds else 60.0


def _rest(load: Load, desk: Desk) -> float:
    """How many seconds whom the desk holds still needs."""
    if desk.busy_with is None:
        return 0.0
    usual = _usual(load, desk.busy_with)
    return max(usual - max(0.0, desk.busy_s), SHORTEST_REST * usual)
