"""Devices: that they are there, and how all of a hall's are."""

from __future__ import annotations

from flask import Response, jsonify

from server import web
from server.api import blueprint
from server.api.bodies import Heartbeat, read_body
from server.api.documentation import documented
from server.people.access import require, require_grant
from server.printing.conditions import hear
from server.printing.jobs import jobs_waiting
from server.printing.views import devices


@blueprint.post("/devices/heartbeat")
@documented(body=Heartbeat, tag="devices", who="kiosk, display, agent")
def heartbeat() -> Response:
    """A device is there; an agent says how its printer is. ``{now, jobs_waiting}``."""
    body = read_body(Heartbeat)
    asker = web.asker()
    require_grant(asker, "send-heartbeat")
    assert asker.token_id is not None
    with web.database().transaction() as session:
        reasons = tuple(body.printer.reasons) if body.printer else None
        detail = body.printer.detail if body.printer else ""
        hear(session, asker.token_id, body.said, reasons, detail, web.now())
        waiting = jobs_waiting(session, asker.printer_id) if asker.printer_id else None
    return jsonify({"now": web.now().isoformat(), "jobs_waiting": waiting})


@blueprint.get("/offices/<office>/devices")
@documented(tag="devices", who="clerk")
def office_devices(office: str) -> Response:
    """The printers and devices of a hall: last seen, condition, slips owed and in doubt."""
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, web.asker(), "look-after-devices", hall)
        return jsonify(devices(session, hall, web.now()))
