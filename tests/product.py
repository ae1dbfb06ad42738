"""The served product for tests: a real ``motcua`` process with its own data folder and port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

START_S = 60
"""How long a start may take on a busy machine before the test gives up."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def motcua(data: Path, *arguments: str, stdin: str = "", **environment: str) -> str:
    """Run a ``motcua`` command and return its standard output; fails when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "server", *arguments, "--data", str(data)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, f"motcua {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


@dataclass
class Product:
    """One running server; :meth:`kill` and :meth:`start` play a power cut."""

    data: Path
    port: int = field(default_factory=free_port)
    command: tuple[str, ...] = ("serve",)
    environment: dict[str, str] = field(default_factory=dict)
    module: str = "server"
    """What is run: ``tests.later`` is the same with a clock that a test moves."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    self.module,
                    *self.command,
                    "--port",
                    str(self.port),
                    "--data",
                    str(self.data),
                ],
                stdout=log,
                stderr=log,
                env=os.environ | self.environment,
                start_new_session=True,  # so that its worker can be stopped with it
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"the server ended at once: {self.log()}"
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.05)
        raise AssertionError(f"the server did not answer within {START_S} s: {self.log()}")

    def kill(self) -> None:
        """End it and its worker at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        self._end(signal.SIGTERM)

    def log(self) -> str:
        """What it has said, for the message of a failed test."""
        return (self.data / "server.log").read_text(errors="replace")[-4000:]

    def _end(self, how: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, how)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=15)


@contextmanager
def served(data: Path, *command: str, **environment: str) -> Iterator[Product]:
    """A running product that ends with the block. ``command`` is ``serve`` unless named."""
    data.mkdir(parents=True, exist_ok=True)
    product = Product(data, command=command or ("serve",), environment=environment)
    product.start()
    try:
        yield product
    finally:
        product.stop()
