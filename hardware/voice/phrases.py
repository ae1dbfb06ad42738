"""The words of a call: which text is spoken, and which recordings say the same.

A ticket's figures are said one by one, as people read them off a slip, unless the office prefers
whole numbers. A counter's number is always whole: *quầy số mười hai*.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.voice import numbers

FRAMES = {
    "vi": "Xin mời số {number}, đến quầy số {counter}",
    "en": "Number {number}, please go to counter {counter}",
    "km": "សូមអញ្ជើញលេខ {number} មកបញ្ជរលេខ {counter}",
}
"""The call by language; these are the languages there are calls in."""

LETTERS_VI = {
    **dict(zip("ABCDĐEFGHIJKLM", "A Bê Xê Dê Đê E Ép Gờ Hát I Di Ca Lờ Mờ".split(), strict=True)),
    **dict(zip("NOPQRSTUVX", "Nờ O Pê Quy Rờ Sờ Tê U Vê Ích".split(), strict=True)),
    **dict(zip("ĂÂÊÔƠƯZ", "Á Ớ Ê Ô Ơ Ư Dét".split(), strict=True)),
    "W": "Vê kép",
    "Y": "I dài",
}
"""How letters are called in Vietnamese."""

_TYPED = {"Đ": "dd", "Ă": "aw", "Â": "aa", "Ê": "ee", "Ô": "oo", "Ơ": "ow", "Ư": "uw"}
"""Letters as Telex types them, for the names of recordings."""

_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")

_Words = Iterator[tuple[str, tuple[str, ...]]]
"""Pairs of a spoken word and the recordings that say it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One call."""

    language: str
    text: str
    """For a speaking machine; commas are short pauses. Khmer is spoken from recordings only."""
    clip_keys: tuple[str, ...]
    """Names of recordings, in order; the same in every language. See ``hardware.voice.clips``."""


def call_phrase(
    number: str, counter: str, language: str, whole_numbers: bool = False, *, link: str = "lẻ"
) -> Phrase:
    """The call of ticket ``number`` (``A025``) to ``counter`` (``3``).

    ``whole_numbers``: *hai mươi lăm* instead of *không, hai, năm*. ``link``: see
    ``numbers.vietnamese``. Raises ``ValueError`` for a language that has no call.
    """
    if language not in FRAMES:
        raise ValueError(f"no call in {language!r}; there is {', '.join(FRAMES)}")
    ticket = list(_ticket(_composed(number), language, whole_numbers, link))
    place = list(_counter(_composed(counter), language, link))
    text = FRAMES[language].format(
        number=", ".join(word for word, _ in ticket), counter=" ".join(word for word, _ in place)
    )
    clips = [("please-number",), *(keys for _, keys in ticket)]
    clips += [("to-counter",), *(keys for _, keys in place)]
    return Phrase(language, text, tuple(key for keys in clips for key in keys))


def _ticket(number: str, language: str, whole: bool, link: str) -> _Words:
    for part in _PARTS.findall(number):
        if not part.isdecimal():
            yield from (letter_part(sign, language) for sign in part)
        elif whole and int(part) <= numbers.LARGEST:
            yield whole_part(int(part), language, link)
        else:
            yield from _figures(part, language)


def _counter(counter: str, language: str, link: str) -> _Words:
    """A counter may have a name instead of a number; that is spoken as it is written."""
    for part in _PARTS.findall(counter):
        if not part.isdecimal():
            yield (
                letter_part(part, language) if len(part) == 1 else (part, (f"word-{part.lower()}",))
            )
        elif int(part) <= numbers.LARGEST:
            yield whole_part(int(part), language, link)
        else:
            yield from _figures(part, language)


def letter_part(sign: str, language: str) -> tuple[str, tuple[str, ...]]:
    """A letter as it is said, and the recordings that say it."""
    sign = sign.upper()
    word = LETTERS_VI.get(sign, sign) if language == "vi" else sign
    return word, (f"letter-{_TYPED.get(sign, sign.lower())}",)


def _figures(figures: str, language: str) -> _Words:
    yield from (figure_part(int(figure), language) for figure in figures)


def figure_part(figure: int, language: str) -> tuple[str, tuple[str, ...]]:
    """One figure of a number as it is said, and the recordings that say it."""
    word = {"vi": numbers.DIGITS_VI, "en": numbers.DIGITS_EN}.get(language)
    return (word[figure] if word else numbers.khmer(figure)), (f"digit-{figure}",)


def whole_part(number: int, language: str, link: str) -> tuple[str, tuple[str, ...]]:
    """A number from 0 to 999 as it is said, and the recordings that say it."""
    if language == "vi":
        word = numbers.vietnamese(number, link)
    else:
        word = numbers.english(number) if language == "en" else numbers.khmer(number)
    return word, numbers.clip_keys(number, language)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
