"""Codes of dossiers and procedures: as printed, and as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.dossiers.codes import CODE, CodePattern, make_code, normalise, procedure_code


def test_an_office_numbers_its_dossiers_by_day() -> None:
    assert make_code(CodePattern("H33.14"), date(2026, 11, 24), 1) == "H33.14-261124-0001"
    assert (
        make_code(CodePattern("000.17.22.H56", 6), date(2021, 5, 31), 12)
        == "000.17.22.H56-210531-000012"
    )


@pytest.mark.parametrize(
    "printed", ["000.17.22.H56-210531-0001", "H56.14-240823-0001", "H56.14-240823-000123"]
)
def test_printed_codes_are_recognised(printed: str) -> None:
    assert normalise(printed) == printed


@pytest.mark.parametrize(
    "typed",
    [
        "h56.14-240823-0001",
        "  H56.14 - 240823 - 0001 ",
        "H56.14–240823—0001",
        "h56 14 240823 0001",
        "H56.14.240823.0001",
        "H56.14 2408230001",
        "H56-14-240823-0001",
        "Ｈ56.14-240823-0001",
        "H56.14-2408 23-0001",
    ],
)
def test_case_spaces_and_dashes_are_forgiven(typed: str) -> None:
    assert normalise(typed) == "H56.14-240823-0001"


@pytest.mark.parametrize(
    "typed",
    ["", "A012", "H56", "H56.14-240823", "H56.14-240823-001", "X56-240823-0001", "٢٤٠٨٢٣", "-"],
)
def test_what_is_no_code_is_not_taken_for_one(typed: str) -> None:
    assert normalise(typed) is None


@given(st.text(max_size=40))
def test_anything_typed_gives_a_code_or_nothing(typed: str) -> None:
    found = normalise(typed)
    assert found is None or CODE.fullmatch(found)


codes = st.builds(
    make_code,
    st.builds(
        CodePattern,
        st.sampled_from(("H33", "H33.14", "H56.14.123", "000.17.22.H56", "G01.9")),
        st.integers(4, 6),
    ),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 9999),
)


@given(codes, st.sampled_from(" .-–"), st.sampled_from((" ", "  ", "-", "—")), st.booleans())
def test_a_code_survives_any_separators(code: str, dot: str, dash: str, small: bool) -> None:
    typed = code.replace("-", dash).replace(".", dot)
    assert normalise(typed.lower() if small else typed) == code


def test_a_pattern_that_makes_no_codes_is_refused() -> None:
    for agency, digits in (("33", 4), ("H33.", 4), ("H33", 3), ("H33", 7), ("h33", 4)):
        with pytest.raises(ValueError, match="identifier"):
            CodePattern(agency, digits)
    with pytest.raises(ValueError, match="six digits"):
        make_code(CodePattern("H33"), date(2026, 1, 1), 1_000_000)


def test_a_procedure_code_is_compared_without_its_suffix() -> None:
    assert procedure_code("1.001699.000.00.00.H17") == "1.001699"
    assert procedure_code(" 1.001699 ") == "1.001699"
    assert procedure_code("1.00169") is None
