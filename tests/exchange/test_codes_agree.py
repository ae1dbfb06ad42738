"""The hardware's scanner and the server recognise the same dossier codes.

The hardware room knows nothing of the server and the server little of the hardware, so each has its
own pattern; this is what holds them together.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.scanner.dossiers import DOSSIER_CODE, normal_code
from server.dossiers.codes import CODE, normalise

TYPED = st.builds(
    lambda code, dash, space, lower: (code.lower() if lower else code).replace(
        "-", f"{space}{dash}{space}"
    ),
    st.from_regex(DOSSIER_CODE, fullmatch=True),
    st.sampled_from("-‐‑‒–—−_"),
    st.sampled_from(["", " ", "\u00a0"]),
    st.booleans(),
)


def test_they_have_the_same_pattern() -> None:
    assert CODE.pattern == DOSSIER_CODE


@given(typed=TYPED)
def test_what_the_scanner_reads_the_server_recognises(typed: str) -> None:
    read = normal_code(typed)
    if read is not None:
        assert normalise(typed) == read


@pytest.mark.parametrize("code", ["H33.14-261301-0001", "H33.14-260230-0001"])
def test_a_code_of_no_day_is_none(code: str) -> None:
    assert normalise(code) is None
    assert normal_code(code) is None


def test_a_code_typed_with_spaces_is_one_code() -> None:
    assert normalise(" h33.14 – 260302 – 0001 ") == normal_code(" h33.14 – 260302 – 0001 ")
