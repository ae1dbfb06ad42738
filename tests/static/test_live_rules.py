"""What live.js makes of the answers it gets: a socket under the test's control gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.static.conftest import ROOT, serve_scripts

SOCKET = """
// Remembers what is asked; the test answers when and how it likes.
const handlers = {};
export const asked = (globalThis.asked = []);
const socket = (globalThis.socket = {
  connected: false,
  on: (event, handler) => { handlers[event] = handler; },
  timeout: (ms) => ({ emit: (event, body, answer) => asked.push({ event, body, answer, ms }) }),
  connect() { return socket; },
  disconnect() { socket.connected = false; handlers.disconnect(); return socket; },
  hear: (event, body) => handlers[event](body),
  arrive() { socket.connected = true; handlers.connect(); },
});
export const io = (name, options) => { globalThis.options = { name, ...options }; return socket; };
"""

WATCH = """async (query) => {
  const { watch } = await import("/static/js/live.js");
  globalThis.heard = [];
  globalThis.live = watch(query, {
    onState: (state, revision) => heard.push(["state", revision]),
    onQueue: (event) => heard.push(["queue", event.revision]),
    onConnection: (up) => heard.push(["connection", up]),
    onError: (answer) => heard.push(["error", answer.error]),
  });
  socket.arrive();
}"""


def answer(page: Page, revision: int, key: str = "hall", **more: Any) -> None:
    """Answer the oldest question that is still open."""
    page.evaluate(
        "(told) => asked.shift().answer(null, told)",
        {"view": "board", "key": key, "revision": revision, "state": {}} | more,
    )


def heard(page: Page) -> list[list[Any]]:
    """What the screen was told since the last look."""
    told: list[list[Any]] = page.evaluate("heard.splice(0)")
    return told


@pytest.fixture
def screen(page: Page) -> Iterator[Page]:
    """A page that watches a board over a socket that the test plays."""
    page.add_init_script("performance.now = () => (globalThis.clock ||= 0)")

    serve_scripts(page, {"socket.io.js": SOCKET})
    page.evaluate(WATCH, {"view": "board", "office": "hall"})
    yield page


def test_a_screen_shows_the_answer_and_then_every_push(screen: Page) -> None:
    answer(screen, 5)
    screen.evaluate("socket.hear('state', {view: 'board', key: 'hall', revision: 6, state: {}})")
    assert heard(screen) == [["connection", True], ["state", 5], ["state", 6]]


def test_a_push_of_another_view_is_not_shown(screen: Page) -> None:
    answer(screen, 5)
    heard(screen)
    screen.evaluate("socket.hear('state', {view: 'kiosk', key: 'hall', revision: 6, state: {}})")
    screen.evaluate("socket.hear('state', {view: 'board', key: 'other', revision: 6, state: {}})")
    assert heard(screen) == []


def test_an_older_push_is_dropped(screen: Page) -> None:
    answer(screen, 5)
    heard(screen)
    screen.evaluate("socket.hear('state', {view: 'board', key: 'hall', revision: 4, state: {}})")
    assert heard(screen) == []


def test_the_same_revision_again_is_shown_because_time_changes_views_too(screen: Page) -> None:
    answer(screen, 5)
    heard(screen)
    screen.evaluate("socket.hear('state', {view: 'board', key: 'hall', revision: 5, state: {}})")
    assert heard(screen) == [["state", 5]]


def test_a_late_answer_does_not_undo_a_newer_push(screen: Page) -> None:
    answer(screen, 5)
    screen.evaluate("live.sync()")
    screen.evaluate("socket.hear('state', {view: 'board', key: 'hall', revision: 7, state: {}})")
    heard(screen)
    answer(screen, 6)
    assert heard(screen) == []


def test_a_restored_database_is_believed(screen: Page) -> None:
    answer(screen, 50)
    heard(screen)
    screen.evaluate("live.sync()")
    answer(screen, 8)
    assert heard(screen) == [["state", 8]]


def test_a_question_without_an_answer_means_the_server_is_lost(screen: Page) -> None:
    answer(screen, 5)
    heard(screen)
    screen.evaluate("live.sync()")
    assert screen.evaluate("asked[0].ms") <= 2000
    screen.evaluate("asked.shift().answer(new Error('operation has timed out'))")
    assert heard(screen) == [["connection", False]]
    assert not screen.evaluate("socket.connected"), "the frozen connection was kept"
    screen.evaluate("socket.arrive()")
    answer(screen, 9)
    assert heard(screen) == [["connection", True], ["state", 9]]


def test_a_lost_connection_is_told_and_the_next_one_begins_anew(screen: Page) -> None:
    answer(screen, 5)
    heard(screen)
    screen.evaluate("live.sync()")  # still unanswered when the connection goes
    screen.evaluate("socket.disconnect()")
    assert heard(screen) == [["connection", False]]
    screen.evaluate("socket.arrive()")
    assert screen.evaluate("asked.map((one) => one.event)") == ["sync", "watch"]
    screen.evaluate("asked.shift().answer(new Error('socket has been disconnected'))")
    assert heard(screen) == [], "the old connection's question was taken for the new one's"
    answer(screen, 6)
    assert heard(screen) == [["connection", True], ["state", 6]]


def test_after_silence_it_asks_once_and_not_every_second(screen: Page) -> None:
    answer(screen, 5)
    screen.evaluate("globalThis.clock = 20000")
    screen.wait_for_function("asked.length > 0", timeout=5000)
    screen.wait_for_timeout(2200)  # two more looks around
    assert screen.evaluate("asked.map((one) => one.event)") == ["sync"]
    assert screen.evaluate("asked[0].body.revision") == 5


def test_a_page_that_is_looked_at_again_asks(screen: Page) -> None:
    answer(screen, 5)
    for event, target in (("visibilitychange", "document"), ("online", "window")):
        screen.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
        assert screen.evaluate("asked[0].event") == "sync", event
        answer(screen, 5)


def test_a_watch_the_server_does_not_know_begins_anew(screen: Page) -> None:
    answer(screen, 5)
    heard(screen)
    screen.evaluate("live.sync()")
    screen.evaluate("asked.shift().answer(null, {error: 'not-found'})")
    assert heard(screen) == [["error", "not-found"]]
    screen.evaluate("live.sync()")
    assert screen.evaluate("asked[0].event") == "watch"


def test_it_tries_again_within_a_second_and_over_websocket_only(screen: Page) -> None:
    options = screen.evaluate("options")
    assert options["name"] == "/live"
    assert options["transports"] == ["websocket"]
    assert options["reconnectionDelayMax"] <= 1000


def test_a_stopped_watch_hears_nothing(screen: Page) -> None:
    answer(screen, 5)
    heard(screen)
    screen.evaluate("live.stop()")
    screen.evaluate("socket.hear('state', {view: 'board', key: 'hall', revision: 6, state: {}})")
    assert heard(screen) == []


def test_an_old_phone_can_read_it_and_needs_no_import_map() -> None:
    newer = re.compile(
        r"\?\.(?!\d)|\?\?|\|\|=|&&=|\bimport\.meta\b|\.at\(|\.replaceAll\("
        r"|\bfrom\s*[\"'](?![./])"
    )
    for script in ("js/live.js", "vendor/socket.io.js"):
        text = (ROOT / "server" / "static" / script).read_text("utf-8")
        assert newer.findall(text) == [], script
