"""Taking a number over a bad network: one wish is one number, however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Request, Route

from tests.kiosk.conftest import PLACE

ADDRESS = f"{PLACE}/api/v1/offices/hall/tickets"
TICKET = {"number": "A001", "token": "t"}
TAKE = """async () => {
  const { newWish, take } = await import("/taking.js");
  const wish = newWish({ service: "ho-tich", priority: "elderly", language: "km" });
  const controller = new AbortController();
  window.giveUp = () => controller.abort();
  return take("hall", wish, { signal: controller.signal, onSlow: () => { window.slow = true; } });
}"""


def answer(page: Page, *answers: Callable[[Route], None]) -> list[Request]:
    """Give the answers one after the other, the last one from then on; the requests that came."""
    asked: list[Request] = []

    def give(route: Route) -> None:
        asked.append(route.request)
        answers[min(len(asked), len(answers)) - 1](route)

    page.route(ADDRESS, give)
    return asked


def lost(route: Route) -> None:
    route.abort()


def with_json(status: int, body: dict[str, Any]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, json=body)


def keys(asked: list[Request]) -> set[str]:
    return {request.headers["idempotency-key"] for request in asked}


def test_a_number_is_asked_for_once(page: Page) -> None:
    asked = answer(page, with_json(201, TICKET))
    assert page.evaluate(TAKE) == {"ticket": TICKET}
    assert len(asked) == 1
    assert asked[0].post_data_json == {
        "service": "ho-tich",
        "priority": "elderly",
        "language": "km",
    }
    assert asked[0].headers["accept-language"] == "km"
    assert asked[0].headers["x-csrf-token"] == "fresh"


def test_lost_answers_are_asked_for_again_with_the_same_key(page: Page) -> None:
    asked = answer(page, lost, with_json(503, {}), lost, with_json(201, TICKET))
    assert page.evaluate(TAKE) == {"ticket": TICKET}
    assert len(asked) == 4
    assert len(keys(asked)) == 1


def test_a_server_that_says_nothing_is_told_of_while_the_asking_goes_on(page: Page) -> None:
    answer(page, lambda route: None)
    page.evaluate(f"({TAKE})().catch(() => null); null")
    page.wait_for_function("window.slow === true", timeout=10_000)
    page.evaluate("giveUp()")


def test_the_next_wish_has_another_key(page: Page) -> None:
    asked = answer(page, with_json(201, TICKET))
    page.evaluate(TAKE)
    page.evaluate(TAKE)
    assert len(keys(asked)) == 2


def test_a_refusal_is_final_and_in_the_server_s_words(page: Page) -> None:
    asked = answer(page, with_json(409, {"detail": "Đã hết số hôm nay."}))
    assert page.evaluate(TAKE) == {"refused": "Đã hết số hôm nay.", "status": 409}
    assert len(asked) == 1


def test_a_page_too_old_to_be_believed_gets_a_new_token_and_takes_the_number(page: Page) -> None:
    page.evaluate("document.querySelector('meta').content = 'stale'")
    too_old = with_json(400, {"type": "https://motcua.example/problems/csrf"})
    asked = answer(page, too_old, with_json(201, TICKET))
    assert page.evaluate(TAKE) == {"ticket": TICKET}
    assert [request.headers["x-csrf-token"] for request in asked] == ["stale", "fresh"]
    assert len(keys(asked)) == 1


def test_giving_up_ends_the_asking(page: Page) -> None:
    asked = answer(page, lost)
    page.evaluate(
        f"window.outcome = ({TAKE})().catch((error) => error.name); setTimeout(() => giveUp(), 600)"
    )
    assert page.evaluate("window.outcome") == "AbortError"
    before = len(asked)
    page.wait_for_timeout(900)  # longer than the pause that was running
    assert len(asked) == before
