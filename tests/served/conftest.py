"""The served product with the sample hall: a real process, a real SQLite file, a real browser."""

from __future__ import annotations

import shutil
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


@dataclass(frozen=True)
class Furnished:
    """A data folder with the sample hall, and the tokens of its devices."""

    data: Path
    kiosk_token: str
    counter_token: str

    def copy(self, to: Path) -> Path:
        """A copy for one test."""
        return Path(shutil.copytree(self.data, to))


def furnish(data: Path) -> Furnished:
    """Load the sample hall, open round the clock, as a technician would; for any database."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / "hall.toml"
    file.write_text(sample.hall_text(always_open=True), encoding="utf-8")
    motcua(data, "hall", "load", str(file))
    return Furnished(
        data,
        motcua(data, "device", "add", "kiosk", "k1", "--office", OFFICE),
        motcua(data, "token", "add", "desks", "--scope", "counter", "--office", OFFICE),
    )


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    return furnish(tmp_path_factory.mktemp("furnished") / "data")


@pytest.fixture
def hall(furnished: Furnished, tmp_path: Path) -> Iterator[Hall]:
    """A hall of its own for each test that kills or fills it."""
    with served(furnished.copy(tmp_path / "data")) as product:
        yield Hall(product, furnished.kiosk_token, furnished.counter_token)
