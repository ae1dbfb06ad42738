"""``network://HOST[:9100]``: an ESC/POS printer on the local network, through python-escpos.

A job is a connection of its own: ask how the printer is, send, have the printer confirm, close.
Held open, a connection would keep every other client of the printer out.

``?status=none`` is for a cheap printer that answers nothing: what it accepted counts as printed.
"""

from __future__ import annotations

import socket
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from hardware.escpos_library import DeviceNotFoundError, Network
from hardware.printers.addresses import STATUS
from hardware.printers.devices import one_line
from hardware.printers.dialogue import Line, NoAnswer
from hardware.printers.interface import PrinterError
from hardware.printers.lines import UNSENT_S, LinePrinter

PORT = 9100
CONNECT_S = 3.0
"""A printer on the local network answers within milliseconds, or it is not there."""
CLOSE_S = 2.0
"""For a printer that says nothing to take the last bytes and close."""

RESET = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)
"""``struct linger``: closing resets the connection."""


class NetworkPrinter(LinePrinter):
    """A printer at ``host``:``port``. ``confirms`` is false for one that answers nothing."""

    outlives = False

    def __init__(self, host: str, port: int = PORT, *, confirms: bool = True) -> None:
        super().__init__(f"network:{host.lower()}:{port}", confirms=confirms)
        self.host, self.port = host, port

    def _connect(self) -> Line:
        network = Network(self.host, self.port, timeout=CONNECT_S)
        try:
            network.open()
        except DeviceNotFoundError as error:
            raise NoAnswer("offline", one_line(error)) from error
        _watch(network.device)
        return NetworkLine(network)


class NetworkLine:
    """A connection to a printer, an ordinary blocking socket."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._socket: socket.socket = network.device
        self._given_up: TimeoutError | None = None
        """What the system said when it ended the connection, since the printer took nothing. It
        says so once; afterwards it looks as if the printer had closed it."""

    def write(self, data: bytes) -> None:
        self._socket.settimeout(UNSENT_S)
        try:
            self._network._raw(data)
        except TimeoutError as error:
            self._given_up = error
            raise

    def read(self, wait_s: float) -> bytes:
        self._socket.settimeout(wait_s)
        try:
            received = self._socket.recv(64)
        except TimeoutError as error:
            if error.errno is None:
                return b""
            self._given_up = error
            raise
        if not received and self._given_up:
            raise self._given_up
        if not received:
            raise ConnectionAbortedError("the printer closed it")
        return received

    def taken(self) -> bool:
        self._socket.shutdown(socket.SHUT_WR)
        return _taken(self._socket)

    def close(self) -> None:
        """Throws away what the printer has not taken: the slip was given up, and the rest of it
        would come out later, perhaps beside its reprint."""
        with suppress(OSError, ValueError):
            if _unconfirmed(self._socket):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                self._socket.close()  # python-escpos shuts down first, which sends it all
        self._network.close()


def open_network(uri: str, folder: Path) -> NetworkPrinter:
    """``network://HOST[:9100][?status=none]``; HOST is a name or an IPv4 address."""
    example = "write network://HOST or network://HOST:9100, for example network://192.168.1.50"
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise PrinterError(f"{uri!r}: {error}; {example}") from error
    if (
        not host
        or ":" in host
        or "@" in parts.netloc
        or port == 0
        or parts.path.strip("/")
        or parts.fragment
    ):
        raise PrinterError(f"{uri!r} names no printer; {example}")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    status = options.pop("status", "strict")
    if options or status not in STATUS:
        raise PrinterError(
            f"{uri!r}: the one option is {', '.join(f'status={one}' for one in STATUS)}"
        )
    printer = NetworkPrinter(host, port or PORT, confirms=status != "none")
    printer.process_ids = status == "process-id"
    return printer


def _watch(line: socket.socket) -> None:
    """Lets the system notice a printer that was unplugged, where it can."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option, value in (
        ("TCP_KEEPIDLE", 5),
        ("TCP_KEEPINTVL", 2),
        ("TCP_KEEPCNT", 3),
        ("TCP_USER_TIMEOUT", round(UNSENT_S * 1000)),
    ):
        if hasattr(socket, option):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _taken(line: socket.socket) -> bool:
    """Whether the printer took everything, once our side is closed.

    Most close their side too when they have read all. For the others Linux knows whether every
    byte was confirmed. Raises ``OSError`` when the printer broke the connection instead.
    """
    # Not blocking: eventlet's blocking recv() takes a broken connection for a closed one.
    line.setblocking(False)
    deadline = time.monotonic() + CLOSE_S
    closed = False
    while not closed and time.monotonic() < deadline:
        try:
            closed = not line.recv(64)
        except BlockingIOError:
            time.sleep(0.02)
    unconfirmed = _unconfirmed(line)
    return closed if unconfirmed is None else unconfirmed == 0


def _unconfirmed(line: socket.socket) -> int | None:
    """Bytes sent that the other side's system has not confirmed; none where that is not known."""
    if sys.platform != "linux":
        return None
    import fcntl
    import termios

    answer = fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, struct.pack("i", 0))
    return int(struct.unpack("i", answer)[0])
