"""The catalogue: a list to look through, and a page a procedure with all its terms and new ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug import Response

from server import web
from server.admin import blueprint
from server.admin.problems import problems_of
from server.admin.procedureform import cells_of, filled
from server.admin.procedurelist import PAGE, SHOWS, catalogue, fields_of, narrowed
from server.dossiers.models import Agency
from server.errors import ChangedMeanwhile, FieldsRefused, NotFound, Refused
from server.lookup.fees import afternoon_words, prices, time_words
from server.offices.models import Names, Procedure
from server.offices.procedureediting import (
    catalogue_day,
    set_last_day,
    set_terms,
    state_of,
    versions,
    withdraw_terms,
)
from server.offices.procedures import FEE_OF_PROVINCE
from server.people.access import may_everywhere, require_everywhere, require_grant
from server.people.models import Person
from server.seen import digest

QUERY_LENGTH = 100
CHANGES: dict[str, tuple[Callable[..., None], str]] = {
    "end": (set_last_day, "last_day"),
    "withdraw": (withdraw_terms, "begins"),
}
"""What else can be pressed on a procedure's page: the command, and the field with its day."""

ORDER = (
    "valid_from valid_to source certainty code name_vi name_en name_km field_code level days unit "
    "afternoon_rule fee_vnd fee_note charge_vnd charge_note papers interlinked agencies last_day"
).split()
"""The fields as they stand on the page."""

Answer = str | Response | tuple[str, int]


@blueprint.get("/procedures")
def procedures() -> Answer:
    """The list: ``?q=`` finds without accents, ``?field=`` and ``?show=`` narrow it down."""
    query = " ".join(request.args.get("q", "").split())[:QUERY_LENGTH]
    field, show = request.args.get("field", ""), request.args.get("show", "")
    with web.database().read() as session:
        person = _catalogue_keeper(session)
        if person is None:
            return _to_sign_in()
        every = catalogue(session, catalogue_day(session, web.now()))
        found = narrowed(every, query=query, field=field, show=show)
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(request.args.get("page", 1, int), 1), pages)
        return render_template(
            "admin/procedures.html",
            person=person,
            query=query,
            field=field,
            show=show if show in SHOWS else SHOWS[0],
            fields=fields_of(every),
            every=len(every),
            count=len(found),
            entries=found[(page - 1) * PAGE : page * PAGE],
            page=page,
            pages=pages,
            may_edit=may_everywhere(session, web.asker(), "edit-catalogue"),
            told=told,
            day_words=day_words,
        )


@blueprint.route("/procedures/new", methods=["GET", "POST"])
def new_procedure() -> Answer:
    """A procedure that the catalogue does not have yet."""
    return _page("") if request.method == "GET" else _save("")


@blueprint.get("/procedures/<code>")
def procedure(code: str) -> Answer:
    """One procedure: every version of its terms, and the form for new ones."""
    return _page(code)


@blueprint.post("/procedures/<code>")
def change_procedure(code: str) -> Answer:
    """New terms, the last day (``act=end``), or terms to come taken back (``act=withdraw``).

    What will not do comes back with its reasons.
    """
    act = request.form.get("act", "")
    return _change(code, act) if act in CHANGES else _save(code)


def told(terms: Procedure) -> dict[str, Any]:
    """Terms in the reader's words, as the fee board tells them."""
    one = {name: getattr(terms, name) for name in ("fee_vnd", "charge_vnd", "charge_note")}
    note = terms.fee_note
    if terms.fee_vnd is None and not note:
        note = FEE_OF_PROVINCE
    return {
        "time": time_words(terms.days, terms.unit),
        "afternoon": afternoon_words(terms.afternoon_rule),
        "prices": prices(one | {"fee_note": note}),
    }


def _save(code: str) -> Answer:
    form = request.form.to_dict()
    try:
        with web.database().transaction() as session:
            if web.signed_in_person(session) is None:
                return _to_sign_in()
            require_everywhere(session, web.asker(), "edit-catalogue")
            today = catalogue_day(session, web.now())
            cells, already = cells_of(form, fields_of(catalogue(session, today)))
            cells |= {"code": code} if code else {}
            saved = set_terms(
                session,
                cells,
                seen=form.get("seen", ""),
                today=today,
                now=web.now(),
                actor=web.asker().actor,
                already=already,
            )
    except Refused as refused:
        return _page(code, form=form, refused=refused)
    begins = cells["valid_from"].strip()
    return redirect(url_for(".procedure", code=saved, saved=begins), 303)


def _change(code: str, act: str) -> Answer:
    command, field = CHANGES[act]
    day = request.form.get(field, "").strip()
    try:
        with web.database().transaction() as session:
            if web.signed_in_person(session) is None:
                return _to_sign_in()
            require_everywhere(session, web.asker(), "edit-catalogue")
            command(
                session,
                code,
                day,
                seen=request.form.get("seen", ""),
                today=catalogue_day(session, web.now()),
                now=web.now(),
                actor=web.asker().actor,
            )
    except Refused as refused:
        return _page(code, refused=refused, last_day=day if act == "end" else None)
    return redirect(url_for(".procedure", code=code, saved=act), 303)


def _page(
    code: str,
    *,
    form: dict[str, str] | None = None,
    refused: Refused | None = None,
    last_day: str | None = None,
) -> Answer:
    if refused is not None and not isinstance(refused, FieldsRefused | ChangedMeanwhile):
        raise refused
    with web.database().read() as session:
        person = _catalogue_keeper(session)
        if person is None:
            return _to_sign_in()
        found = versions(session, code) if code else []
        if code and not found:
            raise NotFound("There is no such procedure.")
        today = catalogue_day(session, web.now())
        base = _base(found, today)
        page = render_template(
            "admin/procedure.html",
            person=person,
            code=code,
            base=base,
            versions=[_version(one, today) for one in found],
            form=form or filled(base, _begins(base, today)),
            changing=base is not None and base.valid_from > today.isoformat(),
            last_day=last_day if last_day is not None else (found[0].valid_to if found else ""),
            today=today.isoformat(),
            problems=_problems(refused, code),
            overtaken=isinstance(refused, ChangedMeanwhile) and bool(code),
            saved=request.args.get("saved", ""),
            seen=digest(state_of(found)),
            fields=fields_of(catalogue(session, today)),
            agencies=_agencies(session, [base] if base else []),
            may_edit=may_everywhere(session, web.asker(), "edit-catalogue"),
            day_words=day_words,
        )
    return (page, refused.status) if refused else page


def day_words(iso: str) -> str:
    """A day as people here write it; empty for none."""
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


def _base(found: Sequence[Procedure], today: date) -> Procedure | None:
    """The terms that the form begins with: the asked for, if they are to come; else today's."""
    wished = request.args.get("from", "")
    to_come = [one for one in found if one.valid_from > today.isoformat()]
    begun = [one for one in found if one not in to_come]
    return next((one for one in to_come if one.valid_from == wished), None) or next(
        iter(begun), found[-1] if found else None
    )


def _begins(base: Procedure | None, today: date) -> str:
    to_come = base is not None and base.valid_from > today.isoformat()
    return base.valid_from if base and to_come else today.isoformat()


def _version(one: Procedure, today: date) -> dict[str, Any]:
    iso = today.isoformat()
    state = "now"
    if one.valid_from > iso:
        state = "to-come"
    elif one.valid_to and one.valid_to < iso:
        state = "over"
    return {"terms": one, "state": state, **told(one)}


def _problems(refused: Refused | None, code: str) -> dict[str, str]:
    """What is wrong, by field of the form."""
    found = problems_of(refused)
    if isinstance(refused, ChangedMeanwhile) and not code:
        found["code"] = str(_("This procedure is in the catalogue already."))
    # The names of a field come with its code, which is what one chooses.
    found = {("field_code" if name == "field_vi" else name): found[name] for name in found}
    return {name: found[name] for name in ORDER if name in found}


def _agencies(session: Session, terms: Sequence[Procedure]) -> dict[str, Names]:
    """The agencies to choose from, by code: all there are, and those that the terms name."""
    known = {one["agency"]: {"vi": one["agency"]} for each in terms for one in each.agencies}
    for agency in session.scalars(select(Agency).order_by(Agency.code)):
        known[agency.code] = agency.names
    return known


def _catalogue_keeper(session: Session) -> Person | None:
    """Who is signed in and may look at the catalogue here; none for nobody.

    Raises:
        Forbidden: somebody who may not.
    """
    person = web.signed_in_person(session)
    if person is not None:
        require_grant(web.asker(), "edit-catalogue")
    return person


def _to_sign_in() -> Response:
    return redirect(url_for("counter.start", to="procedures"), 303)
