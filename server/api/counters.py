"""The counters: opening and closing them, and calling the next number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.bodies import Nothing, Pause, read_body
from server.api.documentation import documented
from server.api.presses import answer, press
from server.errors import NotFound, Refused
from server.offices.models import Counter
from server.people.access import Asker, require, require_somebody
from server.people.models import Person
from server.queueing import calling, counters, views
from server.queueing.models import Ticket


@blueprint.post("/counters/<int:counter_id>/open")
@documented(tag="counters", who="clerk")
def open_counter(counter_id: int) -> Response:
    """Open the counter; a clerk who opens it works there from now on."""
    person_id = web.asker().person_id
    return _switch(
        counter_id,
        lambda session, counter, now, actor: counters.open_counter(
            session, counter, now, actor, clerk_id=person_id
        ),
    )


@blueprint.post("/counters/<int:counter_id>/pause")
@documented(body=Pause, tag="counters", who="clerk")
def pause_counter(counter_id: int) -> Response:
    """A short absence: the board says so, and nobody is called here."""
    reason = read_body(Pause).reason
    return _switch(
        counter_id,
        lambda session, counter, now, actor: counters.pause(
            session, counter, now, actor, reason=reason or None
        ),
        checked=True,
    )


@blueprint.post("/counters/<int:counter_id>/close")
@documented(tag="counters", who="clerk")
def close_counter(counter_id: int) -> Response:
    """Nobody works here any more today."""
    return _switch(counter_id, counters.close)


@blueprint.post("/counters/<int:counter_id>/call-next")
@documented(tag="counters", who="clerk", empty=True)
def call_next(counter_id: int) -> Response:
    """Call the next number; 204 when nobody waits for this counter."""
    read_body(Nothing)
    return _press(counter_id, calling.call_next)


@blueprint.post("/counters/<int:counter_id>/undo")
@documented(tag="counters", who="clerk")
def undo_press(counter_id: int) -> Response:
    """Take back the last press at this counter, within five seconds."""
    read_body(Nothing)
    return _press(counter_id, calling.undo)


def _press(
    counter_id: int, command: Callable[[Session, int, datetime, str], Ticket | None]
) -> Response:
    asker = web.asker()
    with web.database().transaction() as session:
        counter = _for_clerk(session, counter_id, asker)
        _is_theirs(session, counter, asker)
        pressed = press(
            session,
            asker,
            counter.office_id,
            lambda: command(session, counter_id, web.now(), asker.actor),
        )
        return answer(session, pressed)


def _is_theirs(session: Session, counter: Counter, asker: Asker) -> None:
    """A clerk calls at the own counter only: a page left open must not call for a colleague.

    Raises:
        Refused: somebody else works there now.
    """
    if asker.grant != "role:clerk" or counter.clerk_id in (None, asker.person_id):
        return
    clerk = session.get(Person, counter.clerk_id)
    name = clerk.display_name if clerk else ""
    raise Refused("%(name)s works at this counter now.", name=name)


def _switch(
    counter_id: int,
    command: Callable[[Session, int, datetime, str], Any],
    *,
    checked: bool = False,
) -> Response:
    if not checked:
        read_body(Nothing)
    asker = web.asker()
    with web.database().transaction() as session:
        counter = _for_clerk(session, counter_id, asker)
        command(session, counter.id, web.now(), asker.actor)
        shown = views.desk(session, counter.office, counter, web.now())["counter"]
    return jsonify(shown)


def _for_clerk(session: Session, counter_id: int, asker: Asker) -> Counter:
    counter = session.get(Counter, counter_id)
    if counter is None or not counter.active:
        require_somebody(asker)
        raise NotFound("There is no such counter.")
    require(session, asker, "work-at-counter", counter.office)
    return counter
