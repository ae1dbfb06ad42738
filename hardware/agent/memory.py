"""What the agent was doing, in one small file: a slip is not printed twice after a power cut."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from hardware.agent.desk import Job
from hardware.printers.interface import REASONS, Outcome, State

CUT_SHORT = Outcome("unknown", ("offline",), "the agent was stopped while it printed")
STATES: tuple[State, ...] = ("printed", "held", "failed", "unknown")


class InUse(Exception):
    """Another agent works with the same file."""


class Memory:
    """The agent's state file ``{"job", "attempt", "ref", "outcome"}``; empty when it is idle.

    It is written whole and to the disk before the first byte goes to the printer, and it is locked,
    so that two agents never write to one printer.
    """

    def __init__(self, path: Path) -> None:
        """Raises ``InUse`` when another process has it, ``OSError`` when it cannot be kept."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = _locked(path.with_suffix(".lock"))

    def begun(self, job: Job) -> None:
        """From now on a part of the slip may be on paper."""
        self._write(job, None)

    def ended(self, job: Job, outcome: Outcome) -> None:
        """What became of it, until the server knows."""
        self._write(job, outcome)

    def forget(self) -> None:
        """The server knows."""
        self._replace({})

    def untold(self) -> tuple[Job, Outcome] | None:
        """The slip of before, and what is known of it."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            if not kept:
                return None
            job = Job(int(kept["job"]), int(kept["attempt"]), str(kept["ref"]))
            outcome = _outcome(kept.get("outcome"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, OverflowError, KeyError, TypeError):
            # Half a file cannot be (it is replaced whole). The server itself remembers what was
            # begun, and takes it for unknown when we ask for the next.
            return None
        return job, outcome

    def close(self) -> None:
        """Lets another agent have it."""
        self._lock.close()

    def _write(self, job: Job, outcome: Outcome | None) -> None:
        said = outcome and {
            "state": outcome.state,
            "reasons": list(outcome.reasons),
            "detail": outcome.detail,
        }
        self._replace({"job": job.id, "attempt": job.attempt, "ref": job.ref, "outcome": said})

    def _replace(self, content: dict[str, Any]) -> None:
        draft = self.path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)


def _outcome(said: dict[str, Any] | None) -> Outcome:
    if said is None or said["state"] not in STATES or said["state"] == "held":
        return CUT_SHORT
    reasons = tuple(reason for reason in REASONS if reason in said["reasons"])
    return Outcome(cast(State, said["state"]), reasons, str(said.get("detail", "")))


def _locked(path: Path) -> IO[str]:
    """The file, open and locked until this process ends; the system itself lets go of it then."""
    file = path.open("a", encoding="utf-8")
    try:
        if sys.platform == "win32":  # pragma: no cover  # where there is no fcntl
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        with suppress(OSError):
            file.close()
        raise InUse(f"another agent works with {path.with_suffix('.json')}") from error
    return file
