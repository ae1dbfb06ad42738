"""``win32://NAME``: a printer of Windows, to which raw bytes are given. Needs pywin32."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from hardware.escpos_library import DeviceNotFoundError, Win32Raw
from hardware.printers.addresses import read_address
from hardware.printers.devices import one_line
from hardware.printers.dialogue import NoAnswer
from hardware.printers.interface import Condition, PrinterError, Reason
from hardware.printers.spools import Progress, Spool, SpooledPrinter

_EXAMPLE = "write win32://NAME with the name under Windows' settings"
_TROUBLES: tuple[tuple[int, Reason, str], ...] = (
    (0x10, "paper-out", "the paper has run out"),
    (0x400000, "cover-open", "the cover is open"),
    (0x1, "offline", "the printer is paused"),
    (0x2 | 0x8 | 0x80 | 0x1000, "offline", "the printer is offline or reports an error"),
)
"""PRINTER_STATUS_* of winspool.h."""
_DELETED, _PRINTED = 0x4 | 0x100, 0x80 | 0x1000
"""JOB_STATUS_* of winspool.h."""
_NO_SUCH_JOB = 87
_DELETE = 5


class Win32Printer(SpooledPrinter):
    """The printer that Windows calls ``name``."""

    def __init__(self, name: str, *, confirms: bool = True) -> None:
        super().__init__(f"win32:{name.lower()}", confirms=confirms)
        self.name = name

    def _connect(self) -> Spool:
        return Win32Spool(self.name)


class _Raw(Win32Raw):  # type: ignore[misc]  # python-escpos ships without types
    """python-escpos ignores that Windows may take a part only."""

    def _raw(self, msg: bytes) -> None:
        import win32print

        while msg:
            count = win32print.WritePrinter(self.device, msg)
            if not count:
                raise DeviceNotFoundError("Windows took a part of the slip only")
            msg = msg[count:]


class Win32Spool:
    """An open printer. Its status is asked over a handle of its own: python-escpos' opens a job."""

    def __init__(self, name: str) -> None:
        import win32print

        self._name = name
        self._win32: Any = win32print
        self._handle = self._asked(win32print.OpenPrinter, name)
        self._job = 0

    def condition(self) -> Condition:
        status = self._asked(self._win32.GetPrinter, self._handle, 2)["Status"]
        found = {reason: words for bits, reason, words in _TROUBLES if status & bits}
        return Condition(tuple(found), "; ".join(found.values()))

    def submit(self, job: bytes, name: str) -> None:
        self._asked(self._submit, job, name)

    def progress(self) -> Progress:
        try:
            status = self._win32.GetJob(self._handle, self._job, 1)["Status"]
        except _errors() as error:
            if error.args[:1] == (_NO_SUCH_JOB,):
                return "passed on"  # Windows forgets a job once the printer has it
            raise NoAnswer("offline", f"Windows says: {one_line(error)}") from error
        if status & _DELETED:
            return "given up"
        return "passed on" if status & _PRINTED else "waiting"

    def cancel(self) -> None:
        self._asked(self._win32.SetJob, self._handle, self._job, 0, None, _DELETE)

    def close(self) -> None:
        with suppress(*_errors()):
            self._win32.ClosePrinter(self._handle)

    def _submit(self, job: bytes, name: str) -> None:
        raw = _Raw(self._name)
        raw.open(name)
        try:
            self._job = raw.current_job
            raw._raw(job)
        finally:
            raw.close()

    def _asked(self, question: Any, *what: Any) -> Any:
        try:
            return question(*what)
        except (DeviceNotFoundError, *_errors()) as error:
            raise NoAnswer("offline", f"Windows says: {one_line(error)}") from error


def open_win32(uri: str, folder: Path) -> Win32Printer:
    """``win32://NAME[?status=none]``; in NAME a space may be written as it is."""
    address = read_address(uri, _EXAMPLE, {"status": ("strict", "none")})
    if not Win32Raw.is_usable():
        raise PrinterError(
            f"{uri!r} needs Windows, and there: pip install pywin32. "
            "On Linux write cups://QUEUE or usb://VID:PID"
        )
    return Win32Printer(address.where.strip("/"), confirms=address.confirms)


def _errors() -> tuple[type[Exception], ...]:
    """What pywin32 raises."""
    import pywintypes

    return (pywintypes.error, OSError)
