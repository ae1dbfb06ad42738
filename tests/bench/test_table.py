"""The frame of `make bench`: it measures fairly and says when a limit is missed."""

from __future__ import annotations

import re

import pytest

from bench import __main__ as frame
from bench.table import Ratio, compared, table, verdict


class Clock:
    """Moves on only when work is done."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: list[str] = []

    def __call__(self) -> float:
        return self.now

    def work(self, name: str, seconds: float) -> None:
        self.now += seconds
        self.done.append(name)


def measured(product: float, bare: float, limit: float = 3, rounds: int = 9) -> Ratio:
    clock = Clock()
    return compared(
        "a thing",
        lambda number: clock.work("product", product),
        lambda number: clock.work("bare", bare),
        against="the bare thing",
        limit=limit,
        rounds=rounds,
        clock=clock,
    )


def test_a_ratio_within_its_limit_is_reached_and_one_above_fails_the_run() -> None:
    good, bad = measured(0.02, 0.01), measured(0.031, 0.01)
    assert (good.reached, bad.reached) == (True, False)
    assert (verdict([good]), verdict([good, bad])) == (0, 1)
    shown = table([good, bad])
    assert "| **2.00** | 3 | reached | 20.0 ms | 10.0 ms | 9 |" in shown
    assert "| **3.10** | 3 | MISSED | 31.0 ms | 10.0 ms | 9 |" in shown


def test_both_are_done_in_each_round_and_take_turns_in_going_first() -> None:
    clock = Clock()
    compared(
        "a thing",
        lambda number: clock.work(f"P{number}", 1),
        lambda number: clock.work(f"B{number}", 1),
        against="bare",
        limit=3,
        rounds=3,
        clock=clock,
    )
    assert clock.done == ["P-1", "B-1", "P0", "B0", "B1", "P1", "P2", "B2"]


def test_a_disturbance_in_a_few_rounds_changes_nothing() -> None:
    clock = Clock()
    ratio = compared(
        "a thing",
        lambda number: clock.work("product", 50 if number in (2, 5) else 2),
        lambda number: clock.work("bare", 90 if number == 7 else 1),
        against="bare",
        limit=3,
        rounds=11,
        clock=clock,
    )
    assert (ratio.ratio, ratio.product_ms, ratio.yardstick_ms) == (2, 2000, 1000)


def test_the_first_time_does_not_count() -> None:
    clock = Clock()
    ratio = compared(
        "a thing",
        lambda number: clock.work("product", 100 if number < 0 else 2),
        lambda number: clock.work("bare", 1),
        against="bare",
        limit=3,
        rounds=1,
        clock=clock,
    )
    assert ratio.ratio == 2


def test_every_story_is_in_the_document_with_its_last_table() -> None:
    text = frame.DOCUMENT.read_text("utf-8")
    shown = text[text.index(frame.BEGIN) : text.index(frame.END)]
    assert "slip" in frame.stories()
    rows = re.findall(r"^\| ([^|]+) \| .*\*\*([\d.]+)\*\* \| ([\d.]+) \| (\w+) \|", shown, re.M)
    assert len(rows) >= len(frame.stories())
    for story, ratio, limit, verdict_word in rows:
        assert float(ratio) <= float(limit), story
        assert verdict_word == "reached"


def test_a_story_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.run(["slipp"]) == 2
    assert "no such story: slipp; there are: " in capsys.readouterr().err
    assert frame.run(["--document", "slipp"]) == 2


def test_the_run_fails_with_a_missed_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bench import slip

    monkeypatch.setattr(slip, "ratios", lambda: [measured(0.04, 0.01)])
    assert frame.run(["slip"]) == 1
    assert "MISSED" in capsys.readouterr().out
    monkeypatch.setattr(slip, "ratios", lambda: [measured(0.02, 0.01)])
    assert frame.run(["slip"]) == 0
