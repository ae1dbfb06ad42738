"""Two server processes on one PostgreSQL, with Redis between them and without."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.product import Product, served
from tests.served.conftest import OFFICE, Hall, furnish
from tests.served.test_live import Watcher
from tests.servers import postgresql, redis_server


@pytest.fixture(params=["redis", "no redis"])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Hall, Product]]:
    """A hall served by two processes: one to ask, the other to watch."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("MOTCUA_DATABASE_URL", stack.enter_context(postgresql()))
        if request.param == "redis":
            patch.setenv("MOTCUA_REDIS_URL", stack.enter_context(redis_server()))
        fresh = furnish(tmp_path / "one")
        first = stack.enter_context(served(tmp_path / "one"))
        second = stack.enter_context(served(tmp_path / "two"))
        yield Hall(first, fresh.kiosk_token, fresh.counter_token), second


def test_a_call_in_one_process_is_shown_by_the_other(two: tuple[Hall, Product]) -> None:
    hall, other = two
    board = Watcher(other.url)
    board.ask("watch", {"view": "board", "office": OFFICE})
    ticket = hall.take()
    began = time.monotonic()
    hall.clerk(f"/counters/{hall.counters()['1']}/call-next")
    shown = board.until(lambda event, body: bool(body["state"]["calls"]))
    took = time.monotonic() - began
    board.client.disconnect()
    assert shown["state"]["calls"][0]["number"] == ticket["number"]
    assert took < 4
