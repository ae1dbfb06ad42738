"""What a Vietnamese input method makes of keys typed fast: Telex and VNI as UniKey has them.

A stand-in written from the rules of the two methods, not from our reading of their results: marks
and tones may come anywhere later in the word, the same key again takes them back and is written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323", "z": ""}
VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323", "0": ""}
VNI_MARKS = {"6": (CIRCUMFLEX, "aeo"), "7": (HORN, "uo"), "8": (BREVE, "a")}
VOWELS = "aeiouy"


@dataclass
class Letter:
    """One letter of the word being typed."""

    base: str
    mark: str = ""
    tone: str = ""
    alone: str = ""
    """The ``w`` that became ``ư`` by itself."""


@dataclass
class Word:
    """The word so far; after something was taken back the rest of it is left alone."""

    letters: list[Letter] = field(default_factory=list)
    spoiled: bool = False

    def mark(self, key: str, mark: str, bases: str) -> bool:
        """Put ``mark`` on the last letter that can have it; whether the key is swallowed."""
        fitting = [one for one in self.letters if one.base.lower() in bases]
        if not fitting:
            return False
        if fitting[-1].mark == mark:
            fitting[-1].mark, self.spoiled = "", True
            alone = fitting[-1].alone  # "ww" is "w" again
            fitting[-1].base = alone or fitting[-1].base
            return bool(alone)
        fitting[-1].mark = mark
        return True

    def tone(self, key: str, tone: str) -> bool:
        """Put ``tone`` on the last vowel; whether the key is swallowed."""
        vowels = [one for one in self.letters if one.base.lower() in VOWELS]
        if not vowels:
            return False
        toned = next((one for one in vowels if one.tone), None)
        if not tone:
            if toned is None:
                return False
            toned.tone = ""
            return True
        if toned is not None and toned.tone == tone:
            toned.tone, self.spoiled = "", True
            return False
        if toned is not None:
            toned.tone = ""
        vowels[-1].tone = tone
        return True


def typed(text: str, method: str) -> str:
    """What stands on the screen after ``text`` was typed with ``telex`` or ``vni`` switched on."""
    done: list[Letter] = []
    word = Word()
    for key in text:
        if (key.isalpha() and key.isascii()) or (
            method == "vni" and key.isdigit() and word.letters
        ):
            if word.spoiled or not _swallows(word, key, method):
                word.letters.append(Letter(key))
        else:
            done += [*word.letters, Letter(key)]
            word = Word()
    return unicodedata.normalize("NFC", "".join(map(_written, [*done, *word.letters])))


def _swallows(word: Word, key: str, method: str) -> bool:
    low = key.lower()
    if method == "vni":
        if low in VNI_TONES:
            return word.tone(low, VNI_TONES[low])
        if low in VNI_MARKS:
            return word.mark(low, *VNI_MARKS[low])
        return low == "9" and word.mark(low, "-", "d")
    if low in TELEX_TONES:
        return word.tone(low, TELEX_TONES[low])
    if low in "aeo":
        return word.mark(low, CIRCUMFLEX, low)
    if low == "d":
        return word.mark(low, "-", "d")
    if low == "w":
        if word.mark(low, HORN, "uo") or (not word.spoiled and word.mark(low, BREVE, "a")):
            return True
        if not word.spoiled:
            word.letters.append(Letter("U" if key.isupper() else "u", HORN, alone=key))
            return True
    return False


def _written(letter: Letter) -> str:
    if letter.mark == "-":
        return "Đ" if letter.base.isupper() else "đ"
    return letter.base + letter.mark + letter.tone
