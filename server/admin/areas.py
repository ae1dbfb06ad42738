"""What there is to look after, and who may: the start page and the way between the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import web
from server.offices.models import Counter, Office, Printer
from server.people.access import PERMISSIONS, Asker, may


@dataclass(frozen=True, slots=True)
class Area:
    """One thing to look after."""

    key: str
    words: str
    what: str
    """What is done there, in a line."""
    address: str
    icon: str


def areas(asker: Asker) -> list[Area]:
    """What ``asker`` may look after somewhere, in the order of how often it is wanted."""
    every = [
        (
            "look-after-devices",
            Area(
                "devices",
                _("Devices"),
                _("Printers, kiosks and boards: how they are, and slips to look after"),
                url_for("admin.halls"),
                "printer",
            ),
        ),
        (
            "work-at-agency",
            Area(
                "agencies",
                _("Agencies"),
                _("What is with each agency behind the hall, and how much of its time is left."),
                url_for("agency.start"),
                "briefcase",
            ),
        ),
        (
            "see-reports",
            Area(
                "reports",
                _("Reports"),
                _(
                    "Received, on time, not yet due and late: every figure leads to the "
                    "dossiers it counts."
                ),
                url_for("reviewing.start"),
                "scale",
            ),
        ),
        (
            "edit-catalogue",
            Area(
                "procedures",
                _("Procedures and fees"),
                _("Times, fees, charges, papers and agencies, from a day on"),
                url_for("admin.procedures"),
                "receipt",
            ),
        ),
        (
            "edit-catalogue",
            Area(
                "calendar",
                _("Days off"),
                _("Public holidays, make-up days and days off of an office"),
                url_for("admin.calendars"),
                "calendar-check",
            ),
        ),
    ]
    return [area for permission, area in every if asker.grant in PERMISSIONS[permission]]


def halls_of(session: Session, asker: Asker, permission: str) -> list[Office]:
    """Offices with counters or printers in which ``asker`` has ``permission``, by slug."""
    furnished = (
        select(Counter.office_id)
        .where(Counter.active)
        .union(select(Printer.office_id).where(Printer.active))
    )
    offices = session.scalars(select(Office).where(Office.id.in_(furnished)).order_by(Office.slug))
    return [office for office in offices if may(session, asker, permission, office)]


def ways() -> dict[str, Any]:
    """For every page of administration, and for those of agencies and reports: the other areas."""
    return {"areas": areas(web.asker())}
