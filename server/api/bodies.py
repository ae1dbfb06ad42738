"""What requests may contain: one model a body, and reading it strictly."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from server.errors import Invalid

NO_NUL = r"^[^\x00]*$"
"""No database keeps a NUL character in a text."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=NO_NUL)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=NO_NUL)]

Word = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[a-z][a-z_-]*$")]

Priority = Literal[
    "none", "elderly", "disability", "pregnancy", "small_child", "merit", "appointment"
]


class Body(BaseModel):
    """Unknown fields are refused, and nothing is converted on the quiet."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Body):
    """A request that needs no body."""


class TakeTicket(Body):
    """A number is wanted."""

    service: Code = Field(description="Code of the service.")
    priority: Priority = "none"
    language: Annotated[str, StringConstraints(max_length=8, pattern=NO_NUL)] = Field(
        "vi", description="Language of the slip and the phone page."
    )
    dossier_code: Code | None = Field(None, description="The dossier this visit is about.")


class CheckIn(Body):
    """A slip was scanned: the ticket's token, or the whole address from its QR code."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_NUL)]


class ScanBody(Body):
    """What a code scanner has typed. Read, answered and forgotten; never shown by ``repr``."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(
        repr=False, description="What a field would hold after the scanner typed into it."
    )
    by_place: Annotated[str, StringConstraints(max_length=2000)] = Field(
        "",
        repr=False,
        description="The same by the places of the keys on a US keyboard, where that differs.",
    )


class NameDossier(Body):
    """Which dossier a visit is about; null for none."""

    dossier_code: Code | None


class Call(Body):
    """Call this very ticket, to the asker's counter unless another is named."""

    counter: int | None = Field(None, ge=1, le=2**31 - 1)


class Park(Body):
    """The citizen goes off to fix something."""

    reason: Line = ""


class Transfer(Body):
    """The citizen belongs to another service."""

    service: Code


class Pause(Body):
    """Why a counter or a service takes a pause."""

    reason: Line = ""


class JobOutcome(Body):
    """What became of a leased print job; ``processing`` just before the first byte is sent."""

    state: Literal["processing", "printed", "held", "failed", "unknown"]
    reasons: Annotated[list[Word], Field(max_length=8)] = []
    detail: Line = Field("", description="For the technician, in English.")
    attempt: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Of the lease; the present one if left out."
    )


class PrinterNow(Body):
    """How a printer is: no reasons when it is well."""

    reasons: Annotated[list[Word], Field(max_length=8)] = []
    detail: Line = ""


class Heartbeat(Body):
    """A device says that it is there, and what it is."""

    said: Annotated[dict[Word, Line], Field(max_length=8)] = Field(
        {}, description="Its program or page, version, screen: short words by name."
    )
    printer: PrinterNow | None = Field(None, description="An agent's printer.")


Model = TypeVar("Model", bound=BaseModel)


def read_body(model: type[Model]) -> Model:
    """The request's JSON body as ``model``; no body counts as an empty object.

    Raises:
        Invalid: it is not a JSON object, lacks a field, or carries an unknown or wrong one.
    """
    raw = request.get_data(cache=True)
    if not raw.strip():
        raw = b"{}"
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        errors: list[dict[str, object]] = [
            {"field": ".".join(str(part) for part in problem["loc"]), "detail": problem["msg"]}
            for problem in error.errors(include_url=False)
        ]
        if any(problem["type"] == "json_invalid" for problem in error.errors()):
            raise Invalid("This is not valid JSON.", errors=errors) from None
        raise Invalid("Some fields of this request are not acceptable.", errors=errors) from None
