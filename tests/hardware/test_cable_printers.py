"""Printing over a serial port and through a device file, both against a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware.printers import Outcome, Printer, PrinterError, dialogue, held, open_printer
from hardware.printers.dialogue import Dialogue, NoAnswer
from hardware.printers.file import FilePrinter
from hardware.printers.network import NetworkLine
from hardware.printers.serial import SerialPrinter, Wiring
from hardware.raster import draw
from tests.hardware.examples import vietnamese
from tests.hardware.fake_printer import FakePrinter, plugged_in

SERIAL, FILE = "serial://{}?baudrate=115200", "file://{}"
PICTURE = draw(vietnamese())


@pytest.fixture(params=[SERIAL, FILE], ids=["serial", "file"])
def at(request: pytest.FixtureRequest) -> Iterator[Callable[..., Printer]]:
    """Opens a printer by its path, over each of the two."""
    open_ones: list[Printer] = []

    def opened(printer: FakePrinter | str, options: str = "") -> Printer:
        path = printer if isinstance(printer, str) else printer.path
        uri = request.param.format(path)
        if options:
            uri += ("&" if "?" in uri else "?") + options
        open_ones.append(open_printer(uri, folder=Path()))
        return open_ones[-1]

    yield opened
    for printer in open_ones:
        printer.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "ANSWER_S", 0.3)
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    monkeypatch.setattr(dialogue, "PRINTED_S", 0.4)
    for module in ("serial", "file"):
        monkeypatch.setattr(f"hardware.printers.{module}.UNSENT_S", 0.3)


def test_slips_come_out_as_they_were_drawn(at) -> None:
    with plugged_in() as fake:
        printer = at(fake)
        assert [printer.print_image(PICTURE, "A") for _ in range(2)] == [Outcome("printed")] * 2
        assert printer.condition().state == "ok"
    first, second = fake.slips
    assert first.tobytes() == second.tobytes()
    differing = sum(
        (a ^ b).bit_count() for a, b in zip(first.tobytes(), PICTURE.tobytes(), strict=False)
    )
    assert differing < 20, "all but the dots that would have been commands"
    assert not fake.unknown_command


def test_paper_that_will_run_out_is_told_and_printed_on(at) -> None:
    with plugged_in(paper="low") as fake:
        assert at(fake).condition().paper == "low"
        outcome = at(fake).print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("printed", ("paper-near-end",))


@pytest.mark.parametrize(
    ("how", "reason"), [({"paper": "out"}, "paper-out"), ({"cover_open": True}, "cover-open")]
)
def test_a_printer_that_cannot_print_is_sent_nothing(at, how, reason: str) -> None:
    with plugged_in(**how) as fake:
        outcome, condition = at(fake).print_image(PICTURE, "A"), at(fake).condition()
    assert (outcome.state, outcome.reasons) == ("failed", (reason,))
    assert condition.state == reason
    assert b"\x1dv0" not in fake.received


def test_silence_is_not_fine(at, impatient) -> None:
    with plugged_in(answers=False) as fake:
        outcome, condition = at(fake).print_image(PICTURE, "A"), at(fake).condition()
    assert (outcome.state, outcome.reasons) == ("failed", ("timeout",))
    assert condition.state == "timeout"
    assert b"\x1dv0" not in fake.received


def test_a_missing_device_is_offline_each_time_and_nothing_is_made(at, tmp_path: Path) -> None:
    printer = at(str(tmp_path / "lp0"))
    for _ in range(2):
        outcome = printer.print_image(PICTURE, "A")
        assert (outcome.state, outcome.reasons) == ("failed", ("offline",))
        assert "\n" not in outcome.detail
        assert printer.condition().state == "offline"
    assert not list(tmp_path.iterdir())


def test_a_slip_that_was_not_confirmed_is_unknown(at, impatient) -> None:
    with plugged_in() as fake:
        printer = at(fake)
        assert printer.print_image(PICTURE, "A").state == "printed"
        fake.confirms = False
        outcome = printer.print_image(PICTURE, "B")
    assert (outcome.state, outcome.reasons) == ("unknown", ("timeout",))


def test_a_printer_that_confirms_nothing_is_told_before_the_first_slip(at, impatient) -> None:
    with plugged_in(confirms=False) as fake:
        outcome = at(fake).print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("failed", ("timeout",))
    assert b"\x1dv0" not in fake.received


def test_a_cable_pulled_out_within_a_slip_leaves_it_unknown(at, impatient) -> None:
    with plugged_in(breaks_after=5_000) as fake:
        printer = at(fake)
        outcome = printer.print_image(PICTURE, "A")
        assert outcome.state == "unknown"
        assert outcome.reasons in {("offline",), ("timeout",)}
        again = printer.print_image(PICTURE, "A")
        assert again.state == "failed"


def test_a_slip_that_stops_for_want_of_paper_is_finished_when_there_is_some(
    at, monkeypatch
) -> None:
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    with plugged_in(runs_out_after=200) as fake:
        printer = at(fake)
        outcome = printer.print_image(PICTURE, "A")
        assert (outcome.state, outcome.reasons) == ("held", ("paper-out",))
        assert printer.held_outcome().state == "held"
        fake.runs_out_after, fake.paper = None, "ok"
        assert _in_the_end(printer) == "printed"
        assert len(fake.slips) == 1
        assert printer.print_image(PICTURE, "B").state == "printed"


def test_a_printer_on_a_cable_that_was_switched_off_has_forgotten_its_slip(
    at, impatient, monkeypatch
) -> None:
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    monkeypatch.setattr(held, "PRINTED_S", 0.3)
    with plugged_in(runs_out_after=200) as fake:
        printer = at(fake)
        assert printer.print_image(PICTURE, "A").state == "held"
        # A cable does not break: the printer is there again, well, and confirms nothing of before.
        fake.confirms, fake.paper = False, "ok"
        assert _in_the_end(printer) == "unknown"


def _in_the_end(printer: Printer) -> str:
    """What becomes of a held slip."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        outcome = printer.held_outcome()
        if outcome.state != "held":
            return outcome.state
        time.sleep(0.05)
    raise AssertionError("held for ever")


def test_what_was_said_before_the_slip_does_not_confirm_it(at, impatient) -> None:
    with plugged_in(greeting=b"\x00\x12" * 40) as fake:
        printer = at(fake)
        assert printer.print_image(PICTURE, "A").state == "printed"
        fake.confirms = False
        assert printer.print_image(PICTURE, "B").state == "unknown"


def test_a_late_confirmation_counts_for_no_later_slip(at, monkeypatch) -> None:
    """The second slip takes longer than anybody waits, and from then on nothing is confirmed."""
    monkeypatch.setattr(dialogue, "LOOK_S", 0.1)
    monkeypatch.setattr(dialogue, "PRINTED_S", 0.3)
    monkeypatch.setattr(dialogue, "ANSWER_S", 0.2)
    with plugged_in() as fake:
        printer = at(fake)
        assert printer.print_image(PICTURE, "A").state == "printed"
        fake.slow_s = 0.8
        assert printer.print_image(PICTURE, "B").state == "unknown"
        time.sleep(0.8)
        fake.confirms = False
        assert printer.print_image(PICTURE, "C").state == "failed", "it does not come to rest"
    assert len(fake.slips) == 2


def test_coming_to_rest_takes_away_all_confirmations_there_are() -> None:
    class Sockets:
        def __init__(self, end: socket.socket) -> None:
            self.device, self._raw = end, end.sendall

    ours, theirs = socket.socketpair()

    def printer() -> None:
        assert theirs.recv(64) == b"\x1dr\x01"
        theirs.sendall(b"\x00")  # of the slip before
        time.sleep(0.03)
        theirs.sendall(b"\x00")  # the one that was asked for

    threading.Thread(target=printer, daemon=True).start()
    talk = Dialogue(NetworkLine(Sockets(ours)))
    talk.settle()
    ours.settimeout(0.05)
    with pytest.raises(TimeoutError):
        ours.recv(1)
    theirs.close()
    with pytest.raises(NoAnswer):
        talk.settle()
    ours.close()


@pytest.mark.parametrize("options", ["", "status=none"])
def test_a_printer_that_takes_nothing_is_not_waited_for_without_end(
    at, impatient, options: str
) -> None:
    """A terminal nobody reads from: the system's buffer fills up."""
    ours, theirs = pty.openpty()
    os.set_blocking(theirs, False)
    begun = time.monotonic()
    try:
        outcome = at(os.ttyname(theirs), options).print_image(PICTURE, "A")
    finally:
        os.close(ours)
        os.close(theirs)
    expected = "unknown" if options else "failed"
    assert (outcome.state, outcome.reasons) == (expected, ("timeout",))
    assert time.monotonic() - begun < 10


def test_a_printer_that_answers_nothing_prints_when_one_says_so(at) -> None:
    with plugged_in(answers=False, confirms=False) as fake:
        printer = at(fake, "status=none")
        assert printer.condition().state == "ok"
        assert printer.print_image(PICTURE, "A").state == "printed"
        deadline = time.monotonic() + 20
        while not fake.slips and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(fake.slips) == 1
    assert b"\x10\x04" not in fake.received, "asked nothing"


def test_a_device_another_program_holds_is_not_written_to(at) -> None:
    with plugged_in() as fake, open(fake.path, "rb+", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        outcome = at(fake).print_image(PICTURE, "A")
    assert (outcome.state, outcome.reasons) == ("failed", ("offline",))
    assert "in use by another program" in outcome.detail
    assert not fake.received


def test_one_slip_at_a_time_by_whatever_name_the_device_is_called(tmp_path: Path) -> None:
    outcomes: list[str] = []
    with plugged_in(slow_s=0.05) as fake:
        (tmp_path / "printer").symlink_to(fake.path)
        names = [SERIAL.format(fake.path), FILE.format(fake.path), f"file://{tmp_path}/printer"]

        def prints(uri: str) -> None:
            printer = open_printer(uri, folder=Path())
            outcomes.append(printer.print_image(PICTURE, "A").state)

        threads = [threading.Thread(target=prints, args=(uri,)) for uri in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert outcomes == ["printed"] * 3
    assert fake.at_once == 1
    assert len({paper.tobytes() for paper in fake.slips}) == 1


def test_a_slip_that_has_to_wait_too_long_has_failed(at, monkeypatch) -> None:
    monkeypatch.setattr("hardware.printers.devices.TURN_S", 0.05)
    with plugged_in() as fake:
        printer = at(fake)
        with printer._turn:  # type: ignore[attr-defined]
            assert printer.print_image(PICTURE, "A").reasons == ("timeout",)
            assert printer.condition().state == "timeout"
        assert printer.condition().state == "ok"


def test_an_ordinary_file_is_no_printer_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "lp0"
    file.write_bytes(b"mine")
    for options in ("", "?status=none"):
        printer = open_printer(f"file://{file}{options}", folder=Path())
        outcome = printer.print_image(PICTURE, "A")
        assert (outcome.state, outcome.reasons) == ("failed", ("rejected",))
        assert printer.condition().state == "rejected"
    assert file.read_bytes() == b"mine"


def test_the_address_says_where_and_how() -> None:
    port = open_printer(
        "serial:///dev/ttyS0?baudrate=19200&parity=even&flow=rtscts&status=none", folder=Path()
    )
    assert isinstance(port, SerialPrinter)
    assert (port.port, port.wiring, port.confirms) == (
        "/dev/ttyS0",
        Wiring(19200, "even", "rtscts"),
        False,
    )
    windows = open_printer("serial:///COM3", folder=Path())
    assert isinstance(windows, SerialPrinter)
    assert (windows.port, windows.wiring, windows.confirms) == ("COM3", Wiring(), True)
    file = open_printer("FILE:///dev/usb/lp0", folder=Path())
    assert isinstance(file, FilePrinter)
    assert (file.path, file.confirms) == (Path("/dev/usb/lp0"), True)


@pytest.mark.parametrize(
    "uri",
    [
        "serial:",
        "serial://",
        "serial:/dev/ttyS0",
        "serial://ttyS0",
        "serial:///dev/ttyS0?baudrate=fast",
        "serial:///dev/ttyS0?baudrate=0",
        "serial:///dev/ttyS0?parity=maybe",
        "serial:///dev/ttyS0?speed=9600",
        "serial:///dev/tty%00",
        "file:",
        "file:///",
        "file://dev/usb/lp0",
        "file:///dev/usb/lp0?plain=1",
        "file:///dev/usb/lp0#x",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(uri: str) -> None:
    with pytest.raises(PrinterError, match=r"serial:///dev/ttyS0|file:///dev/usb/lp0|baudrate"):
        open_printer(uri, folder=Path())


EVENTLET = """
import warnings; warnings.simplefilter("ignore")
import eventlet; eventlet.monkey_patch()
import sys
import eventlet.tpool
from pathlib import Path
from hardware.printers import open_printer
from hardware.raster import draw
from tests.hardware.examples import vietnamese
beats = []
def heart():
    while True:
        beats.append(1); eventlet.sleep(0.01)
picture = draw(vietnamese())
eventlet.spawn(heart)
def prints():
    printer = open_printer(sys.argv[1], folder=Path())
    return eventlet.tpool.execute(printer.print_image, picture, "A012").state
both = [eventlet.spawn(prints), eventlet.spawn(prints)]
print(*[each.wait() for each in both], len(beats))
"""


@pytest.mark.parametrize("uri", [SERIAL, FILE], ids=["serial", "file"])
def test_in_the_server_others_go_on_while_two_slips_are_printed(uri: str) -> None:
    with plugged_in(slow_s=0.3) as fake:
        ran = subprocess.run(
            [sys.executable, "-c", EVENTLET, uri.format(fake.path)],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
    assert ran.returncode == 0, ran.stderr
    first, second, beats = ran.stdout.split()
    assert (first, second) == ("printed", "printed")
    assert len(fake.slips) == 2
    assert fake.at_once == 1
    assert int(beats) > 40
