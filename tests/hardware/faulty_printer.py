"""What can go wrong between the product and a printer that is itself well, on real TCP connections.

A wire stands before a :class:`tests.hardware.fake_printer.FakePrinter` and passes on what comes,
until its fault: so resets, closing and back pressure are those of the system and not played.
"""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.hardware.fake_printer import FakePrinter, running

JOB = b"\x1b@\x1dv0\x00"
"""Where a slip begins: reset, and the picture at once."""
ASK = b"\x1dr\x01"
"""The question that a printer answers when all before it is on paper."""
SMALL = 2048
"""The buffer of a cheap printer, in bytes."""


@dataclass
class Wire:
    """The way to a printer. Change ``fault`` while it runs."""

    printer: FakePrinter
    port: int = 0
    fault: str = ""
    """- ``noise``: something else is at the address, and talks first
    - ``reset``: the connection is reset within the picture
    - ``close``: it is closed politely within the picture
    - ``reset-after``: it is reset after the last byte, instead of the confirmation
    - ``slow``: a hundred bytes a second are taken, and no more buffered than a printer does
    """
    after: int = 5_000
    """How many bytes of a job get through before ``reset`` and ``close``."""
    one_client: bool = False
    """Whether a second client waits until the first has gone, as at most printers."""
    _listener: socket.socket | None = None
    _lines: set[socket.socket] = field(default_factory=set)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def whole(self) -> int:
        """Slips that came out and were cut off."""
        return len(self.printer.slips)

    @property
    def partial(self) -> int:
        """Slips of which only a part came out."""
        return self.printer.received.count(JOB) - self.whole

    def switch_on(self) -> None:
        """Listen; on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(16)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def switch_off(self) -> None:
        """The power fails: nobody listens, every connection is reset, the buffer is forgotten."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for line in list(self._lines):
            _reset(line)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                self._lines.add(line)
                threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        try:
            if not self.one_client:
                self._pass_on(line)
                return
            with self._turn:
                self._pass_on(line)
        finally:
            self._lines.discard(line)
            line.close()

    def _pass_on(self, line: socket.socket) -> None:
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.printer.port)) as inner,
        ):
            if self.fault == "noise":
                line.sendall(random.Random(9).randbytes(600))
            threading.Thread(target=self._answers, args=(inner, line), daemon=True).start()
            sent = b""
            while True:
                slow = self.fault == "slow"
                received = line.recv(10 if slow else 1024)
                if not received:
                    return
                sent += received
                if self._breaks(sent):
                    self._break(line)
                    return
                inner.sendall(received)
                if slow:
                    time.sleep(0.1)

    def _breaks(self, sent: bytes) -> bool:
        begun = sent.find(JOB)
        return self.fault in ("reset", "close") and begun >= 0 and len(sent) - begun > self.after

    def _break(self, line: socket.socket) -> None:
        if self.fault == "reset":
            _reset(line)
            return
        line.shutdown(socket.SHUT_WR)
        with suppress(OSError):  # read to the end, so that closing does not become a reset
            line.settimeout(5)
            while line.recv(65536):
                pass

    def _answers(self, inner: socket.socket, line: socket.socket) -> None:
        with suppress(OSError):
            while answer := inner.recv(64):
                if self.fault == "reset-after" and answer[-1:] == b"\x00":
                    _reset(line)
                    return
                line.sendall(answer)


def _reset(line: socket.socket) -> None:
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.shutdown(socket.SHUT_RD)  # whoever reads from it wakes up
    line.close()


@contextmanager
def wired(fault: str = "", *, port: int = 0, one_client: bool = False) -> Iterator[Wire]:
    """A printer with ``fault`` on the way to it."""
    with running() as printer:
        wire = Wire(printer, port=port, fault=fault, one_client=one_client)
        wire.switch_on()
        try:
            yield wire
        finally:
            wire.switch_off()
