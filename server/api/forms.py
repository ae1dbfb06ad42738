"""A dossier's forms on the slip printer of a counter."""

from __future__ import annotations

from typing import Annotated

from flask import Response, jsonify, make_response, url_for
from pydantic import Field
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.bodies import Body, read_body
from server.api.documentation import documented
from server.api.requests import retry_of
from server.dossier_lookup import kept_dossier
from server.dossiers.forms.paper import usual_copies
from server.dossiers.models import Dossier
from server.journal import lock_office
from server.people.access import Asker
from server.printing.forms import print_form
from server.queueing.remembering import recall_answer, remember


class PrintForm(Body):
    """A form is wanted on paper."""

    counter: Annotated[int, Field(ge=1, le=2**31 - 1)] = Field(
        description="The id of the counter whose printer prints it."
    )
    copies: int | None = Field(
        None, ge=1, le=5, description="How many; left out, two of a receipt and one of the others."
    )


@blueprint.post("/dossiers/<code>/forms/<kind>/print")
@documented(body=PrintForm, tag="dossiers", who="clerk, program", queued=True)
def print_dossier_form(code: str, kind: str) -> Response:
    """Print a form of a dossier at a counter: receipt, supplement, refusal, apology or stop.

    ``{jobs: [ids]}``, one for each copy; each copy says which it is. An ``Idempotency-Key`` makes
    sending it again safe.
    """
    body = read_body(PrintForm)
    asker = web.asker()
    with web.database().transaction() as session:
        found = kept_dossier(session, code, asker)
        jobs, replayed = _once(session, asker, found, kind, body)
    web.installation().wake_printing()
    answer = make_response(jsonify({"jobs": jobs}), 202)
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _once(
    session: Session, asker: Asker, found: Dossier, kind: str, body: PrintForm
) -> tuple[list[int], bool]:
    """The jobs of this request, unless its ``Idempotency-Key`` says that they are there already."""
    retry = retry_of(asker)
    if retry is None:
        return _print(session, asker, found, kind, body), False
    lock_office(session, found.office_id)  # the same request sent twice at once is in line
    earlier = recall_answer(session, retry.asker, retry.key, retry.digest)
    if earlier is not None:
        return [int(job) for job in (earlier.about or "").split()], True
    jobs = _print(session, asker, found, kind, body)
    about = " ".join(map(str, jobs))
    remember(session, retry.asker, retry.key, retry.digest, None, web.now(), about=about)
    return jobs, False


def _print(session: Session, asker: Asker, found: Dossier, kind: str, body: PrintForm) -> list[int]:
    jobs = print_form(
        session,
        found,
        kind,
        body.counter,
        body.copies or usual_copies(kind),
        url=web.public_url(url_for("lookup.lookup", code=found.code)),
        now=web.now(),
        actor=asker.actor,
        demo=web.settings().demo,
    )
    return [job.id for job in jobs]
