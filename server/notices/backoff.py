"""When to try again, and when to stop. Pure: times and chance come in as arguments."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_S = 10.0
"""The pause after the first failure, in seconds; each further one is twice as long."""

LONGEST_S = 4 * 3600.0
"""No pause is longer, in seconds: a gateway that comes back is noticed the same morning."""

JITTER = 0.2
"""By how much of itself a pause is longer or shorter, so that not all come back at once."""

GIVE_UP_AFTER = timedelta(days=3)
"""A weekend without a gateway loses nothing; later the news is no news any more."""


def pause_s(attempts: int, chance: float) -> float:
    """Seconds until the next try.

    Args:
        attempts: how often it has failed, from 1.
        chance: a random number from 0 up to 1.
    """
    usual = min(LONGEST_S, FIRST_S * 2.0 ** min(attempts - 1, 30))
    return usual * (1 - JITTER + 2 * JITTER * chance)


def next_try(
    created_at: datetime, now: datetime, attempts: int, chance: float, *, not_before_s: float = 0
) -> datetime | None:
    """When to try again what has just failed; none: it is too old, give up.

    Args:
        created_at: when it was to be told first.
        now: this moment.
        attempts: how often it has failed, from 1.
        chance: a random number from 0 up to 1.
        not_before_s: what the receiver asked for (``Retry-After``), in seconds.
    """
    if now - created_at >= GIVE_UP_AFTER:
        return None
    wait = max(pause_s(attempts, chance), min(not_before_s, LONGEST_S))
    # The last try is not put off beyond the end: it is made then.
    return min(now + timedelta(seconds=wait), max(created_at + GIVE_UP_AFTER, now))
