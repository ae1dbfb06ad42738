"""What a check answers: a level and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "attention", "fault"]
"""``attention``: it works, and somebody should look; ``fault``: the hall cannot work so."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer."""

    level: Level
    words: str
    """In English, for the technician; what to do is in it where there is something to do."""

    def __str__(self) -> str:
        return f"{self.level:<9}  {self.words}"


def named(things: list[str], most: int = 5) -> str:
    """The first few of a list, and how many more there are.

    >>> named(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    more = len(things) - most
    return f"{', '.join(things[:most])} and {more} more" if more > 0 else ", ".join(things)
