"""Where administration begins, and the devices. What is pressed there goes through ``/api/v1``."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug import Response

from server import web
from server.admin import blueprint
from server.admin.areas import areas, halls_of, ways
from server.people.access import require
from server.printing.views import devices

blueprint.context_processor(ways)


@blueprint.get("/")
def start() -> str | Response:
    """What the person may look after; with only one thing, that one."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for("counter.start", to="admin"), 303)
        mine = areas(web.asker())
        if len(mine) == 1:
            return redirect(mine[0].address, 303)
        return render_template("admin/start.html", person=person)


@blueprint.get("/devices")
def halls() -> str | Response:
    """The halls whose devices the person looks after; with only one, that one."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for("counter.start", to="devices"), 303)
        mine = halls_of(session, web.asker(), "look-after-devices")
        if len(mine) == 1:
            return redirect(url_for(".hall_devices", office=mine[0].slug), 303)
        return render_template(
            "admin/halls.html", person=person, halls=mine, area="devices", page=".hall_devices"
        )


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
            several=len(halls_of(session, web.asker(), "look-after-devices")) > 1,
        )
