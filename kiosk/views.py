"""The kiosk's routes: the page, its service worker, its enrolment, and the demo's slip picture."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from kiosk.shell import shell_addresses, shell_version, worker_file
from server.enrolling import enrol
from server.errors import NotFound, Refused
from server.offices.models import Office, Printer
from server.people.access import Asker, require
from server.people.accounts import demo_kiosk_token
from server.printing.jobs import slip_of_ticket, slip_picture
from server.queueing.models import Ticket
from server.queueing.views import kiosk as kiosk_state
from server.web import asker, database, enrol_device, now, office_or_404, settings

blueprint = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/kiosk/static",
)


@blueprint.get("/kiosk/sw.js")
def service_worker() -> Response:
    """The service worker with the list it works from; changes when any file of the page does."""
    head = f"const VERSION = {json.dumps(shell_version())};\nconst SHELL = "
    script = head + json.dumps(shell_addresses()) + ";\n" + worker_file().read_text("utf-8")
    answer = Response(script, mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/kiosk/"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/kiosk/<office>")
def screen(office: str) -> ResponseReturnValue:
    """The touchscreen of an office, with its state inside, so that it is drawn at once."""
    with database().read() as session:
        hall = office_or_404(session, office)
        state: dict[str, Any] = kiosk_state(session, hall, now())
        enrolled = _may_issue(session, asker(), hall)
        own = session.get(Printer, asker().printer_id or 0)
        printer = own.name if own else ""
    by_itself = settings().demo and not enrolled
    page = render_template(
        "kiosk/kiosk.html", state=state, enrolled=enrolled or by_itself, printer=printer
    )
    answer = Response(page)
    answer.headers["Cache-Control"] = "no-store"
    if by_itself:
        enrol_device(answer, demo_kiosk_token(settings(), office))
    return answer


@blueprint.route("/kiosk/<office>/device", methods=["GET", "POST"])
def device(office: str) -> Response:
    """Where a technician enters the kiosk's token, once, so that it may give out numbers."""
    return enrol(
        office,
        "kiosk",
        title=_("Set up this kiosk"),
        refusal=_("This token does not belong to a kiosk of this office."),
        back=url_for("kiosk.screen", office=office),
    )


@blueprint.get("/kiosk/<office>/slips/<token>.png")
def slip(office: str, token: str) -> ResponseReturnValue:
    """The slip that the demo's virtual printer drew for a ticket, for whoever holds the ticket."""
    if not settings().demo:
        raise NotFound("There is no such page.")
    with database().read() as session:
        hall = office_or_404(session, office)
        ticket = session.scalar(
            select(Ticket).where(Ticket.token == token, Ticket.office_id == hall.id)
        )
        job = slip_of_ticket(session, ticket.id) if ticket else None
        picture = slip_picture(settings().data, job.ref) if job else None
    if picture is None:
        raise NotFound("There is no such page.")
    answer = send_file(picture.resolve(), mimetype="image/png", max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may_issue(session: Session, who: Asker, hall: Office) -> bool:
    try:
        require(session, who, "issue-ticket", hall)
    except Refused:
        return False
    return True
