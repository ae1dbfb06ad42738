"""A hall file in its canonical form: the same halls always give the same text.

Offices stand below the office above them, those of one level by slug; people by name. Every field
is written also where it has its default, so that a technician sees what can be set; an office
without services is only a place in the tree and keeps its defaults to itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from server.offices.hallschema import HallFile, OfficePart

WIDTH = 100
"""A list that is longer than this has one element a line."""

_OF_A_HALL = ("issuing", "rules", "voice")


def written(hall: HallFile) -> str:
    """The canonical text of a hall file; reading it gives the same halls."""
    offices = [_plain(office) for office in _from_above(hall.office)]
    return "\n".join(_table({"office": offices}, "")).lstrip("\n") + "\n"


def _from_above(offices: list[OfficePart]) -> Iterator[OfficePart]:
    """Each office before those below it; siblings by slug."""
    known = {office.slug for office in offices}

    def below(parent: str | None) -> Iterator[OfficePart]:
        for office in sorted(offices, key=lambda office: office.slug):
            if (office.parent if office.parent in known else None) == parent:
                yield office
                yield from below(office.slug)

    yield from below(None)


def _plain(office: OfficePart) -> dict[str, Any]:
    """The office as TOML values, without what is empty."""
    data = office.model_dump(by_alias=True, exclude_none=True)
    if not office.service:
        spare = office.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
        data = {key: value for key, value in data.items() if key not in _OF_A_HALL or key in spare}
    data["person"] = sorted(data["person"], key=lambda person: str(person["name"]))
    windows = data.get("issuing", {}).get("windows")
    filled: dict[str, Any] = _without_empty(data)
    if windows:  # an empty list here says something: no numbers on that day
        filled["issuing"]["windows"] = windows
    return filled


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_empty(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in ({}, [])}
    if isinstance(value, list):
        return [_without_empty(inner) for inner in value]
    return value


def _table(data: dict[str, Any], name: str) -> Iterator[str]:
    """The lines of a table: first its values, then the tables in it, in the schema's order."""
    inner = {key: value for key, value in data.items() if _is_table(value) or _are_tables(value)}
    for key, value in data.items():
        if key not in inner:
            yield from _pair(key, value)
    for key, value in inner.items():
        path = f"{name}.{key}" if name else key
        for table in value if isinstance(value, list) else [value]:
            yield ""
            yield f"[[{path}]]" if isinstance(value, list) else f"[{path}]"
            yield from _table(table, path)


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _pair(key: str, value: Any) -> Iterator[str]:
    line = f"{key} = {toml_value(value)}"
    sentences = isinstance(value, list) and any(" " in one for one in value if isinstance(one, str))
    if isinstance(value, list) and value and (sentences or len(line) > WIDTH):
        yield f"{key} = ["
        yield from (f"    {toml_value(one)}," for one in value)
        yield "]"
    else:
        yield line


def toml_value(value: Any) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(toml_value(one) for one in value)}]"
        case _:
            # JSON and TOML agree on strings, but for control characters, which the schema refuses.
            return json.dumps(str(value), ensure_ascii=False)
