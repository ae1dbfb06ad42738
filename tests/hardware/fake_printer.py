"""A slip printer for tests, on a TCP port or on a cable, that obeys ESC/POS, byte by byte.

It obeys the real-time commands wherever they stand, also within a picture, as a real one does; and
it stops at the first command it does not know, since a real one would print rubbish from there on.
"""

from __future__ import annotations

import os
import pty
import select
import socket
import struct
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from PIL import Image, ImageOps

CLOSED = b""
ONLINE, OFFLINE = 0x12, 0x1A
COVER_OPEN, PAPER_STOP = 0x16, 0x32
PAPER_FINE, PAPER_LOW, PAPER_GONE = 0x12, 0x1E, 0x72


@dataclass
class FakePrinter:
    """How this printer is, and what it has on paper. Change it while it runs."""

    paper: str = "ok"
    """``ok``, ``low`` or ``out``."""
    cover_open: bool = False
    answers: bool = True
    """Whether it answers DLE EOT."""
    confirms: bool = True
    """Whether it answers GS r."""
    names_slips: bool = False
    """Whether it knows GS ( H; one that does not prints rubbish from there on."""
    chatter: bytes = b""
    """Sent unasked when a client comes, and again within each slip."""
    greeting: bytes = b""
    """Sent unasked when a client comes, but not within a slip."""
    breaks_after: int | None = None
    """Closes the connection after so many bytes of a picture."""
    runs_out_after: int | None = None
    """The paper ends after so many rows of a slip."""
    opens_after: int | None = None
    """Somebody opens the cover after so many rows of a slip."""
    dies_unconfirmed: bool = False
    """Resets the connection when it is asked to confirm a slip, which is on paper then."""
    bytes_a_second: int | None = None
    """As slow as that at taking what it is sent."""
    closes: bool = True
    """Whether it closes its side when the client has closed."""
    slow_s: float = 0.0
    """How long it takes from the last byte of a slip to its confirmation."""
    slips: list[Image.Image] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0
    at_once: int = 0
    """How many slips were being printed at the same time, at most."""
    obeyed_in_picture: int = 0
    unknown_command: bytes = b""
    port: int = 0
    path: str = ""
    """The device of a printer on a cable."""
    lines: list[socket.socket] = field(default_factory=list)
    _bytes: int = 0
    _printing: int = 0

    @property
    def uri(self) -> str:
        return f"network://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """The power fails: every connection is reset, what was in the buffer is forgotten."""
        for line in [line for line in self.lines if line.fileno() >= 0]:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.shutdown(socket.SHUT_RD)  # whoever reads from it wakes up
            line.close()
        self.lines.clear()

    def answer(self, ask: int) -> int:
        """The answer to DLE EOT ``ask``."""
        out = self.paper == "out"
        if ask == 1:
            return OFFLINE if out or self.cover_open else ONLINE
        if ask == 2:
            return COVER_OPEN if self.cover_open else PAPER_STOP if out else ONLINE
        if ask == 4:
            return {"ok": PAPER_FINE, "low": PAPER_LOW, "out": PAPER_GONE}[self.paper]
        return ONLINE


class _Gone(Exception):
    """The client closed, or this printer does."""


class Cable:
    """The printer's end of a pseudo-terminal, used like a socket; no client can close it."""

    def __init__(self, end: int) -> None:
        self.end, self.timeout, self.pulled = end, None, False

    def settimeout(self, timeout: float | None) -> None:
        self.timeout = timeout

    def recv(self, count: int) -> bytes:
        deadline = time.monotonic() + (self.timeout or 1e9)
        while not self.pulled:
            if select.select([self.end], [], [], 0.02)[0]:
                return os.read(self.end, count)
            if time.monotonic() >= deadline:
                raise TimeoutError
        raise _Gone

    def sendall(self, data: bytes) -> None:
        os.write(self.end, data)


class _Session:
    """One connection: reads commands until it ends."""

    def __init__(self, printer: FakePrinter, line: socket.socket | Cable) -> None:
        self.printer, self.line = printer, line
        self.waiting = b""
        self.rows: list[bytes] = []
        self.width = 0

    def run(self) -> None:
        self.line.sendall(self.printer.chatter + self.printer.greeting)
        while True:
            first = self.byte()
            if first == b"\x10":
                self.at_once(self.byte())
            elif first == b"\x1b":
                self.escape(self.byte())
            elif first == b"\x1d":
                self.group(self.byte())
            else:
                self.stop(first)

    def byte(self) -> bytes:
        if not self.waiting:
            slow = self.printer.bytes_a_second
            self.waiting = self.line.recv(slow // 10 if slow else 1024)
            self.printer.received += self.waiting
            if slow:
                time.sleep(0.1)
            if self.waiting == CLOSED:
                raise _Gone
        one, self.waiting = self.waiting[:1], self.waiting[1:]
        return one

    def at_once(self, what: bytes) -> None:
        if what == b"\x04" and self.printer.answers:
            self.line.sendall(bytes((self.printer.answer(self.byte()[0]),)))
        elif what == b"\x04":
            self.byte()
        elif what not in (b"\x05", b"\x14"):
            self.stop(b"\x10" + what)

    def escape(self, what: bytes) -> None:
        if what == b"@":
            self.rows = []
            self.printer._printing += 1
            self.printer.at_once = max(self.printer.at_once, self.printer._printing)
        elif what == b"d":
            self.byte()
        else:
            self.stop(b"\x1b" + what)

    def group(self, what: bytes) -> None:
        if what == b"v":
            self.picture()
        elif what == b"V":
            self.byte()
            ink = Image.frombytes("1", (self.width, len(self.rows)), b"".join(self.rows))
            self.printer.slips.append(ImageOps.invert(ink))
            self.rows = []
        elif what == b"(" and self.printer.names_slips:
            asked = b"".join(self.byte() for _ in range(9))
            assert asked[:5] == b"H\x06\x0000", asked
            time.sleep(self.printer.slow_s)
            self.printer._printing = max(0, self.printer._printing - 1)
            if self.printer.confirms:
                self.line.sendall(b"\x37\x22" + asked[5:] + b"\x00")
        elif what == b"r":
            self.byte()
            if self.printer.dies_unconfirmed:
                self.printer.cut()
                raise _Gone
            time.sleep(self.printer.slow_s)
            self.printer._printing = max(0, self.printer._printing - 1)
            if self.printer.confirms:
                self.line.sendall(b"\x03" if self.printer.paper == "low" else b"\x00")
        else:
            self.stop(b"\x1d" + what)

    def picture(self) -> None:
        head = b"".join(self.byte() for _ in range(6))
        assert head[:2] == b"0\x00"
        across, down = head[2] + 256 * head[3], head[4] + 256 * head[5]
        assert down % 24 == 0, "some printers leave white lines between such fragments"
        self.width = across * 8
        if self.printer.chatter:
            self.line.sendall(self.printer.chatter)
        before = b""
        for _ in range(down):
            row = b""
            while len(row) < across:
                one = self.byte()
                row += one
                if before == b"\x10" and one in (b"\x04", b"\x05", b"\x14"):
                    self.printer.obeyed_in_picture += 1
                before = one
                self.count()
            self.rows.append(row)
            if self.printer.runs_out_after == len(self.rows):
                self.printer.paper = "out"
            if self.printer.opens_after == len(self.rows):
                self.printer.cover_open = True
            self.wait_for_somebody()

    def wait_for_somebody(self) -> None:
        """Takes no more, but answers at once what stands in the buffer already."""
        while self.printer.paper == "out" or self.printer.cover_open:
            self.line.settimeout(0.02)
            try:
                more = self.line.recv(65536)
            except TimeoutError:
                continue
            if more == CLOSED:
                raise _Gone
            self.printer.received += more
            self.waiting += more
            while (at := self.waiting.find(b"\x10\x04")) >= 0:
                ask = self.waiting[at + 2]
                self.waiting = self.waiting[:at] + self.waiting[at + 3 :]
                if self.printer.answers:
                    self.line.sendall(bytes((self.printer.answer(ask),)))
        self.line.settimeout(None)

    def count(self) -> None:
        self.printer._bytes += 1
        if self.printer._bytes == self.printer.breaks_after:
            raise _Gone

    def stop(self, command: bytes) -> None:
        self.printer.unknown_command = command
        raise _Gone


@contextmanager
def running(port: int = 0, **how: object) -> Iterator[FakePrinter]:
    """A printer listening on a port of this machine, a free one unless named."""
    printer = FakePrinter(**how)  # type: ignore[arg-type]
    listener = socket.create_server(("127.0.0.1", port))
    printer.port = listener.getsockname()[1]
    lines = printer.lines

    def serve(line: socket.socket) -> None:
        try:
            _Session(printer, line).run()
        except (_Gone, OSError):
            pass
        finally:
            if printer.closes:
                line.close()

    def accept() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            printer.connections += 1
            lines.append(line)
            threading.Thread(target=serve, args=(line,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield printer
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        printer.paper, printer.cover_open, printer.bytes_a_second = "ok", False, None
        for line in lines:
            line.close()


@contextmanager
def plugged_in(**how: object) -> Iterator[FakePrinter]:
    """A printer on a cable: behind a character device of this machine, at ``printer.path``."""
    printer = FakePrinter(**how)  # type: ignore[arg-type]
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    printer.path = os.ttyname(theirs)
    cable = Cable(ours)

    def serve() -> None:
        try:
            _Session(printer, cable).run()
        except (_Gone, OSError):
            pass
        finally:
            os.close(ours)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield printer
    finally:
        cable.pulled, printer.paper = True, "ok"
        thread.join(timeout=10)
        os.close(theirs)


def serving(printer: FakePrinter, line: socket.socket) -> threading.Thread:
    """``printer`` at the other end of ``line``, until that is closed."""

    def serve() -> None:
        with suppress(_Gone, OSError):
            _Session(printer, line).run()
        line.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread
