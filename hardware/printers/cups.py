"""``cups://QUEUE``: a queue of this machine's CUPS, to which raw bytes are given.

Needs pycups, which is not installed by itself: it is built against CUPS' own headers.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from hardware.escpos_library import CupsPrinter, DeviceNotFoundError
from hardware.printers.addresses import read_address
from hardware.printers.devices import one_line
from hardware.printers.dialogue import NoAnswer
from hardware.printers.interface import Condition, PrinterError, Reason
from hardware.printers.spools import Progress, Spool, SpooledPrinter

_EXAMPLE = "write cups://QUEUE with a name that lpstat -p shows"
_STOPPED = 5
_JOB_STATES: dict[int, Progress] = {7: "given up", 8: "given up", 9: "passed on"}
"""Of RFC 8011, 5.3.7; in all others the job waits."""
_REASONS: dict[str, Reason] = {
    "media-empty": "paper-out",
    "media-needed": "paper-out",
    "media-low": "paper-near-end",
    "cover-open": "cover-open",
    "door-open": "cover-open",
    "offline": "offline",
    "paused": "offline",
    "shutdown": "offline",
    "connecting-to-device": "offline",
    "timed-out": "offline",
    "media-jam": "offline",
}
"""Of RFC 8011, 5.4.12, by what they mean for a slip."""


class CupsQueuePrinter(SpooledPrinter):
    """The queue ``queue``."""

    def __init__(self, queue: str, *, confirms: bool = True) -> None:
        super().__init__(f"cups:{queue}", confirms=confirms)
        self.queue = queue

    def _connect(self) -> Spool:
        printer = _Queue(self.queue)
        try:
            printer.open("motcua")
        except (DeviceNotFoundError, *_errors()) as error:
            raise NoAnswer("offline", one_line(error)) from error
        return CupsSpool(printer)


class _Queue(CupsPrinter):  # type: ignore[misc]  # python-escpos ships without types
    """python-escpos forgets which job it was, and sends one that failed again on closing."""

    job = 0

    def send(self) -> None:
        import cups

        try:
            self.tmpfile.flush()
            self.job = self.device.printFile(
                self.printer_name,
                self.tmpfile.name,
                self.job_name,
                {"document-format": cups.CUPS_FORMAT_RAW},
            )
        finally:
            self._clear()


class CupsSpool:
    """An open connection to CUPS."""

    def __init__(self, printer: _Queue) -> None:
        self._printer = printer
        self._cups: Any = printer.device

    def condition(self) -> Condition:
        about = self._asked(self._cups.getPrinterAttributes, self._printer.printer_name)
        words = [word for word in about.get("printer-state-reasons", ()) if word != "none"]
        reasons = [_reason(word) for word in words]
        message = about.get("printer-state-message", "")
        detail = "; ".join([*words, *([message] if message else [])])
        if (
            not about.get("printer-is-accepting-jobs", True)
            or about.get("printer-state") == _STOPPED
        ):
            reasons.append("offline")
            detail = detail or "the queue is stopped; cupsenable and cupsaccept start it"
        known = tuple(dict.fromkeys(reason for reason in reasons if reason))
        return Condition(known, detail if known else "")

    def submit(self, job: bytes, name: str) -> None:
        self._printer.job_name = name
        self._printer._raw(job)
        self._asked(self._printer.send)

    def progress(self) -> Progress:
        about = self._asked(self._cups.getJobAttributes, self._printer.job)
        return _JOB_STATES.get(about.get("job-state", 0), "waiting")

    def cancel(self) -> None:
        self._asked(self._cups.cancelJob, self._printer.job)

    def close(self) -> None:
        with suppress(*_errors()):
            self._printer.close()

    def _asked(self, question: Any, *what: Any) -> Any:
        try:
            return question(*what)
        except _errors() as error:
            raise NoAnswer("offline", f"CUPS says: {one_line(error)}") from error


def open_cups(uri: str, folder: Path) -> CupsQueuePrinter:
    """``cups://QUEUE[?status=none]``."""
    address = read_address(uri, _EXAMPLE, {"status": ("strict", "none")})
    queue = address.where.strip("/")
    if "/" in queue or " " in queue:
        raise PrinterError(f"{uri!r} names no queue; {_EXAMPLE}")
    if not CupsPrinter.is_usable():
        raise PrinterError(
            f"{uri!r} needs pycups: apt install libcups2-dev gcc python3-dev, "
            "then pip install 'motcua[cups]'"
        )
    return CupsQueuePrinter(queue, confirms=address.confirms)


def _reason(word: str) -> Reason | None:
    """``media-empty-error`` and ``media-empty`` mean the same."""
    for ending in ("-error", "-warning", "-report"):
        word = word.removesuffix(ending)
    return _REASONS.get(word)


def _errors() -> tuple[type[Exception], ...]:
    """What pycups raises."""
    import cups

    return (cups.IPPError, cups.HTTPError, RuntimeError, OSError)
