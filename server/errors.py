"""The one small hierarchy of refusals; ``server.api.problems`` turns them into problem+json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def marked(message: str) -> str:
    """Mark an English message id for `make words`; translated where it is shown."""
    return message


class Refused(Exception):
    """A request that the rules do not allow. Nothing was changed.

    ``detail`` is an English message id with ``%(name)s`` placeholders for ``params``; whoever
    answers a person translates it.
    """

    status = 409
    kind = "refused"
    title = marked("Not possible")

    def __init__(self, detail: str, **params: object) -> None:
        super().__init__(detail % params if params else detail)
        self.detail = detail
        self.params = params


class NotFound(Refused):
    """There is no such thing, or this asker may not know of it."""

    status = 404
    kind = "not-found"
    title = marked("Not found")


class Invalid(Refused):
    """The request is well formed but its content is not acceptable."""

    status = 422
    kind = "invalid"
    title = marked("Invalid request")

    def __init__(
        self, detail: str, *, errors: Sequence[dict[str, object]] = (), **params: object
    ) -> None:
        super().__init__(detail, **params)
        self.errors = list(errors)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a form or of a request."""

    field: str
    message: str
    """An English message id with ``%(name)s`` for ``params``; translated where it is shown."""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


class FieldsRefused(Invalid):
    """Fields that will not do; each of ``problems`` is shown beside its field."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("Some fields of this request are not acceptable.")
        self.problems = list(problems)


class ChangedMeanwhile(Refused):
    """Somebody else was faster: what was shown is no longer what holds."""

    kind = "changed-meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Somebody has changed this meanwhile. Nothing of yours was saved yet: please look at "
            "what holds now, and save again if you still want to."
        )


class Forbidden(Refused):
    """Signed in, but not allowed to do this here."""

    status = 403
    kind = "forbidden"
    title = marked("Not allowed")


class Unauthenticated(Refused):
    """Not signed in."""

    status = 401
    kind = "unauthenticated"
    title = marked("Sign in first")


class TooManyTries(Refused):
    """Tried too often; later it may be tried again."""

    status = 429
    kind = "too-many-tries"
    title = marked("Too many requests")


class StepRefused(Refused):
    """The ticket's status forbids this step; ``allowed`` names the steps that it allows."""

    kind = "step-refused"
    title = marked("This step is not possible now")

    def __init__(self, detail: str, *, allowed: Sequence[str], **params: object) -> None:
        super().__init__(detail, **params)
        self.allowed = list(allowed)
