"""The public HTTP API, ``/api/v1``: JSON in, JSON or problem+json out."""

from flask import Blueprint

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", template_folder="templates")

from server.api import (  # noqa: E402, F401  (its routes)
    catalogue,
    counters,
    devices,
    documentation,
    dossier_desk,
    dossiers,
    exchange,
    forms,
    offices,
    printing,
    push,
    reports,
    tickets,
)
