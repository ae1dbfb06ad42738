"""The pages of the clerk's desk. What a clerk does there goes through ``/api/v1``."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug import Response

from counter.picking import halls
from server import web
from server.errors import NotFound, Refused
from server.offices.models import Counter
from server.people.access import Asker, may, require
from server.people.accounts import password_hash_of, password_is
from server.people.models import Person
from server.queueing.counters import close, open_counter

LAST_COUNTER_COOKIE = "motcua_counter"
"""Which counter this machine stood at: the machine stays there, its clerks change."""

PAGES = {"devices": "/admin/devices", "agency": "/agency/"}
"""Where somebody may go on to after signing in here, by the name that stands in the address."""

blueprint = Blueprint(
    "counter",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/counter/static",
)


@blueprint.get("/counter/")
def start() -> str | Response:
    """The sign-in form, or for somebody signed in: which counter?"""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return _sign_in_page()
        if _wished_page():
            return redirect(PAGES[_wished_page()], 303)
        if person.role == "officer":
            return redirect(PAGES["agency"], 303)  # no counter is theirs
        return render_template(
            "counter/pick.html",
            person=person,
            halls=halls(session, web.asker(), request.cookies.get(LAST_COUNTER_COOKIE, type=int)),
        )


@blueprint.post("/counter/sign-in")
def sign_in() -> Response | tuple[str, int]:
    """Sign in. A wrong name and a wrong password get the same words after the same time."""
    name = request.form.get("name", "").strip()
    with web.database().read() as session:
        person_id, password_hash = password_hash_of(session, name)
    if not web.offload(password_is, password_hash, request.form.get("password", "")):
        return _sign_in_page(_("The name or the password is not right."), name), 401
    with web.database().read() as session:
        web.sign_in(session.get_one(Person, person_id))
    if _wished_page():
        return redirect(PAGES[_wished_page()], 303)
    wish = _wished_counter()
    return redirect(url_for(".desk", counter_id=wish) if wish else url_for(".start"), 303)


@blueprint.post("/counter/sign-out")
def sign_out() -> Response:
    """Sign out. The counter this person worked at closes, so that the board tells the truth."""
    asker = web.asker()
    if asker.person_id is not None:
        with web.database().transaction() as session:
            _leave(session, asker)
    web.sign_out()
    return redirect(url_for(".start"), 303)


@blueprint.get("/counter/<int:counter_id>")
def desk(counter_id: int) -> str | Response:
    """The desk of one counter. Looking at it changes nothing."""
    with web.database().read() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for(".start", counter=counter_id), 303)
        counter = _for_clerk(session, counter_id)
        return render_template(
            "counter/desk.html",
            person=person,
            counter=counter,
            office=counter.office,
            corrects=may(session, web.asker(), "correct-dossiers", counter.office),
        )


@blueprint.post("/counter/<int:counter_id>")
def sit_down(counter_id: int) -> Response:
    """Work at this counter from now on: it opens, and the board says so."""
    with web.database().transaction() as session:
        person = web.signed_in_person(session)
        if person is None:
            return redirect(url_for(".start", counter=counter_id), 303)
        counter = _for_clerk(session, counter_id)
        asker = web.asker()
        _leave(session, asker, stay_at=counter.id)
        open_counter(session, counter.id, web.now(), asker.actor, clerk_id=asker.person_id)
    answer = redirect(url_for(".desk", counter_id=counter_id), 303)
    answer.set_cookie(
        LAST_COUNTER_COOKIE,
        str(counter_id),
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        path="/counter/",
        secure=request.is_secure,
    )
    return answer


def _sign_in_page(error: str = "", name: str = "") -> str:
    return render_template(
        "counter/sign_in.html",
        error=error,
        name=name,
        counter=_wished_counter(),
        to=_wished_page(),
        samples=web.demo_signins(),
    )


def _wished_counter() -> int | None:
    """The counter to go on to after signing in: an id, never an address from outside."""
    return request.values.get("counter", type=int)


def _wished_page() -> str:
    """The page of administration to go on to: one of ours by name, never an address."""
    wish = request.values.get("to", "")
    return wish if wish in PAGES else ""


def _for_clerk(session: Session, counter_id: int) -> Counter:
    """The counter, for somebody who may work there.

    Raises:
        NotFound: there is no such counter, or it is no longer used.
        Forbidden: it belongs to another office.
    """
    counter = session.get(Counter, counter_id)
    if counter is None or not counter.active:
        raise NotFound("There is no such counter.")
    require(session, web.asker(), "work-at-counter", counter.office)
    return counter


def _leave(session: Session, asker: Asker, *, stay_at: int | None = None) -> None:
    """Close the counters where this person works, all but ``stay_at``.

    One where somebody still stands stays as it is: closing never ends a service on the quiet.
    """
    for counter in session.scalars(
        select(Counter).where(Counter.clerk_id == asker.person_id, Counter.active)
    ).all():
        if counter.id != stay_at:
            with suppress(Refused):
                close(session, counter.id, web.now(), asker.actor)
