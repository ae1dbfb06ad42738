"""The served product with the sample hall: a real process, a real SQLite file, a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from server.offices import sample
from tests.product import Product, motcua, served

OFFICE = sample.SLUG


@dataclass
class Hall:
    """A running product with a hall in it, and tokens to ask it."""

    product: Product
    kiosk_token: str
    counter_token: str

    def api(self, method: str, path: str, token: str = "", **more: Any) -> requests.Response:
        """Ask the API; a body goes in ``json=``."""
        headers = more.pop("headers", {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = f"{self.product.url}/api/v1{path}"
        return requests.request(method, url, headers=headers, timeout=20, **more)

    def take(self, service: str = "ho-tich", **more: Any) -> dict[str, Any]:
        """Take a number at the kiosk."""
        answer = self.api(
            "POST",
            f"/offices/{OFFICE}/tickets",
            self.kiosk_token,
            json={"service": service, **more},
        )
        assert answer.status_code == 201, answer.text
        taken: dict[str, Any] = answer.json()
        return taken

    def clerk(self, path: str, **body: Any) -> requests.Response:
        """Press a button at a counter."""
        return self.api("POST", path, self.counter_token, json=body)

    def board(self) -> dict[str, Any]:
        """What the display shows."""
        shown: dict[str, Any] = self.api("GET", f"/offices/{OFFICE}/board").json()
        return shown

    def counters(self) -> dict[str, int]:
        """Counter ids by number."""
        return {counter["number"]: counter["id"] for counter in self.board()["counters"]}


def furnish(data: Path) -> None:
    """Load the sample hall, open round the clock, with one clerk."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / "hall.toml"
    file.write_text(sample.hall_text(always_open=True), encoding="utf-8")
    motcua(data, "hall", "load", str(file))
    motcua(
        data, "user", "add", "lan", "--role", "clerk", "--office", OFFICE,
        "--password-stdin", stdin="correct horse\n",
    )  # fmt: skip


def open_hall(product: Product, **environment: str) -> Hall:
    """Tokens for a running product."""
    return Hall(
        product,
        motcua(product.data, "device", "add", "kiosk", "k1", "--office", OFFICE, **environment),
        motcua(
            product.data, "token", "add", "desks", "--scope", "counter", "--office", OFFICE,
            **environment,
        ),
    )  # fmt: skip


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A hall of its own for each test that kills or fills it."""
    furnish(tmp_path)
    with served(tmp_path) as product:
        yield open_hall(product)
