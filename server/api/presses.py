"""A clerk's press: done once however often it is sent, and answered with the ticket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, jsonify, make_response
from sqlalchemy.orm import Session

from server import web
from server.api.requests import retry_of
from server.journal import lock_office
from server.people.access import Asker
from server.queueing import views
from server.queueing.models import Ticket
from server.queueing.remembering import recall_answer, remember


@dataclass(frozen=True, slots=True)
class Pressed:
    """What became of a press: whom it was about (nobody: none waited), and if it was a retry."""

    ticket: Ticket | None
    replayed: bool


def press(
    session: Session, asker: Asker, office_id: int, work: Callable[[], Ticket | None]
) -> Pressed:
    """Do ``work``, unless this request's ``Idempotency-Key`` says that it has been done."""
    retry = retry_of(asker)
    if retry is None:
        return Pressed(work(), replayed=False)
    lock_office(session, office_id)  # the same press sent twice at once is in line
    earlier = recall_answer(session, retry.asker, retry.key, retry.digest)
    if earlier is not None:
        ticket = session.get(Ticket, earlier.ticket_id) if earlier.ticket_id else None
        return Pressed(ticket, replayed=True)
    ticket = work()
    about = ticket.id if ticket else None
    remember(session, retry.asker, retry.key, retry.digest, about, web.now())
    return Pressed(ticket, replayed=False)


def answer(session: Session, pressed: Pressed) -> Response:
    """The ticket as it is now, or 204 when there is none."""
    if pressed.ticket is None:
        response = make_response("", 204)
    else:
        response = jsonify(views.api_ticket(session, pressed.ticket, web.now()))
    if pressed.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
