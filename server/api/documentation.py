"""The API described by itself: ``/api/v1/openapi.json``, and readable at ``/api/v1/docs``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Response, current_app, jsonify, render_template
from pydantic import BaseModel, ConfigDict
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from server import __version__
from server.api import blueprint

View = TypeVar("View", bound=Callable[..., Any])

_files: dict[str, tuple[str, ...]] = {}
"""Views whose body is a file, with the kinds of content they read."""


class Problem(BaseModel):
    """An error (RFC 9457), its ``detail`` in the language of ``Accept-Language``."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


_openapi = SpecTree(
    "flask",
    mode="strict",
    title="Một Cửa",
    version=__version__,
    path="openapi",  # its own pages, which are not used: ours are below
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    security_schemes=[
        SecurityScheme(
            name="token", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer")
        ),
    ],
)


def documented(
    *,
    tag: str,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    who: str = "anyone",
    created: bool = False,
    queued: bool = False,
    empty: bool = False,
    later: bool = False,
    reads: Sequence[str] = (),
) -> Callable[[View], View]:
    """Describe a route. Requests are checked by :func:`server.api.bodies.read_body`, not here.

    Args:
        tag: the group it is listed in.
        body: the model of its JSON body.
        query: the model of what may stand behind the question mark.
        who: who may ask; anybody but ``anyone`` and ``holder`` needs a sign-in.
        created: it answers 201.
        queued: it answers 202, and is done a little later.
        empty: it may answer 204.
        later: it may answer 202, when the work goes on.
        reads: kinds of content of its body, where that is a file and no JSON object.
    """
    answers: dict[str, Any] = {f"HTTP_{201 if created else 202 if queued else 200}": None}
    if empty:
        answers["HTTP_204"] = None
    if later:
        answers["HTTP_202"] = None
    refusals = ["HTTP_404", "HTTP_409", "HTTP_413"]
    if who not in ("anyone", "holder"):
        refusals += ["HTTP_401", "HTTP_403"]
    answers |= dict.fromkeys(refusals, Problem)

    def describe(view: View) -> View:
        view.__doc__ = f"{(view.__doc__ or '').strip()}\n\nWho: {who}."
        described: View = _openapi.validate(
            json=body,
            query=query,
            resp=Answers(**answers),
            tags=[tag],
            security=None if who in ("anyone", "holder") else {"token": []},
            skip_validation=True,
        )(view)
        if reads:
            _files[view.__name__] = tuple(reads)
        return described

    return describe


PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _description() -> dict[str, Any]:
    _openapi.app = current_app
    described: dict[str, Any] = _openapi.spec
    views = _views()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            _tell_refusals(operation["responses"])
            kinds = _files.get(views.get((method.upper(), path), ""), ())
            if kinds:
                content = {kind: {"schema": {"type": "string"}} for kind in kinds}
                operation["requestBody"] = {"content": content, "required": True}
    return described


def _tell_refusals(responses: dict[str, Any]) -> None:
    """Refusals are problem+json, which SpecTree calls JSON; and there may be others than named."""
    for status, answer in responses.items():
        if status.startswith("4") and "content" in answer:
            answer["content"] = PROBLEM
    responses["default"] = {"description": "Another refusal", "content": PROBLEM}


def _views() -> dict[tuple[str, str], str]:
    """The names of the views by method and path."""
    found = {}
    for rule in current_app.url_map.iter_rules():
        for method in rule.methods or ():
            found[method, rule.rule] = rule.endpoint.rpartition(".")[2]
    return found


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The whole API as OpenAPI 3."""
    return jsonify(_description())


@blueprint.get("/docs")
def docs() -> str:
    """The same for people."""
    return render_template("api/docs.html", api=_description())
