"""Printing through the system's own queue: what CUPS and Windows have in common.

The printer itself cannot be asked. The queue says how it is, and whether it passed the job on; that
is as much as the queue's own driver learnt from the printer.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from contextlib import suppress
from typing import Literal, Protocol

from hardware.printers.devices import DevicePrinter
from hardware.printers.dialogue import NoAnswer
from hardware.printers.interface import Condition, Outcome, Reason

PRINTED_S = 30.0
"""Longest wait for the queue to pass a slip on."""
LOOK_S = 0.2

Progress = Literal["waiting", "passed on", "given up"]


class Spool(Protocol):
    """A queue and the one job put into it. All its methods raise ``NoAnswer``."""

    def condition(self) -> Condition: ...
    def submit(self, job: bytes, name: str) -> None: ...
    def progress(self) -> Progress: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...


class SpooledPrinter(DevicePrinter):
    """Puts a slip into a queue and sees it off."""

    @abstractmethod
    def _connect(self) -> Spool:
        """The queue; raises ``NoAnswer`` when there is none of that name."""

    def _look(self) -> Condition:
        spool = self._connect()
        try:
            return spool.condition()
        finally:
            spool.close()

    def _print(self, job: bytes, name: str) -> Outcome:
        spool = self._connect()
        try:
            before = spool.condition()
            if self.confirms and before.state != "ok":
                return Outcome("failed", before.reasons, before.detail)
            return self._submitted(spool, job, name)
        finally:
            spool.close()

    def _submitted(self, spool: Spool, job: bytes, name: str) -> Outcome:
        """From here on the slip may come out, so nothing is ``failed`` any more."""
        try:
            spool.submit(job, name)
            if not self.confirms:
                return Outcome("printed", detail="accepted by the queue, which was not waited for")
            progress = _waited_for(spool)
            after = spool.condition()
        except NoAnswer as silence:
            return Outcome("unknown", (silence.reason,), str(silence))
        if progress == "passed on" and after.state == "ok":
            return Outcome("printed", after.reasons, after.detail or "passed on by the queue")
        if progress == "waiting":
            # Left in the queue it would come out some day, with a number called long ago.
            with suppress(NoAnswer):
                spool.cancel()
        usual: Reason = "timeout" if progress == "waiting" else "rejected"
        detail = after.detail or f"the queue did not pass the slip on: {progress}"
        return Outcome("unknown", after.reasons or (usual,), detail)


def _waited_for(spool: Spool) -> Progress:
    deadline = time.monotonic() + PRINTED_S
    while (progress := spool.progress()) == "waiting" and time.monotonic() < deadline:
        time.sleep(LOOK_S)
    return progress
