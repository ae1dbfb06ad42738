"""The schema's objections to a hall file, in a technician's words."""

from __future__ import annotations

import pathlib
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from server.offices.halllines import Path
from server.offices.hallproblems import Problem, field_path
from server.offices.hallschema import HallFile
from server.offices.hallvalues import did_you_mean, quoted
from server.offices.logos import FOLDER


def schema_problems(
    raw: dict[str, Any], folder: pathlib.Path
) -> tuple[HallFile | None, list[Problem]]:
    """The hall file as models; or none, and everything that the schema forbids.

    Args:
        raw: the data of the file.
        folder: where the file lies, and beside it the files that it names.
    """
    try:
        return HallFile.model_validate(raw, context={FOLDER: folder}), []
    except ValidationError as error:
        return None, [_problem(details) for details in error.errors(include_url=False)]


def _problem(details: ErrorDetails) -> Problem:
    path = details["loc"]
    given = details["input"]
    context = details.get("ctx", {})
    match details["type"]:
        case "missing":
            field = _field(path)
            return Problem(path, f"is missing; needed: {_meaning(field)}")
        case "extra_forbidden":
            known = _names(_model(path[:-1]))
            near = did_you_mean(str(path[-1]), known)
            return Problem(path, f"there is no such field.{near} Allowed here: {', '.join(known)}")
        case "value_error":
            return Problem(path, str(context["error"]))
        case "literal_error":
            allowed = _literals(_annotation(path))
            near = did_you_mean(given, map(str, allowed)) if isinstance(given, str) else ""
            return Problem(path, f"{_shown(given)} will not do.{near} Allowed: {quoted(allowed)}")
        case "string_type":
            return Problem(path, f"{_shown(given)} must be text in quotes")
        case "int_type" | "int_from_float":
            return Problem(path, f"{_shown(given)} must be a whole number, without quotes")
        case "float_type":
            return Problem(path, f"{_shown(given)} must be a number, without quotes")
        case "bool_type":
            return Problem(path, f"{_shown(given)} must be true or false, without quotes")
        case "date_type":
            return Problem(path, f"{_shown(given)} must be a date without quotes, like 2026-02-16")
        case "list_type":
            kind = "tables, each begun with" if _tables(path) else "a list, written in brackets"
            header = f" [[{field_path(path)}]]" if _tables(path) else ""
            return Problem(path, f"{_shown(given)} must be {kind}{header}")
        case "model_type":
            return Problem(path, f"{_shown(given)} must be a table with {_fields_of(path)}")
        case "too_short" | "too_long" if _is_span(path):
            return Problem(path, 'must be two times, like ["07:00", "11:00"]')
        case "too_short":
            return Problem(path, f"is empty; needed: {_meaning(_field(path))}")
        case "string_too_long":
            return Problem(path, f"is too long; allowed are {context['max_length']} characters")
        case "greater_than":
            return Problem(
                path, f"{_shown(given)} is too small; allowed is more than {_bound(context)}"
            )
        case "greater_than_equal":
            return Problem(
                path, f"{_shown(given)} is too small; allowed is {_bound(context)} or more"
            )
        case "less_than_equal":
            return Problem(
                path, f"{_shown(given)} is too large; allowed is {_bound(context)} or less"
            )
        case _:
            return Problem(path, f"{_shown(given)} will not do: {details['msg']}")


def _bound(context: dict[str, Any]) -> str:
    return f"{next(context[name] for name in ('gt', 'ge', 'le') if name in context):g}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)


def _annotation(path: Path) -> Any:
    """The type that the schema wants at ``path``."""
    kind: Any = HallFile
    for part in path:
        if isinstance(part, int):
            kind = get_args(_plain(kind, list))[0]
        else:
            field = _lookup(_plain(kind, BaseModel), part)
            kind = field.annotation if field else Any
    return kind


def _plain(kind: Any, wanted: type) -> Any:
    """What is inside ``Annotated`` and ``| None``."""
    while True:
        origin = get_origin(kind)
        if origin is wanted or (isinstance(kind, type) and issubclass(kind, wanted)):
            return kind
        if origin in (Union, UnionType) or hasattr(kind, "__metadata__"):
            kind = next(arg for arg in get_args(kind) if arg is not type(None))
        else:
            return kind


def _literals(kind: Any) -> tuple[Any, ...]:
    while kind is not None and (
        get_origin(kind) in (Union, UnionType) or hasattr(kind, "__metadata__")
    ):
        kind = get_args(kind)[0]
    return get_args(kind)


def _model(path: Path) -> type[BaseModel]:
    kind: type[BaseModel] = _plain(_annotation(path), BaseModel)
    return kind


def _lookup(model: type[BaseModel], name: str) -> FieldInfo | None:
    fields = {field.alias or key: field for key, field in model.model_fields.items()}
    return fields.get(name)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or key for key, field in model.model_fields.items()]


def _field(path: Path) -> FieldInfo | None:
    name = path[-1]
    return _lookup(_model(path[:-1]), name) if isinstance(name, str) else None


def _meaning(field: FieldInfo | None) -> str:
    words = (field.description if field else None) or "a value"
    return words[0].lower() + words[1:].rstrip(".")


def _tables(path: Path) -> bool:
    kind = _plain(_annotation(path), list)
    inner = get_args(kind)
    return bool(inner) and isinstance(inner[0], type) and issubclass(inner[0], BaseModel)


def _fields_of(path: Path) -> str:
    return ", ".join(_names(_model(path)))


def _is_span(path: Path) -> bool:
    return isinstance(path[-1], int) and any(part in ("hours", "windows") for part in path)
