"""The public HTTP API, ``/api/v1``: JSON in, JSON or problem+json out."""

from flask import Blueprint

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", template_folder="templates")

from server.api import (  # noqa: E402  (its routes)
    counters,  # noqa: F401
    documentation,  # noqa: F401
    dossiers,  # noqa: F401
    offices,  # noqa: F401
    reports,  # noqa: F401
    tickets,  # noqa: F401
)
