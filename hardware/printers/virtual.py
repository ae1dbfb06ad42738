"""``virtual:DIR``: a printer that is a folder. Each slip becomes a PNG, in the size it prints."""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from hardware.printers.interface import NOTHING_HELD, Condition, Outcome, PrinterError
from hardware.printers.turns import turn_at

KEPT = 500
"""Slips that stay in the folder; older ones are removed."""
_DPI = (203, 203)
_SLIP = re.compile(r"(\d{6,})-.*\.png")


class VirtualPrinter:
    """Writes ``NNNNNN-<name>.png``, numbered from 000001 in the order of printing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._turn = turn_at(f"virtual:{folder.resolve()}")

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        """The file appears at once and whole, so that whoever watches the folder may read it."""
        with self._turn:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                path = self._write(image, _file_name(name))
                self._prune()
            except OSError as error:
                return Outcome("failed", ("rejected",), f"{self.folder}: {error.strerror}")
        return Outcome("printed", detail=str(path))

    def condition(self) -> Condition:
        """Fine when the folder is there, or can be made, and may be written to."""
        standing = next(path for path in (self.folder, *self.folder.parents) if path.exists())
        if standing.is_dir() and os.access(standing, os.W_OK):
            return Condition()
        return Condition(("rejected",), f"{standing} cannot be written to")

    def held_outcome(self) -> Outcome:
        """A folder holds nothing back."""
        return NOTHING_HELD

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, image: Image.Image, name: str) -> Path:
        number = max((number for number, _ in self._slips()), default=0) + 1
        draft = self.folder / f".{os.getpid()}-{threading.get_ident()}.tmp"
        image.save(draft, format="PNG", dpi=_DPI)
        path = self.folder / f"{number:06d}-{name}.png"
        draft.replace(path)
        return path

    def _prune(self) -> None:
        for _, path in sorted(self._slips())[:-KEPT]:
            path.unlink(missing_ok=True)

    def _slips(self) -> Iterator[tuple[int, Path]]:
        for path in self.folder.iterdir():
            if match := _SLIP.fullmatch(path.name):
                yield int(match[1]), path


def open_virtual(uri: str, folder: Path) -> VirtualPrinter:
    """``virtual:DIR``, a relative DIR within ``folder``."""
    directory = uri.partition(":")[2]
    if not directory or directory.startswith("//") or "\0" in directory:
        raise PrinterError(f"{uri!r} names no folder; write virtual:DIR, for example virtual:slips")
    return VirtualPrinter(folder / directory)


def _file_name(name: str) -> str:
    """``name`` with nothing in it that a file system could take for something else."""
    plain = unicodedata.normalize("NFC", name)
    return re.sub(r"[^\w-]+", "_", plain).strip("_")[:80] or "slip"
