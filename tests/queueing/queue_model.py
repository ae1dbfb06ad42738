"""A simple queue to compare the real one with: plain lists, no database, its own words.

It knows the state a hall must be in after every command and what may never happen. Of who is next
it knows only what people may rely on, not how the rules come to it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PRIORITY_CALLS, ORDINARY_CALLS = 2, 1
OVERDUE = timedelta(minutes=60)
RETURN_TIME = timedelta(minutes=30)
RETURN_PLACES = 3
UNDO_TIME = timedelta(seconds=6)

LEADS = {
    # step: {status before: status after}
    "call": {"waiting": "called", "parked": "called", "no_show": "called"},
    "recall": {"called": "called"},
    "serve": {"called": "serving"},
    "finish": {"called": "done", "serving": "done"},
    "no-show": {"called": "no_show"},
    "park": {"called": "parked", "serving": "parked"},
    "resume": {"parked": "waiting", "no_show": "waiting"},
    "transfer": dict.fromkeys(("waiting", "called", "serving", "parked"), "waiting"),
    "cancel": dict.fromkeys(("waiting", "called", "parked", "no_show"), "cancelled"),
    "give back": dict.fromkeys(("waiting", "parked", "no_show"), "cancelled"),
}


class ModelRefuses(Exception):
    """The real queue must refuse as well, and change nothing."""


@dataclass
class Slip:
    """A ticket."""

    id: int
    number: str
    service: str
    priority: bool
    place: int
    day: str
    status: str = "waiting"
    counter: str | None = None
    returned: datetime | None = None
    missed_at: datetime | None = None
    calls_left: int = 0
    """So many calls of others it may still see before its own."""


@dataclass
class Pressed:
    """What a counter did last."""

    at: datetime
    before: list[Slip]
    after: list[Slip]


@dataclass
class ModelHall:
    """One office."""

    timezone: str
    caps: dict[str, int]
    letters: dict[str, str]
    tiers: dict[str, list[list[str]]]
    day: str | None = None
    revision: int = 0
    slips: dict[int, Slip] = field(default_factory=dict)
    issued: dict[str, int] = field(default_factory=dict)
    last_place: dict[str, int] = field(default_factory=dict)
    counters: dict[str, str] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    presses: dict[str, Pressed] = field(default_factory=dict)

    def copy(self) -> ModelHall:
        """For trying a command."""
        return copy.deepcopy(self)

    def waiting(self, services: list[str] | None = None) -> list[Slip]:
        """Who waits, for some services."""
        return [
            slip
            for slip in self.slips.values()
            if slip.status == "waiting" and (services is None or slip.service in services)
        ]

    def held(self, counter: str) -> list[Slip]:
        """Whom a counter has called or serves."""
        return [
            slip
            for slip in self.slips.values()
            if slip.status in ("called", "serving") and slip.counter == counter
        ]

    def roll(self, now: datetime) -> None:
        """Begin a new day when it is one."""
        today = now.astimezone(ZoneInfo(self.timezone)).date().isoformat()
        if self.day is None:
            self.day = today
        if today <= self.day:
            return
        for slip in self.slips.values():
            if slip.status in ("waiting", "parked"):
                slip.status = "cancelled"
            elif slip.status in ("called", "serving"):
                slip.status = "done"
        self.day = today
        self.issued.clear()
        self.last_place.clear()
        self.presses.clear()
        self.paused.clear()
        self.counters = dict.fromkeys(self.counters, "closed")
        self.revision += 1

    # ── commands ──────────────────────────────────────────────────────────────

    def issue(self, service: str, now: datetime) -> tuple[str, int]:
        """The number and the place that come next."""
        if service in self.paused or self.issued.get(service, 0) >= self.caps.get(service, 999):
            raise ModelRefuses
        self.issued[service] = self.issued.get(service, 0) + 1
        place = max(round(now.timestamp() * 1e6), self.last_place.get(service, 0) + 1)
        self.last_place[service] = place
        self.revision += 1
        return f"{self.letters[service]}{self.issued[service]:03d}", place

    def add(self, slip: Slip) -> None:
        """A new ticket stands at the end."""
        slip.calls_left = (len(self.waiting()) + 1) * (PRIORITY_CALLS + 1)
        self.slips[slip.id] = slip

    def step(self, slip_id: int, step: str, now: datetime, **more: str) -> None:
        """Any step of one ticket."""
        slip = self.slips[slip_id]
        if slip.day != self.day or slip.status not in LEADS[step]:
            raise ModelRefuses
        held = slip.counter if slip.status in ("called", "serving") else None
        before = [copy.copy(slip)]
        if step == "transfer":
            if more["service"] == slip.service or more["service"] in self.paused:
                raise ModelRefuses
            slip.service = more["service"]
        if step == "resume":
            if slip.missed_at and slip.status == "no_show" and now - slip.missed_at > RETURN_TIME:
                raise ModelRefuses
            if slip.status == "no_show":
                slip.place = self._place_behind(slip)
            else:
                slip.returned = now
        if step == "call":
            before += self._release(more["counter"])
            slip.counter = held = more["counter"]
            self.counters[held] = "open"
            slip.missed_at = slip.returned = None
        if step == "no-show":
            slip.missed_at = now
        slip.status = LEADS[step][slip.status]
        if step in ("resume", "transfer"):
            slip.counter = None
            if step == "transfer":
                slip.returned = None
            self._somebody_cuts_in(slip)
        self.revision += 1
        if step == "recall":
            self.presses.pop(held or "", None)
        elif held is not None:
            self._press(held, now, before)

    def called(self, counter: str, chosen: int | None, now: datetime) -> None:
        """The real queue has called ``chosen``: check that it was right to."""
        opened = self.counters[counter] != "open"
        self.counters[counter] = "open"
        before = self._release(counter)
        tiers = self.tiers[counter]
        mine = self.waiting([service for tier in tiers for service in tier])
        if chosen is None:
            assert mine == [], "somebody waits and nobody was called"
            self.revision += bool(before) or opened
            if before:
                self._press(counter, now, before)
            return
        slip = self.slips[chosen]
        assert slip in mine, f"{slip.number} was not to be called here"
        before.append(copy.copy(slip))
        self._check_choice(slip, mine, tiers, now)
        slip.status, slip.counter = "called", counter
        slip.returned = slip.missed_at = None
        self.revision += 1
        self._press(counter, now, before)

    def undo(self, counter: str, now: datetime) -> None:
        """Take the last press back."""
        press = self.presses.get(counter)
        if press is None or now - press.at > UNDO_TIME:
            raise ModelRefuses
        for slip in press.after:
            if self._seen(self.slips[slip.id]) != self._seen(slip):
                raise ModelRefuses
        for slip in press.before:
            self.slips[slip.id] = copy.copy(slip)
            self._somebody_cuts_in(slip)
        del self.presses[counter]
        self.revision += 1

    def switch_counter(self, counter: str, status: str) -> None:
        """Open, pause or close."""
        if status == "closed" and self.counters[counter] != "closed":
            if self.held(counter):
                raise ModelRefuses
            self.presses.pop(counter, None)
        if self.counters[counter] != status:
            self.counters[counter] = status
            self.revision += 1

    def switch_service(self, service: str, paused: bool) -> None:
        """Pause or resume."""
        if (service in self.paused) != paused:
            self.paused ^= {service}
            self.revision += 1

    # ── what people may rely on ───────────────────────────────────────────────

    def _check_choice(
        self, slip: Slip, mine: list[Slip], tiers: list[list[str]], now: datetime
    ) -> None:
        back = [other for other in mine if other.returned]
        if back:
            first = min(back, key=lambda other: (other.returned, other.id))
            assert slip is first, "who came back from fixing a form goes first"
            return
        late = round((now - OVERDUE).timestamp() * 1e6)
        if any(other.place <= late for other in mine):
            tier = [service for each in tiers for service in each]
        else:
            tier = next(tier for tier in tiers if self.waiting(tier))
            assert slip.service in tier, "a preferred service was passed over"
        for other in self.waiting(tier):
            if other is slip:
                continue
            senior = (other.place, other.id) < (slip.place, slip.id)
            if other.service == slip.service and other.priority == slip.priority:
                assert not senior, f"{slip.number} before {other.number} of its own class"
            if other.priority and not slip.priority:
                assert not senior, f"{slip.number} before {other.number} of priority"
            other.calls_left -= 1
            assert other.calls_left > 0, f"{other.number} is passed over again and again"

    def _somebody_cuts_in(self, slip: Slip) -> None:
        """One more who may be more senior: the others may have to wait for that one as well."""
        for other in self.waiting():
            other.calls_left += PRIORITY_CALLS + 1
        slip = self.slips[slip.id]
        slip.calls_left = (len(self.waiting()) + 1) * (PRIORITY_CALLS + 1)

    def _place_behind(self, slip: Slip) -> int:
        own_class = [
            other
            for other in self.waiting([slip.service])
            if other.priority == slip.priority and not other.returned
        ]
        own_class.sort(key=lambda other: (other.place, other.id))
        return max([slip.place] + [other.place + 1 for other in own_class[:RETURN_PLACES][-1:]])

    def _release(self, counter: str) -> list[Slip]:
        before = []
        for slip in self.held(counter):
            before.append(copy.copy(slip))
            slip.status = "done"
        return before

    def _press(self, counter: str, now: datetime, before: list[Slip]) -> None:
        after = [copy.copy(self.slips[slip.id]) for slip in before]
        self.presses[counter] = Pressed(now, before, after)

    @staticmethod
    def _seen(slip: Slip) -> tuple[object, ...]:
        return (slip.status, slip.service, slip.counter, slip.place, slip.returned, slip.missed_at)
