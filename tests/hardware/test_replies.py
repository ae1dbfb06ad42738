"""What a printer answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.replies import Ask, Kind, Replies, paper_troubles, troubles

AUTOMATIC = b"\x14\x00\x0c\x0f"
"""Automatic status back: drawer, paper end; four bytes."""


def sorted_(received: bytes) -> list[tuple[Kind, int]]:
    return list(Replies().sort(received))


def test_answers_are_told_apart_by_their_fixed_bits() -> None:
    assert sorted_(b"\x12\x00\x1e") == [
        (Kind.AT_ONCE, 0x12),
        (Kind.IN_ORDER, 0x00),
        (Kind.AT_ONCE, 0x1E),
    ]


def test_a_status_nobody_asked_for_is_skipped() -> None:
    assert sorted_(AUTOMATIC + b"\x12" + AUTOMATIC + AUTOMATIC + b"\x03") == [
        (Kind.AT_ONCE, 0x12),
        (Kind.IN_ORDER, 0x03),
    ]


@given(st.integers(0, 4))
def test_it_is_skipped_also_when_it_comes_in_pieces(cut: int) -> None:
    replies = Replies()
    assert list(replies.sort(AUTOMATIC[:cut])) == []
    assert list(replies.sort(AUTOMATIC[cut:] + b"\x00")) == [(Kind.IN_ORDER, 0)]


def test_flow_control_is_no_answer() -> None:
    assert sorted_(b"\x11\x13") == []


@given(st.binary())
def test_every_byte_is_an_answer_a_status_flow_control_or_strange(received: bytes) -> None:
    replies = Replies()
    for kind, value in replies.sort(received):
        assert value & 0x93 == 0x12 if kind is Kind.AT_ONCE else value & 0x90 == 0
    strange = [b for b in received if b & 0x90 and b & 0x93 not in (0x10, 0x12)]
    assert replies.strange == len([b for b in strange if b not in (0x11, 0x13)])


@pytest.mark.parametrize(
    ("ask", "answer", "reasons"),
    [
        (Ask.PRINTER, 0x12, []),
        (Ask.PRINTER, 0x1A, ["offline"]),
        (Ask.OFFLINE_CAUSE, 0x16, ["cover-open"]),
        (Ask.OFFLINE_CAUSE, 0x32, ["paper-out"]),
        (Ask.OFFLINE_CAUSE, 0x52, ["offline"]),
        (Ask.ERROR_CAUSE, 0x1A, ["offline"]),
        (Ask.PAPER, 0x12, []),
        (Ask.PAPER, 0x1E, ["paper-near-end"]),
        (Ask.PAPER, 0x72, ["paper-out"]),
    ],
)
def test_answers_say_what_is_wrong(ask: Ask, answer: int, reasons: list[str]) -> None:
    assert [reason for reason, _ in troubles(ask, answer)] == reasons


@pytest.mark.parametrize(
    ("answer", "reasons"), [(0x00, []), (0x03, ["paper-near-end"]), (0x0F, ["paper-out"])]
)
def test_the_confirmation_tells_of_the_paper(answer: int, reasons: list[str]) -> None:
    assert [reason for reason, _ in paper_troubles(answer)] == reasons


def test_questions_are_what_the_manual_says() -> None:
    assert [ask.command for ask in Ask] == [
        b"\x10\x04\x01",
        b"\x10\x04\x02",
        b"\x10\x04\x03",
        b"\x10\x04\x04",
    ]
