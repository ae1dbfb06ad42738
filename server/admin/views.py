"""The pages of administration. What somebody does there goes through ``/api/v1``."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug import Response

from server import web
from server.offices.models import Counter, Office, Printer
from server.people.access import Asker, may, require
from server.printing.views import devices

blueprint = Blueprint(
    "admin",
    __name__,
    url_prefix="/admin",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)


@blueprint.get("/")
def start() -> Response:
    """There is one page so far; it is where everybody wants to go."""
    return redirect(url_for(".halls"), 303)


@blueprint.get("/devices")
def halls() -> str | Response:
    """The halls whose devices the person looks after; with only one, that one."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for("counter.start", to="devices"), 303)
        mine = _halls(session, web.asker())
        if len(mine) == 1:
            return redirect(url_for(".hall_devices", office=mine[0].slug), 303)
        return render_template("admin/halls.html", person=person, halls=mine)


@blueprint.get("/devices/<office>")
def hall_devices(office: str) -> str | Response:
    """The printers and devices of one hall, live."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for("counter.start", to="devices"), 303)
        hall = web.office_or_404(session, office)
        require(session, web.asker(), "look-after-devices", hall)
        return render_template(
            "admin/devices.html",
            person=person,
            office=hall,
            brand=hall.brand,
            state=devices(session, hall, web.now()),
            several=len(_halls(session, web.asker())) > 1,
        )


def _halls(session: Session, asker: Asker) -> list[Office]:
    """Offices with counters or printers in which ``asker`` looks after the devices, by slug."""
    furnished = (
        select(Counter.office_id)
        .where(Counter.active)
        .union(select(Printer.office_id).where(Printer.active))
    )
    offices = session.scalars(select(Office).where(Office.id.in_(furnished)).order_by(Office.slug))
    return [office for office in offices if may(session, asker, "look-after-devices", office)]
