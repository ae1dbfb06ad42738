"""Exchange with other systems: files of dossiers in, and out again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from flask import Response, json, request, stream_with_context
from sqlalchemy.orm import Session

from server import web
from server.api import blueprint
from server.api.documentation import documented
from server.api.exchange_bodies import ExportQuery, ImportQuery
from server.api.problems import problem
from server.dossier_lookup import installation_secret
from server.errors import Invalid, NotFound, Refused, marked
from server.exchange.exporting import MOST, PIECE, Cursor, choose, told
from server.exchange.importing import AT_ONCE, Workplace, import_message
from server.exchange.models import DONE, FAILED, REFUSED, ExchangeMessage
from server.exchange.outcomes import outcomes, problems, summary
from server.exchange.reading import FileRefused
from server.exchange.receiving import Letter, receive, spooled
from server.exchange.writing import csv_lines, json_lines
from server.offices.models import Office
from server.people.access import Asker, covers, require, require_grant, require_somebody
from server.reports.states import below
from server.words import translate

FORMS = {
    "text/csv": "csv",
    "application/csv": "csv",
    "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl",
    "application/json": "jsonl",
}
"""Kinds of content that are read, and how."""

UNCOUNTED = 2**62
"""The body's limit is another here, and is counted while it comes in."""

WAIT_S = 20.0
"""How long a sender waits for a larger one, unless ``Prefer`` says otherwise."""

LONGEST_WAIT_S = 50.0
LOOK_EVERY_S = 0.1

OVER = (DONE, REFUSED, FAILED)


class WrongKind(Refused):
    """The content is of a kind that is not read."""

    status = 415
    kind = "http-415"
    title = marked("Not possible")


@blueprint.post("/dossiers/import")
@documented(
    query=ImportQuery,
    tag="exchange",
    who="program, manager",
    later=True,
    reads=("text/csv", "application/x-ndjson"),
)
def import_dossiers() -> Response:
    """Read in dossiers of another system: CSV (``text/csv``) or JSON lines.

    Each row has an outcome: created, updated, unchanged or refused. A file that cannot be trusted
    is refused whole (422). Sent again, a file is the same message. A large file that takes longer
    than ``Prefer: wait=20`` seconds is answered 202 with the address of its outcome.
    """
    asker = web.asker()
    require_grant(asker, "exchange-dossiers")
    letter = _letter(asker)
    folder = web.settings().data
    request.max_content_length = UNCOUNTED
    with (
        spooled(cast(BinaryIO, request.stream), folder) as incoming,
        web.database().transaction() as session,
    ):
        message, replayed = receive(session, incoming, letter, folder, web.now())
        number, state = message.id, message.state
    if state not in OVER:
        if incoming.bytes <= AT_ONCE:
            work = Workplace(web.database(), folder, installation_secret(), web.now)
            state = import_message(work, number)
        else:
            web.installation().wake_importing()
            state = _awaited(number, _patience())
    return _answer(number, state, replayed)


@blueprint.get("/dossiers/import/<int:number>")
@documented(tag="exchange", who="program, manager")
def imported_dossiers(number: int) -> Response:
    """How far a message is, and what became of each row so far."""
    asker = web.asker()
    require_grant(asker, "exchange-dossiers")
    with web.database().read() as session:
        message = session.get(ExchangeMessage, number)
        if message is None or not _may_see(session, asker, message):
            raise NotFound("There is no such message.")
    return _shown(message.id, 200)


@blueprint.get("/dossiers/export")
@documented(query=ExportQuery, tag="exchange", who="program, manager")
def export_dossiers() -> Response:
    """Dossiers of ``?office=`` that have changed since ``?after=``, as JSON lines or CSV.

    ``Next-After`` is what to ask after the next time; ``Link: rel=next`` stands there while there
    is more. What is exported can be imported elsewhere, and gives the same figures.
    """
    asker = web.asker()
    require_somebody(asker)
    form = _form_wanted()
    after = Cursor.read(request.args.get("after", ""))
    limit = _limit()
    children = request.args.get("children", "").lower() in ("1", "true", "yes")
    with web.database().read() as session:
        office = web.office_or_404(session, request.args.get("office", "").replace("\0", ""))
        require(session, asker, "exchange-dossiers", office)
        offices = [office]
        if children:
            offices += [one for group in below(session, office).values() for one in group]
        chosen = choose(session, offices, after, limit)
    rows = told(web.database(), chosen.ids)
    pieces = csv_lines(rows) if form == "csv" else json_lines(rows)
    kind = "text/csv" if form == "csv" else "application/x-ndjson"
    answer = Response(_in_packets(pieces, PIECE), mimetype=kind)
    answer.headers["Next-After"] = str(chosen.after)
    if chosen.more:
        asked = request.args.to_dict() | {"after": str(chosen.after)}
        answer.headers["Link"] = f'<{request.path}?{urlencode(asked)}>; rel="next"'
    return answer


def _form_wanted() -> str:
    form = request.args.get("format", "")
    if not form:
        kinds = ["application/x-ndjson", "application/json", "text/csv"]
        form = FORMS[request.accept_mimetypes.best_match(kinds) or kinds[0]]
    if form not in ("csv", "jsonl"):
        raise _wrong("format", "csv, jsonl")
    return form


def _limit() -> int:
    given = request.args.get("limit", "10000")
    if not re.fullmatch(r"[0-9]{1,6}", given, re.ASCII) or not 1 <= int(given) <= MOST:
        raise _wrong("limit", f"1 … {MOST}")
    return int(given)


def _wrong(field: str, allowed: str) -> Invalid:
    return Invalid(
        "Some fields of this request are not acceptable.",
        errors=[{"field": field, "detail": allowed}],
    )


def _letter(asker: Asker) -> Letter:
    form = request.args.get("format") or FORMS.get(request.mimetype)
    if form not in ("csv", "jsonl"):
        raise WrongKind(marked("Please send CSV (text/csv) or JSON lines (application/x-ndjson)."))
    named = {name: request.args.get(name, "") for name in ("source", "reference")}
    for name, value in named.items():
        if not re.fullmatch(r"[^\x00-\x1f]{0,80}", value):
            raise _wrong(name, "at most 80 characters")
    whole = request.args.get("all_or_nothing", "").lower() in ("1", "true", "yes")
    return Letter(form, asker, named["source"], named["reference"], whole)


def _patience() -> float:
    """Seconds that the sender wants to wait (RFC 7240)."""
    prefer = request.headers.get("Prefer", "").lower()
    if "respond-async" in prefer:
        return 0.0
    found = re.search(r"\bwait=(\d{1,4})\b", prefer)
    return min(float(found[1]), LONGEST_WAIT_S) if found else WAIT_S


def _awaited(number: int, patience: float) -> str:
    until = time.monotonic() + patience
    while True:
        with web.database().read() as session:
            state = session.get_one(ExchangeMessage, number).state
        if state in OVER or time.monotonic() > until:
            return state
        time.sleep(LOOK_EVERY_S)


def _may_see(session: Session, asker: Asker, message: ExchangeMessage) -> bool:
    """Whether the asker's sign-in holds wherever that of the sender did."""
    if message.office_id is None or asker.office_id is None:
        return asker.office_id is None
    office = session.get(Office, message.office_id)
    return office is not None and covers(session, asker, office)


def _answer(number: int, state: str, replayed: bool) -> Response:
    if state == REFUSED:
        with web.database().read() as session:
            why = problems(session.get_one(ExchangeMessage, number), _words())
        refused = FileRefused()
        words = translate(web.language(), refused.detail, count=len(why))
        title = translate(web.language(), refused.title)
        return problem(422, refused.kind, title, words, errors=why, message=number)
    answer = _shown(number, 200 if state in OVER else 202)
    if answer.status_code == 202:
        answer.headers["Retry-After"] = "5"
    answer.headers["Location"] = f"/api/v1/dossiers/import/{number}"
    if replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _shown(number: int, status: int) -> Response:
    """A message with the outcomes of its rows, sent while it is read."""
    database, words = web.database(), _words()
    with database.read() as session:
        head = summary(session, session.get_one(ExchangeMessage, number), words)

    def pieces() -> Iterator[str]:
        yield json.dumps(head)[:-1] + ', "outcomes": ['
        between = ""
        for one in outcomes(database, number, words):
            yield between + json.dumps(one)
            between = ",\n"
        yield "]}\n"

    return Response(stream_with_context(_in_packets(pieces())), status, mimetype="application/json")


def _in_packets(pieces: Iterator[str], count: int = 500) -> Iterator[str]:
    """Pieces joined into packets worth sending; others may go on between them."""
    packet: list[str] = []
    for piece in pieces:
        packet.append(piece)
        if len(packet) >= count:
            yield "".join(packet)
            packet.clear()
            time.sleep(0)
    yield "".join(packet)


def _words() -> Callable[..., str]:
    language = web.language()

    def words(message: str, **params: Any) -> str:
        return translate(language, message, **params)

    return words
