"""On which line of a TOML text each value begins.

Neither ``tomllib`` nor ``tomlkit`` says where a value was. This reads the text a second time and
keeps nothing but paths and lines. It relies on ``tomllib`` having accepted the text before: it
skips over values, it does not judge them. A test compares its paths with what ``tomllib`` read.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t]|\r?\n|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}(?!")'''
    r"""|\'\'\'.*?\'{3,5}(?!\')"""
    r"""|"(?:[^"\\]|\\.)*"|'[^']*\'""",
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\r\n]+")


def lines_of(text: str) -> dict[Path, int]:
    """The first line, from 1, of every key, table and list element of a valid TOML text.

    Paths are those of the data ``tomllib`` gives: ``("office", 0, "service", 2, "letter")``.
    """
    reader = _Reader(text)
    reader.read()
    return reader.lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest table around it that is written down."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.counted, self.line = 0, 1
        self.lines: dict[Path, int] = {}
        self.lengths: dict[Path, int] = {}
        """How many tables each array of tables has so far."""

    def read(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self._next("[["):
                table = self._array_table()
            elif self._next("["):
                table = self._resolve(self._key())
                self._note(table)
                self._expect("]")
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _array_table(self) -> Path:
        key = self._key()
        array = (*self._resolve(key[:-1]), key[-1])
        index = self.lengths.get(array, 0)
        self.lengths[array] = index + 1
        if index == 0:
            self._note(array)
        self._note((*array, index))
        self._expect("]]")
        return (*array, index)

    def _resolve(self, key: Path) -> Path:
        """The path a header means: inside the last table of each array on the way."""
        path: Path = ()
        for part in key:
            path = (*path, part)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._key())
        self._note(path, start, keep=len(table))
        self._expect("=")
        self._value(path)

    def _key(self) -> Path:
        parts: list[str | int] = []
        while True:
            self._skip(_SPACE)
            raw = self._skip(_KEY)
            parts.append(_unquoted(raw))
            self._skip(_SPACE)
            if not self._next("."):
                return tuple(parts)

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        if self._next("["):
            self._list(path)
        elif self._next("{"):
            self._inline_table(path)
        elif self.text[self.at] in "\"'":
            self._skip(_STRING)
        else:
            self._skip(_BARE)

    def _list(self, path: Path) -> None:
        index = 0
        self._skip(_BLANK)
        while not self._next("]"):
            self._note((*path, index))
            self._value((*path, index))
            index += 1
            self._skip(_BLANK)
            self._next(",")
            self._skip(_BLANK)

    def _inline_table(self, path: Path) -> None:
        self._skip(_BLANK)
        while not self._next("}"):
            self._pair(path)
            self._skip(_BLANK)
            self._next(",")
            self._skip(_BLANK)

    def _note(self, path: Path, at: int | None = None, keep: int = 0) -> None:
        """Remember the line of ``path`` and of the tables it makes in passing."""
        at = self.at if at is None else at
        self.line += self.text.count("\n", self.counted, at)
        self.counted = at
        for length in range(keep + 1, len(path) + 1):
            self.lines.setdefault(path[:length], self.line)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:  # cannot happen in a text that tomllib accepts
            raise ValueError(f"not TOML at character {self.at}")
        self.at = match.end()
        return match[0]

    def _next(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def _expect(self, sign: str) -> None:
        self._skip(_SPACE)
        if not self._next(sign):
            raise ValueError(f"not TOML at character {self.at}")


def _unquoted(key: str) -> str:
    if key[0] in "\"'":
        return next(iter(tomllib.loads(f"{key} = 0")))
    return key
