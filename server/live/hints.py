"""Hints between server processes through Redis: "something has changed, look now".

Only a hint: each process looks at the revisions twice a second anyway, so that losing Redis costs
half a second and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog

CHANNEL = "motcua:changed"
PATIENCE_S = 1.0
"""Longest wait for Redis before it counts as gone, and the pause before the next try."""

log = structlog.get_logger("motcua.live")


class Hints:
    """The channel of one installation, by its Redis URL."""

    def __init__(self, url: str) -> None:
        import redis  # an extra: only a province has it

        self._errors = redis.RedisError
        self._redis: Any = redis.Redis.from_url(
            url, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S
        )
        self._silent_until = 0.0

    def publish(self) -> None:
        """Tell the other processes. Never raises, and waits for a dead Redis once a second only."""
        if time.monotonic() < self._silent_until:
            return
        try:
            self._redis.publish(CHANNEL, b"")
        except self._errors:
            self._silent_until = time.monotonic() + PATIENCE_S
            log.warning("redis does not answer; other processes look by themselves")

    def listen(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` at every hint, for ever; started once as a background task."""
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                    channel.subscribe(CHANNEL)
                    heard()  # what was said while nobody listened
                    while True:
                        if channel.get_message(timeout=PATIENCE_S) is not None:
                            heard()
            except self._errors:
                time.sleep(PATIENCE_S)
