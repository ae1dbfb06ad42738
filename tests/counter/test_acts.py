"""What a clerk can do in which state: acts.js."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

NOON = "2026-11-25T12:00:00+07:00"


def state(**more: Any) -> dict[str, Any]:
    """The read model "counter", as far as acts.js looks at it."""
    return {
        "now": NOON,
        "counter": {"status": "open", "clerk": {"name": "lan"}},
        "current": None,
        "queue": [],
        "parked": [],
        "missed": [],
        "undo": None,
    } | more


def ask(page: Page, call: str, *values: Any) -> Any:
    """Evaluate a call of acts.js; ``v`` are the values, ``noon`` is the server's time."""
    return page.evaluate(
        "async ([call, v, now]) => { const acts = await import('http://desk.test/acts.js');"
        "const noon = Date.parse(now); return eval(call); }",
        [call, list(values), NOON],
    )


def can(page: Page, shown: dict[str, Any] | None, me: str = "lan") -> set[str]:
    possible = ask(page, "acts.possible(v[0], v[1], noon)", shown, me)
    return {act for act, yes in possible.items() if yes}


def test_an_idle_counter_can_call_pause_and_work_on_dossiers(page: Page) -> None:
    assert can(page, state()) == {"call-next", "pause", "shortcuts", "receive", "dossiers"}


def test_the_steps_are_those_that_the_server_allows(page: Page) -> None:
    ticket = {"allowed": ["finish", "park", "transfer"]}
    steps = {"serve", "recall", "no-show", "park", "transfer", "finish"}
    assert can(page, state(current=ticket)) & steps == {"park", "transfer", "finish"}


def test_before_the_first_state_there_is_only_the_list_of_keys(page: Page) -> None:
    assert can(page, None) == {"shortcuts"}


def test_at_somebody_elses_counter_nothing_can_be_pressed_but_taking_it(page: Page) -> None:
    busy = state(
        current={"allowed": ["finish", "park"]},
        queue=[{}],
        undo={"until": "2026-11-25T12:00:04+07:00"},
    )
    assert can(page, busy, me="hung") == {"open", "shortcuts"}


def test_a_closed_counter_opens_or_calls(page: Page) -> None:
    closed = state(counter={"status": "closed", "clerk": None})
    assert can(page, closed) == {"call-next", "open", "shortcuts", "receive", "dossiers"}


def test_undo_ends_with_its_time(page: Page) -> None:
    assert "undo" in can(page, state(undo={"until": "2026-11-25T12:00:00.500+07:00"}))
    assert "undo" not in can(page, state(undo={"until": NOON}))


def test_a_closed_or_taken_counter_is_opened_before_calling(page: Page) -> None:
    shown = [
        state(),
        state(counter={"status": "closed", "clerk": None}),
        state(counter={"status": "open", "clerk": {"name": "hung"}}),
        state(counter={"status": "paused", "clerk": {"name": "lan"}}),
    ]
    assert ask(page, "v[0].map((s) => acts.mustOpen(s, 'lan'))", shown) == [
        False,
        True,
        True,
        False,
    ]


def test_the_clock_turns_amber_at_the_limit_of_the_service(page: Page) -> None:
    ticket = {"status": "serving", "serving_at": "2026-11-25T11:45:00+07:00", "limit_minutes": 15}
    assert ask(page, "[noon - 1, noon].map((now) => acts.overLimit(v[0], now))", ticket) == [
        False,
        True,
    ]
    assert ask(page, "acts.overLimit(v[0], noon)", ticket | {"limit_minutes": None}) is False
    assert ask(page, "acts.overLimit(v[0], noon)", ticket | {"status": "called"}) is False


def test_durations_are_never_negative_and_have_hours(page: Page) -> None:
    assert ask(page, "[-5, 65000, 3725000].map(acts.clock)") == ["0:00", "1:05", "1:02:05"]
    assert ask(page, "[acts.minutes(v[0], noon), acts.minutes(v[1], noon)]", NOON, "2027") == [0, 0]
