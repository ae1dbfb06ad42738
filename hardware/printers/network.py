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
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from PIL import Image

from hardware.escpos import encode
from hardware.escpos_library import DeviceNotFoundError, Network
from hardware.printers.dialogue import Dialogue, NoAnswer
from hardware.printers.interface import Condition, Outcome, PrinterError
from hardware.printers.turns import turn_at

PORT = 9100
CONNECT_S = 3.0
"""A printer on the local network answers within milliseconds, or it is not there."""
TURN_S = 30.0
"""Longest wait for the job before."""
UNSENT_S = 10.0
"""Data the printer does not take for so long will not be taken any more."""
CLOSE_S = 2.0
"""For a printer that says nothing to take the last bytes and close."""


class NetworkPrinter:
    """A printer at ``host``:``port``. ``confirms`` is false for one that answers nothing."""

    def __init__(self, host: str, port: int = PORT, *, confirms: bool = True) -> None:
        self.host, self.port, self.confirms = host, port, confirms
        self._turn = turn_at(f"network:{host.lower()}:{port}")

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        """Takes at most about a minute, when everything that can be slow is."""
        job = encode(image)
        if not self._turn.acquire(timeout=TURN_S):
            return Outcome("failed", ("timeout",), "another slip is still being printed")
        try:
            return self._print(job)
        finally:
            self._turn.release()

    def condition(self) -> Condition:
        """One connection; a printer that answers nothing counts as fine when it accepts it."""
        if not self._turn.acquire(timeout=TURN_S):
            return Condition(("timeout",), "a slip is still being printed")
        try:
            line = self._connect()
            try:
                return Dialogue(line.device).condition() if self.confirms else Condition()
            finally:
                line.close()
        except DeviceNotFoundError as error:
            return Condition(("offline",), _one_line(error))
        except NoAnswer as silence:
            return Condition((silence.reason,), str(silence))
        finally:
            self._turn.release()

    def close(self) -> None:
        """Nothing is held open between jobs."""

    def _print(self, job: bytes) -> Outcome:
        try:
            line = self._connect()
        except DeviceNotFoundError as error:
            return Outcome("failed", ("offline",), _one_line(error))
        try:
            return self._print_confirmed(line, job) if self.confirms else self._hand_over(line, job)
        finally:
            line.close()

    def _print_confirmed(self, line: Network, job: bytes) -> Outcome:
        dialogue = Dialogue(line.device)
        try:
            before = dialogue.condition()
        except NoAnswer as silence:
            return Outcome("failed", (silence.reason,), str(silence))
        if before.state != "ok":
            return Outcome("failed", before.reasons, before.detail)
        try:
            # From here on a part of the slip may come out, so nothing is `failed` any more.
            line._raw(job)
            after = dialogue.acknowledgement()
        except NoAnswer as silence:
            return Outcome("unknown", (silence.reason,), str(silence))
        except OSError as error:
            return _broken(error)
        if after.state != "ok":
            return Outcome("unknown", after.reasons, after.detail)
        return Outcome("printed", after.reasons, after.detail)

    def _hand_over(self, line: Network, job: bytes) -> Outcome:
        try:
            line._raw(job)
            line.device.shutdown(socket.SHUT_WR)
            taken = _taken(line.device)
        except OSError as error:
            return _broken(error)
        if not taken:
            return Outcome("unknown", ("timeout",), "the printer did not take all of the slip")
        return Outcome("printed", detail="taken by a printer that confirms nothing")

    def _connect(self) -> Network:
        """An open line; raises ``DeviceNotFoundError`` within ``CONNECT_S``."""
        line = Network(self.host, self.port, timeout=CONNECT_S)
        line.open()
        line.device.settimeout(UNSENT_S)
        _watch(line.device)
        return line


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
    if options or status not in ("strict", "none"):
        raise PrinterError(f"{uri!r}: the one option is status=strict (usual) or status=none")
    return NetworkPrinter(host, port or PORT, confirms=status == "strict")


def _broken(error: OSError) -> Outcome:
    """The outcome when sending stopped in the middle of a slip."""
    if isinstance(error, TimeoutError):
        return Outcome("unknown", ("timeout",), "the printer stopped taking the slip")
    return Outcome("unknown", ("offline",), f"the connection broke while printing: {error}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


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
