"""python-escpos, imported without what its import does on the side.

python-escpos 3.1, when imported, makes a folder in the temporary directory and leaves it there
(even when ``ESCPOS_CAPABILITIES_PICKLE_DIR`` names another: ``environ.get(name, mkdtemp())`` makes
it either way), parses its capabilities as YAML, and gives the root logger a handler. Here it finds
them already pickled in a folder of our own, which is removed, and the logger is put back.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import pickle
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

_FOLDER = "ESCPOS_CAPABILITIES_PICKLE_DIR"


@contextmanager
def _contained() -> Iterator[None]:
    spec = importlib.util.find_spec("escpos")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("python-escpos is not installed")
    capabilities = Path(spec.submodule_search_locations[0]) / "capabilities.json"
    folder_before, temporary_before = os.environ.get(_FOLDER), tempfile.tempdir
    root = logging.getLogger()
    handlers_before = root.handlers[:]
    with tempfile.TemporaryDirectory(prefix="motcua-escpos-") as folder:
        pickled = Path(folder) / f"{platform.python_version()}.capabilities.pickle"
        pickled.write_bytes(pickle.dumps(json.loads(capabilities.read_text("utf-8"))))
        os.environ[_FOLDER] = tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = temporary_before
            del os.environ[_FOLDER]
            if folder_before is not None:
                os.environ[_FOLDER] = folder_before
            for handler in root.handlers[:]:
                if handler not in handlers_before:
                    root.removeHandler(handler)


with _contained():
    from escpos.capabilities import Profile
    from escpos.constants import HW_INIT, PAPER_PART_CUT
    from escpos.exceptions import DeviceNotFoundError
    from escpos.printer import CupsPrinter, Dummy, File, Network, Serial, Usb, Win32Raw

__all__ = [
    "HW_INIT",
    "PAPER_PART_CUT",
    "CupsPrinter",
    "DeviceNotFoundError",
    "Dummy",
    "File",
    "Network",
    "Serial",
    "SlipProfile",
    "Usb",
    "Win32Raw",
]


class SlipProfile(Profile):  # type: ignore[misc]  # python-escpos ships without types
    """A printer of slips. Says its width: for one that does not, ``image`` prints a complaint
    on standard output, where only an id or a token may stand."""

    profile_data: ClassVar[dict[str, Any]] = {
        **Profile.profile_data,
        "media": {"width": {"mm": 72, "pixels": 576}},
    }

    def __init__(self) -> None:
        super().__init__(features={"paperPartCut": True})
