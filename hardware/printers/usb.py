"""``usb://04b8:0e15``: a printer on a USB cable, spoken to without a driver, through libusb.

python-escpos' ``Usb`` guesses the endpoints, resets the printer at each opening (which may throw
away what it has still to print), ignores that a part only was taken and waits for ever. What it
does at opening and writing is done anew here.
"""

from __future__ import annotations

import errno
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import usb.core
import usb.util

from hardware.escpos_library import DeviceNotFoundError, Usb
from hardware.printers.addresses import read_address
from hardware.printers.devices import one_line
from hardware.printers.dialogue import Line, NoAnswer
from hardware.printers.interface import PrinterError
from hardware.printers.lines import UNSENT_S, LinePrinter

_EXAMPLE = "write usb://VID:PID as lsusb shows them, for example usb://04b8:0e15"
_PRINTER_CLASS, _VENDOR_CLASS = 7, 255
_TICK_S = 0.01


class UsbPrinter(LinePrinter):
    """The first printer found with these numbers."""

    def __init__(self, vendor: int, product: int, *, confirms: bool = True) -> None:
        super().__init__(f"usb:{vendor:04x}:{product:04x}", confirms=confirms)
        self.vendor, self.product = vendor, product

    def _connect(self) -> Line:
        device = _Device(self.vendor, self.product)
        line = UsbLine(device)
        try:
            device.open()
            if self.confirms and not device.packet:
                raise NoAnswer("rejected", "the printer has no way to answer; write ?status=none")
        except NoAnswer:
            line.close()
            raise
        except usb.core.NoBackendError as error:
            raise NoAnswer("offline", "libusb is missing: apt install libusb-1.0-0") from error
        except (DeviceNotFoundError, OSError, NotImplementedError, ValueError) as error:
            line.close()
            raise NoAnswer("offline", one_line(error)) from error
        return line


class _Device(Usb):  # type: ignore[misc]  # python-escpos ships without types
    """A device whose printing interface is claimed, so that nobody else writes to it."""

    packet = 0
    """Bytes of one answer at most; none when the printer cannot answer."""

    def _check_driver(self) -> None:
        """Done below, once it is known which interface it is about."""

    def _configure_usb(self) -> None:
        try:
            self.device.get_active_configuration()
        except usb.core.USBError:
            self.device.set_configuration()
        interface, out, back = _printing_interface(self.device)
        self.out_ep = out.bEndpointAddress
        if back is not None:
            self.in_ep, self.packet = back.bEndpointAddress, back.wMaxPacketSize
        number = interface.bInterfaceNumber
        # Windows has no kernel driver to take it from.
        with suppress(NotImplementedError):
            if self.device.is_kernel_driver_active(number):
                self.device.detach_kernel_driver(number)
        usb.util.claim_interface(self.device, number)

    def _raw(self, msg: bytes) -> None:
        """Sends all of ``msg``; raises ``TimeoutError`` when none of it goes for ``UNSENT_S``."""
        while msg:
            try:
                count = self.device.write(self.out_ep, msg, round(UNSENT_S * 1000))
            except usb.core.USBError as error:
                if _timed_out(error):
                    raise TimeoutError(one_line(error)) from error
                raise
            if not count:
                raise TimeoutError("the printer takes nothing")
            msg = msg[count:]


class UsbLine:
    """An open device."""

    def __init__(self, device: _Device) -> None:
        self._device = device

    def write(self, data: bytes) -> None:
        self._device._raw(data)

    def read(self, wait_s: float) -> bytes:
        device = self._device
        deadline = time.monotonic() + wait_s
        while (left := deadline - time.monotonic()) > 0:
            try:
                # A whole packet: with less room libusb reports an overflow and drops it.
                received = device.device.read(
                    device.in_ep, device.packet, max(1, round(left * 1000))
                )
            except usb.core.USBError as error:
                if not _timed_out(error):
                    raise
                break
            if received:
                return bytes(received)
            time.sleep(_TICK_S)  # some printers send empty packets
        return b""

    def taken(self) -> bool:
        """A write returns when the printer has it."""
        return True

    def close(self) -> None:
        with suppress(OSError, NotImplementedError):
            self._device.close()


def open_usb(uri: str, folder: Path) -> UsbPrinter:
    """``usb://VID:PID[?status=none]``, both numbers in four hexadecimal digits."""
    address = read_address(uri, _EXAMPLE)
    numbers = re.fullmatch(r"(?:0x)?([0-9a-f]{4}):(?:0x)?([0-9a-f]{4})/?", address.where.lower())
    if numbers is None or "0000" in numbers.groups():
        raise PrinterError(f"{uri!r} names no printer; {_EXAMPLE}")
    printer = UsbPrinter(int(numbers[1], 16), int(numbers[2], 16), confirms=address.confirms)
    printer.process_ids = address.process_ids
    return printer


def _printing_interface(device: Any) -> tuple[Any, Any, Any | None]:
    """The interface that prints, its way there, and its way back if it has one.

    Raises ``NoAnswer`` when the device is no printer.
    """
    interfaces = [each for each in device.get_active_configuration() if not each.bAlternateSetting]
    for wanted in (_PRINTER_CLASS, _VENDOR_CLASS):
        for interface in interfaces:
            if interface.bInterfaceClass != wanted:
                continue
            there = _bulk(interface, usb.util.ENDPOINT_OUT)
            if there is not None:
                return interface, there, _bulk(interface, usb.util.ENDPOINT_IN)
    raise NoAnswer("rejected", "the device with these numbers is no printer")


def _bulk(interface: Any, direction: int) -> Any | None:
    for endpoint in interface:
        if (
            usb.util.endpoint_direction(endpoint.bEndpointAddress) == direction
            and usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ):
            return endpoint
    return None


def _timed_out(error: Exception) -> bool:
    return isinstance(error, usb.core.USBTimeoutError) or (
        isinstance(error, OSError) and error.errno == errno.ETIMEDOUT
    )
