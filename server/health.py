"""Is the process there (``/healthz``), and can it do its work (``/readyz``)?"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from server import __version__
from server.offices.models import Office
from server.web import database

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "ok", "version": __version__})


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers and its tables are there."""
    try:
        with database().read() as session:
            offices = session.scalar(select(func.count()).select_from(Office))
    except SQLAlchemyError:
        return jsonify({"status": "unavailable", "database": "failed"}), 503
    return jsonify({"status": "ok", "database": "ok", "offices": offices}), 200
