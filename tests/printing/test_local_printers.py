"""The server prints on devices of its own machine, and nobody waits for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hardware.printers import open_printer
from hardware.printers.interface import NOTHING_HELD, Condition, Outcome
from hardware.raster import draw
from server.database import Database
from server.offices.models import Printer
from server.printing import jobs
from server.printing.models import PrintJob
from server.printing.offloaded import EncodingPrinter, OffloadedPrinter, without_waiting
from server.printing.worker import PrintingWorker
from tests.conftest import Clock, make_office
from tests.hardware.examples import vietnamese
from tests.hardware.fake_printer import plugged_in, running


@pytest.mark.parametrize("uri", ["file://{}", "serial://{}?baudrate=115200"])
def test_a_slip_comes_out_of_the_printer_at_this_machine(
    database: Database, clock: Clock, tmp_path: Path, uri: str
) -> None:
    offloaded: list[str] = []

    def offload(work: Callable[..., Any], *args: Any) -> Any:
        offloaded.append(work.__name__)
        return work(*args)

    worker = PrintingWorker(database, tmp_path, clock=clock, offload=offload, spawn=print)
    with plugged_in() as fake:
        address = uri.format(fake.path)
        printer = _printer(database, address)
        with database.transaction() as session:
            slip = {"number": "A001", "url": "http://hall.example/t/x"}
            jobs.enqueue(session, session.get_one(Printer, printer), slip, clock())
        worker._wakes[printer] = threading.Event()
        worker._own = {(printer, address)}
        serving = threading.Thread(target=worker._serve, args=(printer, address), daemon=True)
        serving.start()
        for _ in range(200):
            if _state(database) == "printed":
                break
            serving.join(timeout=0.1)
        worker._own = set()
        worker.wake()
        serving.join(timeout=20)
        assert not serving.is_alive()
    assert _state(database) == "printed"
    assert len(fake.slips) == 1
    assert {"drawn", "print_image"} <= set(offloaded), "both in a native thread"


@pytest.mark.parametrize(
    "uri",
    [
        "usb://04b8:0e15",
        "serial:///dev/ttyS0",
        "file:///dev/usb/lp0",
        "cups://slips",
        "win32://Slips",
        "network://10.0.0.9",
        "virtual:slips",
    ],
)
def test_every_transport_is_the_servers_own(
    database: Database, clock: Clock, tmp_path: Path, uri: str
) -> None:
    started: list[tuple[object, ...]] = []

    def spawn(_serve: object, *which: object) -> None:
        started.append(which)

    worker = PrintingWorker(database, tmp_path, clock=clock, offload=print, spawn=spawn)
    printer = _printer(database, uri)
    worker.keep()
    worker.keep()
    assert started == [(printer, uri)], "once"


def test_sockets_and_files_are_left_as_they_are_and_devices_waited_for_elsewhere(
    tmp_path: Path,
) -> None:
    printer = open_printer("virtual:slips", folder=tmp_path)
    assert without_waiting(printer, "virtual:slips", print) is printer
    uri = "network://127.0.0.1"
    printer = without_waiting(open_printer(uri, folder=tmp_path), uri, print)
    assert isinstance(printer, EncodingPrinter), "only its bytes are made elsewhere"
    for uri in ("usb://04b8:0e15", "serial:///dev/ttyS0", "file:///dev/usb/lp0"):
        printer = without_waiting(open_printer(uri, folder=tmp_path), uri, print)
        assert isinstance(printer, OffloadedPrinter)


def test_all_that_may_wait_is_offloaded() -> None:
    class Device:
        def print_image(self, image: object, name: str) -> Outcome:
            return Outcome("printed", detail=f"{image} {name}")

        def held_outcome(self) -> Outcome:
            return NOTHING_HELD

        def condition(self) -> Condition:
            return Condition(("offline",))

        def close(self) -> None:
            pass

    offloaded: list[str] = []

    def offload(work: Callable[..., Any], *args: Any) -> Any:
        offloaded.append(work.__name__)
        return work(*args)

    printer = without_waiting(Device(), "usb://04b8:0e15", offload)
    assert printer.print_image("picture", "A").detail == "picture A"  # type: ignore[arg-type]
    assert printer.held_outcome() == NOTHING_HELD
    assert printer.condition().state == "offline"
    printer.close()
    assert offloaded == ["print_image", "held_outcome", "condition", "close"]


def test_a_network_printer_s_bytes_are_made_elsewhere(tmp_path: Path) -> None:
    offloaded: list[str] = []

    def offload(work: Callable[..., Any], *args: Any) -> Any:
        offloaded.append(work.__name__)
        return work(*args)

    with running() as fake:
        printer = without_waiting(open_printer(fake.uri, folder=tmp_path), fake.uri, offload)
        assert printer.condition().state == "ok"
        assert printer.print_image(draw(vietnamese()), "A").state == "printed"
        assert printer.held_outcome() == NOTHING_HELD
        printer.close()
    assert offloaded == ["encode"]
    assert len(fake.slips) == 1


def _printer(database: Database, uri: str) -> int:
    office = make_office()
    office.printers = [Printer(name="kiosk", uri=uri)]
    with database.transaction() as session:
        session.add(office)
        session.flush()
        return office.printers[0].id


def _state(database: Database) -> str:
    with database.read() as session:
        return session.scalars(select(PrintJob.state)).one()
