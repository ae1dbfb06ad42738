"""A kiosk's printer elsewhere: the served product, and a real agent process beside the printer."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.hardware.fake_printer import running
from tests.product import Product, motcua, served

HALL = """
[[office]]
slug = "hall"
names = { vi = "Bộ phận Một cửa" }

[office.hours]
mon = [["00:00", "24:00"]]
tue = [["00:00", "24:00"]]
wed = [["00:00", "24:00"]]
thu = [["00:00", "24:00"]]
fri = [["00:00", "24:00"]]
sat = [["00:00", "24:00"]]
sun = [["00:00", "24:00"]]

[[office.service]]
code = "civil"
letter = "A"
names = { vi = "Hộ tịch" }

[[office.counter]]
number = "1"
services = [["civil"]]

[[office.printer]]
name = "kiosk"
uri = "network://127.0.0.1:9"
"""


class Far:
    """A hall whose printer hangs at another computer."""

    def __init__(self, product: Product, kiosk: str, agent: str, clerk: str) -> None:
        self.product, self.kiosk, self.agent, self.clerk = product, kiosk, agent, clerk

    def take(self) -> Any:
        """Take a number."""
        answer = requests.post(
            f"{self.product.url}/api/v1/offices/hall/tickets",
            json={"service": "civil"},
            headers={"Authorization": f"Bearer {self.kiosk}"},
            timeout=10,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def slip(self, ticket: Any) -> Any:
        """What its holder's phone says of the slip."""
        url = f"{self.product.url}/api/v1/tickets/{ticket['token']}"
        return requests.get(url, timeout=10).json()["slip"]

    def desk(self, path: str, method: str = "GET") -> Any:
        """What a colleague sees, or does."""
        answer = requests.request(
            method,
            f"{self.product.url}/api/v1{path}",
            headers={"Authorization": f"Bearer {self.clerk}"},
            timeout=10,
        )
        assert answer.ok, answer.text
        return answer.json()

    def printer(self) -> str:
        """How people see the printer."""
        (printer,) = self.desk("/offices/hall/devices")["printers"]
        return str(printer["condition"])

    def agents(self) -> list[Any]:
        """The agents as people see them."""
        devices = self.desk("/offices/hall/devices")["devices"]
        return [device for device in devices if device["kind"] == "agent"]

    @contextmanager
    def beside(self, uri: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
        """An agent beside the printer ``uri``."""
        process = start_agent(self.product.url, self.agent, uri, folder)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0, "it ends by itself when it is asked to"


def start_agent(server: str, token: str, uri: str, folder: Path) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "agent.log").open("ab") as log, (folder / "agent.out").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "server", "agent", "--data", str(folder)],
            env=os.environ
            | {
                "MOTCUA_AGENT_SERVER": server,
                "MOTCUA_AGENT_TOKEN": token,
                "MOTCUA_AGENT_PRINTER": uri,
            },
            stdout=out,
            stderr=log,
        )


def until(true: Callable[[], object], seconds: float = 30) -> float:
    """Wait until something is true; how long it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if true():
            return time.monotonic() - begun
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    data = tmp_path_factory.mktemp("far")
    (data / "hall.toml").write_text(HALL, encoding="utf-8")
    motcua(data, "hall", "load", str(data / "hall.toml"))
    kiosk = motcua(data, "device", "add", "kiosk", "k1", "--office", "hall")
    agent = motcua(data, "device", "add", "agent", "pc1", "--office", "hall")
    clerk = motcua(data, "token", "add", "desk", "--scope", "admin", "--office", "hall")
    with served(data) as product:
        yield Far(product, kiosk, agent, clerk)


def test_the_slip_comes_out_beside_the_kiosk(far: Far, tmp_path: Path) -> None:
    with running() as printer, far.beside(printer.uri, tmp_path):
        until(lambda: far.printer() == "ok")
        ticket = far.take()
        took = until(lambda: far.slip(ticket)["state"] == "printed")
        assert len(printer.slips) == 1
        assert took < 5, "the agent was woken"
        (device,) = [
            d for d in far.desk("/offices/hall/devices")["devices"] if d["kind"] == "agent"
        ]
        assert device["alive"] and device["said"]["printer"] == printer.uri


def test_people_know_within_five_seconds_how_the_printer_is(far: Far, tmp_path: Path) -> None:
    with running() as printer, far.beside(printer.uri, tmp_path):
        until(lambda: far.printer() == "ok")
        times: list[float] = []
        for change, word in (
            ({"cover_open": True}, "cover-open"),
            ({"cover_open": False, "paper": "low"}, "paper-near-end"),
            ({"paper": "out"}, "paper-out"),
            ({"paper": "ok"}, "ok"),
        ):
            for name, value in change.items():
                setattr(printer, name, value)
            times.append(until(lambda word=word: far.printer() == word, 30))
        # The median: this machine may be doing something else for a while.
        assert statistics.median(times) < 5, times


def test_an_agent_that_is_killed_is_missed_before_its_next_heartbeat_would_be(
    far: Far, tmp_path: Path
) -> None:
    with running() as printer:
        agent = start_agent(far.product.url, far.agent, printer.uri, tmp_path)
        until(lambda: far.printer() == "ok")
        until(lambda: far.agents()[0]["alive"])
        agent.kill()
        agent.wait()
        assert until(lambda: far.printer() == "agent-silent", 30) < 15, (
            "no heartbeat was waited for"
        )


def test_slips_wait_for_an_agent_that_was_away(far: Far, tmp_path: Path) -> None:
    ticket = far.take()
    with running() as printer, far.beside(printer.uri, tmp_path):
        until(lambda: far.slip(ticket)["state"] == "printed")
        assert len(printer.slips) == 1


def test_a_server_that_was_away_is_found_again(far: Far, tmp_path: Path) -> None:
    with running() as printer, far.beside(printer.uri, tmp_path):
        until(lambda: far.printer() == "ok")
        far.product.kill()
        time.sleep(1)
        far.product.start()
        ticket = far.take()
        until(lambda: far.slip(ticket)["state"] == "printed", seconds=30)
        assert len(printer.slips) == 1


def test_a_power_cut_while_printing_leaves_the_slip_for_a_person_to_print_again(
    far: Far, tmp_path: Path
) -> None:
    with running(confirms=False) as printer:
        agent = start_agent(far.product.url, far.agent, printer.uri, tmp_path)
        ticket = far.take()
        until(lambda: len(printer.slips) == 1)
        agent.kill()
        agent.wait()
        assert far.slip(ticket)["state"] == "processing"
        printer.confirms = True
        with far.beside(printer.uri, tmp_path):
            until(lambda: far.slip(ticket)["state"] == "unknown")
            following = far.take()
            until(lambda: far.slip(following)["state"] == "printed")
            assert len(printer.slips) == 2, "the doubtful one was not sent again"
            (doubt,) = [
                slip
                for slip in far.desk("/offices/hall/devices")["slips"]
                if slip["number"] == ticket["number"]
            ]
            far.desk(f"/print-jobs/{doubt['id']}/reprint", "POST")
            until(lambda: far.slip(ticket)["state"] == "printed")
            assert len(printer.slips) == 3
            assert not any(
                slip["number"] == ticket["number"]
                for slip in far.desk("/offices/hall/devices")["slips"]
            )


def test_an_outcome_is_told_after_a_cut_in_the_network(far: Far, tmp_path: Path) -> None:
    with running(slow_s=2.0) as printer, far.beside(printer.uri, tmp_path):
        ticket = far.take()
        until(lambda: len(printer.slips) == 1)
        far.product.kill()
        time.sleep(3)  # meanwhile the printer confirms, and nobody can be told
        far.product.start()
        until(lambda: far.slip(ticket)["state"] == "printed", seconds=30)
        assert len(printer.slips) == 1


def test_two_agents_never_share_a_printer(far: Far, tmp_path: Path) -> None:
    with running() as printer, far.beside(printer.uri, tmp_path):
        until(lambda: printer.connections, 60)  # the first has looked at it, and so has the file
        second = start_agent(far.product.url, far.agent, printer.uri, tmp_path)
        assert second.wait(timeout=60) == 1
        assert "another agent" in (tmp_path / "agent.log").read_text()


@pytest.mark.parametrize(
    ("server", "token", "uri", "code", "words"),
    [
        ("http://127.0.0.1:9", "x", "nonsense", 2, "no printer like"),
        ("127.0.0.1:9", "x", "virtual:slips", 2, "no address of a server"),
        (None, "wrong", "virtual:slips", 1, "does not accept this token"),
        (None, "kiosk", "virtual:slips", 1, "does not accept this token"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    far: Far, tmp_path: Path, server: str | None, token: str, uri: str, code: int, words: str
) -> None:
    secret = far.kiosk if token == "kiosk" else token
    agent = start_agent(server or far.product.url, secret, uri, tmp_path)
    assert agent.wait(timeout=60) == code
    assert words in (tmp_path / "agent.log").read_text()
