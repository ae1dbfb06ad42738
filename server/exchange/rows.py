"""What a row of a file of dossiers may say: one dossier of another system with its history.

The fields are the columns of the CSV form and the keys of the JSON lines; docs/exchange.md lists
them for people.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from server.dossiers.codes import normalise, procedure_code
from server.dossiers.steps import STEPS
from server.errors import marked

YEARS = range(2000, 2100)
"""No dossier is older, and beyond a moment may not exist in another time zone."""

CONFIG = ConfigDict(extra="forbid")


OWN = {
    "moment": marked("write a moment like 2026-03-02T08:30:00+07:00"),
    "code": marked("no dossier code; write one like H33.14-260302-0001"),
    "procedure": marked("no procedure code; write one like 1.004873"),
    "day": marked("write a date like 2026-03-02"),
    "step": marked("there is no such step; there are: %(steps)s"),
}
"""What our own readers of values want, by the kind of problem."""


def _wrong(kind: str) -> PydanticCustomError:
    return PydanticCustomError(kind, "", {"steps": ", ".join(STEPS)} if kind == "step" else None)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and len(value) >= 16:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            pass
        else:
            if moment.year in YEARS:
                return moment
    raise _wrong("moment")


def _code(value: object) -> str:
    code = normalise(value) if isinstance(value, str) and len(value) <= 100 else None
    if code is None or len(code) > 40:
        raise _wrong("code")
    return code


@lru_cache(4096)
def _procedure(value: object) -> str:
    code = procedure_code(value) if isinstance(value, str) and len(value) <= 64 else None
    if code is None:
        raise _wrong("procedure")
    return code


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value)[:10] if isinstance(value, str) else "")
    except ValueError:
        raise _wrong("day") from None


def _kind(value: object) -> str:
    if isinstance(value, str) and value in STEPS:
        return value
    raise _wrong("step")


Moment = Annotated[datetime, PlainValidator(_moment)]
Day = Annotated[date, PlainValidator(_day)]
Kind = Annotated[str, PlainValidator(_kind)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Slug = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Phone = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20, pattern=r"^(\+?[0-9][0-9 .-]*)?$")
]
Identity = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20, pattern=r"^[0-9A-Z]*$")
]
Email = Annotated[str, StringConstraints(max_length=200, pattern=r"^([^@\s]+@[^@\s]+)?$")]


@dataclass(slots=True, config=CONFIG)
class Person:
    """Who handed it in, or collected it. Empty: not told, which changes nothing that is known."""

    name: Name = ""
    phone: Phone = ""
    identity_number: Identity = ""
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    email: Email = ""


@dataclass(slots=True, config=CONFIG)
class Event:
    """A step that was taken in the other system."""

    kind: Kind
    at: Moment
    note: Words = ""
    by: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""
    """Who took it there; staff, never a citizen."""
    agency: Annotated[str, StringConstraints(max_length=32)] = ""
    missing: Annotated[list[Name], Field(max_length=30)] = field(default_factory=list)
    reason: Words = ""
    promised_on: Day | None = None


@dataclass(slots=True, config=CONFIG)
class Part:
    """An agency's planned share of an interlinked dossier."""

    agency: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    share: Annotated[int, Field(ge=1, le=999)]
    position: Annotated[int, Field(ge=1, le=99)] = 1


@dataclass(slots=True, config=CONFIG)
class Paper:
    """One kind of paper that was handed in."""

    name: Name
    kind: Literal["original", "copy", "certified", "electronic"] = "copy"
    count: Annotated[int, Field(ge=1, le=999)] = 1


@dataclass(slots=True, config=CONFIG)
class Row:
    """One dossier as another system has it."""

    code: Annotated[str, PlainValidator(_code)]
    office: Slug
    procedure: Annotated[str, PlainValidator(_procedure)]
    accepted_at: Moment | None = None
    """In place of an ``accept`` in ``steps``; likewise the two below for ``finish``, ``return``."""
    finished_at: Moment | None = None
    returned_at: Moment | None = None
    steps: Annotated[list[Event], Field(max_length=200)] = field(default_factory=list)
    channel: Annotated[int, Field(ge=1, le=3)] = 1
    status: Annotated[int, Field(ge=1, le=10)] | None = None
    """How it stands there; checked against the steps, never taken for true."""
    due_on: Day | None = None
    """When it is due there; checked against the steps, never taken for true."""
    count: Annotated[int, Field(ge=1, le=999)] | None = None
    """How many of the procedure's unit it takes, where the catalogue does not say."""
    sets: Annotated[int, Field(ge=1, le=99)] | None = None
    papers: Annotated[list[Paper], Field(max_length=50)] = field(default_factory=list)
    parts: Annotated[list[Part], Field(max_length=30)] = field(default_factory=list)
    applicant: Person | None = None
    collector: Person | None = None


FIELDS = tuple(Row.__dataclass_fields__)
PERSON_FIELDS = tuple(Person.__dataclass_fields__)
PAPER_FIELDS = tuple(Paper.__dataclass_fields__)
PEOPLE = ("applicant", "collector")
LISTS = ("steps", "papers", "parts")
"""In CSV a cell of these holds JSON."""

COLUMNS = (
    *(name for name in FIELDS if name not in PEOPLE),
    *(f"{person}_{name}" for person in PEOPLE for name in PERSON_FIELDS),
)
"""Of the CSV form."""

_ADAPTER = TypeAdapter(Row)

WORDS = {
    "missing": marked("is missing"),
    "string_too_long": marked("is too long; at most %(max_length)s characters"),
    "string_too_short": marked("is missing"),
    "too_long": marked("too many; at most %(max_length)s"),
    "greater_than_equal": marked("at least %(ge)s"),
    "less_than_equal": marked("at most %(le)s"),
    "int_parsing": marked("a whole number is wanted"),
    "int_from_float": marked("a whole number is wanted"),
    "int_type": marked("a whole number is wanted"),
    "literal_error": marked("there is no such kind; there are: %(expected)s"),
}
"""Pydantic's kinds of problems in our words, which can be translated."""

UNKNOWN_FIELD = "unexpected_keyword_argument"


@dataclasses.dataclass(slots=True)
class Problem:
    """Something in a file that will not do; ``detail`` is an English message id."""

    row: int
    field: str
    detail: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    file: bool = False
    """The whole file cannot be trusted for it, not this row alone."""
    code: str = ""
    """Of the dossier, as far as it can be read."""


def read_row(number: int, values: Mapping[str, Any]) -> Row | Problem:
    """The row, or the first thing in it that will not do."""
    try:
        return _ADAPTER.validate_python(values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    wrong = min(found, key=lambda one: one["type"] != UNKNOWN_FIELD)
    where = ".".join(str(step) for step in wrong["loc"])
    if wrong["type"] == UNKNOWN_FIELD:
        return Problem(number, where[:80], marked("there is no such field"), file=True)
    params = {
        name: value for name, value in wrong.get("ctx", {}).items() if isinstance(value, str | int)
    }
    words = OWN.get(wrong["type"]) or WORDS.get(wrong["type"], marked("this value will not do"))
    # Nothing that is no code: a name in the wrong column would be kept with the outcome.
    code = normalise(str(values.get("code", ""))[:100]) or ""
    return Problem(number, where, words, params, code=code[:40])
