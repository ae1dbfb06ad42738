"""What is wrong with a form, in the reader's language, by its fields."""

from __future__ import annotations

from server import web
from server.errors import FieldsRefused, Refused
from server.words import translate


def problems_of(refused: Refused | None) -> dict[str, str]:
    """The first problem of each field, in the order of the form; none without a refusal."""
    found: dict[str, str] = {}
    if isinstance(refused, FieldsRefused):
        for one in refused.problems:
            found.setdefault(one.field, translate(web.language(), one.message, **one.params))
    return found
