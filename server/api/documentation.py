"""The API described by itself: ``/api/v1/openapi.json``, and readable at ``/api/v1/docs``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, jsonify, render_template
from pydantic import BaseModel, ConfigDict
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from server import __version__
from server.api import blueprint

View = TypeVar("View", bound=Callable[..., Any])


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
    empty: bool = False,
    later: bool = False,
) -> Callable[[View], View]:
    """Describe a route. Requests are checked by :func:`server.api.bodies.read_body`, not here.

    Args:
        tag: the group it is listed in.
        body: the model of its JSON body.
        query: the model of what may stand behind the question mark.
        who: who may ask; anybody but ``anyone`` and ``holder`` needs a sign-in.
        created: it answers 201.
        empty: it may answer 204.
        later: it may answer 202, when the work goes on.
    """
    answers: dict[str, Any] = {"HTTP_201" if created else "HTTP_200": None}
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
        return described

    return describe


def _description() -> dict[str, Any]:
    _openapi.app = current_app
    described: dict[str, Any] = _openapi.spec
    return described


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The whole API as OpenAPI 3."""
    return jsonify(_description())


@blueprint.get("/docs")
def docs() -> str:
    """The same for people."""
    return render_template("api/docs.html", api=_description())
