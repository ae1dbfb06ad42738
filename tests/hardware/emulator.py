"""emupos, a printer emulator by others (PyPI), in an environment of its own.

It needs Python 3.13 or newer, this product 3.11: so it runs as a program of its own, installed
once into ``var/emupos`` and started on free ports.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from PIL import Image

ROOT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).with_name("emupos-requirements.txt")
LEAST = (3, 13)
START_S = 60

PROFILE = """\
type: printer
name: A printer of slips
dpi: 203
width_dots: {width}
font_a: {{ width: 12, height: 24 }}
font_b: {{ width: 9, height: 17 }}
code_pages: {{ 0: PC437 }}
default_code_page: 0
drawer_sensor_open_level: high
"""


@functools.cache
def new_python() -> str | None:
    """A Python that can run emupos; none where this machine has none."""
    for command in _candidates():
        # A name may be there and lead to nothing: pyenv's shims do, for versions not chosen.
        ask = "import sys; print(sys.executable, *sys.version_info[:2], sep='\\n')"
        try:
            ran = subprocess.run(
                [*command, "-c", ask], capture_output=True, text=True, timeout=20, check=True
            )
        except (OSError, subprocess.SubprocessError):
            continue
        path, *version = ran.stdout.splitlines()
        if tuple(map(int, version)) >= LEAST:
            return path
    return None


def _candidates() -> Iterator[list[str]]:
    yield [sys.executable]
    for name in ("python3.13", "python3.14", "python3"):
        if (found := shutil.which(name)) is not None:
            yield [found]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in ("3.13.*", "3.14.*"):
        yield from ([str(path)] for path in sorted(pyenv.glob(f"versions/{version}/bin/python")))
    if sys.platform == "win32":
        yield ["py", "-3.13"]


def installed() -> Path:
    """The folder of programs of an environment with emupos; made once for each set of versions."""
    python = new_python()
    assert python is not None, "no Python 3.13 or newer here"
    kind = hashlib.sha256(REQUIREMENTS.read_bytes() + python.encode()).hexdigest()[:12]
    environment = ROOT / "var" / "emupos" / kind
    programs = environment / ("Scripts" if sys.platform == "win32" else "bin")
    if not (environment / "complete").exists():
        shutil.rmtree(environment, ignore_errors=True)
        _run(python, "-m", "venv", str(environment))
        _run(
            *(str(programs / "python"), "-m", "pip", "install", "--quiet"),
            *("--disable-pip-version-check", "--requirement", str(REQUIREMENTS)),
        )
        (environment / "complete").touch()
    return programs


def _run(*command: str) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, f"{' '.join(command)}:\n{ran.stdout}{ran.stderr}"


class Emulator:
    """A running emupos with one printer for each width of paper."""

    def __init__(self, ports: dict[str, int], api: int) -> None:
        self._ports, self._api = ports, f"http://127.0.0.1:{api}/api/v1"

    def uri(self, name: str) -> str:
        return f"network://127.0.0.1:{self._ports[name]}"

    def receipts(self, name: str) -> list[Image.Image]:
        """What the printer has printed so far, oldest first."""
        known = json.loads(self._get(f"/devices/{name}/receipts"))
        ids = [receipt["id"] for receipt in reversed(known)]
        return [
            Image.open(io.BytesIO(self._get(f"/devices/{name}/receipts/{one}/image")))
            for one in ids
        ]

    def fault(self, name: str, fault: str, *, active: bool) -> None:
        """Lets the paper run out (``paper-out``), opens the cover (``cover-open``), …"""
        method = "PUT" if active else "DELETE"
        self._get(f"/devices/{name}/faults/{fault}", method)

    def is_up(self) -> bool:
        try:
            return bool(json.loads(self._get("/health"))["status"] == "ok")
        except (URLError, OSError):
            return False

    def _get(self, path: str, method: str = "GET") -> bytes:
        with urlopen(Request(self._api + path, method=method), timeout=10) as answer:
            body: bytes = answer.read()
            return body


@contextmanager
def running(folder: Path, widths: dict[str, int]) -> Iterator[Emulator]:
    """emupos with a printer for each name in ``widths`` (dots across); its files in ``folder``."""
    programs = installed()
    api, *free = _free_ports(1 + len(widths))
    ports = dict(zip(widths, free, strict=True))
    devices: list[dict[str, Any]] = []
    for name, width in widths.items():
        (folder / f"{name}.yaml").write_text(PROFILE.format(width=width))
        devices.append(
            {
                "id": name,
                "type": "printer",
                "profile": f"./{name}.yaml",
                "connections": [{"tcp": {"port": ports[name]}}],
                "receipts_dir": str(folder / "receipts"),
            }
        )
    config = folder / "emupos.yaml"
    # JSON is YAML.
    config.write_text(json.dumps({"schema": 1, "api": {"port": api}, "devices": devices}))
    log = folder / "emupos.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(programs / "emupos"), "run", "--config", str(config)],
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        emulator = Emulator(ports, api)
        deadline = time.monotonic() + START_S
        while not emulator.is_up():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        yield emulator
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _free_ports(count: int) -> list[int]:
    listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in listening]
    for one in listening:
        one.close()
    return ports
