"""``serial:///dev/ttyS0?baudrate=19200``: a printer at a serial port, or at a USB adapter for one.

Options: ``baudrate`` (9600), ``parity`` (``none``, ``even``, ``odd``), ``flow`` (``none``,
``rtscts``, ``xonxoff``), ``status``. They must be what the printer's own switches say.
"""

from __future__ import annotations

import errno
import os
import re
import select
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serial import SerialTimeoutException

from hardware.escpos_library import DeviceNotFoundError, Serial
from hardware.printers.addresses import read_address
from hardware.printers.devices import one_line
from hardware.printers.dialogue import Line, NoAnswer
from hardware.printers.interface import PrinterError
from hardware.printers.lines import UNSENT_S, LinePrinter

BAUDRATE = 9600
_EXAMPLE = "write serial:///dev/ttyS0?baudrate=19200 (on Windows serial://COM3)"
_OPTIONS = {
    "baudrate": (str(BAUDRATE),),
    "parity": ("none", "even", "odd"),
    "flow": ("none", "rtscts", "xonxoff"),
}
_TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class Wiring:
    """How the port speaks."""

    baudrate: int = BAUDRATE
    parity: str = "none"
    flow: str = "none"


class SerialPrinter(LinePrinter):
    """The printer at ``port``."""

    def __init__(self, port: str, wiring: Wiring, *, confirms: bool = True) -> None:
        super().__init__(f"device:{os.path.realpath(port)}", confirms=confirms)
        self.port, self.wiring = port, wiring

    def _connect(self) -> Line:
        wiring = self.wiring
        serial = Serial(
            self.port,
            baudrate=wiring.baudrate,
            timeout=_TICK_S,
            parity=wiring.parity[0].upper(),
            xonxoff=wiring.flow == "xonxoff",
            # True would leave DTR low, with which most printers take nothing.
            dsrdtr=False,
        )
        try:
            serial.open()
            device = serial.device
            device.write_timeout = UNSENT_S  # python-escpos has it wait for ever
            device.rtscts = wiring.flow == "rtscts"
            if os.name == "posix":
                device.exclusive = True
        except (DeviceNotFoundError, OSError, *_termios_errors()) as error:
            if serial._device:
                SerialLine(serial).close()
            raise NoAnswer("offline", _words(error)) from error
        return SerialLine(serial)


class SerialLine:
    """An open port."""

    def __init__(self, serial: Serial) -> None:
        self._serial = serial
        self._device: Any = serial.device
        self._stuck = False

    def write(self, data: bytes) -> None:
        self._stuck = True
        self._wait_for_room()
        try:
            self._serial._raw(data)
        except SerialTimeoutException as error:
            raise TimeoutError(str(error)) from error
        self._stuck = False

    def read(self, wait_s: float) -> bytes:
        deadline = time.monotonic() + wait_s
        while True:
            received: bytes = self._serial._read()
            if received or time.monotonic() >= deadline:
                return received

    def taken(self) -> bool:
        """Whether the system has sent it all. That the printer was listening, nobody knows."""
        deadline = time.monotonic() + UNSENT_S
        while self._device.out_waiting:
            if time.monotonic() >= deadline:
                self._stuck = True
                return False
            time.sleep(_TICK_S)
        return True

    def close(self) -> None:
        # Not python-escpos' close(), which waits for ever for a printer that takes nothing.
        with suppress(OSError, *_termios_errors()):
            if self._stuck:
                self._device.reset_output_buffer()
        with suppress(OSError, *_termios_errors()):
            self._device.close()

    def _wait_for_room(self) -> None:
        """pyserial begins by writing, and under eventlet a first write waits without end."""
        if os.name == "posix" and not select.select([], [self._device.fileno()], [], UNSENT_S)[1]:
            raise TimeoutError("the port takes nothing")


def open_serial(uri: str, folder: Path) -> SerialPrinter:
    """``serial:///dev/ttyS0[?baudrate=9600&parity=none&flow=none&status=strict]``."""
    address = read_address(uri, _EXAMPLE, _OPTIONS)
    options = address.options
    port = re.sub(r"^/(?=COM\d+$)", "", address.where, flags=re.IGNORECASE)
    if not port.startswith("/") and not re.fullmatch(r"COM\d+", port, re.IGNORECASE):
        raise PrinterError(f"{uri!r} names no port; {_EXAMPLE}")
    if not re.fullmatch(r"[1-9]\d{2,6}", options["baudrate"]):
        raise PrinterError(f"{uri!r}: baudrate is a number like 9600, 19200 or 115200")
    wiring = Wiring(int(options["baudrate"]), options["parity"], options["flow"])
    printer = SerialPrinter(port, wiring, confirms=address.confirms)
    printer.process_ids = address.process_ids
    return printer


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.EAGAIN, errno.EACCES):
        return f"the port is in use by another program: {one_line(error)}"
    return one_line(error)


def _termios_errors() -> tuple[type[Exception], ...]:
    """What pyserial lets through when the adapter was pulled out; no kind of ``OSError``."""
    if os.name != "posix":
        return ()
    import termios

    return (termios.error,)
