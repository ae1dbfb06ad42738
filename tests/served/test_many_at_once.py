"""Many kiosks and clerks at once against the served product: nobody gets another's number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import requests

from tests.product import served
from tests.served.conftest import Furnished, Hall, furnish
from tests.servers import postgresql

KIOSKS, CLERKS, EACH = 8, 4, 15


def _take_numbers(url: str, token: str, count: int) -> list[str]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        taken = []
        for turn in range(count):
            answer = session.post(
                f"{url}/api/v1/offices/vinh-thuan/tickets",
                json={"service": ("ho-tich", "chung-thuc", "dat-dai")[turn % 3]},
                timeout=60,
            )
            assert answer.status_code == 201, answer.text
            taken.append(answer.json()["number"])
        return taken


def _call_numbers(url: str, token: str, counter: int, count: int) -> list[str]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token}"
        called = []
        for _ in range(count):
            answer = session.post(f"{url}/api/v1/counters/{counter}/call-next", timeout=60)
            assert answer.status_code in (200, 204), answer.text
            if answer.status_code == 200:
                called.append(answer.json()["number"])
        return called


@pytest.fixture(params=["sqlite", "postgresql"])
def any_hall(
    request: pytest.FixtureRequest, furnished: Furnished, tmp_path: Path
) -> Iterator[Hall]:
    if request.param == "sqlite":
        with served(furnished.copy(tmp_path / "data")) as product:
            yield Hall(product, furnished.kiosk_token, furnished.counter_token)
        return
    with postgresql() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTCUA_DATABASE_URL", url)
        fresh = furnish(tmp_path)
        with served(tmp_path) as product:
            yield Hall(product, fresh.kiosk_token, fresh.counter_token)


def test_eight_kiosks_and_four_clerks_at_once(any_hall: Hall) -> None:
    url = any_hall.product.url
    counters = [any_hall.counters()[number] for number in ("1", "2", "3", "4")]
    with ProcessPoolExecutor(KIOSKS + CLERKS, mp_context=get_context("fork")) as pool:
        taking = [
            pool.submit(_take_numbers, url, any_hall.kiosk_token, EACH) for _ in range(KIOSKS)
        ]
        calling = [
            pool.submit(_call_numbers, url, any_hall.counter_token, counter, EACH)
            for counter in counters
        ]
        taken = [number for result in taking for number in result.result(timeout=120)]
        called = [number for result in calling for number in result.result(timeout=120)]

    by_letter = Counter(number[0] for number in taken)
    expected = {
        f"{letter}{n:03d}" for letter, most in by_letter.items() for n in range(1, most + 1)
    }
    assert len(taken) == KIOSKS * EACH
    assert set(taken) == expected, "numbers are unique and without gaps"
    assert called, "the clerks called somebody meanwhile"
    assert not [number for number, times in Counter(called).items() if times > 1]
    assert set(called) <= set(taken)
