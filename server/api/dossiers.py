"""Dossiers: received, looked at, taken a step further; for their holders with a second proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, make_response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.bodies import Nothing, read_body
from server.api.documentation import documented
from server.api.dossier_bodies import (
    AgencyStep,
    AnyStep,
    Apologise,
    AskSupplement,
    CorrectTime,
    EditDossier,
    HolderQuery,
    Note,
    PlainStep,
    ReceiveDossier,
    Return,
    TakeBack,
    TakeStep,
    WithReason,
)
from server.api.requests import retry_of
from server.dossier_lookup import installation_secret, kept_dossier, proven_dossier
from server.dossiers import boards, correcting, editing, interlinked, lifecycle, reception, views
from server.dossiers.interlinked import Share
from server.dossiers.models import Dossier
from server.dossiers.reception import Desk, Person, Reception
from server.dossiers.undoing import undo
from server.journal import lock_office
from server.notices.consents import change_consent, channels_of, consent
from server.notices.views import told_of
from server.notices.ways import offered
from server.people.access import Asker, require
from server.queueing.remembering import recall_answer, remember
from server.words import translate

Change = Callable[[Session, Dossier, str], None]


@blueprint.post("/offices/<office>/dossiers")
@documented(body=ReceiveDossier, tag="dossiers", who="clerk, program", created=True)
def receive_dossier(office: str) -> Response:
    """Receive a dossier: accept it, ask for supplements, refuse or only register it.

    An ``Idempotency-Key`` makes sending it again safe.
    """
    body = read_body(ReceiveDossier)
    asker = web.asker()
    with web.database().transaction() as session:
        hall = web.office_or_404(session, office)
        require(session, asker, "keep-dossiers", hall)
        found, replayed = _once(
            session, asker, hall.id, lambda: _received(session, body, hall.id, asker)
        )
        return _answer(session, found, replayed, status=201)


@blueprint.get("/offices/<office>/dossiers")
@documented(tag="dossiers", who="clerk, program")
def open_dossiers(office: str) -> Response:
    """The office's open dossiers, the soonest due first: what will be late before it is."""
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, web.asker(), "keep-dossiers", hall)
        return jsonify({"dossiers": boards.office_dossiers(session, hall, web.now())})


@blueprint.get("/offices/<office>/agencies/<agency>/dossiers")
@documented(tag="dossiers", who="clerk, program")
def held_dossiers(office: str, agency: str) -> Response:
    """What an agency holds now of the office's dossiers, and how much of its share is left."""
    with web.database().read() as session:
        hall = web.office_or_404(session, office)
        require(session, web.asker(), "keep-dossiers", hall)
        return jsonify({"dossiers": boards.agency_dossiers(session, hall, agency, web.now())})


@blueprint.get("/dossiers/<code>")
@documented(query=HolderQuery, tag="dossiers", who="clerk, officer, program; or with proof")
def dossier(code: str) -> Response:
    """A dossier with its history and due date.

    With ``?proof=`` (the last four digits of the card or phone number given at reception) anybody
    gets the public view: no name, no address. A wrong code and a wrong proof are answered alike.
    """
    proof = request.args.get("proof")
    with web.database().read() as session:
        if proof is not None:
            return jsonify(views.public_dossier(session, proven_dossier(session, code, proof)))
        found = kept_dossier(session, code, web.asker(), agency="")
        return jsonify(_shown(session, found))


@blueprint.patch("/dossiers/<code>")
@documented(body=EditDossier, tag="dossiers", who="clerk, program")
def edit_dossier(code: str) -> Response:
    """Put right how to reach the applicant, or which papers came. Fields left out stay."""
    body = read_body(EditDossier)
    changes = body.model_dump(include=body.model_fields_set)
    wishes = changes.pop("notices", None)

    def change(session: Session, found: Dossier, actor: str) -> None:
        editing.edit(session, found.id, changes, web.now(), actor, installation_secret())
        if wishes is not None:
            here = offered(web.settings())
            change_consent(session, found, wishes, web.now(), actor, offered=here)

    return _change(code, change)


@blueprint.post("/dossiers/<code>/steps")
@documented(body=TakeStep, tag="dossiers", who="clerk, officer, program")
def take_step(code: str) -> Response:
    """Take a dossier one step further. Corrections need a manager or the province's program.

    An agency's officer takes its dossiers over and says when its part is done.

    An ``Idempotency-Key`` makes sending it again safe.
    """
    body = read_body(TakeStep).root
    permission, agency = "keep-dossiers", None
    if isinstance(body, CorrectTime | TakeBack):
        permission = "correct-dossiers"
    if isinstance(body, AgencyStep) and body.step != "hand-over":
        agency = body.agency

    def change(session: Session, found: Dossier, actor: str) -> None:
        _take(session, found.id, body, actor)

    return _change(code, change, permission, agency)


@blueprint.post("/dossiers/<code>/undo")
@documented(tag="dossiers", who="clerk, program")
def undo_step(code: str) -> Response:
    """Take back the step that the asker took a moment ago; later it needs a correction.

    An ``Idempotency-Key`` makes sending it again safe.
    """
    read_body(Nothing)

    def change(session: Session, found: Dossier, actor: str) -> None:
        undo(session, found.id, web.now(), actor)

    return _change(code, change)


def _change(
    code: str, change: Change, permission: str = "keep-dossiers", agency: str | None = None
) -> Response:
    asker = web.asker()
    with web.database().transaction() as session:
        found = kept_dossier(session, code, asker, permission, agency=agency)

        def work() -> Dossier:
            change(session, found, asker.actor)
            return found

        done, replayed = _once(session, asker, found.office_id, work)
        session.flush()  # expiring would throw away what is not yet written
        session.expire(done)
        return _answer(session, done, replayed)


def _once(
    session: Session, asker: Asker, office_id: int, work: Callable[[], Dossier]
) -> tuple[Dossier, bool]:
    """Do ``work``, unless this request's ``Idempotency-Key`` says that it has been done."""
    retry = retry_of(asker)
    if retry is None:
        return work(), False
    lock_office(session, office_id)  # the same request sent twice at once is in line
    earlier = recall_answer(session, retry.asker, retry.key, retry.digest)
    if earlier is not None:
        kept = session.scalars(select(Dossier).where(Dossier.code == earlier.about)).one()
        return kept, True
    found = work()
    remember(session, retry.asker, retry.key, retry.digest, None, web.now(), about=found.code)
    return found, False


def _received(session: Session, body: ReceiveDossier, office_id: int, asker: Asker) -> Dossier:
    found = _receive(session, body, office_id, asker)
    here = offered(web.settings())
    consent(session, found, body.notices, web.now(), asker.actor, offered=here)
    return found


def _receive(session: Session, body: ReceiveDossier, office_id: int, asker: Asker) -> Dossier:
    what = Reception(
        procedure=body.procedure,
        applicant=Person(**body.applicant.model_dump()),
        channel=body.channel,
        papers=[paper.model_dump() for paper in body.papers],
        sets=body.sets,
        ticket_id=body.ticket,
        count=body.count,
        shares=None
        if body.shares is None
        else [Share(**share.model_dump()) for share in body.shares],
        note=body.note,
    )
    desk = Desk(office_id, web.now(), asker.actor, installation_secret())
    match body.outcome:
        case "accept":
            return reception.accept(session, what, desk)
        case "ask-supplement":
            missing = [line for line in body.missing if line]
            return reception.ask_supplement(session, what, desk, missing=missing)
        case "refuse":
            return reception.refuse(session, what, desk, reason=body.reason)
        case "register":
            return reception.register(session, what, desk)


AGENCY_STEPS = {
    "hand-over": interlinked.hand_over,
    "take-over": interlinked.take_over,
    "part-done": interlinked.finish_part,
}


def _take(session: Session, which: int, body: AnyStep, actor: str) -> None:
    now = web.now()
    match body:
        case PlainStep():
            lifecycle.take_step(session, which, body.step, now, actor, note=body.note)
        case AskSupplement():
            lifecycle.ask_for_papers(session, which, body.missing, now, actor, note=body.note)
        case WithReason():
            lifecycle.give_reason(
                session, which, body.step, body.reason, now, actor, note=body.note
            )
        case Apologise():
            lifecycle.apologise(
                session, which, body.promised_on, body.reason, now, actor, note=body.note
            )
        case Return():
            who = body.collector
            lifecycle.give_back(
                session,
                which,
                now,
                actor,
                collector=who.name if who else None,
                identity_number=who.identity_number if who else "",
                note=body.note,
            )
        case AgencyStep():
            step = AGENCY_STEPS[body.step]
            step(session, which, body.agency, now, actor, note=body.note)
        case Note():
            lifecycle.add_note(session, which, body.note, now, actor)
        case CorrectTime():
            correcting.correct_time(session, which, body.corrects, body.at, body.reason, now, actor)
        case TakeBack():
            correcting.take_back(session, which, body.corrects, body.reason, now, actor)


def _answer(session: Session, found: Dossier, replayed: bool, *, status: int = 200) -> Response:
    answer = make_response(jsonify(_shown(session, found)), status)
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _shown(session: Session, found: Dossier) -> dict[str, Any]:
    state = views.dossier(session, found, web.now())
    told = told_of(session, found)
    for one in told:
        problem = one["problem"]
        one["problem"] = translate(web.language(), problem)
    return state | {"notices": {"channels": channels_of(session, found.id), "told": told}}
