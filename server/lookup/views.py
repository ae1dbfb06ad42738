"""Pages for phones, the list of screens, and the words of the scripts."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server.words import script_words

blueprint = Blueprint("lookup", __name__, template_folder="templates")


@blueprint.get("/words/<language>.json")
def words(language: str) -> Response:
    """The words of a language for the pages' scripts."""
    answer = jsonify(script_words(language))
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer
