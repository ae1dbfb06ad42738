"""What the counter asks before and around a dossier: its terms if accepted now, and where it is."""

from __future__ import annotations

from flask import Response, jsonify

from server import web
from server.api import blueprint
from server.api.bodies import read_body
from server.api.documentation import documented
from server.api.dossier_desk_bodies import FindDossiers, PreviewDossier
from server.dossiers.finding import dossiers_of_visit, dossiers_with_status, find_dossiers
from server.dossiers.preview import preview
from server.people.access import require


@blueprint.post("/offices/<office>/dossiers/preview")
@documented(body=PreviewDossier, tag="dossiers", who="clerk, program")
def preview_dossier(office: str) -> Response:
    """What accepting a dossier now would promise; changes nothing.

    ``due_at`` with how it was ``counted`` (weekends, days off with their sources, make-up days,
    and the rule that moved it: ``after-15``, ``day-off``, ``moved``), ``fee``, ``papers`` and
    ``agencies``. ``count_needed``: the catalogue does not say how long it takes; send ``count``.
    """
    body = read_body(PreviewDossier)
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, web.asker(), "keep-dossiers", hall)
        return jsonify(preview(session, hall, body.procedure, body.count, web.now()))


@blueprint.post("/offices/<office>/dossiers/find")
@documented(body=FindDossiers, tag="dossiers", who="clerk, program")
def find_dossiers_of_office(office: str) -> Response:
    """The office's dossiers by words (code, name, phone, card), by visit or by status.

    The words are in the body, because an address is written down in logs. Changes nothing.
    """
    body = read_body(FindDossiers)
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, web.asker(), "keep-dossiers", hall)
        if body.ticket is not None:
            found = dossiers_of_visit(session, hall, body.ticket, web.now())
        elif body.status is not None:
            found = dossiers_with_status(session, hall, body.status, web.now())
        else:
            found = find_dossiers(session, hall, body.words, web.now())
        answer = jsonify({"dossiers": found})
    answer.headers["Cache-Control"] = "no-store"
    return answer
