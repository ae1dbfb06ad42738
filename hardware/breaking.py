"""Where a line ends: pure rules over texts and a function that measures them."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable
from math import inf

Measure = Callable[[str], float]
"""The width of a text on one line."""

ZERO_WIDTH_SPACE = "\u200b"
"""Khmer's word separator: no ink, but a line may end there."""
_ENDS = f" {ZERO_WIDTH_SPACE}"
_COENG = "\u17d2"
"""The sign that puts the next Khmer consonant underneath; the two are never parted."""
_JOINERS = "\u200c\u200d"
_ELLIPSIS = "…"
_WORD = re.compile(f"[^{_ENDS}]*[{_ENDS}]|[^{_ENDS}]+")


def filled(text: str, measure: Measure, width: float) -> list[str]:
    """As few lines as possible, none wider than ``width``; a too long word is split."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if measure((line + word).rstrip(_ENDS)) <= width:
            line += word
            continue
        if line.strip(_ENDS):
            lines.append(line.rstrip(_ENDS))
        line = word
        while measure(line.rstrip(_ENDS)) > width:
            head, line = _split(line, measure, width)
            lines.append(head)
    return [*lines, line.rstrip(_ENDS)] if line.strip(_ENDS) else lines


def evened(text: str, measure: Measure, width: float, count: int) -> list[str] | None:
    """``text`` on exactly ``count`` lines, about equally long and ended where a reader pauses.

    None when that cannot be done without splitting a word.
    """
    words = _words(text)
    inked = [measure(word.rstrip(_ENDS)) for word in words]
    full = [measure(word) for word in words]
    ideal = sum(full) / count

    @functools.cache
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        """The least cost of setting the words from ``start`` on ``left`` lines, and their ends."""
        if left == 0:
            return (0.0 if start == len(words) else inf), ()
        found: tuple[float, tuple[int, ...]] = (inf, ())
        length = 0.0
        for last in range(start, len(words) - left + 1):
            if length + inked[last] > width:
                break
            length += full[last]
            rest, ends = best(last + 1, left - 1)
            cost = rest + ((length - ideal) / ideal) ** 2
            if left > 1:
                cost += _reluctance(words[last].rstrip(_ENDS), words[last + 1])
            found = min(found, (cost, (last + 1, *ends)))
        return found

    cost, ends = best(0, count)
    if cost == inf:
        return None
    lines = ["".join(words[a:b]).rstrip(_ENDS) for a, b in itertools.pairwise((0, *ends))]
    # Widths were added up word by word; kerning between them may make a dot's difference.
    return lines if all(measure(line) <= width for line in lines) else None


def shortened(line: str, measure: Measure, width: float) -> str:
    """``line`` with an ellipsis, and as much of its text before that as there is room for.

    It ends after a whole word, unless that would leave less than half of what there is room for.
    """
    letters = _letters(line)
    while letters and measure("".join(letters).rstrip() + _ELLIPSIS) > width:
        letters.pop()
    kept = "".join(letters)
    if line.startswith(kept) and line[len(kept) : len(kept) + 1] not in ("", *_ENDS):
        whole = max(kept.rfind(end) for end in _ENDS)
        if measure(kept[: max(whole, 0)]) > width / 2:
            kept = kept[:whole]
    return kept.rstrip(f"{_ENDS},.;:·–-") + _ELLIPSIS


def _reluctance(before: str, after: str) -> float:
    """How much a reader minds a line that ends between two words; negative: welcomes it."""
    if before.endswith((",", ";", ":", ".", ")", "·", "–")) or after.startswith("("):
        return -0.12
    if before[-1:].isdigit() or (before[:1].isupper() and after[:1].isupper()):
        return 0.1  # "30 phút", "Vĩnh Thuận"
    return 0.0


def _words(text: str) -> list[str]:
    """The pieces a line may be broken between, each with the space that follows it."""
    return _WORD.findall(text)


def _split(word: str, measure: Measure, width: float) -> tuple[str, str]:
    """As much of a too long word as fits on a line, at least one letter; and the rest."""
    letters = _letters(word)
    count = 1
    while count < len(letters) and measure("".join(letters[: count + 1])) <= width:
        count += 1
    return "".join(letters[:count]), "".join(letters[count:])


def _letters(word: str) -> list[str]:
    """``word`` in what a reader takes for one letter: with its marks, joiners and subscripts."""
    letters: list[str] = []
    for sign in word:
        bound = unicodedata.category(sign).startswith("M") or sign in _JOINERS
        if letters and (bound or letters[-1].endswith((_COENG, *_JOINERS))):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters
