"""The phone page's button: a browser asks to be told of a ticket's dossiers, or not any more."""

from __future__ import annotations

from typing import Annotated

from flask import Response, make_response
from pydantic import StringConstraints

from server import web
from server.api import blueprint
from server.api.bodies import Body, read_body
from server.api.documentation import documented
from server.api.tickets import by_token
from server.notices.subscriptions import subscribe, unsubscribe
from server.notices.ways import push_services

Endpoint = Annotated[str, StringConstraints(max_length=1000, pattern=r"^https?://[!-~]+$")]
Key = Annotated[str, StringConstraints(max_length=120, pattern=r"^[A-Za-z0-9_-]+=*$")]


class Keys(Body):
    """Of a browser's subscription (RFC 8291), base64url."""

    p256dh: Key
    auth: Annotated[Key, StringConstraints(max_length=40)]


class Subscribe(Body):
    """A browser's subscription, as its ``PushSubscription.toJSON()`` says it."""

    endpoint: Endpoint
    keys: Keys


class Unsubscribe(Body):
    """The subscription that ends."""

    endpoint: Endpoint


@blueprint.post("/tickets/<token>/push")
@documented(body=Subscribe, tag="tickets", who="holder", empty=True)
def take_notices(token: str) -> Response:
    """Show notices of this ticket's dossiers in this browser from now on."""
    body = read_body(Subscribe)
    with web.database().transaction() as session:
        ticket = by_token(session, token)
        spoken = ticket.office.languages
        subscribe(
            session,
            ticket,
            body.endpoint,
            (body.keys.p256dh, body.keys.auth),
            web.language() if web.language() in spoken else ticket.language,
            web.now(),
            services=push_services(web.settings()),
        )
    return make_response("", 204)


@blueprint.delete("/tickets/<token>/push")
@documented(body=Unsubscribe, tag="tickets", who="holder", empty=True)
def leave_notices(token: str) -> Response:
    """Show no more notices of this ticket's dossiers in this browser."""
    body = read_body(Unsubscribe)
    with web.database().transaction() as session:
        unsubscribe(session, by_token(session, token), body.endpoint)
    return make_response("", 204)
