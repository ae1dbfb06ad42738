"""Tickets: for their holders by token, for clerks by id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response, jsonify, make_response
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.bodies import Call, NameDossier, Nothing, Park, Transfer, read_body
from server.api.documentation import documented
from server.api.presses import answer, press
from server.errors import Invalid, NotFound
from server.people.access import Asker, require, require_somebody
from server.qr import qr_svg
from server.queueing import calling, tickets, views
from server.queueing.models import Ticket
from server.queueing.views.parts import active_counters, served_codes
from server.scanning.meaning import dossier_code_of

Step = Callable[[Session, int, datetime, str], Ticket]


@blueprint.get("/tickets/<token>")
@documented(tag="tickets", who="holder")
def holder_ticket(token: str) -> Response:
    """A ticket as its holder sees it: status, people ahead, likely wait, counter."""
    with web.database().read() as session:
        ticket = by_token(session, token)
        return jsonify(views.holder_ticket(session, ticket, web.now(), link=web.public_url))


@blueprint.delete("/tickets/<token>")
@documented(tag="tickets", who="holder", empty=True)
def cancel_by_holder(token: str) -> Response:
    """The holder no longer needs the number; not possible once it was called."""
    with web.database().transaction() as session:
        ticket = by_token(session, token)
        tickets.cancel(session, ticket.id, web.now(), "holder", by="holder")
    return make_response("", 204)


@blueprint.get("/tickets/<token>/qr.svg")
@documented(tag="tickets", who="holder")
def ticket_qr(token: str) -> Response:
    """The QR code of a ticket as an image, to be photographed when no slip came out."""
    with web.database().read() as session:
        address = web.public_url(f"/t/{by_token(session, token).token}")
    answer = Response(web.offload(qr_svg, address), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@blueprint.post("/tickets/<int:ticket_id>/call")
@documented(body=Call, tag="tickets", who="clerk")
def call_ticket(ticket_id: int) -> Response:
    """Call this ticket out of its turn, to the asker's counter or the one named."""
    wish = read_body(Call).counter
    asker = web.asker()
    with web.database().transaction() as session:
        ticket = _for_clerk(session, ticket_id, asker)
        counter = _counter_for(session, ticket, asker, wish)
        pressed = press(
            session,
            asker,
            ticket.office_id,
            lambda: calling.call(session, ticket_id, counter, web.now(), asker.actor),
        )
        return answer(session, pressed)


@blueprint.post("/tickets/<int:ticket_id>/recall")
@documented(tag="tickets", who="clerk")
def recall_ticket(ticket_id: int) -> Response:
    """Show and speak the call again."""
    return _step(ticket_id, calling.recall)


@blueprint.post("/tickets/<int:ticket_id>/serve")
@documented(tag="tickets", who="clerk")
def serve_ticket(ticket_id: int) -> Response:
    """The citizen is at the counter."""
    return _step(ticket_id, calling.serve)


@blueprint.post("/tickets/<int:ticket_id>/finish")
@documented(tag="tickets", who="clerk")
def finish_ticket(ticket_id: int) -> Response:
    """The citizen has been served."""
    return _step(ticket_id, calling.finish)


@blueprint.post("/tickets/<int:ticket_id>/no-show")
@documented(tag="tickets", who="clerk")
def miss_ticket(ticket_id: int) -> Response:
    """Nobody came."""
    return _step(ticket_id, calling.mark_no_show)


@blueprint.post("/tickets/<int:ticket_id>/park")
@documented(body=Park, tag="tickets", who="clerk")
def park_ticket(ticket_id: int) -> Response:
    """The citizen goes off to fix something and keeps the place."""
    reason = read_body(Park).reason
    return _step(
        ticket_id,
        lambda session, ticket, now, actor: calling.park(session, ticket, reason, now, actor),
        checked=True,
    )


@blueprint.post("/tickets/<int:ticket_id>/resume")
@documented(tag="tickets", who="clerk")
def resume_ticket(ticket_id: int) -> Response:
    """The citizen is back."""
    return _step(ticket_id, calling.resume)


@blueprint.post("/tickets/<int:ticket_id>/transfer")
@documented(body=Transfer, tag="tickets", who="clerk")
def transfer_ticket(ticket_id: int) -> Response:
    """Send the citizen to another service; number and seniority are kept."""
    service = read_body(Transfer).service
    return _step(
        ticket_id,
        lambda session, ticket, now, actor: tickets.transfer(session, ticket, service, now, actor),
        checked=True,
    )


@blueprint.post("/tickets/<int:ticket_id>/dossier")
@documented(body=NameDossier, tag="tickets", who="clerk")
def name_dossier(ticket_id: int) -> Response:
    """Note which dossier the visit is about."""
    written = read_body(NameDossier).dossier_code
    code = dossier_code_of(written) if written else None
    return _step(
        ticket_id,
        lambda session, ticket, now, actor: tickets.name_dossier(session, ticket, code, now, actor),
        checked=True,
    )


@blueprint.post("/tickets/<int:ticket_id>/cancel")
@documented(tag="tickets", who="clerk")
def cancel_ticket(ticket_id: int) -> Response:
    """The citizen has left or changed their mind."""
    return _step(
        ticket_id,
        lambda session, ticket, now, actor: tickets.cancel(session, ticket, now, actor, by="clerk"),
    )


def _step(ticket_id: int, step: Step, *, checked: bool = False) -> Response:
    """Do one step for the clerk who asks; ``checked`` when the body has been read already."""
    if not checked:
        read_body(Nothing)
    asker = web.asker()
    with web.database().transaction() as session:
        ticket = _for_clerk(session, ticket_id, asker)
        pressed = press(
            session,
            asker,
            ticket.office_id,
            lambda: step(session, ticket_id, web.now(), asker.actor),
        )
        return answer(session, pressed)


def by_token(session: Session, token: str) -> Ticket:
    """The ticket whose holder has this token. Raises ``NotFound``."""
    ticket = session.scalar(select(Ticket).where(Ticket.token == token))
    if ticket is None:
        raise NotFound("There is no such ticket.")
    return ticket


def _for_clerk(session: Session, ticket_id: int, asker: Asker) -> Ticket:
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        require_somebody(asker)
        raise NotFound("There is no such ticket.")
    require(session, asker, "work-at-counter", ticket.office)
    return ticket


def _counter_for(session: Session, ticket: Ticket, asker: Asker, wish: int | None) -> int:
    """The counter a chosen ticket is called to: the named one, the clerk's own, or the only one."""
    if wish is not None:
        return wish
    counters = active_counters(ticket.office)
    if asker.person_id is not None:
        own = [counter for counter in counters if counter.clerk_id == asker.person_id]
        if own:
            return own[0].id
    fitting = [
        counter
        for counter in counters
        if counter.status == "open" and ticket.service.code in served_codes(counter)
    ]
    if len(fitting) == 1:
        return fitting[0].id
    raise Invalid(
        "Please name the counter.",
        errors=[{"field": "counter", "detail": "the id of the counter that calls"}],
    )
