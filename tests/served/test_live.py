"""Live views over real WebSockets: pushed after a commit, whole again after any loss."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import Any

import pytest
import socketio

from server.offices import sample
from tests.product import motcua
from tests.served.conftest import OFFICE, Hall

SOON_S = 5.0


class Watcher:
    """A screen, as far as the network is concerned."""

    def __init__(self, url: str, auth: dict[str, str] | None = None) -> None:
        self.client = socketio.Client(reconnection=False)
        self.heard: Queue[tuple[str, dict[str, Any]]] = Queue()
        for event in ("state", "queue"):
            self.client.on(event, self._heard(event), namespace="/live")
        self.client.connect(
            url, transports=["websocket"], namespaces=["/live"], auth=auth, wait_timeout=10
        )

    def _heard(self, event: str) -> Callable[[dict[str, Any]], None]:
        return lambda body: self.heard.put((event, body))

    def ask(self, event: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send and wait for the acknowledgement."""
        answer: dict[str, Any] = self.client.call(event, body, namespace="/live", timeout=10)
        return answer

    def until(self, wanted: Callable[[str, dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that is wanted, within :data:`SOON_S`."""
        deadline = time.monotonic() + SOON_S
        while (left := deadline - time.monotonic()) > 0:
            try:
                event, body = self.heard.get(timeout=left)
            except Empty:
                break
            if wanted(event, body):
                return body
        raise AssertionError("nothing of the kind was pushed")


@pytest.fixture
def watch(hall: Hall) -> Iterator[Callable[..., Watcher]]:
    watchers: list[Watcher] = []

    def connect(**auth: str) -> Watcher:
        watchers.append(Watcher(hall.product.url, auth or None))
        return watchers[-1]

    yield connect
    for watcher in watchers:
        watcher.client.disconnect()


def test_a_call_reaches_board_desk_and_phone(hall: Hall, watch: Callable[..., Watcher]) -> None:
    counter = hall.counters()["1"]
    ticket = hall.take()
    board, phone, desk = watch(), watch(), watch(token=hall.counter_token)
    before = board.ask("watch", {"view": "board", "office": OFFICE})
    held = phone.ask("watch", {"view": "ticket", "token": ticket["token"]})
    assert held["state"]["ahead"] == 0
    assert desk.ask("watch", {"view": "counter", "counter": counter})["state"]["waiting"] == 1

    hall.clerk(f"/counters/{counter}/call-next")

    shown = board.until(lambda event, body: bool(body["state"]["calls"]))
    assert shown["state"]["calls"][0]["number"] == ticket["number"]
    assert shown["revision"] > before["revision"]
    assert shown["key"] == OFFICE
    told = phone.until(lambda event, body: event == "state" and body["state"]["status"] == "called")
    assert told["state"]["counter"] == "1"
    worked = desk.until(lambda event, body: bool(body["state"]["current"]))
    assert worked["state"]["current"]["number"] == ticket["number"]


def test_a_phone_finds_its_place_in_the_shared_order(
    hall: Hall, watch: Callable[..., Watcher]
) -> None:
    first, second = hall.take(), hall.take()
    phone = watch()
    ref = phone.ask("watch", {"view": "ticket", "token": second["token"]})["state"]["ref"]
    hall.clerk(f"/counters/{hall.counters()['1']}/call-next")
    order = phone.until(lambda event, body: event == "queue")["order"]
    assert order == [ref]
    assert first["token"] not in str(order)


def test_a_phone_is_told_what_becomes_of_its_dossier(
    hall: Hall, watch: Callable[..., Watcher]
) -> None:
    catalogue = hall.product.data / "procedures.csv"
    catalogue.write_text(sample.procedures_text(), "utf-8")
    motcua(hall.product.data, "procedures", "load", str(catalogue))
    motcua(hall.product.data, "dossiers", "codes", "H33.14", "--office", OFFICE)
    ticket = hall.take()
    phone = watch()
    phone.ask("watch", {"view": "ticket", "token": ticket["token"]})

    def told(*statuses: int) -> Callable[[str, dict[str, Any]], bool]:
        return lambda event, body: (
            event == "state"
            and tuple(one["status"] for one in body["state"]["dossiers"]) == statuses
        )

    body = {"procedure": "1.004873", "applicant": {"name": "A"}, "ticket": ticket["id"]}
    made = hall.clerk(f"/offices/{OFFICE}/dossiers", **body).json()
    phone.until(told(2))
    hall.clerk(f"/dossiers/{made['code']}/steps", step="finish")
    phone.until(told(9))


def test_sync_returns_the_whole_view(hall: Hall, watch: Callable[..., Watcher]) -> None:
    board = watch()
    known = board.ask("watch", {"view": "board", "office": OFFICE})["revision"]
    hall.take()
    again = board.ask("sync", {"revision": known})
    assert again["revision"] > known
    assert again["state"]["waiting"] == 1


def test_a_watcher_sees_only_what_its_sign_in_allows(
    hall: Hall, watch: Callable[..., Watcher]
) -> None:
    counter = hall.counters()["1"]
    stranger, kiosk = watch(), watch(token=hall.kiosk_token)
    assert "error" in stranger.ask("watch", {"view": "counter", "counter": counter})
    assert "error" in kiosk.ask("watch", {"view": "counter", "counter": counter})
    assert "error" in stranger.ask("watch", {"view": "ticket", "token": "guess"})
    assert "error" in stranger.ask("watch", {"view": "board", "office": "nowhere"})
    assert "error" in stranger.ask("watch", {"view": "everything"})
    assert "error" in stranger.ask("sync", {"revision": 0})


def test_a_wrong_token_is_turned_away_at_the_door(hall: Hall) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        Watcher(hall.product.url, {"token": "guess"})


def test_another_site_cannot_open_a_socket(hall: Hall) -> None:
    client = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            hall.product.url,
            transports=["websocket"],
            namespaces=["/live"],
            headers={"Origin": "http://elsewhere.example"},
            wait_timeout=10,
        )


def test_a_change_by_another_process_is_pushed_too(
    hall: Hall, watch: Callable[..., Watcher]
) -> None:
    board = watch()
    board.ask("watch", {"view": "board", "office": OFFICE})
    file = hall.product.data / "hall.toml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace('vi = "Chứng thực"', 'vi = "Chứng thực, sao y"')
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    motcua(hall.product.data, "hall", "load", str(file))
    board.until(lambda event, body: "Chứng thực, sao y" in str(body["state"]["services"]))


def test_a_restarted_server_tells_the_truth(hall: Hall) -> None:
    ticket = hall.take()
    hall.clerk(f"/counters/{hall.counters()['1']}/call-next")
    hall.product.kill()
    hall.product.start()
    board = Watcher(hall.product.url)
    shown = board.ask("watch", {"view": "board", "office": OFFICE})["state"]
    board.client.disconnect()
    assert shown["calls"][0]["number"] == ticket["number"]
