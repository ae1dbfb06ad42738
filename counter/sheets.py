"""Forms and registers as sheets of paper: pages that a browser prints at their size.

The words on a sheet are Vietnamese, as the law has them; those around it are the clerk's.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug import Response

from server import web
from server.dossier_lookup import find_dossier
from server.dossiers.daysoff import local
from server.dossiers.forms.circulars import REGISTER, form_on
from server.dossiers.forms.filling import fill, forms_of
from server.dossiers.forms.paper import MOTTO, copy_marks, usual_copies
from server.dossiers.forms.reading import facts_of
from server.dossiers.forms.wording import day_words, place_of
from server.dossiers.register import COLUMNS, count_lines, register
from server.errors import Invalid, NotFound
from server.people.access import require, require_somebody
from server.qr import qr_svg
from server.words import translate

MOST_COPIES = 5

MOST_LINES = 2000
"""On one page; a browser sets more than these for minutes. Excel has them all."""

blueprint = Blueprint("sheets", __name__, url_prefix="/counter")


@blueprint.get("/dossiers/<code>/forms/<kind>")
def form(code: str, kind: str) -> Response:
    """A form of a dossier, ready to be printed; ``?copies=`` for more or fewer than usual."""
    asker = web.asker()
    if not asker.grant:
        return redirect(url_for("counter.start"), 303)
    copies = request.args.get("copies", usual_copies(kind), type=int)
    if not 1 <= copies <= MOST_COPIES:
        raise Invalid("A form is printed one to %(count)s times.", count=MOST_COPIES)
    with web.database().read() as session:
        found = find_dossier(session, code)
        if found is None:
            require_somebody(asker)
            raise NotFound("There is no such dossier.")
        require(session, asker, "keep-dossiers", found.office)
        facts = facts_of(session, found)
        sheet = fill(facts, kind, local(web.now(), found.office.timezone).date())
        lookup = web.public_url(url_for("lookup.lookup", code=found.code))
        return _page(
            "counter/form.html",
            sheet=sheet,
            marks=copy_marks(kind, copies),
            motto=MOTTO,
            qr=_drawn(lookup),
            forms=forms_of(facts),
            brand=found.office.brand,
        )


@blueprint.get("/registers/<office>")
def register_of(office: str) -> Response:
    """The register of an office for a period, this month's unless ``?from=&to=`` says another."""
    asker = web.asker()
    if not asker.grant:
        return redirect(url_for("counter.start"), 303)
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, asker, "keep-dossiers", hall)
        today = local(web.now(), hall.timezone).date()
        problem, lines = "", []
        begin, end = today.replace(day=1), today
        try:
            begin, end = _period(begin, end)
            count = count_lines(session, hall, begin, end)
            if count > MOST_LINES:
                raise Invalid(
                    "The register has %(count)s lines in this period. At most %(most)s fit on a "
                    "page: please choose a shorter one.",
                    count=count,
                    most=MOST_LINES,
                )
            lines = register(session, hall, begin, end)
        except Invalid as refused:
            problem = translate(web.language(), refused.detail, **refused.params)
        names = hall.organisation.get("vi", ""), hall.names["vi"]
        answer = _page(
            "counter/register.html",
            office=hall,
            form=form_on(end, REGISTER),
            columns=COLUMNS,
            lines=lines,
            motto=MOTTO,
            begin=begin,
            end=end,
            asked=[request.args.get("from") or begin, request.args.get("to") or end],
            day_words=day_words,
            place=place_of(*names),
            today=today,
            problem=problem,
            brand=hall.brand,
        )
        answer.status_code = 422 if problem else 200
        return answer


def _period(begin: date, end: date) -> tuple[date, date]:
    """The days asked for, else the ones given.

    Raises:
        Invalid: one is no day, or the last is before the first.
    """
    try:
        begin = date.fromisoformat(request.args.get("from") or begin.isoformat())
        end = date.fromisoformat(request.args.get("to") or end.isoformat())
    except ValueError:
        raise Invalid("Please give both days of the period as dates.") from None
    if begin > end:
        raise Invalid("The period ends before it begins.")
    return begin, end


def _drawn(address: str) -> Markup:
    """The QR code as a part of the page: its own lines, made of an address that we made."""
    picture = qr_svg(address, border=0).decode()
    return Markup(picture[picture.index("<svg") :])


def _page(template: str, **values: object) -> Response:
    answer = make_response(render_template(template, **values))
    # It names people: a shared machine keeps no copy.
    answer.headers["Cache-Control"] = "no-store"
    return answer
