"""Question and answer with a printer, over whatever carries bytes; see ``hardware.replies``."""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from hardware.printers.interface import Condition, Reason
from hardware.replies import (
    ASK_IN_ORDER,
    Ask,
    Kind,
    Replies,
    Trouble,
    ask_process,
    paper_troubles,
    troubles,
)

ANSWER_S = 3.0
"""A printer answers DLE EOT at once."""
PRINTED_S = 20.0
"""From the last byte sent until it is on paper: a slow printer takes 70 mm a second."""
LOOK_S = 2.0
"""How long to wait for the confirmation before looking whether something is wrong."""


QUIET_S = 0.1
"""Answers that follow each other at once come closer together than this."""


class Line(Protocol):
    """Bytes to a printer and back.

    Trouble is an ``OSError``: ``TimeoutError`` when the printer takes no more, another when the
    line is gone.
    """

    def write(self, data: bytes) -> None:
        """Sends all of ``data``."""
        ...

    def read(self, wait_s: float) -> bytes:
        """What has come, as soon as something has; nothing when nothing comes in ``wait_s``.

        ``TimeoutError`` is for a line that the system gave up, since nothing of it was taken.
        """
        ...

    def taken(self) -> bool:
        """After the last write: waits until the printer has everything; whether it has."""
        ...

    def close(self) -> None:
        """Lets go of the device, and never raises."""
        ...


class NoAnswer(Exception):
    """The printer did not say what it was asked; ``reason`` is the reason to report."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Dialogue:
    """Asks over ``line``, which nobody else uses meanwhile.

    ``process_ids``: the printer confirms each slip by a number of its own (GS ( H).
    """

    def __init__(self, line: Line, *, process_ids: bool = False) -> None:
        self._line = line
        self._process = secrets.randbelow(10_000) if process_ids else None
        """The number of this slip, where it has one."""
        self._replies = Replies(process_ids=process_ids)
        self._sorted: deque[tuple[Kind, int]] = deque()

    def condition(self) -> Condition:
        """How the printer is. Raises ``NoAnswer`` when it does not say."""
        found = [*self._asked(Ask.PRINTER), *self._asked(Ask.PAPER)]
        if any(reason == "offline" for reason, _ in found):
            # Why it is offline comes first; what is left of it is the bare "offline".
            causes = [*self._asked(Ask.OFFLINE_CAUSE), *self._asked(Ask.ERROR_CAUSE)]
            found = [*causes, *(pair for pair in found if not causes or pair[0] != "offline")]
        return _condition(found)

    def acknowledgement(self) -> tuple[bool, Condition]:
        """Waits until everything sent so far is on paper.

        Returns true and how the printer is then, or false and what stopped it before that. Raises
        ``NoAnswer`` when it says neither within ``PRINTED_S``.
        """
        self._skip_unasked()
        self._send(ASK_IN_ORDER if self._process is None else ask_process(self._process))
        deadline = time.monotonic() + PRINTED_S
        look = time.monotonic() + LOOK_S
        while True:
            confirmed = self._confirmed(min(deadline, look))
            if confirmed is not None:
                return True, confirmed
            if time.monotonic() >= deadline:
                raise NoAnswer("timeout", "the printer did not confirm the slip")
            try:
                now = self.condition()
            except NoAnswer as silence:
                if silence.reason == "offline":
                    raise
                # Too busy to say. Asked again, its late answers could not be told apart.
                look = deadline
            else:
                if now.state != "ok" and not self._has(Kind.IN_ORDER, Kind.PROCESS):
                    return False, now
                look = time.monotonic() + LOOK_S

    def confirmation(self) -> Condition | None:
        """Whether the acknowledgement that was asked for has come by now, and what it says.

        Raises ``NoAnswer`` when the line is gone.
        """
        confirmed = self._confirmed(time.monotonic())
        if confirmed is None:
            self._keep(self._received(QUIET_S))
            confirmed = self._confirmed(time.monotonic())
        return confirmed

    def _confirmed(self, deadline: float) -> Condition | None:
        """The confirmation of this slip and how the printer is then; none by ``deadline``."""
        if self._process is None:
            answer = self._answer(Kind.IN_ORDER, deadline)
            return None if answer is None else _condition(paper_troubles(answer))
        while (named := self._answer(Kind.PROCESS, deadline)) is not None:
            if named == self._process:
                return self._paper()
        return None

    def _paper(self) -> Condition:
        """A confirmation by number says nothing of the paper, so it is asked for."""
        try:
            return _condition(self._asked(Ask.PAPER))
        except NoAnswer:
            return Condition()

    def settle(self) -> None:
        """Waits out what an earlier slip left over: the rest of it, and its late confirmation.

        On a line that outlives a job that confirmation would pass for the next slip's. Sends
        nothing that prints. Raises ``NoAnswer`` when the printer does not come to rest.
        """
        self._skip_unasked()
        self._send(ASK_IN_ORDER)
        if self._answer(Kind.IN_ORDER, time.monotonic() + ANSWER_S) is None:
            raise NoAnswer(
                "timeout", "the printer confirms nothing, or has an earlier slip still to print"
            )
        # They come in the order they were asked for, so none is older than the last one now.
        while received := self._received(QUIET_S):
            self._keep(received)
        self._sorted.clear()

    def _asked(self, ask: Ask) -> Iterable[Trouble]:
        self._send(ask.command)
        answer = self._answer(Kind.AT_ONCE, time.monotonic() + ANSWER_S)
        if answer is None:
            raise NoAnswer("timeout", "the printer does not answer")
        return troubles(ask, answer)

    def _answer(self, kind: Kind, deadline: float) -> int | None:
        """The next answer of ``kind``; none when none has come by ``deadline``.

        Answers of the other kind are kept: a confirmation may come while something else is asked.
        """
        while True:
            for index, (sort, value) in enumerate(self._sorted):
                if sort is kind:
                    del self._sorted[index]
                    return value
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._keep(self._received(left))

    def _received(self, wait_s: float) -> bytes:
        try:
            return self._line.read(wait_s)
        except TimeoutError as error:
            raise NoAnswer("timeout", "the printer takes nothing") from error
        except OSError as error:
            raise NoAnswer("offline", f"the connection broke: {error}") from error

    def _keep(self, received: bytes) -> None:
        self._sorted.extend(self._replies.sort(received))
        if self._replies.strange:
            # Text from some other service may hold bytes that look like answers.
            raise NoAnswer("rejected", "what answers there is no slip printer")

    def _has(self, *kinds: Kind) -> bool:
        return any(sort in kinds for sort, _ in self._sorted)

    def _skip_unasked(self) -> None:
        """Forgets what has come so far, so that it is not taken for an answer."""
        while received := self._received(0.001):
            self._keep(received)
        self._sorted.clear()

    def _send(self, question: bytes) -> None:
        try:
            self._line.write(question)
        except TimeoutError as error:
            raise NoAnswer("timeout", "the printer takes nothing") from error
        except OSError as error:
            raise NoAnswer("offline", f"the connection broke: {error}") from error


def _condition(found: Iterable[Trouble]) -> Condition:
    words = dict(found)
    if "paper-out" in words:
        words.pop("paper-near-end", None)
    return Condition(tuple(words), "; ".join(words.values()))
