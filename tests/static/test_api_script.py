"""Asking the server from a screen: refusals and lost connections are told apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.static.conftest import PLACE, serve_scripts

ASK = """async ([method, path, options]) => {
  const { ask, Refusal, NoAnswer } = await import("/static/js/api.js");
  try {
    return { answer: await ask(method, path, options) };
  } catch (error) {
    const kind = error instanceof Refusal ? "refusal" : error instanceof NoAnswer ? "silence" : "?";
    return { kind, status: error.status, detail: error.detail, allowed: error.problem?.allowed };
  }
}"""


@pytest.fixture
def screen(page: Page) -> Page:
    """A page with a CSRF token, at a place without an API."""
    serve_scripts(page)
    page.evaluate("""document.head.innerHTML = '<meta name="csrf-token" content="a-token">'""")
    return page


def ask(page: Page, method: str, path: str, **options: Any) -> dict[str, Any]:
    """What asking comes to."""
    told: dict[str, Any] = page.evaluate(ASK, [method, path, options])
    return told


def answered(page: Page, **answer: Any) -> list[Route]:
    """Have the API answer every request so; returns the list of what was asked."""
    asked: list[Route] = []

    def route(one: Route) -> None:
        asked.append(one)
        one.fulfill(**answer)

    page.route(f"{PLACE}/api/**", route)
    return asked


def test_a_change_carries_the_proof_the_key_and_the_body(screen: Page) -> None:
    asked = answered(screen, status=201, body='{"number": "A001"}', content_type="application/json")
    told = ask(screen, "POST", "/offices/hall/tickets", body={"service": "civil"}, key="key-1")
    assert told == {"answer": {"number": "A001"}}
    request = asked[0].request
    assert request.url == f"{PLACE}/api/v1/offices/hall/tickets"
    assert request.headers["x-csrf-token"] == "a-token"
    assert request.headers["idempotency-key"] == "key-1"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.post_data or "") == {"service": "civil"}


def test_a_look_carries_no_token(screen: Page) -> None:
    asked = answered(screen, status=200, body="{}", content_type="application/json")
    ask(screen, "GET", "/offices/hall")
    assert "x-csrf-token" not in asked[0].request.headers


def test_nothing_to_say_is_nothing(screen: Page) -> None:
    answered(screen, status=204)
    assert ask(screen, "POST", "/counters/1/call-next") == {"answer": None}


def test_a_refusal_says_why_in_the_servers_words(screen: Page) -> None:
    problem = {"title": "Not possible", "detail": "Hôm nay đã phát hết số.", "allowed": ["park"]}
    answered(screen, status=409, body=json.dumps(problem), content_type="application/problem+json")
    assert ask(screen, "POST", "/offices/hall/tickets", body={}) == {
        "kind": "refusal",
        "status": 409,
        "detail": "Hôm nay đã phát hết số.",
        "allowed": ["park"],
    }


def test_an_error_without_words_is_a_refusal_too(screen: Page) -> None:
    answered(screen, status=502, body="<html>Bad gateway</html>", content_type="text/html")
    told = ask(screen, "GET", "/offices/hall")
    assert (told["kind"], told["status"]) == ("refusal", 502)


def test_no_answer_is_not_a_refusal(screen: Page) -> None:
    screen.route(f"{PLACE}/api/**", lambda route: route.abort("connectionrefused"))
    assert ask(screen, "GET", "/offices/hall")["kind"] == "silence"


def test_a_server_that_says_nothing_is_given_up(screen: Page) -> None:
    screen.route(f"{PLACE}/api/**", lambda route: None)  # never answered
    screen.evaluate(
        "AbortSignal.timeout = (ms) => { globalThis.patience = ms; return AbortSignal.abort(); }"
    )
    assert ask(screen, "GET", "/offices/hall")["kind"] == "silence"
    assert screen.evaluate("patience") == 8000
