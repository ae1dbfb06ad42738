"""Printers whose waiting would hold up everybody else in the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PIL import Image

from hardware.escpos import encode
from hardware.printers import Condition, Outcome, Printer
from hardware.printers.network import NetworkPrinter

YIELDING = ("virtual:", "network:")
"""Transports that let others go on by themselves: a short write, and sockets, which eventlet makes
green. A device is waited for in the system or in a library, where eventlet cannot step in."""


def without_waiting(printer: Printer, uri: str, offload: Callable[..., Any]) -> Printer:
    """``printer``, which ``uri`` names, with its slow work done by ``offload`` where needed."""
    if isinstance(printer, NetworkPrinter):
        return EncodingPrinter(printer, offload)
    return printer if uri.lower().startswith(YIELDING) else OffloadedPrinter(printer, offload)


class EncodingPrinter:
    """A printer that is green but for the computing of its bytes, some 20 ms a slip."""

    def __init__(self, printer: NetworkPrinter, offload: Callable[..., Any]) -> None:
        self._printer, self._offload = printer, offload
        self.held_outcome = printer.held_outcome
        self.condition = printer.condition
        self.close = printer.close

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        """The bytes elsewhere, the talking here."""
        job: bytes = self._offload(encode, image)
        return self._printer.print_encoded(job, name)


class OffloadedPrinter:
    """A printer that prints in a native thread."""

    def __init__(self, printer: Printer, offload: Callable[..., Any]) -> None:
        self._printer, self._offload = printer, offload

    def print_image(self, image: Image.Image, name: str) -> Outcome:
        """As the printer does it, elsewhere."""
        outcome: Outcome = self._offload(self._printer.print_image, image, name)
        return outcome

    def held_outcome(self) -> Outcome:
        """As the printer says it, elsewhere."""
        outcome: Outcome = self._offload(self._printer.held_outcome)
        return outcome

    def condition(self) -> Condition:
        """As the printer says it, elsewhere."""
        condition: Condition = self._offload(self._printer.condition)
        return condition

    def close(self) -> None:
        """Lets go of the device."""
        self._offload(self._printer.close)
