"""Print jobs: for the agents that print them, and for staff when a slip has not come out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, jsonify, make_response
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.bodies import JobOutcome, Nothing, read_body
from server.api.documentation import documented
from server.errors import Forbidden, NotFound, Refused
from server.offices.models import Printer
from server.people.access import Asker, require, require_grant, require_somebody
from server.printing import leasing, resending
from server.printing.forms import slip_of_job
from server.printing.models import PrintJob
from server.printing.views import job_state


@blueprint.post("/print-jobs/lease")
@documented(tag="printing", who="agent", empty=True)
def lease_job() -> Response:
    """The next slip for the agent's printer; 204 when there is none.

    ``{id, attempt, ref, slip, printer, created_at, leased_until}``. Say ``processing`` before the
    first byte goes to the printer; a lease that ends before that comes back to be leased again.
    """
    read_body(Nothing)
    asker = web.asker()
    printer_id = _printer_of(asker)
    with web.database().transaction() as session:
        job = leasing.lease(session, printer_id, web.now(), by=asker.identity)
        if job is None:
            return make_response("", 204)
        return jsonify(
            {
                "id": job.id,
                "attempt": job.attempts,
                "ref": job.ref,
                "slip": slip_of_job(session, job, web.now()),
                "printer": job.printer.name,
                "created_at": job.created_at.isoformat(),
                "leased_until": job.leased_until.isoformat() if job.leased_until else None,
            }
        )


@blueprint.post("/print-jobs/<int:job_id>/outcome")
@documented(body=JobOutcome, tag="printing", who="agent")
def settle_job(job_id: int) -> Response:
    """What became of a leased job; 409 when it is no longer the agent's."""
    body = read_body(JobOutcome)
    asker = web.asker()
    _printer_of(asker)
    with web.database().transaction() as session:
        job = session.get(PrintJob, job_id)
        if job is None or job.leased_by is None or job.printer_id != asker.printer_id:
            raise NotFound("There is no such print job.")
        attempt = body.attempt or job.attempts
        if not _settle(session, job_id, attempt, body, asker):
            raise Refused("This print job is no longer yours.")
        return jsonify(job_state(session.get_one(PrintJob, job_id)))


@blueprint.post("/print-jobs/<int:job_id>/reprint")
@documented(tag="printing", who="clerk", created=True)
def reprint_job(job_id: int) -> Response:
    """Print a slip once more, marked as a reprint; the new job."""
    answer = _by_staff(job_id, resending.reprint)
    answer.status_code = 201
    web.installation().wake_printing()
    return answer


@blueprint.post("/print-jobs/<int:job_id>/confirm")
@documented(tag="printing", who="clerk")
def confirm_job(job_id: int) -> Response:
    """Somebody has the slip in hand, whatever the printer said."""
    return _by_staff(job_id, resending.confirm)


@blueprint.post("/print-jobs/<int:job_id>/cancel")
@documented(tag="printing", who="clerk")
def cancel_job(job_id: int) -> Response:
    """Nobody needs this slip."""
    return _by_staff(job_id, resending.cancel)


@blueprint.post("/printers/<int:printer_id>/test")
@documented(tag="printing", who="clerk", created=True)
def print_test(printer_id: int) -> Response:
    """Print a test slip; the job."""
    read_body(Nothing)
    asker = web.asker()
    require_somebody(asker)
    with web.database().transaction() as session:
        printer = session.get(Printer, printer_id)
        if printer is None:
            raise NotFound("There is no such printer.")
        require(session, asker, "look-after-devices", printer.office)
        job = resending.print_test(session, printer_id, web.public_url("/"), web.now(), asker.actor)
        answer = jsonify(job_state(job))
    answer.status_code = 201
    web.installation().wake_printing()
    return answer


def _printer_of(asker: Asker) -> int:
    """The printer an agent prints on.

    Raises:
        Unauthenticated, Forbidden: it is no agent.
    """
    require_grant(asker, "print-slips")
    if asker.printer_id is None:
        raise Forbidden("This agent has no printer. Please add it anew for one.")
    return asker.printer_id


def _settle(session: Session, job_id: int, attempt: int, body: JobOutcome, asker: Asker) -> bool:
    if body.state == "processing":
        return leasing.begin(session, job_id, attempt, web.now(), by=asker.identity)
    settled = leasing.settle(
        session,
        job_id,
        body.state,
        tuple(body.reasons),
        web.now(),
        by=asker.identity,
        attempt=attempt,
        actor=asker.actor,
    )
    return settled is not None


def _by_staff(job_id: int, command: Callable[[Session, int, datetime, str], Any]) -> Response:
    read_body(Nothing)
    asker = web.asker()
    require_somebody(asker)
    with web.database().transaction() as session:
        job = session.get(PrintJob, job_id)
        if job is None:
            raise NotFound("There is no such print job.")
        require(session, asker, "look-after-devices", job.printer.office)
        return jsonify(job_state(command(session, job_id, web.now(), asker.actor)))
