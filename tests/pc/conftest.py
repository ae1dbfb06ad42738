"""The files for the PCs of a hall, written below a folder as the scripts write them on a PC."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCREEN = ROOT / "kiosk" / "pc" / "set-up-screen.sh"
AGENT = ROOT / "hardware" / "pc" / "set-up-agent.sh"
SERVER = ROOT / "server" / "pc" / "set-up-server.sh"
URL = "http://192.168.1.10:8080"
SECRET = "a-secret-token_123"


@dataclass
class Written:
    """What a script wrote and said."""

    root: Path
    code: int
    out: str
    err: str

    def files(self) -> dict[str, int]:
        """Every file and its mode; links have the mode 0."""
        return {
            "/" + str(path.relative_to(self.root)): (
                0 if path.is_symlink() else path.stat().st_mode & 0o777
            )
            for path in self.root.rglob("*")
            if path.is_symlink() or path.is_file()
        }

    def text(self, path: str) -> str:
        """The content of a file, named as on the PC."""
        return (self.root / path.lstrip("/")).read_text("utf-8")


Write = Callable[..., Written]


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    """The file that `motcua device add` was sent into."""
    file = tmp_path / "token"
    file.write_text(SECRET + "\n")
    return file


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Runs a script with ``--root``."""

    def run(script: Path, *options: object, root: Path | None = None) -> Written:
        place = root or tmp_path / "root"
        done = subprocess.run(
            ["sh", script, *map(str, options), "--root", place],
            capture_output=True,
            text=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
        )
        return Written(place, done.returncode, done.stdout, done.stderr)

    return run


def program(name: str) -> str:
    """A program of the system; the test is skipped without it."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found
