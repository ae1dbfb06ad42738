"""What belongs to a device when it is added."""

from __future__ import annotations

from server.errors import NotFound, Refused
from server.offices.models import Office, Printer


def printer_for(office: Office, kind: str, name: str, wish: str | None) -> Printer | None:
    """The printer of a new kiosk or agent.

    Args:
        office: the hall it stands in.
        kind: the device's scope; others than kiosks and agents have no printer.
        name: what the device is called; a printer called the same is its own.
        wish: the name of the printer it was asked for with, if it was.

    Returns none for a kiosk with nothing special: its slips come out of the hall's first printer,
    whichever that is at the time.

    Raises:
        NotFound: the hall has no printer called ``wish``.
        Refused: an agent in a hall without a printer.
    """
    printers = {printer.name: printer for printer in office.printers if printer.active}
    if wish is not None:
        if wish not in printers:
            known = ", ".join(printers) or "none"
            raise NotFound(f"{office.slug} has no printer {wish}; it has: {known}.")
        return printers[wish]
    if kind in ("kiosk", "agent") and name in printers:
        return printers[name]
    if kind != "agent":
        return None
    if not printers:
        raise Refused(f"{office.slug} has no printer; add one to its hall file first.")
    return next(iter(printers.values()))
