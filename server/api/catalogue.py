"""The catalogue of procedures and the calendar of days off, for those who may change them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Response, jsonify, make_response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.bodies import read_body
from server.api.catalogue_bodies import FIELDS, DayBody, LastDay, TermsBody, YearQuery
from server.api.documentation import documented
from server.dossiers import dayentry
from server.dossiers.calendar import Day, differences
from server.errors import FieldsRefused, NotFound
from server.offices import procedureediting
from server.offices.hours import business_day
from server.offices.models import Office, Procedure
from server.people.access import require, require_everywhere, require_grant
from server.seen import digest

MAY = "edit-catalogue"


@blueprint.get("/procedures/<code>")
@documented(tag="catalogue", who="manager, program")
def procedure_terms(code: str) -> Response:
    """Every version of a procedure's terms, the latest first, and ``seen`` to change them with."""
    require_grant(web.asker(), MAY)
    with web.database().read() as session:
        return jsonify(_terms(session, code))


@blueprint.post("/procedures/<code>/terms")
@documented(body=TermsBody, tag="catalogue", who="manager, program", created=True)
def set_procedure_terms(code: str) -> Response:
    """Let new terms begin, today or later; those before end on the day before.

    Terms that have not begun, or began today, are put right. Dossiers keep the terms they were
    accepted under. 409 when the terms are no longer those that ``seen`` stands for.
    """
    body = read_body(TermsBody)
    require_grant(web.asker(), MAY)
    with _fields_of_the_body(), web.database().transaction() as session:
        require_everywhere(session, web.asker(), MAY)
        names = session.scalar(
            select(Procedure.field_names)
            .where(Procedure.field_code == body.field)
            .order_by(Procedure.valid_from.desc())
            .limit(1)
        )
        saved = procedureediting.set_terms(
            session,
            body.cells(code, names or {}),
            seen=body.seen or digest([]),
            today=procedureediting.catalogue_day(session, web.now()),
            now=web.now(),
            actor=web.asker().actor,
        )
        return make_response(jsonify(_terms(session, saved)), 201)


@blueprint.post("/procedures/<code>/last-day")
@documented(body=LastDay, tag="catalogue", who="manager, program")
def set_procedure_last_day(code: str) -> Response:
    """Let a procedure end on a day, today or later."""
    body = read_body(LastDay)
    require_grant(web.asker(), MAY)
    with web.database().transaction() as session:
        require_everywhere(session, web.asker(), MAY)
        procedureediting.set_last_day(
            session,
            code,
            body.last_day,
            seen=body.seen,
            today=procedureediting.catalogue_day(session, web.now()),
            now=web.now(),
            actor=web.asker().actor,
        )
        return jsonify(_terms(session, code))


@blueprint.get("/offices/<office>/calendar")
@documented(query=YearQuery, tag="catalogue", who="manager, program")
def office_calendar(office: str) -> Response:
    """The days that an office's calendar names in a year, and where another source disagrees.

    ``known`` is false for a year that the calendar knows nothing of.
    """
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, web.asker(), MAY, hall)
        today = business_day(web.now(), hall.timezone)
        return jsonify(_year(session, hall, request.args.get("year", today.year, int), today))


@blueprint.post("/offices/<office>/calendar")
@documented(body=DayBody, tag="catalogue", who="manager, program", created=True)
def set_calendar_day(office: str) -> Response:
    """Enter a day off or a day made up, or say something else of one.

    It counts for dossiers received from ``valid_from`` on, today or later; those accepted before
    keep their due dates.
    """
    body = read_body(DayBody)
    asker = web.asker()
    with _fields_of_the_body(), web.database().transaction() as session:
        hall = web.office_or_404(session, office)
        require(session, asker, MAY, hall)
        if body.everywhere:
            require_everywhere(session, asker, MAY)
        today = business_day(web.now(), hall.timezone)
        day = dayentry.enter_day(
            session,
            hall,
            body.cells(),
            everywhere=body.everywhere,
            seen=body.seen,
            today=today,
            now=web.now(),
            actor=asker.actor,
        )
        return make_response(jsonify(_year(session, hall, day.year, today)), 201)


@contextmanager
def _fields_of_the_body() -> Iterator[None]:
    """Problems are told with the names that the body has for its fields."""
    try:
        yield
    except FieldsRefused as refused:
        raise FieldsRefused(
            [replace(one, field=FIELDS.get(one.field, one.field)) for one in refused.problems]
        ) from None


def _terms(session: Session, code: str) -> dict[str, Any]:
    found = procedureediting.versions(session, code)
    if not found:
        raise NotFound("There is no such procedure.")
    state = procedureediting.state_of(found)
    return {"code": code, "seen": digest(state), "terms": state}


def _year(session: Session, hall: Office, year: int, today: date) -> dict[str, Any]:
    calendar = dayentry.coming_calendar(session, hall, today)
    named = [row for day, row in sorted(calendar.days.items()) if day.year == year]
    known = year in calendar.years
    return {
        "office": hall.slug,
        "year": year,
        "known": known,
        "days": [_day(session, hall, row) for row in named],
        "differences": [
            {
                "day": one.day.isoformat(),
                "here": "work" if one.ours else "off",
                "there": "work" if one.theirs else "off",
                "reason": one.reason,
            }
            for one in (differences(calendar, year) if known else [])
        ],
    }


def _day(session: Session, hall: Office, row: Day) -> dict[str, Any]:
    (state,) = dayentry.state_of([row])
    kind = "work" if state.pop("working") else "off"
    said = dayentry.entries(session, hall, row.day)
    seen = digest(dayentry.state_of(said))
    return {"day": row.day.isoformat(), "kind": kind, "seen": seen, **state}
