"""The reference part of docs/hall-file.md, made from the schema.

``python -m server.offices.hallguide`` writes it.
A test fails when the document is not what this writes, so that it cannot drift.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel
from pydantic.fields import FieldInfo

from server.offices import hallvalues, logos
from server.offices.hallschema import HallFile, Lines, Week, Windows, Words
from server.offices.hallvalues import quoted
from server.offices.hallwriting import toml_value

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "hall-file.md"
BEGIN = "<!-- fields: made by `python -m server.offices.hallguide`, do not edit -->"
END = "<!-- end of fields -->"

UNITS = {
    "before_minutes": "minutes",
    "stop_minutes": "minutes",
    "elderly_age": "years",
    "overdue_after_minutes": "minutes",
    "no_show_return_minutes": "minutes",
    "no_show_return_places": "people",
    "show_left_below": "numbers",
    "idle_seconds": "seconds",
    "times": "times",
    "daily_cap": "numbers a day",
    "typical_minutes": "minutes",
    "limit_minutes": "minutes",
    "paper_mm": "millimetres",
}
"""What a number in the file counts."""

SHARED: dict[type[BaseModel], str] = {
    Words: "words",
    Lines: "lines",
    Week: "a week",
    Windows: "a week",
}
"""Tables that occur in many places; each is described once, at the end."""

KINDS = {
    str: "one line of text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date without quotes, `2026-02-16`",
}
BOUNDS = {"gt": "more than", "ge": "from", "le": "to", "max_length": "length at most"}

ALLOWED: dict[Any, str] = {
    hallvalues.apart: '`[["07:00", "11:00"], ["13:00", "17:00"]]`, to "24:00", not overlapping',
    hallvalues.brand_colour: "`#` and six digits; contrast with white at least 4.5:1",
    hallvalues.code_like: "small letters a–z, digits, single dashes inside",
    hallvalues.counter_number: '"1" to "999", or with a letter behind: "3B"',
    hallvalues.field_code: "codes in capital letters",
    hallvalues.icon_name: "a name of `ICONS` in server/vendor.py",
    hallvalues.priority_rule: '"2:1" (any two numbers from 1 to 99), "strict", "none"',
    hallvalues.printer_uri: "`HOW://WHERE` with network, usb, serial, file, cups or win32; "
    "`virtual:FOLDER`",
    hallvalues.service_letter: 'one capital letter, "A" to "Z"',
    hallvalues.sign_in_name: "small letters a–z, digits, `.`, `-`, `_`; at most 64",
    logos.office_logo: "a PNG file beside this one, 24 to 2000 pixels across and down, at most "
    "1000 kB; or the same as `data:image/png;base64,…`",
    hallvalues.time_zone: "a name of the IANA time zone database",
}
"""What the functions of :mod:`server.offices.hallvalues` allow, in few words."""


def reference() -> str:
    """Every table of the hall file with its fields, as Markdown."""
    return "\n".join([*_sections(HallFile, ""), *_shared()]) + "\n"


def refreshed(document: str) -> str:
    """``document`` with the part between the marks made anew."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


def _sections(model: type[BaseModel], path: str) -> Iterator[str]:
    for name, field in _fields(model):
        inner = table_of(field.annotation)
        if inner is None or inner in SHARED:
            continue
        here = f"{path}.{name}" if path else name
        yield f"### `{_header(here, field)}`\n"
        yield f"{_plain_words(inner)}\n"
        yield from _rows(inner)
        yield from _sections(inner, here)


def _shared() -> Iterator[str]:
    for model in (Words, Lines, Week):
        yield f"### {SHARED[model].capitalize()}\n"
        yield f"{_plain_words(model)}\n"
        yield from _rows(model)


def _rows(model: type[BaseModel]) -> Iterator[str]:
    yield "| field | what it is | allowed | unit | default |"
    yield "|---|---|---|---|---|"
    for name, field in _fields(model):
        cells = (
            f"`{name}`",
            field.description or "",
            _allowed(field),
            UNITS.get(name, ""),
            _default(field),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(field.alias or name, field) for name, field in model.model_fields.items()]


def _header(path: str, field: FieldInfo) -> str:
    return f"[[{path}]]" if get_origin(field.annotation) is list else f"[{path}]"


def _plain_words(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def bare(kind: Any) -> Any:
    """The type inside ``Annotated`` and ``| None``."""
    while hasattr(kind, "__metadata__") or get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]
    return kind


def table_of(kind: Any) -> type[BaseModel] | None:
    """The model of a table or of a list of tables; none for a plain value."""
    kind = bare(kind)
    if get_origin(kind) is list:
        kind = bare(get_args(kind)[0])
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _allowed(field: FieldInfo) -> str:
    return _words_for(field.annotation, list(field.metadata))


def _words_for(kind: Any, limits: list[Any]) -> str:
    """What is allowed, in words; ``limits`` is what stands around the type."""
    while hasattr(kind, "__metadata__") or get_origin(kind) in (Union, UnionType):
        for note in getattr(kind, "__metadata__", ()):
            limits += note.metadata if isinstance(note, FieldInfo) else [note]
        kind = get_args(kind)[0]
    said = [ALLOWED[note.func] for note in limits if _is_explained(note)]
    if said and get_origin(kind) is not list:
        return ", ".join([*said, *_bounds(limits)])
    if said:
        return said[0]
    inner = table_of(kind)
    if inner is not None:
        many = get_origin(kind) is list
        if inner in SHARED:
            return f"tables of {SHARED[inner]}" if many else SHARED[inner]
        return "tables, below" if many else "a table, below"
    if get_origin(kind) is Literal:
        return quoted(get_args(kind))
    if get_origin(kind) is list:
        return f"list of {_words_for(get_args(kind)[0], [])}"
    return ", ".join([KINDS[kind], *_bounds(limits)])


def _is_explained(note: Any) -> bool:
    return isinstance(note, AfterValidator) and note.func in ALLOWED


def _bounds(limits: list[Any]) -> list[str]:
    found = [
        f"{words} {getattr(limit, name)}"
        for limit in limits
        for name, words in BOUNDS.items()
        if getattr(limit, name, None) is not None
    ]
    return list(dict.fromkeys(found))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    value = field.default
    if value is None or value == [] or isinstance(value, BaseModel):
        return "none" if not isinstance(value, BaseModel) else "as below"
    return f"`{toml_value(value)}`"


def main() -> int:
    """Write the reference into the document."""
    DOCUMENT.write_text(refreshed(DOCUMENT.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
