"""One press at a time, and a press whose answer is lost happens once.

presses.js with a clock of its own, against a server that loses answers; and watching.js, which
waits for the state that a press led to.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# A clock that jumps instead of waiting, and a server that answers as the test says.
STAGE = """
    const { presses, TRY_MS } = await import("http://desk.test/presses.js");
    let time = 0;
    const clock = {
        now: () => time,
        sleep: async (ms) => { time += ms; },
        later: () => 0,
        forget: () => {},
    };
    const sent = [];
    const busy = [];
    const send = async (path, body, key) => {
        sent.push(key);
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer === "lost") throw new TypeError("Failed to fetch");
        return { status: answer, body: null };
    };
    const line = presses(send, (name) => busy.push(name), clock);
"""


def play(page: Page, answers: list[Any], script: str) -> Any:
    return page.evaluate(f"async (answers) => {{ {STAGE} {script} }}", answers)


def test_a_press_is_answered(page: Page) -> None:
    answer = play(page, [200], "return await line.press('finish', '/x', {});")
    assert (answer["status"], answer["unsure"]) == (200, False)


def test_a_lost_answer_is_asked_again_with_the_same_key(page: Page) -> None:
    script = "const a = await line.press('call-next', '/x', {}); return [a.status, sent];"
    status, sent = play(page, ["lost", 503, "lost", 200], script)
    assert status == 200
    assert len(sent) == 4
    assert len(set(sent)) == 1


def test_two_presses_have_two_keys(page: Page) -> None:
    script = "await line.press('a', '/x'); await line.press('b', '/x'); return sent;"
    sent = play(page, [200], script)
    assert len(set(sent)) == 2
    assert all(len(key) >= 32 for key in sent)


def test_a_second_press_while_the_first_is_under_way_is_not_sent(page: Page) -> None:
    script = """
        const both = await Promise.all([line.press('a', '/x'), line.press('b', '/x')]);
        return [both.map((one) => one && one.status), sent.length, busy];
    """
    assert play(page, [200], script) == [[200, None], 1, ["a", None]]


def test_a_refusal_is_an_answer_and_is_not_repeated(page: Page) -> None:
    script = "const a = await line.press('a', '/x'); return [a.status, a.unsure, sent.length];"
    assert play(page, [409], script) == [409, False, 1]


def test_a_refusal_after_a_lost_answer_is_unsure(page: Page) -> None:
    script = "const a = await line.press('a', '/x'); return [a.status, a.unsure];"
    assert play(page, ["lost", 409], script) == [409, True]


def test_it_gives_up_in_time_and_says_that_it_does_not_know(page: Page) -> None:
    script = """
        const a = await line.press('a', '/x');
        return [a.status, time <= TRY_MS, sent.length > 3, line.busy()];
    """
    assert play(page, ["lost"], script) == [0, True, True, None]


def test_a_press_is_under_way_until_what_it_led_to_is_shown(page: Page) -> None:
    script = """
        const order = [];
        let shown;
        const settled = () => new Promise((resolve) => { shown = resolve; });
        const slow = presses(send, (name) => order.push(name), clock, settled);
        const pressed = slow.press('a', '/x').then(() => order.push('over'));
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('answered');
        shown();
        await pressed;
        return order;
    """
    assert play(page, [200], script) == ["a", "answered", None, "over"]


def revisions(page: Page, script: str) -> Any:
    return page.evaluate(
        "async () => { const { revisions } = await import('http://desk.test/watching.js');"
        f"const newest = revisions(); {script} }}"
    )


def test_a_revision_that_is_here_needs_no_waiting(page: Page) -> None:
    assert revisions(page, "newest.heard(7); return await newest.reached(7, 0);") is True


def test_a_revision_is_waited_for_until_it_or_a_later_one_is_here(page: Page) -> None:
    script = """
        const waiting = newest.reached(7, 5000);
        newest.heard(6);
        setTimeout(() => newest.heard(9), 10);
        return [await waiting, newest.seen()];
    """
    assert revisions(page, script) == [True, 9]


def test_a_revision_that_does_not_come_is_given_up(page: Page) -> None:
    assert revisions(page, "newest.heard(6); return await newest.reached(7, 10);") is False
