"""One writer per printer: two slips sent at once would come out as one."""

from __future__ import annotations

import time
from collections import deque
from types import TracebackType

_LOOK_S = 0.02


class Turn:
    """A device's turn: whoever holds it may write.

    A token rather than a ``threading.Lock``. In the server that is a lock of eventlet's, which two
    native threads must not share, and local devices are written to in native threads. Taking from
    a deque is one step whatever kind of thread does it.
    """

    def __init__(self) -> None:
        self._token = deque((None,))

    def acquire(self, timeout: float) -> bool:
        """Whether the turn was taken within ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                self._token.pop()
            except IndexError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_LOOK_S)
            else:
                return True

    def release(self) -> None:
        """Lets the next one have it; only for who holds it."""
        self._token.append(None)

    def __enter__(self) -> None:
        self.acquire(float("inf"))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.release()


_turns: dict[str, Turn] = {}


def turn_at(device: str) -> Turn:
    """The turn of a device, the same for everybody in this process who names it the same.

    Between processes the lease of the print job does this, and what the device itself offers: a
    network printer talks to one client at a time, a local one is locked while it is open.
    """
    return _turns.setdefault(device, Turn())
