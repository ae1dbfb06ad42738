"""The reports, for managers and programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from flask import Response, jsonify, make_response, request
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.documentation import documented
from server.api.report_queries import (
    BehindAgenciesQuery,
    BehindProcessingQuery,
    BehindQuery,
    RegisterQuery,
    ReportQuery,
    SettlementQuery,
)
from server.dossiers.register import register
from server.errors import Invalid
from server.offices.models import Office
from server.people.access import may, require, require_somebody
from server.reports.agencies import agency_report
from server.reports.behind import SCOPES, Figure, codes_behind, offices_of
from server.reports.processing import processing
from server.reports.registerbook import register_heading, register_workbook
from server.reports.settlement import Period, settlement
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
    name = f"settlement-{found['office']}-{found['from']}-{found['to']}.xlsx"
    return _excel(web.offload(settlement_workbook, found, web.language()), name)


@blueprint.get("/reports/settlement/dossiers")
@documented(query=BehindQuery, tag="reports", who="manager, program")
def dossiers_of_settlement() -> Response:
    """The codes behind a figure: ``class=received``, ``on_time``, ``not_due``, ``late`` …

    ``field=`` and ``procedure=`` give those of one field or procedure, ``scope=below`` those of all
    offices below. At most 1,000 at once; ``after=`` the last code gives the next ones.
    """
    return _behind("settlement", "received")


@blueprint.get("/reports/processing")
@documented(query=ReportQuery, tag="reports", who="manager, program")
def processing_report() -> Response:
    """The layout of QĐ 766: ``?office=&from=&to=&children=`` as for the settlement."""
    return jsonify(_report(processing))


@blueprint.get("/reports/processing/dossiers")
@documented(query=BehindProcessingQuery, tag="reports", who="manager, program")
def dossiers_of_processing() -> Response:
    """The codes behind a figure of the processing report, asked for as for the settlement.

    ``class=`` is a figure (``early``, ``process_overdue`` …) or one of their sums: ``total``,
    ``in_period``, ``done``, ``in_process``, ``paused``.
    """
    return _behind("processing", "total")


@blueprint.get("/reports/agencies")
@documented(query=ReportQuery, tag="reports", who="manager, program")
def agencies_report() -> Response:
    """What agencies did with their parts of interlinked dossiers, from the recorded steps alone.

    ``carried_over`` and ``handed_over`` are what came, ``done_within``, ``done_beyond``,
    ``held_within``, ``held_beyond`` and ``withdrawn`` what became of it: both make up ``total``.
    """
    return jsonify(_report(agency_report))


@blueprint.get("/reports/agencies/dossiers")
@documented(query=BehindAgenciesQuery, tag="reports", who="manager, program")
def dossiers_of_agencies() -> Response:
    """The codes behind a figure of the agencies: ``agency=`` is the ``id`` that report names."""
    return _behind("agencies", "total")


@blueprint.get("/reports/register")
@documented(query=RegisterQuery, tag="reports", who="clerk, manager, program")
def register_report() -> Response:
    """The register (*sổ theo dõi hồ sơ*) of an office as an Excel file: ``?office=&from=&to=``."""
    with web.database().read() as session:
        office, period = _asked(session, "keep-dossiers", "see-reports")
        lines = register(session, office, period.begin, period.end)
        heading = register_heading(office, period)
    name = f"register-{office.slug}-{period.begin}-{period.end}.xlsx"
    return _excel(web.offload(register_workbook, lines, heading), name)


def _excel(written: bytes, name: str) -> Response:
    answer = make_response(written)
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _behind(report: str, usual: str) -> Response:
    with web.database().read() as session:
        office, period = _asked(session)
        figure = Figure(
            request.args.get("class", usual),
            report,
            field=_text("field"),
            procedure=_text("procedure"),
            agency=_number("agency"),
        )
        scope = request.args.get("scope", "own")
        if scope not in SCOPES:
            raise _wrong("scope", ", ".join(SCOPES))
        offices = offices_of(session, office, scope)
        codes = codes_behind(session, offices, period, figure, after=_text("after"))
    return jsonify({"office": office.slug, "class": figure.which, "codes": codes})


def _text(name: str) -> str:
    return request.args.get(name, "").replace("\0", "")


def _number(name: str) -> int | None:
    given = request.args.get(name)
    if not given:
        return None
    if not given.isdecimal() or int(given) >= 2**31:
        raise _wrong(name, "a number")
    return int(given)


def _report(make: Report) -> dict[str, Any]:
    children = request.args.get("children", "").lower() in ("1", "true", "yes")
    with web.database().read() as session:
        office, period = _asked(session)
        return make(session, office, period, children=children)


def _asked(session: Session, *permissions: str) -> tuple[Office, Period]:
    """The office and the days; whoever asks has one of the permissions there (``see-reports``)."""
    asker = web.asker()
    require_somebody(asker)
    slug = request.args.get("office", "")
    if not slug or "\0" in slug:
        raise _wrong("office", "the office's slug")
    office = web.office_or_404(session, slug)
    if not any(may(session, asker, one, office) for one in permissions):
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
