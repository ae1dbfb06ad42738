"""Every documented route against its own description, with whatever schemathesis thinks of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server.app import create_app
from server.dossiers.numbering import set_pattern
from server.settings import load_settings
from server.web import office_or_404
from tests.api.conftest import MORNING, Asking, Clock

EXAMPLES = 12
"""Requests a route; the same ones every time."""

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
AGENT = ("/api/v1/print-jobs/", "/api/v1/devices/heartbeat")


@schemathesis.serializer("text/csv", "application/x-ndjson")
def _as_text(_context: Any, value: Any) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


class Place:
    """The whole app with a hall that has a ticket and a dossier."""

    def __init__(self, app: Flask, tokens: dict[str, str]) -> None:
        self.app, self.tokens = app, tokens
        clerk = Asking(app.test_client(), tokens["staff"])
        ticket = clerk.take()
        body = {"procedure": "1.004873", "applicant": {"name": "MẪU", "phone": "0912345678"}}
        made = clerk.post("/offices/vinh-thuan/dossiers", body)
        assert made.status_code == 201, made.text
        self.real = {
            "office": "vinh-thuan",
            "code": made.json["code"],
            "token": ticket["token"],
            "service": "ho-tich",
            "agency": "tp",
        }

    def ask(self, case: Any) -> None:
        """Send a case: of its made-up names every second is one that exists here."""
        for name, value in self.real.items():
            if name in case.path_parameters and len(str(case.path_parameters[name])) % 2:
                case.path_parameters[name] = value
        for name, value in case.path_parameters.items():
            if isinstance(value, int):
                case.path_parameters[name] = value % 4 if value % 2 else value
        scope = "agent" if case.path.startswith(AGENT) else "staff"
        headers = {"Authorization": f"Bearer {self.tokens[scope]}"}
        case.call_and_validate(headers=headers, checks=CHECKS)


@pytest.fixture(scope="module")
def place(furnished: tuple[Path, dict[str, str]], tmp_path_factory: Any) -> Iterator[Place]:
    folder, tokens = furnished
    data = Path(shutil.copytree(folder, tmp_path_factory.mktemp("schema") / "data"))
    app = create_app(load_settings(data, public_url="http://hall.example"), clock=Clock())
    parts = app.extensions["motcua"]
    with parts.database.transaction() as session:
        office = office_or_404(session, "vinh-thuan")
        set_pattern(session, office, "H33.14", now=MORNING, actor="admin")
    yield Place(app, tokens)
    parts.database.close()


def kept(place: Place, operation: Any) -> None:
    """Ask one route with made-up requests, the same ones every time."""

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, derandomize=True, phases=[Phase.generate], database=None)
    def ask(case: Any) -> None:
        place.ask(case)

    ask()


def test_the_api_keeps_its_description(place: Place) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", place.app)
    asked, broken = 0, []
    for found in schema.get_all_operations():
        operation = found.ok()
        asked += 1
        try:
            kept(place, operation)
        except Exception as error:
            broken.append(f"{operation.method} {operation.path}: {error}")
    assert broken == [], "\n\n".join(broken)
    assert asked >= 46


def test_all_routes_are_described(place: Place) -> None:
    described = place.app.test_client().get("/api/v1/openapi.json").json["paths"]
    routes = {
        rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
        for rule in place.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert routes - set(described) == {"/api/v1/openapi.json", "/api/v1/docs"}
