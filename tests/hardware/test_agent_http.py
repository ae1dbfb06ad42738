"""The agent's HTTP side: whose word is taken, and whose is not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hardware.agent.desk import Job, NotAccepted, Unreachable
from hardware.agent.http import HttpDesk
from hardware.printers.interface import Outcome

PRINTED = Outcome("printed")


JOB = Job(7, 1, "a7")


OURS = b'{"id": 7, "state": "processing"}'


PROBLEM = "application/problem+json"


LOGIN = b"<html>Please sign in to the wireless network</html>"


@contextmanager
def answering(status: int, body: bytes, kind: str = "application/json") -> Iterator[HttpDesk]:
    """A desk at a web server that always answers the same."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield HttpDesk(f"http://127.0.0.1:{server.server_port}/", "secret", said={})
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def test_the_server_says_yes_or_no() -> None:
    with answering(200, OURS) as desk:
        assert desk.begin(JOB) and desk.tell(JOB, PRINTED) and desk.met
    for status in (404, 409):
        with answering(status, b'{"detail": "gone"}', PROBLEM) as desk:
            assert not desk.begin(JOB)
            assert not desk.tell(JOB, PRINTED)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, LOGIN, "text/html"),
        (200, b"[]", "application/json"),
        (200, b"{}", "application/json"),
        (200, b'{"id": 8}', "application/json"),
        (302, b"", "text/html"),
        (404, LOGIN, "text/html"),
        (409, LOGIN, "text/html"),
        (500, b"", "text/html"),
        (503, b"{}", "application/json"),
    ],
)
def test_whatever_stands_between_us_and_the_server_is_not_taken_for_it(
    status: int, body: bytes, kind: str
) -> None:
    """Nothing is printed and no outcome forgotten on the word of a stranger."""
    with answering(status, body, kind) as desk:
        with pytest.raises(Unreachable):
            desk.begin(JOB)
        with pytest.raises(Unreachable):
            desk.tell(JOB, PRINTED)
        with pytest.raises(Unreachable):
            desk.next_job()


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_said_in_the_servers_words(status: int) -> None:
    with (
        answering(status, b'{"detail": "No agent."}', PROBLEM) as desk,
        pytest.raises(NotAccepted, match=r"No agent\."),
    ):
        desk.next_job()


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable):
        HttpDesk(f"http://127.0.0.1:{port}", "x", said={}).next_job()
