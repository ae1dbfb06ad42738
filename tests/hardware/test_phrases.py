"""The words of a call."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.voice import call_phrase, numbers


@pytest.mark.parametrize(
    ("number", "counter", "language", "text"),
    [
        ("A025", "3", "vi", "Xin mời số A, không, hai, năm, đến quầy số ba"),
        ("B001", "12", "vi", "Xin mời số Bê, không, không, một, đến quầy số mười hai"),
        ("Đ140", "5", "vi", "Xin mời số Đê, một, bốn, không, đến quầy số năm"),
        ("C1204", "3A", "vi", "Xin mời số Xê, một, hai, không, bốn, đến quầy số ba A"),
        ("F007", "Trả kết quả", "vi", "Xin mời số Ép, không, không, bảy, đến quầy số Trả kết quả"),
        ("A025", "3", "en", "Number A, zero, two, five, please go to counter three"),
        ("H300", "21", "en", "Number H, three, zero, zero, please go to counter twenty-one"),
        ("A025", "3", "km", "សូមអញ្ជើញលេខ A, ០, ២, ៥ មកបញ្ជរលេខ ៣"),
    ],
)
def test_a_call_is_said_figure_by_figure(number, counter, language, text) -> None:
    assert call_phrase(number, counter, language).text == text


@pytest.mark.parametrize(
    ("number", "language", "text"),
    [
        ("A025", "vi", "Xin mời số A, hai mươi lăm, đến quầy số ba"),
        ("A105", "vi", "Xin mời số A, một trăm lẻ năm, đến quầy số ba"),
        ("A1005", "vi", "Xin mời số A, một, không, không, năm, đến quầy số ba"),
        ("A121", "en", "Number A, one hundred and twenty-one, please go to counter three"),
    ],
)
def test_an_office_may_prefer_whole_numbers(number: str, language: str, text: str) -> None:
    assert call_phrase(number, "3", language, whole_numbers=True).text == text


def test_the_north_says_linh() -> None:
    phrase = call_phrase("A105", "3", "vi", whole_numbers=True, link="linh")
    assert phrase.text == "Xin mời số A, một trăm linh năm, đến quầy số ba"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (104, "một trăm lẻ bốn"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (999, "chín trăm chín mươi chín"),
    ],
)
def test_vietnamese_numbers(number: int, words: str) -> None:
    assert numbers.vietnamese(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (101, "one hundred and one"),
        (200, "two hundred"),
    ],
)
def test_english_numbers(number: int, words: str) -> None:
    assert numbers.english(number) == words


@pytest.mark.parametrize("say", [numbers.vietnamese, numbers.english, numbers.khmer])
def test_every_number_has_words_of_its_own(say) -> None:
    assert len({say(number) for number in range(1000)}) == 1000
    with pytest.raises(ValueError, match="999"):
        say(1000)


@pytest.mark.parametrize(
    ("number", "counter", "language", "whole", "keys"),
    [
        (
            "A025",
            "3",
            "vi",
            False,
            "please-number letter-a digit-0 digit-2 digit-5 to-counter whole-3",
        ),
        ("Đ025", "12", "km", True, "please-number letter-dd whole-25 to-counter whole-12"),
        (
            "A105",
            "3",
            "vi",
            True,
            "please-number letter-a hundred-1 link whole-5 to-counter whole-3",
        ),
        ("A125", "3", "vi", True, "please-number letter-a hundred-1 whole-25 to-counter whole-3"),
        (
            "A125",
            "3",
            "en",
            True,
            "please-number letter-a hundred-1 link whole-25 to-counter whole-3",
        ),
        ("A105", "3", "km", True, "please-number letter-a hundred-1 whole-5 to-counter whole-3"),
        ("A200", "Một", "vi", True, "please-number letter-a hundred-2 to-counter word-một"),
    ],
)
def test_the_recordings_that_say_the_same(number, counter, language, whole, keys) -> None:
    assert call_phrase(number, counter, language, whole).clip_keys == tuple(keys.split())


def test_letters_typed_with_separate_marks_are_the_same_letter() -> None:
    apart = unicodedata.normalize("NFD", "Ê001")
    assert call_phrase(apart, "1", "vi") == call_phrase("Ê001", "1", "vi")


def test_a_language_without_a_call_is_refused() -> None:
    with pytest.raises(ValueError, match="vi, en, km"):
        call_phrase("A001", "1", "fr")


@given(st.text(max_size=8), st.text(max_size=8), st.sampled_from(["vi", "en", "km"]), st.booleans())
def test_no_recording_has_a_name_that_leads_out_of_its_folder(
    number, counter, language, whole
) -> None:
    for key in call_phrase(number, counter, language, whole).clip_keys:
        assert not set(key) & set("/\\.\0")
