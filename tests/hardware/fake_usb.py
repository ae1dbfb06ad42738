"""A USB bus for tests: a pyusb backend with one device on it, a slip printer or something else.

pyusb itself is the real one. Only what lies below it, which needs a kernel and a cable, is played.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import usb.backend
import usb.backend.libusb0
import usb.backend.libusb1
import usb.backend.openusb
import usb.core

from tests.hardware.fake_printer import FakePrinter, serving

VENDOR, PRODUCT = 0x04B8, 0x0E15
OUT, IN = 0x02, 0x81
NUMBER = 1
"""Of the interface that prints; not 0, as with printers that are a keyboard as well."""


class Descriptor:
    """Fields as they are given, and zero for all others."""

    def __init__(self, **fields: int) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> int:
        return 0


class Bus(usb.backend.IBackend):
    """The backend. Change how the device is while it is there."""

    def __init__(self, printer: FakePrinter, line: socket.socket) -> None:
        self.printer, self.line = printer, line
        self.plugged_in = True
        self.configured = True
        self.allowed = True
        self.held_elsewhere = False
        self.kind = 7
        self.ways = [OUT, IN]
        self.at_most = 1_000_000
        """Bytes the device takes with one transfer."""
        self.takes: int | None = None
        """Bytes it takes altogether before it takes no more."""
        self.empty_packets = 0
        self.claimed: set[int] = set()
        self.opened = 0
        self.resets = 0
        self.kernel_driver: int | None = NUMBER
        self.timeouts: list[int] = []

    def enumerate_devices(self) -> list[str]:
        return ["device"] if self.plugged_in else []

    def get_device_descriptor(self, dev: str) -> Descriptor:
        return Descriptor(
            idVendor=VENDOR, idProduct=PRODUCT, bNumConfigurations=1, port_numbers=None
        )

    def get_configuration_descriptor(self, dev: str, config: int) -> Descriptor:
        if config:
            raise IndexError
        return Descriptor(bNumInterfaces=2, bConfigurationValue=1)

    def get_interface_descriptor(self, dev: str, intf: int, alt: int, config: int) -> Descriptor:
        if alt or intf > 1:
            raise IndexError
        if intf == NUMBER:
            return Descriptor(
                bInterfaceNumber=intf, bInterfaceClass=self.kind, bNumEndpoints=len(self.ways)
            )
        return Descriptor(bInterfaceNumber=intf, bInterfaceClass=3)

    def get_endpoint_descriptor(
        self, dev: str, ep: int, intf: int, alt: int, config: int
    ) -> Descriptor:
        return Descriptor(bEndpointAddress=self.ways[ep], bmAttributes=2, wMaxPacketSize=64)

    def open_device(self, dev: str) -> str:
        if not self.allowed:
            raise usb.core.USBError("Access denied (insufficient permissions)", -3, 13)
        self.opened += 1
        return "handle"

    def close_device(self, handle: str) -> None:
        self.opened -= 1

    def get_configuration(self, handle: str) -> int:
        return int(self.configured)

    def set_configuration(self, handle: str, value: int) -> None:
        self.configured = True

    def reset_device(self, handle: str) -> None:
        self.resets += 1

    def is_kernel_driver_active(self, handle: str, intf: int) -> bool:
        return intf == self.kernel_driver

    def detach_kernel_driver(self, handle: str, intf: int) -> None:
        assert intf == self.kernel_driver
        self.kernel_driver = None

    def claim_interface(self, handle: str, intf: int) -> None:
        if self.held_elsewhere or self.kernel_driver == intf:
            raise usb.core.USBError("Resource busy", -6, 16)
        self.claimed.add(intf)

    def release_interface(self, handle: str, intf: int) -> None:
        self.claimed.discard(intf)

    def bulk_write(self, handle: str, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert (ep, intf) == (OUT, NUMBER)
        self.timeouts.append(timeout)
        sent = data.tobytes()[: self.at_most]
        if self.takes is not None:
            sent = sent[: self.takes]
            self.takes -= len(sent)
            if not sent:
                raise usb.core.USBTimeoutError("Operation timed out", -7, 110)
        try:
            self.line.sendall(sent)
        except OSError as error:
            raise usb.core.USBError("No such device", -4, 19) from error
        return len(sent)

    def bulk_read(self, handle: str, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert (ep, intf) == (IN, NUMBER)
        assert len(buff) >= 64, "less than a packet overflows"
        self.timeouts.append(timeout)
        if self.empty_packets:
            self.empty_packets -= 1
            return 0
        self.line.settimeout(timeout / 1000)
        try:
            received = self.line.recv(64)
        except TimeoutError:
            raise usb.core.USBTimeoutError("Operation timed out", -7, 110) from None
        finally:
            self.line.settimeout(None)
        if not received:
            raise usb.core.USBError("No such device", -4, 19)
        for index, byte in enumerate(received):
            buff[index] = byte
        return len(received)


@contextmanager
def bus(monkeypatch: pytest.MonkeyPatch, **how: object) -> Iterator[Bus]:
    """A bus with a printer on it."""
    ours, theirs = socket.socketpair()
    found = Bus(FakePrinter(**how), ours)  # type: ignore[arg-type]
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda: found)
    thread = serving(found.printer, theirs)
    try:
        yield found
    finally:
        found.printer.paper = "ok"
        ours.close()
        thread.join(timeout=10)


def no_libusb(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the library."""
    for backend in (usb.backend.libusb1, usb.backend.openusb, usb.backend.libusb0):
        monkeypatch.setattr(backend, "get_backend", lambda: None)
