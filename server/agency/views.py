"""The pages of the agencies. What an officer does there goes through ``/api/v1``."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from server import web
from server.admin.areas import ways
from server.dossiers.agencies import agencies_of, agency_for
from server.dossiers.agencyboard import agency_board, agency_counts

blueprint = Blueprint(
    "agency",
    __name__,
    url_prefix="/agency",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
blueprint.context_processor(ways)


@blueprint.get("/")
def start() -> str | Response:
    """The agencies whose work the person may do, with what they hold; with only one, that one."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for("counter.start", to="agency"), 303)
        mine = agencies_of(session, web.asker())
        if len(mine) == 1:
            only = mine[0]
            return redirect(url_for(".board", office=only.office.slug, code=only.code), 303)
        return render_template(
            "agency/agencies.html",
            person=person,
            agencies=agency_counts(session, mine, web.now()),
        )


@blueprint.get("/<office>/<code>")
def board(office: str, code: str) -> str | Response:
    """What is on its way to an agency, what is with it now, and what it has done; live."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for("counter.start", to="agency"), 303)
        asker = web.asker()
        place = web.office_or_404(session, office)
        agency = agency_for(session, asker, place, code)
        return render_template(
            "agency/board.html",
            person=person,
            office=place,
            brand=place.brand,
            agency=agency,
            state=agency_board(session, agency, web.now()),
            several=asker.agency_id is None,
        )
