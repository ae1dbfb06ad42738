"""What is wrong with a hall file: each problem with its line, its field and what is allowed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server.errors import Invalid
from server.offices.halllines import Path, line_of, lines_of


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: where it stands in the data, and what to do."""

    path: Path
    words: str


class HallFileError(Invalid):
    """The file cannot be loaded; nothing was changed. ``problems`` has a line for each reason."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__(
            "The hall file was not loaded; problems in it: %(count)s.", count=len(self.problems)
        )


def read_toml(text: str, file: str) -> dict[str, Any]:
    """The raw data of a TOML text.

    Raises:
        HallFileError: it is not TOML; names the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        line = int(found[1]) if found else text.count("\n", 0, len(text.rstrip())) + 1
        words = str(error).split(" (at ")[0]
        where = f"column {found[2]}" if found else "at the end of the file"
        raise HallFileError([f"{file}:{line}: syntax: {words} ({where})"]) from None


def described(problems: Iterable[Problem], text: str, file: str) -> list[str]:
    """Each problem as ``FILE:LINE: field.path: words``, in the order of the lines."""
    lines = lines_of(text)
    found = {(line_of(lines, p.path), field_path(p.path), p.words): None for p in problems}
    return [one_line(f"{file}:{line}: {field}: {words}") for line, field, words in sorted(found)]


def one_line(words: str) -> str:
    """``words`` with line breaks and control characters written out, as a file may hold them."""
    return "".join(
        repr(sign)[1:-1] if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in words
    )


def field_path(path: Path) -> str:
    """A path as the headers of the file write it: ``office.service.letter``."""
    return ".".join(part for part in path if isinstance(part, str)) or "file"
