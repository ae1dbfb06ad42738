"""What is on a slip."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.slips import DEMO_MARK, LONGEST_URL, REPRINT_MARK, Slip, clean, sample_slip
from tests.hardware.examples import URL, khmer, vietnamese


@pytest.mark.parametrize("slip", [vietnamese(priority="Ưu tiên"), khmer(reprint=True, demo=True)])
def test_a_slip_survives_json(slip: Slip) -> None:
    assert Slip.from_dict(json.loads(json.dumps(slip.to_dict()))) == slip


def test_a_slip_of_an_older_or_newer_version_is_read() -> None:
    assert Slip.from_dict({"number": "A001", "colour": "gold"}) == Slip(number="A001")


@pytest.mark.parametrize(
    "wrong",
    [{"number": ""}, {"number": " \n"}, {"number": "A001", "paper_mm": 76}],
)
def test_a_slip_that_cannot_be_printed_is_refused_when_it_is_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"number|paper"):
        Slip.from_dict(wrong)


def test_an_address_too_long_for_a_readable_code_is_refused() -> None:
    longest = "https://" + "a" * (LONGEST_URL - 8)
    assert Slip(number="A001", url=longest).url == longest
    with pytest.raises(ValueError, match="address"):
        Slip(number="A001", url=longest + "a")


def test_control_characters_and_direction_marks_never_reach_the_slip() -> None:
    slip = Slip(number="A\x1b@012", service="Hộ\x1d\x56\x00 tịch\u202e\ufeff", office="Một\n\tCửa")
    assert (slip.number, slip.service, slip.office) == ("A@012", "Hộ V tịch", "Một Cửa")


def test_letters_are_composed() -> None:
    apart = unicodedata.normalize("NFD", "Đặng Thị Ếch")
    assert Slip(number="A001", service=apart).service == "Đặng Thị Ếch"


def test_khmer_word_separators_and_no_break_spaces_stay() -> None:
    assert clean("សូម\u200bអរគុណ") == "សូម\u200bអរគុណ"
    assert clean("30\u00a0phút") == "30\u00a0phút"


@given(st.text())
def test_cleaning_leaves_nothing_a_printer_could_obey(text: str) -> None:
    cleaned = clean(text)
    kept = {"\u200b", "\u200c", "\u200d"}
    assert not [s for s in cleaned if unicodedata.category(s).startswith("C") and s not in kept]
    assert clean(cleaned) == cleaned


def test_the_test_slip_is_no_real_number_and_says_so() -> None:
    slip = sample_slip(URL, printed_at="07:42", paper_mm=58)
    assert (slip.number, slip.marks, slip.paper_mm) == ("0000", (DEMO_MARK,), 58)


def test_marks_say_what_must_not_be_overlooked() -> None:
    assert vietnamese().marks == ()
    assert vietnamese(reprint=True).marks == (REPRINT_MARK,) == ("IN LẠI",)
    assert vietnamese(reprint=True, demo=True).marks == (DEMO_MARK, REPRINT_MARK)
