"""Who is next: two people of priority, then whoever has waited longest, and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.queueing.rules import Rules, Waiting, choose, place_behind
from server.queueing.sequence import calling_order, calling_sequence

TWO_TO_ONE = Rules.of({"priority": "2:1"})
MINUTE = 60_000_000
LATE = 60 * MINUTE


def line(kinds: str, service: int = 1, start: int = 1) -> list[Waiting]:
    """``"OPP"``: an ordinary ticket, then two of priority, a minute apart; ids from ``start``."""
    return [
        Waiting(number, service, kind == "P", place=number * MINUTE)
        for number, kind in enumerate(kinds, start)
    ]


def called(
    rules: Rules,
    waiting: Iterable[Waiting],
    tiers: list[list[int]] | None = None,
    now: int = LATE,
    turns: dict[int, int] | None = None,
) -> str:
    """The ids in the order one counter calls them, one letter of the alphabet each."""
    rest, turns, order = list(waiting), dict(turns or {}), ""
    while (choice := choose(rules, rest, tiers or [[1]], turns, now)) is not None:
        order += "abcdefghijklmnopqrstuvwxyz"[choice.ticket - 1]
        turns |= choice.turns
        rest = [ticket for ticket in rest if ticket.id != choice.ticket]
    return order


# ── one service ───────────────────────────────────────────────────────────────


def test_without_priority_the_first_come_is_the_first_called() -> None:
    assert called(TWO_TO_ONE, line("OOOO")) == "abcd"


def test_nobody_is_called_when_nobody_waits() -> None:
    assert choose(TWO_TO_ONE, [], [[1]], {}, LATE) is None


def test_two_of_priority_then_the_most_senior() -> None:
    assert called(TWO_TO_ONE, line("OOOPPPP")) == "deafgbc"


def test_one_after_every_three_others() -> None:
    assert called(Rules.of({"priority": "1:3"}), line("OOOOOOPP")) == "gabchdef"


def test_strict_priority_always_goes_first() -> None:
    assert called(Rules.of({"priority": "strict"}), line("OOPOP")) == "ceabd"


def test_with_no_priority_rule_everybody_is_alike() -> None:
    assert called(Rules.of({"priority": "none"}), line("OOPOP")) == "abcde"


def test_on_its_turn_the_most_senior_may_be_one_of_priority_as_well() -> None:
    """A priority ticket never fares worse than without priority."""
    assert called(TWO_TO_ONE, line("PPPOO")) == "abcde"


def test_the_ratio_begins_anew_when_an_ordinary_one_was_called_for_want_of_others() -> None:
    choice = choose(TWO_TO_ONE, line("O"), [[1]], {1: 1}, LATE)
    assert choice is not None and choice.turns == {1: 0}


def test_under_strict_priority_an_overdue_ordinary_ticket_competes_by_seniority() -> None:
    strict = Rules.of({"priority": "strict", "overdue_after_minutes": 30})
    assert called(strict, line("OPP"), now=20 * MINUTE) == "bca"
    assert called(strict, line("OPP"), now=31 * MINUTE) == "abc"


def test_under_strict_priority_it_does_so_against_other_services_too() -> None:
    strict = Rules.of({"priority": "strict", "overdue_after_minutes": 30})
    waiting = [*line("O", service=1), *line("PP", service=2, start=2)]
    assert called(strict, waiting, [[1, 2]], now=31 * MINUTE) == "abc"


def test_tickets_of_the_same_moment_go_by_number() -> None:
    twins = [Waiting(id=2, service=1, priority=False, place=5), Waiting(1, 1, False, 5)]
    assert called(TWO_TO_ONE, twins) == "ab"


# ── coming back ───────────────────────────────────────────────────────────────


def test_who_comes_back_from_fixing_a_form_goes_first_in_the_order_of_coming_back() -> None:
    back = [Waiting(3, 1, False, 3, returned=90), Waiting(4, 1, False, 4, returned=80)]
    assert called(TWO_TO_ONE, [*line("PP"), *back]) == "dcab"


def test_coming_back_does_not_use_up_a_turn() -> None:
    choice = choose(TWO_TO_ONE, [Waiting(3, 1, True, 3, returned=90)], [[1]], {1: 1}, LATE)
    assert choice is not None and choice.turns == {}


def test_who_missed_the_call_is_put_behind_those_in_front() -> None:
    assert place_behind(line("OOO"), own=0) == 3 * MINUTE + 1


def test_who_missed_the_call_never_gains_by_it() -> None:
    assert place_behind(line("O"), own=50 * MINUTE) == 50 * MINUTE
    assert place_behind([], own=7) == 7


def test_who_was_put_back_counts_by_place_and_not_by_number() -> None:
    waiting = [Waiting(1, 1, False, 30), Waiting(2, 1, False, 20), Waiting(3, 2, False, 25)]
    assert called(TWO_TO_ONE, waiting, [[1, 2]], now=40) == "bca"
    assert calling_sequence(TWO_TO_ONE, waiting, [[1, 2]], {}, 40, 9) == [2, 3, 1]


# ── several services ──────────────────────────────────────────────────────────


def test_a_counter_prefers_its_first_service() -> None:
    waiting = [*line("OO", service=1), *line("OO", service=2, start=3)]
    assert called(TWO_TO_ONE, waiting, [[2], [1]], now=10 * MINUTE) == "cdab"


def test_equal_services_are_called_by_seniority() -> None:
    waiting = [Waiting(1, 1, False, 10), Waiting(2, 2, False, 20), Waiting(3, 1, False, 30)]
    assert called(TWO_TO_ONE, waiting, [[2, 1]], now=40) == "abc"


def test_a_service_outside_the_counter_is_never_called() -> None:
    assert choose(TWO_TO_ONE, line("PO", service=2), [[1]], {}, LATE) is None


def test_who_has_waited_too_long_is_called_although_another_service_is_preferred() -> None:
    waiting = [*line("O", service=1), *line("OO", service=2, start=2)]
    assert called(TWO_TO_ONE, waiting, [[2], [1]], now=60 * MINUTE) == "bca"
    assert called(TWO_TO_ONE, waiting, [[2], [1]], now=61 * MINUTE) == "abc"


def test_priority_holds_across_the_services_of_a_counter() -> None:
    """Somebody elderly does not wait for all the ordinary tickets of another service."""
    waiting = [*line("OOOOOO", service=1), *line("PPPP", service=2, start=7)]
    assert called(TWO_TO_ONE, waiting, [[1, 2]]) == "ghaijbcdef"


def test_a_seniority_turn_that_is_due_is_due_for_the_whole_tier() -> None:
    waiting = [*line("O", service=1), *line("PP", service=2, start=2)]
    choice = choose(TWO_TO_ONE, waiting, [[1, 2]], {1: 2, 2: 0}, LATE)
    assert choice is not None
    assert (choice.ticket, choice.turns) == (1, {1: 0})


def test_a_service_for_which_nobody_waits_keeps_its_turn() -> None:
    choice = choose(TWO_TO_ONE, line("P"), [[1, 2]], {1: 0, 2: 1}, LATE)
    assert choice is not None and choice.turns == {1: 1}


# ── the order shown beforehand ────────────────────────────────────────────────


def test_the_order_on_the_phone_is_the_order_of_the_calls() -> None:
    waiting = [*line("OPOPPO"), Waiting(7, 1, False, 0, returned=5)]
    shown = calling_order(TWO_TO_ONE, waiting, turn=1, now=LATE)
    assert "".join("abcdefg"[number - 1] for number in shown) == called(
        TWO_TO_ONE, waiting, turns={1: 1}
    )


def test_the_order_on_the_desk_is_limited() -> None:
    assert calling_sequence(TWO_TO_ONE, line("OOOO"), [[1]], {}, LATE, limit=2) == [1, 2]


# ── the office's own rules ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("word", "numbers", "strict", "used"),
    [
        ("2:1", (2, 1), False, True),
        ("1:3", (1, 3), False, True),
        ("none", (0, 1), False, False),
        ("strict", (1, 0), True, True),
    ],
)
def test_the_priority_rule_is_read_from_the_hall_file(
    word: str, numbers: tuple[int, int], strict: bool, used: bool
) -> None:
    rules = Rules.of({"priority": word})
    assert (rules.priority, rules.ordinary) == numbers
    assert (rules.strict, rules.uses_priority) == (strict, used)


def test_minutes_become_seconds_and_the_rest_is_default() -> None:
    rules = Rules.of({"overdue_after_minutes": 45, "no_show_return_minutes": 1.5})
    assert (rules.overdue_after_s, rules.no_show_return_s) == (2700, 90)
    assert rules.no_show_return_places == 3
    assert Rules.of({}) == Rules()


# ── properties ────────────────────────────────────────────────────────────────

RATIOS = st.sampled_from(["2:1", "1:1", "1:3", "3:2", "none"])
TIERS = st.sampled_from(
    [[[1]], [[2]], [[1, 2]], [[1], [2]], [[2], [1]], [[1, 2, 3]], [[3], [1, 2]], [[2, 3], [1]]]
)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(1, 3), st.booleans()),
        st.tuples(st.just("call"), st.integers(0, 2), st.booleans()),
    ),
    min_size=20,
    max_size=150,
)


@given(RATIOS, st.lists(TIERS, min_size=3, max_size=3), EVENTS)
def test_order_priority_and_patience_whatever_the_counters_do(
    ratio: str, counters: list[list[list[int]]], events: list[tuple[str, int, bool]]
) -> None:
    rules = Rules.of({"priority": ratio})
    waiting: dict[int, Waiting] = {}
    turns: dict[int, int] = {}
    calls_left: dict[int, int] = {}
    for now, (event, which, priority) in enumerate(events, 1):
        if event == "come":
            ticket = Waiting(now, which, priority, place=now)
            # All that wait now are more senior; nobody who comes later is.
            calls_left[now] = (len(waiting) + 1) * (rules.priority + 1)
            waiting[now] = ticket
            continue
        tiers = counters[which]
        choice = choose(rules, waiting.values(), tiers, turns, now)
        served = {service for tier in tiers for service in tier}
        if choice is None:
            assert not any(ticket.service in served for ticket in waiting.values())
            continue
        called = waiting.pop(choice.ticket)
        turns |= choice.turns
        tier = next(tier for tier in tiers if called.service in tier)
        rivals = [ticket for ticket in waiting.values() if ticket.service in tier]
        for rival in rivals:
            older = rival.place < called.place
            # Within its service and class nobody is overtaken …
            assert not (
                older and (rival.service, rival.priority) == (called.service, called.priority)
            )
            # … and nobody of priority by an ordinary one who came later.
            assert not (older and rival.priority and not called.priority and rules.uses_priority)
            # Nobody is forgotten.
            calls_left[rival.id] -= 1
            assert calls_left[rival.id] > 0
        better = tiers[: tiers.index(tier)]
        assert not any(t.service in other for t in waiting.values() for other in better)


@given(RATIOS, TIERS, st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=40))
def test_the_sequence_of_a_desk_is_what_it_would_call(
    ratio: str, tiers: list[list[int]], people: list[tuple[int, bool]]
) -> None:
    rules = Rules.of({"priority": ratio})
    waiting = [Waiting(n, service, priority, n) for n, (service, priority) in enumerate(people, 1)]
    rest, turns, order = list(waiting), dict[int, int](), []
    while choice := choose(rules, rest, tiers, turns, LATE):
        turns |= choice.turns
        rest = [ticket for ticket in rest if ticket.id != choice.ticket]
        order.append(choice.ticket)
    assert calling_sequence(rules, waiting, tiers, {}, LATE, 100) == order


@given(st.lists(st.booleans(), min_size=30, max_size=60))
def test_the_ratio_is_kept_while_both_kinds_wait(kinds: list[bool]) -> None:
    """Of any three calls in a row two are of priority, as long as ordinary ones are older."""
    first = [kind for kind in kinds if kind]
    ordinary = [kind for kind in kinds if not kind]
    waiting = line("O" * len(ordinary) + "P" * len(first))
    order = calling_order(TWO_TO_ONE, waiting, 0, LATE)
    both = min(len(first) // 2, len(ordinary)) * 3
    for begin in range(0, both, 3):
        assert [number > len(ordinary) for number in order[begin : begin + 3]] == [
            True,
            True,
            False,
        ]
