"""Pages for phones, the list of screens, and the words of the scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale
from sqlalchemy.orm import Session

from server import web
from server.dossier_lookup import proven_dossier
from server.dossiers.views import public_dossier
from server.errors import NotFound, Refused, StepRefused
from server.lookup.dossiers import told
from server.lookup.fees import fee_page
from server.lookup.moments import clock, past
from server.lookup.phone import phone_page, ticket_of
from server.lookup.screens import halls
from server.notices.ways import push_key
from server.queueing.models import Ticket
from server.queueing.tickets import cancel
from server.words import script_words, translate

LANGUAGE_KEPT_S = 365 * 24 * 3600
QUERY_LENGTH = 100
"""Characters of a search that count."""

blueprint = Blueprint(
    "lookup",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/t/static",
)


@blueprint.get("/")
def screens() -> str:
    """The list of screens: what there is, what each is for, and how to get in."""
    with web.database().read() as session:
        return render_template(
            "lookup/screens.html", halls=halls(session), samples=web.demo_signins()
        )


@blueprint.get("/fees/<office>")
def fee_board(office: str) -> Response:
    """Times and fees: a list with a search (``?q=``), or for a screen in the hall (``?screen=1``).

    Raises:
        NotFound: there is no such office.
    """
    query = " ".join(request.args.get("q", "").split())[:QUERY_LENGTH]
    on_screen = request.args.get("screen") == "1"
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        language = _chosen(hall.languages) or hall.languages[0]
        with force_locale(language):
            page = render_template(
                "lookup/fees_screen.html" if on_screen else "lookup/fees.html",
                page_language=language,
                brand=hall.brand,
                office=hall,
                query=query,
                address=url_for(".fee_board", office=office),
                **fee_page(session, hall, web.now(), "" if on_screen else query),
            )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/words/<language>.json")
def words(language: str) -> Response:
    """The words of a language for the pages' scripts.

    Raises:
        NotFound: there are none in this language.
    """
    if language not in web.LANGUAGES:
        raise NotFound("There is no such page.")
    answer = jsonify(script_words(language))
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.get("/lookup")
def lookup() -> Response:
    """Where a dossier stands: the form that asks for its code and a second proof."""
    return _secret(make_response(_lookup_page(code=request.args.get("code", "")[:60])))


@blueprint.post("/lookup")
def show_dossier() -> Response:
    """The dossier, if code and proof are right. Not by GET: the proof is no part of an address."""
    code, proof = request.form.get("code", ""), request.form.get("proof", "")
    try:
        with web.database().read() as session:
            state = public_dossier(session, proven_dossier(session, code, proof))
    except Refused as refused:
        problem = translate(web.language(), refused.detail, **refused.params)
        return _secret(make_response(_lookup_page(code[:60], problem), refused.status))
    shown = told(state, web.language())
    return _secret(make_response(_lookup_page(code, dossiers=[shown])))


@blueprint.get("/t/notices.js")
def notices_worker() -> Response:
    """The service worker that shows notices; here, so that it may act for every ticket's page."""
    answer = blueprint.send_static_file("notices.js")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/t/<token>")
def phone(token: str) -> Response:
    """A ticket on its holder's phone: what the QR code of the slip leads to."""
    with web.database().read() as session:
        ticket = ticket_of(session, token)
        return _page(session, ticket) if ticket else _unknown()


@blueprint.get("/t/<token>/cancel")
def reload_refusal(token: str) -> Response:
    """Somebody loads the answer to a refusal again: the page itself says what is true now."""
    return _to_page(token)


@blueprint.post("/t/<token>/cancel")
def give_back(token: str) -> Response:
    """The holder no longer needs the number; not possible once it was called."""
    with web.database().read() as session:
        ticket = ticket_of(session, token)
        if ticket is None:
            return _unknown()
        if ticket.closed_reason == "holder":
            return _to_page(token)  # a second tap on a slow network
    try:
        with web.database().transaction() as session:
            cancel(session, ticket.id, web.now(), "holder", by="holder")
    except StepRefused as refused:
        with web.database().read() as session:
            return _page(session, session.get_one(Ticket, ticket.id), refused=refused)
    return _to_page(token)


@blueprint.after_request
def keep_language(answer: Response) -> Response:
    """A language chosen with ``?lang=`` stays for the next pages."""
    if request.args.get("lang") in web.LANGUAGES:
        answer.set_cookie(
            "lang",
            request.args["lang"],
            max_age=LANGUAGE_KEPT_S,
            samesite="Lax",
            secure=request.is_secure,
        )
    return answer


def _page(session: Session, ticket: Ticket, *, refused: StepRefused | None = None) -> Response:
    language = _chosen(ticket.office.languages) or ticket.language
    with force_locale(language):
        page = render_template(
            "lookup/ticket.html",
            page_language=language,
            brand=ticket.office.brand,
            problem=translate(language, refused.detail, **refused.params) if refused else "",
            token=ticket.token,
            address=url_for(".phone", token=ticket.token),
            clock=clock,
            past=past,
            push_key=push_key(web.settings()),
            **phone_page(session, ticket, web.now(), language),
        )
    return _secret(make_response(page, refused.status if refused else 200))


def _lookup_page(code: str = "", problem: str = "", dossiers: Sequence[dict[str, Any]] = ()) -> str:
    return render_template("lookup/lookup.html", code=code, problem=problem, dossiers=dossiers)


def _unknown() -> Response:
    return _secret(make_response(render_template("lookup/unknown.html"), NotFound.status))


def _to_page(token: str) -> Response:
    return _secret(make_response(redirect(url_for(".phone", token=token), 303)))


def _secret(answer: Response) -> Response:
    """An address that only its holder knows is kept nowhere: not by a proxy, not by a search."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _chosen(languages: list[str]) -> str | None:
    """The language the holder has chosen, if the hall speaks it; none before any choice."""
    wishes = (request.args.get("lang"), request.cookies.get("lang"))
    return next((wish for wish in wishes if wish in languages), None)
