"""What people record so that calls are spoken by a person: names of files and words to say.

Taken from the phrases themselves (``hardware.voice.phrases``), so that the list and the calls
cannot drift apart. ``docs/voice.md`` is made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_uppercase

from hardware.voice import numbers
from hardware.voice.phrases import FRAMES, call_phrase, figure_part, letter_part, whole_part

LARGEST_WHOLE = 99
"""Up to here a whole number has a recording of its own; above, it is put together."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a pack."""

    name: str
    """The file is ``<language>/<name>.wav``."""
    words: str
    """What is said, as it is read out."""


def recordings(language: str, *, link: str = "lẻ") -> list[Recording]:
    """Every recording with which any call can be spoken, in the order in which to record them.

    ``link``: see ``numbers.vietnamese``. Raises ``ValueError`` for a language that has no call.
    """
    if language not in FRAMES:
        raise ValueError(f"no call in {language!r}; there is {', '.join(FRAMES)}")
    return list(_all(language, link))


def needed(
    language: str,
    letters: Iterable[str],
    counters: Iterable[str],
    *,
    whole_numbers: bool = False,
    link: str = "lẻ",
) -> list[Recording]:
    """The recordings that one hall's calls need: tickets 1 to 999 of its ``letters``."""
    keys: set[str] = set()
    for letter in letters:
        keys.update(letter_part(letter, language)[1])
    for counter in counters:
        keys.update(call_phrase("", counter, language, link=link).clip_keys)
    for number in range(1, numbers.LARGEST + 1):
        keys.update(call_phrase(f"{number:03d}", "", language, whole_numbers).clip_keys)
    return [recording for recording in recordings(language, link=link) if recording.name in keys]


def _all(language: str, link: str) -> Iterator[Recording]:
    before, _, rest = FRAMES[language].partition("{number}")
    between = rest.partition("{counter}")[0]
    yield Recording("please-number", before.strip(" ,"))
    yield Recording("to-counter", between.strip(" ,"))
    for sign in ascii_uppercase:
        yield from _of(letter_part(sign, language))
    for figure in range(10):
        yield from _of(figure_part(figure, language))
    for number in range(1, LARGEST_WHOLE + 1):
        yield from _of(whole_part(number, language, link))
    for hundreds in range(1, 10):
        yield from _of(whole_part(100 * hundreds, language, link))
    if joint := {"vi": link, "en": "and"}.get(language):
        yield Recording("link", joint)


def _of(part: tuple[str, tuple[str, ...]]) -> Iterator[Recording]:
    words, (name,) = part
    yield Recording(name, words)
