"""Counts failed guesses, so that a short secret cannot be found by trying."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FORGOTTEN = timedelta(hours=1)
"""A failure is remembered so long."""

MOST_KEYS = 20_000
"""Beyond this many, the oldest keys are forgotten: memory stays bounded whatever is tried."""


@dataclass
class Tries:
    """Failures by key, in the memory of one process."""

    failures: dict[str, deque[datetime]] = field(default_factory=dict)

    def spent(self, key: str, most: int, now: datetime) -> bool:
        """Whether ``key`` has failed ``most`` times within the last hour."""
        times = self.failures.get(key)
        if times is None:
            return False
        while times and now - times[0] > FORGOTTEN:
            times.popleft()
        if not times:
            del self.failures[key]
        return len(times) >= most

    def failed(self, key: str, now: datetime) -> None:
        """Remember a failure."""
        while len(self.failures) >= MOST_KEYS and key not in self.failures:
            del self.failures[next(iter(self.failures))]
        self.failures.setdefault(key, deque()).append(now)
