"""What anybody in the hall may know of an office, and the numbers it gives out."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, request

from server import web
from server.api import blueprint
from server.api.bodies import CheckIn, Nothing, Pause, ScanBody, TakeTicket, read_body
from server.api.documentation import documented
from server.api.requests import retry_of
from server.notices.ways import offered
from server.offices.procedures import fees
from server.people.access import may, require
from server.printing.taking import Wish, take_number
from server.queueing import services, views
from server.queueing.tickets import check_in
from server.scanning.meaning import dossier_code_of, meaning_of


@blueprint.get("/offices/<office>")
@documented(tag="offices")
def office_state(office: str) -> Response:
    """The office: hours, open or closed, services with waiting people and likely wait, counters.

    ``notices`` are the ways in which it can tell people of their dossiers.
    """
    with web.database().read() as session:
        state = views.kiosk(session, web.office_or_404(session, office), web.now())
        return jsonify(state | {"notices": offered(web.settings())})


@blueprint.get("/offices/<office>/board")
@documented(tag="offices")
def office_board(office: str) -> Response:
    """What the hall's display shows."""
    with web.database().read() as session:
        return jsonify(views.board(session, web.office_or_404(session, office), web.now()))


@blueprint.get("/offices/<office>/fees")
@documented(tag="offices")
def office_fees(office: str) -> Response:
    """Procedures with their time and fee, for one service (``?service=CODE``) or all of them."""
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        found = fees(session, hall, request.args.get("service"), now=web.now())
    return jsonify({"procedures": found})


@blueprint.post("/offices/<office>/tickets")
@documented(body=TakeTicket, tag="tickets", who="kiosk, clerk", created=True)
def take_ticket(office: str) -> Response:
    """Take a number. An ``Idempotency-Key`` makes sending it again safe."""
    body = read_body(TakeTicket)
    code = dossier_code_of(body.dossier_code) if body.dossier_code else None
    asker = web.asker()
    with web.database().transaction() as session:
        hall = web.office_or_404(session, office)
        require(session, asker, "issue-ticket", hall)
        ticket, replayed = take_number(
            session,
            hall,
            Wish(body.service, body.priority, body.language, code),
            now=web.now(),
            actor=asker.actor,
            link=web.public_url,
            printer_id=asker.printer_id,
            retry=retry_of(asker),
            demo=web.settings().demo,
        )
        shown = views.api_ticket(session, ticket, web.now(), link=web.public_url)
    web.installation().wake_printing()
    answer = make_response(jsonify(shown), 201)
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


@blueprint.post("/offices/<office>/check-in")
@documented(body=CheckIn, tag="tickets", who="kiosk, clerk")
def check_in_slip(office: str) -> Response:
    """A slip was scanned at the kiosk: its holder is back and joins the queue again."""
    token = read_body(CheckIn).token.rstrip("/").rpartition("/")[2]
    asker = web.asker()
    with web.database().transaction() as session:
        hall = web.office_or_404(session, office)
        require(session, asker, "check-in", hall)
        ticket = check_in(session, hall.id, token, web.now(), asker.actor)
        shown = views.api_ticket(session, ticket, web.now())
    return jsonify(shown)


@blueprint.post("/offices/<office>/scan")
@documented(body=ScanBody, tag="scanning", who="kiosk, clerk")
def read_scanned(office: str) -> Response:
    """What was scanned: ``kind`` is ``ticket``, ``dossier``, ``card`` or ``unknown``.

    Changes nothing, and keeps nothing of the text.

    - ``ticket``: ``token``, ``number``, ``status``, ``ahead``, ``counter`` …; ``can_check_in`` says
      whether ``/check-in`` would bring its holder back into the queue.
    - ``dossier``: ``code``, and ``service``: where its result is returned here, or null.
    - ``card``: ``age_priority`` says whether the citizen's age gives priority at this office. For
      clerks also ``fields``: number, old_number, name, born, sex, address, issued.
    """
    body = read_body(ScanBody)
    asker = web.asker()
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, asker, "scan", hall)
        found = meaning_of(
            session,
            hall,
            body.text,
            body.by_place,
            web.now(),
            may_read_cards=may(session, asker, "read-card", hall),
        )
    answer = jsonify(found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/offices/<office>/services/<service>/pause")
@documented(body=Pause, tag="offices", who="clerk")
def pause_service(office: str, service: str) -> Response:
    """Give out no more numbers for a service for now."""
    return _switch_service(office, service, paused=True, reason=read_body(Pause).reason)


@blueprint.post("/offices/<office>/services/<service>/resume")
@documented(tag="offices", who="clerk")
def resume_service(office: str, service: str) -> Response:
    """Give out numbers for a service again."""
    read_body(Nothing)
    return _switch_service(office, service, paused=False)


def _switch_service(office: str, code: str, *, paused: bool, reason: str = "") -> Response:
    asker = web.asker()
    with web.database().transaction() as session:
        hall = web.office_or_404(session, office)
        require(session, asker, "pause-service", hall)
        words: dict[str, Any] | None = {"vi": reason} if reason else None
        if paused:
            services.pause_service(session, hall.id, code, web.now(), asker.actor, reason=words)
        else:
            services.resume_service(session, hall.id, code, web.now(), asker.actor)
        shown = views.kiosk(session, hall, web.now())
    return jsonify(next(item for item in shown["services"] if item["code"] == code))
