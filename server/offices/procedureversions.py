"""Terms that follow each other: where each ends, and where each procedure stands on the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, zip_longest

from server.offices.procedurefile import ProcedureFileError
from server.offices.procedureterms import ProcedureRow

Key = tuple[str, str]
"""A procedure's code and the day from which its terms hold."""


def last_days(rows: Sequence[ProcedureRow], stored: Mapping[Key, str], file: str) -> dict[Key, str]:
    """The last day of all terms, stored ones and those of a file, once the file is loaded.

    Terms without an end last until the day before the next ones begin. What the file says counts;
    stored terms that it leaves out are cut short when it begins new ones before their end.

    Args:
        rows: of the file.
        stored: the last day of each terms stored so far, empty for no end.
        file: its name, for the messages.

    Raises:
        ProcedureFileError: the file says of terms that they last beyond the beginning of the next.
    """
    given = {(row.code, row.valid_from): row for row in rows}
    ends: dict[Key, str] = {}
    problems: list[tuple[int, str]] = []
    for code, group in groupby(sorted({*stored, *given}), key=lambda key: key[0]):
        keys = list(group)
        for key, following in zip_longest(keys, keys[1:]):
            row = given.get(key)
            ends[key] = row.valid_to if row else stored[key]
            if following is None or (ends[key] and ends[key] < following[1]):
                continue
            if row and row.valid_to:
                where = f"line {given[following].line}" if following in given else "the catalogue"
                words = f'overlaps the terms of "{code}" from {following[1]} in {where}'
                problems.append(
                    (
                        row.line,
                        f"{file}:{row.line}: valid_to: {row.valid_to} {words}; leave it empty, or "
                        "end it before",
                    )
                )
            ends[key] = day_before(following[1])
    if problems:
        raise ProcedureFileError([words for _, words in sorted(problems)])
    return ends


def positions(rows: Sequence[ProcedureRow], stored: Mapping[Key, int]) -> dict[Key, int]:
    """Where the file's rows stand on the board.

    A file with everything that is stored sets the order. Any other leaves what there is in its
    place: new terms stand where those before them stood, new procedures come last.
    """
    keys = [(row.code, row.valid_from) for row in rows]
    if keys == sorted(stored, key=lambda key: (stored[key], *key)):
        return dict(stored)
    if stored.keys() <= set(keys):
        return {key: place for place, key in enumerate(keys)}
    places = dict(stored)
    of_code = {code: place for (code, _), place in sorted(stored.items())}
    last = max(stored.values())
    for key in keys:
        if key[0] not in of_code:
            last += 1
            of_code[key[0]] = last
        places.setdefault(key, of_code[key[0]])
    return places


def day_before(iso: str) -> str:
    """The ISO date one day earlier."""
    return (date.fromisoformat(iso) - timedelta(days=1)).isoformat()
