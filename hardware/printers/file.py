"""``file:///dev/usb/lp0``: a printer that the system shows as a character device.

python-escpos' ``File`` opens for writing alone, makes an ordinary file where no device is, and
ignores that a device may take a part only. Its opening and writing are done anew here.
"""

from __future__ import annotations

import io
import os
import stat
import time
from contextlib import suppress
from pathlib import Path

from hardware.escpos_library import DeviceNotFoundError, File
from hardware.printers.addresses import read_address
from hardware.printers.dialogue import Line, NoAnswer
from hardware.printers.interface import PrinterError
from hardware.printers.lines import UNSENT_S, LinePrinter

_EXAMPLE = "write file:///dev/usb/lp0"
_TICK_S = 0.01


class FilePrinter(LinePrinter):
    """The printer behind the device ``path``."""

    def __init__(self, path: Path, *, confirms: bool = True) -> None:
        super().__init__(f"device:{path.resolve()}", confirms=confirms)
        self.path = path

    def _connect(self) -> Line:
        device = _Device(str(self.path), answers=self.confirms)
        try:
            device.open()
        except DeviceNotFoundError as error:
            raise NoAnswer("offline", error.msg) from error
        return FileLine(device)


class _Device(File):  # type: ignore[misc]  # python-escpos ships without types
    """A character device, never a file; open for one, and not waiting by itself."""

    def __init__(self, devfile: str, *, answers: bool) -> None:
        super().__init__(devfile)
        self.answers = answers

    def open(self, raise_not_found: bool = True) -> None:
        import fcntl
        import termios

        # Not waiting: a device that takes nothing would hold the thread for ever.
        way = os.O_RDWR if self.answers else os.O_WRONLY
        try:
            if not stat.S_ISCHR(os.stat(self.devfile).st_mode):
                raise NoAnswer("rejected", f"{self.devfile} is no device")
            descriptor = os.open(self.devfile, way | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceNotFoundError(f"{self.devfile}: {error.strerror}") from error
        # FileIO rather than os.read: eventlet's would wait without end, in this thread as well.
        self.device = io.FileIO(descriptor, "r+" if self.answers else "w")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _as_it_is(descriptor)
        except BlockingIOError as error:
            self.close()
            raise DeviceNotFoundError(f"{self.devfile} is in use by another program") from error
        except (OSError, termios.error) as error:
            self.close()
            raise DeviceNotFoundError(f"{self.devfile}: {error}") from error

    def _raw(self, msg: bytes) -> None:
        """Sends all of ``msg``; raises ``TimeoutError`` when none of it goes for ``UNSENT_S``."""
        deadline = time.monotonic() + UNSENT_S
        while msg:
            count = self.device.write(msg)
            if count:
                msg = msg[count:]
                deadline = time.monotonic() + UNSENT_S
            else:
                _tick(deadline)


class FileLine:
    """An open device. It is asked again and again rather than waited for: not every driver says
    when it is ready."""

    def __init__(self, device: _Device) -> None:
        self._device = device

    def write(self, data: bytes) -> None:
        self._device._raw(data)

    def read(self, wait_s: float) -> bytes:
        deadline = time.monotonic() + wait_s
        while True:
            # Nothing at all is no end: usblp passes on the empty packets of some printers.
            received: bytes | None = self._device.device.read(64)
            if received:
                return received
            try:
                _tick(deadline)
            except TimeoutError:
                return b""

    def taken(self) -> bool:
        # usblp throws away on closing what is still on its way; an empty write says when it is not.
        deadline = time.monotonic() + UNSENT_S
        while self._device.device.write(b"") is None:
            try:
                _tick(deadline)
            except TimeoutError:
                return False
        return True

    def close(self) -> None:
        with suppress(OSError):
            self._device.close()


def open_file(uri: str, folder: Path) -> FilePrinter:
    """``file:///dev/usb/lp0[?status=none]``."""
    if os.name != "posix":
        raise PrinterError(f"{uri!r}: there are no device files here; write win32://NAME")
    address = read_address(uri, _EXAMPLE)
    if not address.where.startswith("/"):
        raise PrinterError(f"{uri!r} names no device; {_EXAMPLE}")
    printer = FilePrinter(Path(address.where), confirms=address.confirms)
    printer.process_ids = address.process_ids
    return printer


def _tick(deadline: float) -> None:
    if time.monotonic() >= deadline:
        raise TimeoutError
    time.sleep(_TICK_S)


def _as_it_is(descriptor: int) -> None:
    """A terminal device would echo, and turn line ends into others."""
    if os.isatty(descriptor):
        import tty

        tty.setraw(descriptor)
