"""Finding a procedure by a few letters: without accents, in any order, in any of the languages.

``server/static/js/searching.js`` does the same for the screens, and ``tests/offices/searches.json``
holds both to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

Found = TypeVar("Found", bound=Mapping[str, Any])

_MARKS = re.compile("[\u0300-\u036f]")
_BETWEEN = re.compile(r"[\s\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+")
_CODE = re.compile(
    r"([0-9])\.([0-9]{6})(?:\.[0-9]{3}(?:\.[0-9]{2}){2}(?:\.[gh][0-9]{2})?)?(?![0-9])"
)
_KHMER = re.compile("[\u1780-\u17ff]")

NOWHERE = 9


def plain(words: str) -> str:
    """``words`` in small letters without accents, đ as d, one space between words.

    Khmer vowel signs are letters and stay. A code loses its dots and a portal's suffix.
    """
    low = _MARKS.sub("", unicodedata.normalize("NFD", words.lower())).replace("đ", "d")
    return _BETWEEN.sub(" ", _CODE.sub(r"\1\2", low)).strip()


def accented(words: str) -> str:
    """As :func:`plain`, but with the accents, composed one way."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFC", words.lower())).strip()


def rank(query: str, procedure: Mapping[str, Any]) -> tuple[int, int]:
    """How well a procedure fits, lower first.

    ``0`` its code, ``1`` these words in a name as they are written, ``2`` without accents, ``3``
    all of them somewhere in one name, ``4`` in its names, field and code together,
    :data:`NOWHERE` not at all; then the number of words in that name: a short one fits better.

    Args:
        query: what somebody has typed.
        procedure: with ``code``, ``names`` and ``field_names`` by language.
    """
    asked = plain(query)
    parts = asked.split()
    digits = plain(procedure["code"])
    if not parts or asked == digits:
        return 0, 0
    names = [name for name in procedure["names"].values() if name]
    best = min((_fit(query, asked, parts, name) for name in names), default=(NOWHERE, 0))
    if best[0] < NOWHERE:
        return best
    everything = plain(" ".join([*names, *procedure["field_names"].values()]))
    text = f" {everything} {digits} {digits[1:]}"
    return (4, 0) if all(_within(part, text) for part in parts) else (NOWHERE, 0)


def search(query: str, procedures: Iterable[Found]) -> list[Found]:
    """Those that fit, the best first, else in their own order; all of them for an empty query."""
    ranked = [(rank(query, one), place, one) for place, one in enumerate(procedures)]
    found = sorted((fit, place) for fit, place, _ in ranked if fit[0] < NOWHERE)
    return [ranked[place][2] for _, place in found]


def _fit(query: str, asked: str, parts: list[str], name: str) -> tuple[int, int]:
    text = f" {plain(name)}"
    length = len(text.split())
    if _within(accented(query), f" {accented(name)}"):
        return 1, length
    if _within(asked, text):
        return 2, length
    return (3, length) if all(_within(part, text) for part in parts) else (NOWHERE, 0)


def _within(part: str, text: str) -> bool:
    """Whether a word of ``text`` begins so; Khmer, which has no spaces, anywhere."""
    return (part if _KHMER.search(part) else f" {part}") in text
