"""``motcua agent``: the whole program beside a kiosk."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from hardware.agent.desk import NotAccepted
from hardware.agent.http import HttpDesk
from hardware.agent.memory import Memory
from hardware.agent.task import PrintingTask
from hardware.agent.waking import Waking
from hardware.printers import open_printer

REFUSED_PAUSE_S = 30.0
"""Between tries while the server refuses us: somebody has to do something first."""

log = structlog.get_logger("motcua.agent")


def run_agent(
    server: str,
    token: str,
    uri: str,
    *,
    folder: Path,
    version: str,
    stop: threading.Event | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Print for the server at ``server`` on the printer ``uri`` until it is told to stop.

    Args:
        server: absolute address of the server, ``http://10.0.0.2:8080``.
        token: of ``motcua device add agent``.
        uri: of the printer.
        folder: where the state file is, and where relative paths in ``uri`` begin.
        version: of this program, for the list of devices.
        stop: set when it is to end; without it, SIGTERM and Ctrl-C end it.
        say: tells the technician, in English.

    Raises:
        PrinterError: for a ``uri`` that names no printer.
        InUse: another agent works in ``folder`` for the same printer.
        NotAccepted: the server refuses the token at the very beginning.
        ValueError: ``server`` is no address.
    """
    if urlsplit(server).scheme not in ("http", "https") or not urlsplit(server).hostname:
        raise ValueError(f"{server!r} is no address of a server; write http://HOST:PORT")
    printer = open_printer(uri, folder=folder)
    memory = Memory(folder / f"agent-{_plain(uri)}.json")
    stop, wake = stop or threading.Event(), threading.Event()
    _stop_at_signals(stop, wake)
    desk = HttpDesk(server, token, said={"program": "agent", "version": version, "printer": uri})
    task = PrintingTask(desk, printer, memory=memory)
    waking = Waking(server, token, wake)
    waking.start()
    say(f"prints for {server} on {uri}")
    try:
        while not stop.is_set():
            try:
                task.run(wake, lambda: not stop.is_set())
            except NotAccepted as refusal:
                if not desk.met:
                    raise
                log.error("the server refuses this agent", detail=str(refusal))
                stop.wait(REFUSED_PAUSE_S)
    finally:
        waking.stop()
        printer.close()
        memory.close()


def _stop_at_signals(stop: threading.Event, wake: threading.Event) -> None:
    def end(*_: object) -> None:
        stop.set()
        wake.set()

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)


def _plain(uri: str) -> str:
    """``uri`` as a part of a file name."""
    return "".join(sign if sign.isalnum() else "-" for sign in uri).strip("-")[:60]
