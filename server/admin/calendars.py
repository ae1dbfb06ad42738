"""The calendar of an office: a year of days off and made up, and the form that enters one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import format_date
from sqlalchemy import select
from werkzeug import Response

from server import web
from server.admin import blueprint
from server.admin.months import named_days, year_of
from server.admin.problems import problems_of
from server.dossiers.calendar import CERTAINTIES, Day, differences
from server.dossiers.dayentry import coming_calendar, enter_day, entries, state_of
from server.errors import ChangedMeanwhile, FieldsRefused, Refused
from server.offices.hours import business_day
from server.offices.models import Office
from server.people.access import may, may_everywhere, require, require_everywhere
from server.seen import digest

WEEK = [date(2026, 1, 5 + day) for day in range(7)]
"""Any Monday to Sunday, for their names."""

Answer = str | Response | tuple[str, int]


@blueprint.get("/calendar")
def calendars() -> Answer:
    """The offices whose calendar the person looks after; with only one, that one."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return _to_sign_in()
        asker = web.asker()
        offices = session.scalars(select(Office).order_by(Office.slug)).all()
        mine = [one for one in offices if may(session, asker, "edit-catalogue", one)]
        if len(mine) == 1:
            return redirect(url_for(".calendar", office=mine[0].slug), 303)
        return render_template(
            "admin/halls.html", person=person, halls=mine, area="calendar", page=".calendar"
        )


@blueprint.get("/calendar/<office>")
def calendar(office: str) -> Answer:
    """A year (``?year=``) of an office's calendar; ``?day=`` puts a day into the form."""
    return _page(office)


@blueprint.post("/calendar/<office>")
def change_calendar(office: str) -> Answer:
    """Enter a day. What will not do comes back with its reasons."""
    form = request.form.to_dict()
    everywhere = bool(form.get("everywhere"))
    try:
        with web.database().transaction() as session:
            if web.signed_in_person(session) is None:
                return _to_sign_in()
            place = web.office_or_404(session, office)
            require(session, web.asker(), "edit-catalogue", place)
            if everywhere:
                require_everywhere(session, web.asker(), "edit-catalogue")
            day = enter_day(
                session,
                place,
                form,
                everywhere=everywhere,
                seen=form.get("seen", ""),
                today=business_day(web.now(), place.timezone),
                now=web.now(),
                actor=web.asker().actor,
            )
    except (FieldsRefused, ChangedMeanwhile) as refused:
        return _page(office, form=form, refused=refused)
    return redirect(url_for(".calendar", office=office, year=day.year, saved=day.isoformat()), 303)


def _page(
    slug: str, *, form: dict[str, str] | None = None, refused: Refused | None = None
) -> Answer:
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return _to_sign_in()
        office = web.office_or_404(session, slug)
        require(session, web.asker(), "edit-catalogue", office)
        today = business_day(web.now(), office.timezone)
        known = coming_calendar(session, office, today)
        chosen = _day((form or request.args).get("day", ""))
        said = entries(session, office, chosen) if chosen else []
        year = request.args.get("year", chosen.year if chosen else today.year, int)
        adding = form is not None and not form.get("seen")
        page = render_template(
            "admin/calendar.html",
            person=person,
            office=office,
            brand=office.brand,
            today=today,
            year=year,
            years=sorted(known.years),
            months=year_of(known, year) if year in known.years else [],
            weekdays=WEEK,
            rows=named_days(known, year),
            differences=differences(known, year) if year in known.years else [],
            form=form or _filled(chosen, said, today),
            said=said if chosen and not adding else [],
            seen="" if adding or not said else digest(state_of(said)),
            problems=problems_of(refused),
            overtaken=isinstance(refused, ChangedMeanwhile),
            saved=request.args.get("saved", ""),
            certainties=CERTAINTIES,
            may_everywhere=may_everywhere(session, web.asker(), "edit-catalogue"),
            written=written,
            chosen=chosen,
            format_date=format_date,
        )
    return (page, refused.status) if refused else page


def written(day: date) -> str:
    """A day as people here write it."""
    return f"{day:%d/%m/%Y}"


def _filled(chosen: date | None, said: list[Day], today: date) -> dict[str, Any]:
    form = {"kind": "off", "certainty": "verified", "valid_from": today.isoformat()}
    if chosen:
        form["day"] = chosen.isoformat()
    if said:
        last = said[-1]
        form |= {
            "kind": "work" if last.working else "off",
            "name": last.names.get("vi", ""),
            "name_en": last.names.get("en", ""),
            "source": last.source,
            "certainty": last.certainty,
        }
    return form


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _to_sign_in() -> Response:
    return redirect(url_for("counter.start", to="calendar"), 303)
