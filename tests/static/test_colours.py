"""Every colour of the family can be read on every ground it is used on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.offices.hallvalues import contrast_with_white

SHEET = (Path(__file__).parents[2] / "server/static/css/base.css").read_text("utf-8")
TOKENS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", SHEET))
READABLE = 4.5
"""WCAG 2.2, 1.4.3: text against what is behind it."""

TEXTS = ["ink", "ink-soft", "green", "amber", "red", "brand"]
TINTS = [name for name in TOKENS if name.startswith("tint-")]


def long(colour: str) -> str:
    """``#rrggbb`` of a colour that may be written ``#rgb``."""
    return colour if len(colour) == 7 else "#" + "".join(part * 2 for part in colour[1:])


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from the contrast that each has with white."""
    light, dark = sorted(contrast_with_white(long(colour)) for colour in (one, other))
    return dark / light


def test_the_sheet_has_the_tokens_of_the_family() -> None:
    assert len(TINTS) == 9
    assert {*TEXTS, "paper", "surface", "gold"} <= set(TOKENS)
    assert contrast("#000000", "#fff") == pytest.approx(21)


@pytest.mark.parametrize("ground", ["paper", "surface", "line"])
@pytest.mark.parametrize("text", [*TEXTS, *TINTS])
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= READABLE


def test_ink_can_be_read_on_gold_and_no_other_text_is_used_there() -> None:
    assert contrast(TOKENS["ink"], TOKENS["gold"]) >= 7
    rule = re.search(r"\.on-gold \{(?P<body>[^}]*)\}", SHEET)
    assert rule is not None and "color: var(--ink)" in rule["body"]
    assert re.search(r"\.on-gold \.number-letter \{\s*color: inherit;", SHEET)


def test_white_can_be_read_on_the_brand_and_on_ink() -> None:
    for ground in ("brand", "ink", *TINTS):
        assert contrast(TOKENS["brand-ink"], TOKENS[ground]) >= READABLE


def test_every_tint_a_hall_file_may_name_has_its_colour() -> None:
    named = set(
        re.findall(r'\[data-tint="([a-z]+)"\] \{ --tint: var\(--tint-([a-z]+)\); \}', SHEET)
    )
    assert {(tint.removeprefix("tint-"),) * 2 for tint in TINTS} == named
