"""The program of a kiosk PC, with a real Chromium and a stand-in for the server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from kiosk.pc import screen
from tests.pc.conftest import SCREEN, SECRET, program

FORM = '<form method="post"><input type="hidden" name="csrf_token" value="c&amp;1"></form>'


@dataclass
class StandIn:
    """A server that knows one kiosk: what was asked of it, and with which cookies."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    entered: list[dict[str, list[str]]] = field(default_factory=list)
    takes: str = SECRET
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/healthz":
                    self.answer(200, "ok")
                    return
                stand_in.asked.append((self.path, self.headers.get("Cookie", "")))
                self.answer(200, FORM if self.path.endswith("/device") else "<h1>Xin chào</h1>")

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                stand_in.entered.append(parse_qs(text))
                if parse_qs(text)["token"] == [stand_in.takes]:
                    self.answer(303, "", Location="/kiosk/hall")
                else:
                    self.answer(422, "no")

            def answer(self, code: int, text: str, **more: str) -> None:
                self.send_response(code)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in more.items():
                    self.send_header(name, value)
                if code == 303:
                    self.send_header(
                        "Set-Cookie",
                        f"motcua_kiosk={stand_in.takes}; Max-Age=9999; Path=/; HttpOnly;"
                        " SameSite=Strict",
                    )
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def shown(self) -> int:
        """How often the kiosk's page was asked for with the kiosk's cookie."""
        return self.asked.count(("/kiosk/hall", f"motcua_kiosk={SECRET}"))


@pytest.fixture
def server() -> Iterator[StandIn]:
    stand_in = StandIn()
    stand_in.start()
    yield stand_in
    stand_in.stop()


@dataclass
class Running:
    """The program as it runs."""

    process: subprocess.Popen[str]
    lines: list[str]

    def browser(self) -> int:
        """The process id of its Chromium."""
        for child in children(self.process.pid):
            if "--remote-debugging-pipe" in command_line(child):
                return child
        return 0

    def pages(self) -> list[int]:
        """The processes that draw its pages."""
        everything, found = [self.browser()], []
        while everything:
            child = everything.pop()
            everything += children(child)
            if "--type=renderer" in command_line(child):
                found.append(child)
        return found


def children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
    except OSError:
        return ""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    """Starts the program for a server's address, as systemd does, with a headless Chromium."""
    program("chromium")
    started: list[subprocess.Popen[str]] = []
    (tmp_path / "bin").mkdir()
    manager = tmp_path / "bin" / "openbox"  # no window manager is needed without a screen
    manager.write_text("#!/bin/sh\nexec sleep 600\n")
    manager.chmod(0o755)
    settings = tmp_path / "etc" / "screen.conf"
    settings.parent.mkdir()
    (settings.parent / "token").write_text(SECRET + "\n")

    def start(url: str) -> Running:
        settings.write_text(
            f"# made by a test\nSERVER={url}\nOFFICE=hall\nSCREEN=kiosk\n"
            "MORE_SWITCHES=--headless=new --no-sandbox --disable-gpu\n"
        )
        process = subprocess.Popen(
            [sys.executable, SCREEN.with_name("screen.py")],
            env={
                "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
                "HOME": str(tmp_path),
                "DISPLAY": ":none",
                "LANG": "C.UTF-8",
                "MOTCUA_SCREEN_SETTINGS": str(settings),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        lines: list[str] = []
        assert process.stdout is not None
        output = process.stdout
        threading.Thread(target=lambda: lines.extend(output), daemon=True).start()
        return Running(process, lines)

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=30)


def wait(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until it holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(what)


def test_the_kiosk_comes_up_enrolled_and_comes_back_when_its_browser_ends_or_hangs(
    server: StandIn, run: Callable[[str], Running], tmp_path: Path
) -> None:
    running = run(server.url)
    wait(lambda: server.shown() >= 1, 90, f"the page was not shown: {running.lines}")
    assert server.entered[0] == {"token": [SECRET], "csrf_token": ["c&1"]}

    # The token is where it must be, and nowhere else.
    first = running.browser()
    assert SECRET not in command_line(first) + command_line(running.process.pid)
    assert all(SECRET not in path for path, _ in server.asked)

    before = server.shown()
    os.kill(first, signal.SIGKILL)
    wait(lambda: server.shown() > before, 60, f"not shown again: {running.lines}")
    second = running.browser()
    assert second != first

    def noticed() -> bool:
        # Again and again: a page that was just being loaded goes on in another process.
        for page in running.pages() if running.browser() == second else ():
            with suppress(ProcessLookupError):
                os.kill(page, signal.SIGSTOP)
        return any("was not answered" in line for line in running.lines)

    # One that never answered yet is given 150 s, since a slow PC takes long to start.
    wait(noticed, 240, f"hangs for ever: {running.lines}")
    wait(lambda: running.browser() not in (0, second), 60, f"not started again: {running.lines}")
    before = server.shown()
    wait(lambda: server.shown() > before, 60, f"not shown again: {running.lines}")
    assert not Path(f"/proc/{second}").exists()

    running.process.terminate()
    third = running.browser()
    assert running.process.wait(timeout=30) == 0
    wait(lambda: not Path(f"/proc/{third}").exists(), 10, "Chromium was left behind")
    history = (tmp_path / "chromium" / "Default" / "History").read_bytes()
    assert SECRET.encode() not in history


def test_a_kiosk_that_starts_before_its_server_waits_for_it(
    server: StandIn, run: Callable[[str], Running]
) -> None:
    url = server.url
    server.stop()
    running = run(url)
    wait(running.pages, 90, f"no page: {running.lines}")
    time.sleep(3)  # some looks at a server that is not there
    assert server.asked == []
    server.start()
    wait(lambda: server.shown() >= 1, 60, f"the page was not shown: {running.lines}")


def test_a_token_the_server_refuses_is_said_once_and_the_page_shown(
    server: StandIn, run: Callable[[str], Running]
) -> None:
    server.takes = "another-token"
    running = run(server.url)
    wait(lambda: ("/kiosk/hall", "") in server.asked, 90, f"not shown: {running.lines}")
    time.sleep(5)
    assert len(server.entered) == 1
    assert sum("refuses the token" in line for line in running.lines) == 1


def test_settings_are_lines() -> None:
    text = "# SERVER=x\nSERVER=http://a:1\n\nSOUND=\nVOLUME = 70\n"
    assert screen.read_settings(text) == {"SERVER": "http://a:1", "SOUND": "", "VOLUME": "70"}


@pytest.mark.parametrize(
    ("pieces", "number"), [((b"0\n",), "0"), ((b"1", b"2\n"), "12"), ((b"1",), ""), ((), "")]
)
def test_the_x_servers_number_is_read_to_its_end(pieces: tuple[bytes, ...], number: str) -> None:
    """Closed too early, the X server ends: it could not tell all of it."""
    told, tell = os.pipe()

    def write() -> None:
        for piece in pieces:
            os.write(tell, piece)
            time.sleep(0.05)
        os.close(tell)

    writer = threading.Thread(target=write)
    writer.start()
    assert screen.display_number(told) == number
    writer.join()
    os.close(told)


def test_a_page_that_was_made_larger_has_its_size_again(tmp_path: Path) -> None:
    kept = tmp_path / "Preferences"
    kept.write_text(json.dumps({"partition": {"per_host_zoom_levels": {"x": 1}, "a": 1}, "b": 2}))
    screen.forget_zoom(kept)
    assert json.loads(kept.read_text()) == {"partition": {"a": 1}, "b": 2}
    kept.write_text("half a fi")
    screen.forget_zoom(kept)
    screen.forget_zoom(tmp_path / "nowhere")
