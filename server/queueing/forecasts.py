"""What can be told before a number is taken: waits, what is left of the day, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.offices.models import Office
from server.queueing.estimates import Load, Outlook, wait_range
from server.queueing.loads import read_load
from server.queueing.numbering import issued_today
from server.queueing.rules import Rules


@dataclass(frozen=True, slots=True)
class Wait:
    """A likely wait: in seconds, and as the range of minutes that people are told."""

    seconds: int
    minutes: tuple[int, int]


@dataclass(frozen=True)
class Forecast:
    """The outlook of one office at one moment, by service id."""

    outlook: Outlook
    under_cap: Mapping[int, int]
    """How many numbers its daily cap still allows, for services that have one."""
    stops: bool
    """Whether the office gives out no number that can no longer be served today."""

    def waiting(self, service: int) -> int:
        """How many wait for the service now."""
        return self.outlook.load.waiting.get(service, 0)

    def wait(self, service: int, ahead: int | None = None) -> Wait | None:
        """How long somebody waits who has ``ahead`` of the service before them.

        ``ahead`` none stands for somebody who takes a number now. None when there is nothing to
        go by: no usual time, or no open counter.
        """
        seconds = self.outlook.wait_s(service, ahead)
        return None if seconds is None else Wait(seconds, wait_range(seconds))

    def pace(self, service: int) -> dict[str, float] | None:
        """``first`` seconds until the first in line is called, ``each`` for everybody before."""
        first, last = self.outlook.wait_s(service, 0), self.outlook.wait_s(service)
        if first is None or last is None:
            return None
        waiting = self.waiting(service)
        each = (last - first) / waiting if waiting else self.outlook.load.seconds[service]
        return {"first": first, "each": round(each, 1)}

    def left(self, service: int) -> int | None:
        """How many more numbers the service gives out today; none when nothing limits them."""
        limits = [self.under_cap.get(service)]
        if self.stops:
            limits.append(self.outlook.left(service))
        return min((limit for limit in limits if limit is not None), default=None)

    def full(self, service: int) -> str | None:
        """Why no more numbers are given out today: ``cap``, ``full``, or none: they are."""
        if self.under_cap.get(service, 1) <= 0:
            return "cap"
        if self.stops and self.outlook.left(service) == 0:
            return "full"
        return None


def forecast(session: Session, office: Office, now: datetime) -> Forecast:
    """Read the outlook of ``office`` at ``now``."""
    load: Load = read_load(session, office, now)
    issued = issued_today(session, office.id, office.day) if office.day else {}
    return Forecast(
        outlook=Outlook(load),
        under_cap={
            service.id: max(0, service.daily_cap - issued.get(service.letter, 0))
            for service in office.services
            if service.daily_cap is not None
        },
        stops=Rules.of(office.rules).stop_when_full,
    )
