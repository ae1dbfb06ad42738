"""The reports, for managers and programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from flask import Response, jsonify, make_response, request
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.documentation import documented
from server.api.dossier_bodies import BehindQuery, ReportQuery, SettlementQuery
from server.errors import Invalid
from server.offices.models import Office
from server.people.access import require, require_somebody
from server.reports.processing import processing
from server.reports.settlement import CLASSES, Period, dossiers_behind, settlement
from server.reports.tables import settlement_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Report(Protocol):
    """Makes a report of an office and a period."""

    def __call__(
        self, session: Session, office: Office, period: Period, *, children: bool = False
    ) -> dict[str, Any]: ...


@blueprint.get("/reports/settlement")
@documented(query=SettlementQuery, tag="reports", who="manager, program")
def settlement_report() -> Response:
    """The settlement: ``?office=&from=&to=``, with ``children=1`` also of the offices below.

    ``format=xlsx`` gives an Excel file; ``known=`` leaves out what was written down after that
    moment.
    """
    found = _report(settlement)
    if request.args.get("format") != "xlsx":
        return jsonify(found)
    answer = make_response(web.offload(settlement_workbook, found, web.language()))
    answer.mimetype = XLSX
    name = f"settlement-{found['office']}-{found['from']}-{found['to']}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/reports/settlement/dossiers")
@documented(query=BehindQuery, tag="reports", who="manager, program")
def dossiers_of_settlement() -> Response:
    """The codes behind a figure: ``class=received``, ``on_time``, ``not_due`` or ``late``.

    At most 1,000 at once; ``after=`` the last code gives the next ones.
    """
    which = request.args.get("class", "received")
    if which not in ("received", *CLASSES):
        raise _wrong("class", ", ".join(("received", *CLASSES)))
    with web.database().read() as session:
        office, period = _asked(session)
        after = request.args.get("after", "").replace("\0", "")
        codes = dossiers_behind(session, office, period, which, after=after)
    return jsonify({"office": office.slug, "class": which, "codes": codes})


@blueprint.get("/reports/processing")
@documented(query=ReportQuery, tag="reports", who="manager, program")
def processing_report() -> Response:
    """The layout of QĐ 766: ``?office=&from=&to=&children=`` as for the settlement."""
    return jsonify(_report(processing))


def _report(make: Report) -> dict[str, Any]:
    children = request.args.get("children", "").lower() in ("1", "true", "yes")
    with web.database().read() as session:
        office, period = _asked(session)
        return make(session, office, period, children=children)


def _asked(session: Session) -> tuple[Office, Period]:
    asker = web.asker()
    require_somebody(asker)
    slug = request.args.get("office", "")
    if not slug or "\0" in slug:
        raise _wrong("office", "the office's slug")
    office = web.office_or_404(session, slug)
    require(session, asker, "see-reports", office)
    return office, Period(_day("from"), _day("to"), _known())


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        raise _wrong(name, "a date like 2026-01-31") from None


def _known() -> datetime | None:
    given = request.args.get("known")
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year < 2100:
        raise _wrong("known", "a moment like 2026-01-31T17:00:00+07:00")
    return moment


def _wrong(field: str, allowed: str) -> Invalid:
    return Invalid(
        "Some fields of this request are not acceptable.",
        errors=[{"field": field, "detail": allowed}],
    )
