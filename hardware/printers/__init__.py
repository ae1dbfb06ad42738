"""Printers of slips, one module a transport, found by the scheme of their URI.

A package of somebody else's adds a transport as ours are added: an entry point in the group
``motcua.printers``, named like the scheme, that points to ``opener(uri, folder) -> Printer``.
Openers raise ``PrinterError`` for a URI they cannot use, and do not touch the device yet.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from hardware.printers.interface import Condition, Outcome, Printer, PrinterError, Reason

__all__ = [
    "Condition",
    "Opener",
    "Outcome",
    "Printer",
    "PrinterError",
    "Reason",
    "open_printer",
    "schemes",
]

GROUP = "motcua.printers"
BUILT_IN = (
    EntryPoint("cups", "hardware.printers.cups:open_cups", GROUP),
    EntryPoint("file", "hardware.printers.file:open_file", GROUP),
    EntryPoint("network", "hardware.printers.network:open_network", GROUP),
    EntryPoint("serial", "hardware.printers.serial:open_serial", GROUP),
    EntryPoint("usb", "hardware.printers.usb:open_usb", GROUP),
    EntryPoint("virtual", "hardware.printers.virtual:open_virtual", GROUP),
    EntryPoint("win32", "hardware.printers.win32:open_win32", GROUP),
)

Opener = Callable[[str, Path], Printer]


def open_printer(uri: str, *, folder: Path) -> Printer:
    """The printer that ``uri`` names. ``folder`` is where relative paths in a URI begin.

    Raises ``PrinterError`` for a scheme nobody registered and for a URI its transport refuses.
    """
    scheme, colon, _ = uri.partition(":")
    entry = _registered().get(scheme.lower()) if colon else None
    if entry is None:
        known = ", ".join(f"{name}:" for name in schemes())
        raise PrinterError(f"no printer like {uri!r}; a URI begins with one of {known}")
    try:
        opener: Opener = entry.load()
    except (ImportError, AttributeError) as error:
        raise PrinterError(f"the transport {entry.name}: cannot be loaded: {error}") from error
    return opener(uri, folder)


def schemes() -> list[str]:
    """The URI schemes there are, in alphabetical order."""
    return sorted(_registered())


def _registered() -> dict[str, EntryPoint]:
    """By scheme. Ours come last, so that nobody takes their place by accident."""
    return {entry.name.lower(): entry for entry in (*entry_points(group=GROUP), *BUILT_IN)}
