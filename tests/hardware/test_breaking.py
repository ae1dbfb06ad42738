"""Where lines end. One sign is one dot wide here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.breaking import evened, filled, shortened


def ruler(text: str) -> float:
    return float(len(text))


def test_lines_break_between_words() -> None:
    assert filled("Bộ phận Tiếp nhận", ruler, 8) == ["Bộ phận", "Tiếp", "nhận"]


def test_a_word_longer_than_the_line_is_split() -> None:
    assert filled("ab cdefghij k", ruler, 4) == ["ab", "cdef", "ghij", "k"]


def test_khmer_breaks_at_its_separators_and_never_before_a_subscript() -> None:
    assert filled("សូម\u200bអរគុណ", ruler, 6) == ["សូម", "អរគុណ"]
    lines = filled("ស្ត្រីស្ត្រីស្ត្រី", ruler, 8)
    assert "".join(lines) == "ស្ត្រីស្ត្រីស្ត្រី"
    assert all(line[0] == "ស" and line[-1] != "\u17d2" for line in lines)


@given(st.lists(st.text("abcđ ", min_size=1), min_size=1).map("".join), st.integers(1, 20))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = filled(text, ruler, width)
    assert all(ruler(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_come_out_equally_long() -> None:
    assert filled("một hai ba bốn", ruler, 10) == ["một hai ba", "bốn"]
    assert evened("một hai ba bốn", ruler, 10, 2) == ["một hai", "ba bốn"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Chứng thực, hộ tịch đất", ["Chứng thực,", "hộ tịch đất"]),
        ("Ngõ Sao xã Vĩnh Thuận", ["Ngõ Sao xã", "Vĩnh Thuận"]),
        ("Sau hơn 30 phút nữa", ["Sau hơn", "30 phút nữa"]),
        ("Certificate (one copy)", ["Certificate", "(one copy)"]),
    ],
)
def test_lines_end_where_a_reader_pauses(text: str, lines: list[str]) -> None:
    assert evened(text, ruler, 17, 2) == lines


def test_a_word_that_would_have_to_be_split_is_left_to_filling() -> None:
    assert evened("một haibabốnnăm", ruler, 8, 2) is None


def test_a_shortened_line_ends_in_an_ellipsis_within_its_width() -> None:
    assert shortened("quyền sử dụng, đất", ruler, 15) == "quyền sử dụng…"


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (14, "quyền sử dụng…"),
        (13, "quyền sử…"),  # no "quyền sử dụn…"
        (9, "quyền sử…"),
        (8, "quyền…"),
        (5, "quyề…"),
    ],
)
def test_a_shortened_line_ends_after_a_whole_word_where_it_can(width: int, shown: str) -> None:
    assert shortened("quyền sử dụng đất", ruler, width) == shown


def test_a_line_of_one_long_word_is_shortened_within_it() -> None:
    assert shortened("một haibabốnnămsáubảy", ruler, 14) == "một haibabốnn…"
