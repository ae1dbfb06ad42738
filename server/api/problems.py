"""Errors as ``application/problem+json`` (RFC 9457), in the language of the person who asks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, json, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from server.errors import FieldsRefused, Invalid, Refused, StepRefused, marked
from server.web import language
from server.words import translate

TYPE = "https://motcua.example/problems/"
"""Prefix of the problem types: names, not addresses."""

log = structlog.get_logger("motcua.errors")

_HTTP_WORDS = {
    # Words of the framework's own refusals; message ids, see `make words`.
    400: (marked("Bad request"), marked("This request cannot be understood.")),
    404: (marked("Not found"), marked("There is no such page.")),
    405: (marked("Not possible"), marked("This address does not take that method.")),
    413: (marked("Too large"), marked("This is too large. At most 64 KiB are accepted.")),
    415: (marked("Not possible"), marked("Please send JSON.")),
    429: (marked("Too many requests"), marked("Too many tries. Please wait a moment.")),
}


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> Response:
    """An answer of type problem+json with words already in the asker's language."""
    body = {"type": TYPE + kind, "title": title, "status": status, "detail": detail} | more
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def register_problems(app: Flask) -> None:
    """Turn every refusal and error of this app into words: JSON for programs, pages for people."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unexpected)


def _answer(status: int, kind: str, title: str, detail: str, **more: Any) -> Response:
    lang = language()
    title = translate(lang, title)
    if _wants_json():
        return problem(status, kind, title, detail, **more)
    page = render_template("error.html", status=status, title=title, detail=detail)
    return Response(page, status, mimetype="text/html")


def _wants_json() -> bool:
    return request.path.startswith("/api/") or (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) != "text/html"
    )


def _refused(error: Refused) -> Response:
    more: dict[str, Any] = {}
    if isinstance(error, StepRefused):
        more["allowed"] = error.allowed
    if isinstance(error, Invalid) and error.errors:
        more["errors"] = error.errors
    if isinstance(error, FieldsRefused):
        more["errors"] = [
            {"field": one.field, "detail": translate(language(), one.message, **one.params)}
            for one in error.problems
        ]
    detail = translate(language(), error.detail, **error.params)
    return _answer(error.status, error.kind, error.title, detail, **more)


def _csrf(_error: CSRFError) -> Response:
    detail = translate(language(), "This page is too old. Please load it again.")
    return _answer(400, "csrf", marked("Bad request"), detail)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    title, detail = _HTTP_WORDS.get(status, (HTTPStatus(status).phrase, ""))
    answer = _answer(status, f"http-{status}", title, translate(language(), detail) or title)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _busy(error: OperationalError) -> Response:
    log.error("database not available", error=str(error.orig))
    detail = translate(
        language(), "The server cannot store anything at the moment. Please try again soon."
    )
    answer = _answer(503, "unavailable", marked("Not available"), detail)
    answer.headers["Retry-After"] = "2"
    return answer


def _unexpected(error: Exception) -> Response:
    # The rule and not the path: a ticket's path is its secret.
    log.exception("unexpected error", route=str(request.url_rule), exc_info=error)
    detail = translate(language(), "Something went wrong here. Nothing was changed.")
    return _answer(500, "unexpected", marked("Error"), detail)
