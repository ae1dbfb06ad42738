"""The report pages. They change nothing: every figure is computed when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug import Response

from server import web
from server.admin.areas import ways
from server.dossier_lookup import find_dossier
from server.dossiers.daysoff import local
from server.dossiers.models import Agency, Dossier
from server.errors import Invalid, NotFound
from server.offices.models import Names, Office
from server.people.access import Asker, may, require
from server.people.models import Person
from server.reports.agencies import agency_report
from server.reports.behind import Figure, count_behind, dossiers_behind, offices_of
from server.reports.course import BY, course, usual_steps
from server.reports.history import history
from server.reports.processing import processing
from server.reports.review import Counted, review, title
from server.reports.reviewing import known_of
from server.reports.settlement import Period, settlement
from server.reviewing import shown
from server.reviewing.addresses import asked_figure, figure_address, of_period, report_address
from server.reviewing.periods import WORDS, asked_period, choices
from server.words import translate

Page = str | Response | tuple[str, int]

PAGE = 50
"""Dossiers on one page."""

blueprint = Blueprint(
    "reviewing",
    __name__,
    url_prefix="/reports",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
blueprint.context_processor(ways)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "shown": shown,
        "Figure": Figure,
        "Counted": Counted,
        "figure_address": figure_address,
        "report_address": report_address,
        "period_of": lambda stretch: Period(stretch.begin, stretch.end),
    }


def _signed_in(view: Callable[..., Page]) -> Callable[..., Page]:
    """Gives a page an open session and the person signed in; nobody is led to the sign-in."""

    @wraps(view)
    def asked(**place: str) -> Page:
        with web.database().read() as session:
            person = web.signed_in_person(session)
            if person is None:
                return redirect(url_for("counter.start", to="reports"), 303)
            return view(session, person, **place)

    return asked


@blueprint.get("/")
@_signed_in
def start(session: Session, person: Person) -> Page:
    """The offices whose reports the person may see; with one, or one named, its report."""
    mine = _offices(session, web.asker())
    wish = request.args.get("office", "")
    if len(mine) == 1 or wish in {office.slug for _, office in mine}:
        kept: dict[str, Any] = {
            name: value for name, value in request.args.items() if name != "office"
        }
        where = wish or mine[0][1].slug
        return redirect(url_for(".report", office=where, **kept), 303)
    return render_template("reviewing/offices.html", person=person, offices=mine)


@blueprint.get("/<office>")
@_signed_in
def report(session: Session, person: Person, office: str) -> Page:
    """Numbers first, then the plot that explains them, then the tables behind it."""
    place, today = _place(session, office)
    children = request.args.get("children", "") in ("1", "on", "true")
    page = {
        "person": person,
        "office": place,
        "brand": place.brand,
        "offices": _offices(session, web.asker()),
        "children": children,
        "choices": choices(today),
        "choice_words": WORDS,
        "today": today,
    }
    try:
        period = asked_period(request.args, today)
    except Invalid as error:
        words = translate(web.language(), error.detail, **error.params)
        wrong = [str(one["field"]) for one in error.errors]
        usual = asked_period({}, today)
        page |= {"period": usual, "problem": words, "wrong": wrong}
        return render_template("reviewing/report.html", **page), error.status
    figures = _figures(session, place, period, children)
    return render_template("reviewing/report.html", **page, **figures, wrong=())


def _figures(session: Session, office: Office, period: Period, children: bool) -> dict[str, Any]:
    """All that the report page shows of a period."""
    scope = "all" if children else "own"
    wish = request.args.get("by", "")
    by = wish if wish in BY else usual_steps(period)
    steps = course(session, offices_of(session, office, scope), period, by)
    return {
        "period": period,
        "named": of_period(period) | ({"children": "1"} if children else {}),
        "scope": scope,
        "by": by,
        "course": steps,
        "plot": shown.plot(steps),
        "found": settlement(session, office, period, children=children),
        "processing": processing(session, office, period, children=children),
        "agencies": agency_report(session, office, period, children=children),
    }


@blueprint.get("/<office>/dossiers")
@_signed_in
def dossiers(session: Session, person: Person, office: str) -> Page:
    """The dossiers behind a figure, a page of them at a time; nothing about their applicants."""
    place, today = _place(session, office)
    period = asked_period(request.args, today)
    figure, scope = asked_figure(request.args, today)
    ids = offices_of(session, place, scope)
    total = count_behind(session, ids, period, figure)
    last = max(1, -(-total // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    rows = dossiers_behind(session, ids, period, figure, limit=PAGE, skip=(page - 1) * PAGE)
    return render_template(
        "reviewing/dossiers.html",
        person=person,
        office=place,
        brand=place.brand,
        period=period,
        figure=figure,
        scope=scope,
        total=total,
        page=page,
        last=last,
        rows=rows,
        begin=(page - 1) * PAGE,
        of=_part_named(session, figure),
        back=report_address(place.slug, period, **_kept()),
        turn=lambda to: url_for(".dossiers", office=place.slug, **_turned(to)),
    )


@blueprint.get("/dossiers/<code>")
@_signed_in
def dossier(session: Session, person: Person, code: str) -> Page:
    """Everything that was ever recorded of a dossier, and which step made it late or on time."""
    found = find_dossier(session, code)
    if found is None or not may(session, web.asker(), "see-reports", found.office):
        raise NotFound("There is no such dossier.")
    today = local(web.now(), found.office.timezone).date()
    return render_template(
        "reviewing/dossier.html",
        person=person,
        office=found.office,
        brand=found.office.brand,
        history=history(session, found, today),
    )


@blueprint.get("/<office>/review")
@_signed_in
def review_page(session: Session, person: Person, office: str) -> Page:
    """The review of a period in sentences, as it is handed in; for the printer."""
    place, today = _place(session, office)
    period = asked_period(request.args, today)
    known = known_of(session, place, period, children=True)
    return render_template(
        "reviewing/review.html",
        person=person,
        office=place,
        brand=place.brand,
        period=period,
        today=today,
        title=title(period),
        sections=review(known),
        back=report_address(place.slug, period, **_kept()),
    )


def _kept() -> dict[str, str]:
    return {"children": "1"} if request.args.get("children") else {}


def _part_named(session: Session, figure: Figure) -> Names:
    """The name of the field, procedure or agency that a figure is only about; empty for none."""
    if figure.agency is not None:
        agency = session.get(Agency, figure.agency)
        return agency.names if agency else {}
    for column, names, code in (
        (Dossier.field_code, Dossier.field_names, figure.field),
        (Dossier.procedure_code, Dossier.procedure_names, figure.procedure),
    ):
        if code:
            wanted = select(names).where(column == code).order_by(Dossier.id.desc()).limit(1)
            return session.scalar(wanted) or {"vi": code}
    return {}


def _turned(page: int) -> dict[str, Any]:
    return request.args.to_dict() | {"page": page}


def _place(session: Session, slug: str) -> tuple[Office, date]:
    """The office, for somebody who may see its reports, and the day it is there.

    Raises:
        NotFound: there is none.
        Forbidden: the person may not see its reports.
    """
    office = web.office_or_404(session, slug)
    require(session, web.asker(), "see-reports", office)
    return office, local(web.now(), office.timezone).date()


def _offices(session: Session, asker: Asker) -> list[tuple[int, Office]]:
    """The offices whose reports ``asker`` may see, each below the one above it, with its depth."""
    offices = session.scalars(select(Office).order_by(Office.slug)).all()
    mine = {office.id: office for office in offices if may(session, asker, "see-reports", office)}
    children: dict[int | None, list[Office]] = {}
    for office in mine.values():
        above = office.parent_id if office.parent_id in mine else None
        children.setdefault(above, []).append(office)
    found: list[tuple[int, Office]] = []

    def walk(above: int | None, depth: int) -> None:
        for office in children.get(above, ()):
            found.append((depth, office))
            walk(office.id, depth + 1)

    walk(None, 0)
    return found
