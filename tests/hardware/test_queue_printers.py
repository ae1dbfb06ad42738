"""Printing through the system's queue: CUPS and Windows, both with a stand-in for their module."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import escpos.printer.cups
import escpos.printer.win32raw
import pytest

from hardware.escpos import encode
from hardware.printers import Outcome, Printer, PrinterError, open_printer, spools
from hardware.raster import draw
from tests.hardware.examples import vietnamese

PICTURE = draw(vietnamese())


class Cups(types.ModuleType):
    """A CUPS with one queue, ``slips``."""

    IPPError = type("IPPError", (Exception,), {})
    HTTPError = type("HTTPError", (Exception,), {})
    CUPS_FORMAT_RAW = "application/vnd.cups-raw"

    def __init__(self) -> None:
        super().__init__("cups")
        self.running = True
        self.state, self.reasons, self.accepting = 3, ["none"], True
        self.refuses = False
        self.job_states = [3, 5, 9]
        self.jobs: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.cancelled: list[int] = []

    def setServer(self, host: str) -> None: ...
    def setPort(self, port: int) -> None: ...

    def Connection(self) -> Cups:
        if not self.running:
            raise RuntimeError("failed to connect to server")
        return self

    def getPrinters(self) -> dict[str, dict[str, Any]]:
        return {"slips": {}}

    def getPrinterAttributes(self, name: str) -> dict[str, Any]:
        return {
            "printer-state": self.state,
            "printer-state-reasons": self.reasons,
            "printer-is-accepting-jobs": self.accepting,
        }

    def printFile(self, name: str, file: str, title: str, options: dict[str, str]) -> int:
        if self.refuses:
            raise self.IPPError(1030, "client-error-not-possible")
        self.jobs.append((name, title, Path(file).read_bytes(), options))
        return 40 + len(self.jobs)

    def getJobAttributes(self, job: int) -> dict[str, Any]:
        assert job == 40 + len(self.jobs)
        return {"job-state": self.job_states.pop(0) if self.job_states else 5}

    def cancelJob(self, job: int) -> None:
        self.cancelled.append(job)


class Windows(types.ModuleType):
    """A win32print with one printer, ``Slip printer``."""

    PRINTER_ENUM_NAME = 8

    def __init__(self, error: type[Exception]) -> None:
        super().__init__("win32print")
        self.error = error
        self.status = 0
        self.at_most = 10_000
        self.job_states: list[int | None] = [0x10, None]
        self.written = b""
        self.ended = 0
        self.open = 0
        self.deleted: list[int] = []

    def EnumPrinters(self, *_: object) -> list[dict[str, str]]:
        return [{"pPrinterName": "Slip printer"}]

    def OpenPrinter(self, name: str) -> str:
        if name != "Slip printer":
            raise self.error(1801, "OpenPrinter", "The printer name is invalid.")
        self.open += 1
        return "handle"

    def ClosePrinter(self, handle: str) -> None:
        self.open -= 1

    def GetPrinter(self, handle: str, level: int) -> dict[str, int]:
        return {"Status": self.status}

    def StartDocPrinter(self, handle: str, level: int, about: tuple[str, str, str]) -> int:
        assert about[2] == "RAW"
        return 7

    def StartPagePrinter(self, handle: str) -> None: ...
    def EndPagePrinter(self, handle: str) -> None: ...

    def EndDocPrinter(self, handle: str) -> None:
        self.ended += 1

    def WritePrinter(self, handle: str, data: bytes) -> int:
        self.written += data[: self.at_most]
        return len(data[: self.at_most])

    def GetJob(self, handle: str, job: int, level: int) -> dict[str, int]:
        state = self.job_states.pop(0) if self.job_states else 0x10
        if state is None:
            raise self.error(87, "GetJob", "The parameter is incorrect.")
        return {"Status": state}

    def SetJob(self, handle: str, job: int, level: int, about: None, command: int) -> None:
        assert command == 5
        self.deleted.append(job)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "PRINTED_S", 0.3)
    monkeypatch.setattr(spools, "LOOK_S", 0.01)


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Cups:
    module = Cups()
    monkeypatch.setitem(sys.modules, "cups", module)
    for name, value in {
        "cups": module,
        "_DEP_PYCUPS": True,
        "DEFAULT_HOST": "localhost",
        "DEFAULT_PORT": 631,
    }.items():
        monkeypatch.setattr(escpos.printer.cups, name, value, raising=False)
    return module


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    types_ = types.ModuleType("pywintypes")
    types_.error = type("error", (Exception,), {})  # type: ignore[attr-defined]
    module = Windows(types_.error)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pywintypes", types_)
    monkeypatch.setitem(sys.modules, "win32print", module)
    for name, value in {
        "pywintypes": types_,
        "win32print": module,
        "_DEP_WIN32PRINT": True,
    }.items():
        monkeypatch.setattr(escpos.printer.win32raw, name, value, raising=False)
    return module


def at(uri: str) -> Printer:
    return open_printer(uri, folder=Path())


def test_cups_gets_the_bytes_as_they_are_and_is_seen_off(cups: Cups) -> None:
    outcome = at("cups://slips").print_image(PICTURE, "A012")
    assert outcome == Outcome("printed", (), "passed on by the queue")
    assert cups.jobs == [
        ("slips", "A012", encode(PICTURE), {"document-format": "application/vnd.cups-raw"})
    ]
    assert at("cups://slips").condition().state == "ok"
    assert len(cups.jobs) == 1, "asking prints nothing"


@pytest.mark.parametrize(
    ("how", "reasons"),
    [
        ({"reasons": ["media-empty-error"]}, ("paper-out",)),
        ({"reasons": ["cover-open"]}, ("cover-open",)),
        ({"reasons": ["connecting-to-device"]}, ("offline",)),
        ({"state": 5}, ("offline",)),
        ({"accepting": False}, ("offline",)),
        ({"running": False}, ("offline",)),
    ],
)
def test_a_queue_that_cannot_print_is_given_nothing(cups: Cups, how, reasons) -> None:
    for name, value in how.items():
        setattr(cups, name, value)
    printer = at("cups://slips")
    for _ in range(2):
        outcome = printer.print_image(PICTURE, "A")
        assert (outcome.state, outcome.reasons) == ("failed", reasons)
        assert printer.condition().reasons == reasons
    assert not cups.jobs


def test_paper_that_will_run_out_is_told_and_printed_on(cups: Cups) -> None:
    cups.reasons = ["media-low-report", "cups-waiting-for-job-completed"]
    outcome = at("cups://slips").print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("printed", ("paper-near-end",))


def test_a_queue_there_is_not_is_offline(cups: Cups) -> None:
    outcome = at("cups://other").print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("failed", ("offline",))


def test_a_slip_the_queue_gave_up_is_unknown(cups: Cups) -> None:
    cups.job_states = [5, 8]
    outcome = at("cups://slips").print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("unknown", ("rejected",))


def test_a_slip_that_stays_in_the_queue_is_taken_back_and_unknown(cups: Cups) -> None:
    cups.job_states = []
    outcome = at("cups://slips").print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))
    assert cups.cancelled == [41]


def test_a_job_the_queue_refused_is_not_sent_again_behind_our_back(cups: Cups) -> None:
    cups.refuses = True
    printer = at("cups://slips")
    assert printer.print_image(PICTURE, "A").state == "unknown"
    cups.refuses = False
    assert printer.condition().state == "ok"
    assert not cups.jobs


def test_a_queue_is_not_waited_for_when_one_says_so(cups: Cups) -> None:
    cups.reasons, cups.job_states = ["offline-report"], []
    assert at("cups://slips?status=none").print_image(PICTURE, "A").state == "printed"
    assert len(cups.jobs) == 1


def test_without_pycups_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(escpos.printer.cups, "_DEP_PYCUPS", False)
    with pytest.raises(PrinterError, match=r"libcups2-dev.*motcua\[cups\]"):
        at("cups://slips")


@pytest.mark.parametrize("uri", ["cups:", "cups://", "cups://host/queue", "cups://a?speed=1"])
def test_a_queue_that_cannot_be_meant_is_refused_in_words(cups: Cups, uri: str) -> None:
    with pytest.raises(PrinterError, match="cups://QUEUE"):
        at(uri)


def test_windows_gets_the_bytes_in_as_many_parts_as_it_takes(windows: Windows) -> None:
    for uri in ("win32://Slip printer", "win32://Slip%20printer"):
        windows.job_states, windows.written = [0x10, None], b""
        assert at(uri).print_image(PICTURE, "A").state == "printed"
        assert windows.written == encode(PICTURE)
    assert (windows.ended, windows.open) == (2, 0)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(0x10, "paper-out"), (0x400000, "cover-open"), (0x80, "offline"), (0x1, "offline")],
)
def test_a_windows_printer_that_cannot_print_is_given_nothing(
    windows: Windows, status: int, reason: str
) -> None:
    windows.status = status
    outcome = at("win32://Slip printer").print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("failed", (reason,))
    assert at("win32://Slip printer").condition().state == reason
    assert (windows.written, windows.open) == (b"", 0)


def test_a_windows_job_that_stays_is_taken_back_and_unknown(windows: Windows) -> None:
    windows.job_states = []
    outcome = at("win32://Slip printer").print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))
    assert windows.deleted == [7]


def test_a_windows_job_somebody_deleted_is_unknown(windows: Windows) -> None:
    windows.job_states = [0x4]
    assert at("win32://Slip printer").print_image(PICTURE, "A").state == "unknown"


def test_windows_taking_no_more_leaves_the_slip_unknown(windows: Windows) -> None:
    windows.at_most = 0
    outcome = at("win32://Slip printer").print_image(PICTURE, "A")
    assert (outcome.state, windows.ended) == ("unknown", 1)


def test_a_windows_printer_there_is_not_is_offline(windows: Windows) -> None:
    outcome = at("win32://Other").print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("failed", ("offline",))


def test_off_windows_it_says_so(monkeypatch) -> None:
    monkeypatch.setattr(escpos.printer.win32raw, "_DEP_WIN32PRINT", False)
    with pytest.raises(PrinterError, match="needs Windows"):
        at("win32://Slip printer")
