"""One writer per printer: two slips sent at once would come out as one."""

from __future__ import annotations

import threading

_guard = threading.Lock()
_turns: dict[str, threading.Lock] = {}


def turn_at(device: str) -> threading.Lock:
    """The lock of a device, the same for everybody in this process who names it the same.

    Between processes the lease of the print job does this, and a network printer, which talks to
    one client at a time.
    """
    with _guard:
        return _turns.setdefault(device, threading.Lock())
