"""From the tap to the last byte at the printer, and whether one bad printer slows the others.

Both against the served product, a process of its own with a data folder of its own.
"""

from __future__ import annotations

import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests

from bench.table import Ratio
from server.database import Database
from server.people.accounts import add_token
from server.web import office_or_404
from tests.hardware.fake_printer import FakePrinter, running
from tests.product import Product, free_port, motcua, served
from tests.served.test_agent import HALL

TAP_LIMIT_MS = 150
"""Tap to last byte at a fast printer, at the median."""
STALL_LIMIT = 1.1
TAPS = 60
PAUSE_S = 0.4
"""Between taps: a kiosk with people in line before it."""
BUSY_EVERY_S = 0.5
"""How often each of the other kiosks gives out a number meanwhile."""
OTHERS = 2


class FastPrinter:
    """A printer that takes whatever comes at once, is always well, and notes each last byte."""

    def __init__(self) -> None:
        self.last_bytes: list[float] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"network://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more slips."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                threading.Thread(target=self._print, args=(line,), daemon=True).start()

    def _print(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            while received := line.recv(1 << 20):
                if received.startswith(b"\x10\x04"):
                    line.sendall(b"\x12" * received.count(b"\x10\x04"))
                elif received.endswith(b"\x1dr\x01"):
                    self.last_bytes.append(time.perf_counter())
                    line.sendall(b"\x00")


@dataclass
class Hall:
    """A served hall whose kiosks each have a printer."""

    product: Product
    tokens: dict[str, str]
    printers: dict[str, FakePrinter]
    fast: FastPrinter

    def tap(self, kiosk: str) -> float:
        """Take a number; how many seconds the answer took."""
        begun = time.perf_counter()
        answer = requests.post(
            f"{self.product.url}/api/v1/offices/hall/tickets",
            json={"service": "civil"},
            headers={"Authorization": f"Bearer {self.tokens[kiosk]}"},
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        return time.perf_counter() - begun


def ratios() -> list[Ratio]:
    """Both figures."""
    with hall() as place:
        for _ in range(5):
            place.tap("fast")
        return [_tap_to_paper(place), _stalled(place)]


def _tap_to_paper(place: Hall) -> Ratio:
    """From the press of the kiosk until the printer has all of the slip."""
    printed = place.fast.last_bytes
    whole: list[float] = []
    with busy(place):
        for _ in range(TAPS):
            before, begun = len(printed), time.perf_counter()
            place.tap("fast")
            while len(printed) == before and time.perf_counter() - begun < 10:
                time.sleep(0.002)
            whole.append(printed[-1] - begun)
            time.sleep(PAUSE_S)
    took = statistics.median(whole) * 1000
    return Ratio(
        f"Tap to last byte at a fast printer, of {TAP_LIMIT_MS} ms, in a busy hall",
        "the time it may take",
        ratio=took / TAP_LIMIT_MS,
        limit=1.0,
        product_ms=took,
        yardstick_ms=float(TAP_LIMIT_MS),
        rounds=TAPS,
    )


def _stalled(place: Hall) -> Ratio:
    """Turn by turn: the other printers well, then one silent and one taking 100 bytes a second."""
    well: list[float] = []
    stalled: list[float] = []
    for number in range(8):
        bad = bool(number % 2)
        place.printers["stalled"].answers = not bad
        place.printers["slow"].bytes_a_second = 100 if bad else None
        time.sleep(1)
        for kiosk in ("stalled", "slow"):
            place.tap(kiosk)
        for _ in range(12):
            (stalled if bad else well).append(place.tap("fast"))
            time.sleep(0.1)
    return Ratio(
        "A number at one kiosk while two other kiosks' printers stand still",
        "the same while all print",
        ratio=statistics.median(stalled) / statistics.median(well),
        limit=STALL_LIMIT,
        product_ms=statistics.median(stalled) * 1000,
        yardstick_ms=statistics.median(well) * 1000,
        rounds=len(well),
    )


@contextmanager
def busy(place: Hall) -> Iterator[None]:
    """Other kiosks give out numbers meanwhile."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(BUSY_EVERY_S):
            place.tap("virtual")

    threads = [threading.Thread(target=work) for _ in range(OTHERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@contextmanager
def hall() -> Iterator[Hall]:
    """The small hall of the tests, with four kiosks and a printer for each."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder)
        ports = {name: free_port() for name in ("stalled", "slow")}
        fast = FastPrinter()
        stack.callback(fast.close)
        (data / "hall.toml").write_text(_text(ports, fast.uri), encoding="utf-8")
        motcua(data, "hall", "load", str(data / "hall.toml"))
        tokens = _enrolled(data)
        printers = {name: stack.enter_context(running(port=port)) for name, port in ports.items()}
        yield Hall(stack.enter_context(served(data)), tokens, printers, fast)


def _text(ports: dict[str, int], fast: str) -> str:
    uris = {"fast": fast, "virtual": "virtual:slips"}
    uris |= {name: f"network://127.0.0.1:{port}" for name, port in ports.items()}
    before, _, _ = HALL.partition("[[office.printer]]")
    return before + "\n".join(
        f'[[office.printer]]\nname = "{name}"\nuri = "{uri}"\n' for name, uri in uris.items()
    )


def _enrolled(data: Path) -> dict[str, str]:
    database = Database(f"sqlite:///{data / 'motcua.db'}")
    now = datetime.now(UTC)
    with database.transaction() as session:
        office = office_or_404(session, "hall")
        tokens = {
            printer.name: add_token(
                session, printer.name, scope="kiosk", office=office, printer=printer, now=now
            )
            for printer in office.printers
        }
    database.close()
    return tokens
