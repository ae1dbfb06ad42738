"""Pages for those who look after a hall: ``/admin/``."""

from flask import Blueprint

blueprint = Blueprint(
    "admin",
    __name__,
    url_prefix="/admin",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)

from server.admin import (  # noqa: E402, F401  (its routes)
    calendars,
    procedures,
    views,
)

__all__ = ["blueprint"]
