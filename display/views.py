"""The board's page, and the recordings of its calls."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    make_response,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from display.words import board_words
from hardware.voice import chime, speak
from server.enrolling import enrol
from server.errors import NotFound
from server.offices.hours import business_day
from server.offices.models import Office
from server.queueing.models import CallRecord
from server.queueing.views import board
from server.web import (
    LANGUAGES,
    asker,
    database,
    now,
    office_or_404,
    offload,
    settings,
)

blueprint = Blueprint(
    "display",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/display/static",
)

KEPT_S = 24 * 3600
"""How long a browser keeps a recording, in seconds: what a call says never changes."""

SILENCE_KEPT_S = 300
"""How long it believes that there is no voice; a technician may just be adding one."""


@blueprint.get("/display/<office>")
def show(office: str) -> Response:
    """The board of a hall, with its first state in the page; the live view keeps it true."""
    with database().read() as session:
        hall = office_or_404(session, office)
        languages = hall.languages or ["vi"]
        first = {"revision": hall.revision, "state": board(session, hall, now())}
    words = board_words(languages)
    # Whoever passes reads the hall's own language, whatever the browser was installed with.
    with force_locale(languages[0]):
        page = render_template(
            "display/board.html",
            first=first,
            words=words,
            language=languages[0],
            enrolled=asker().grant == "scope:display",
        )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/display/<office>/device", methods=["GET", "POST"])
def device(office: str) -> Response:
    """Where a technician enters the board's token, once, so that the hall knows it is there."""
    return enrol(
        office,
        "display",
        title=_("Set up this board"),
        refusal=_("This token does not belong to a board of this office."),
        back=url_for("display.show", office=office),
    )


@blueprint.get("/display/<office>/chime.wav")
def ring(office: str) -> Response:
    """The two tones before a call."""
    with database().read() as session:
        office_or_404(session, office)
    return _recording(send_file(offload(chime, _folder()), mimetype="audio/wav"))


@blueprint.get("/display/<office>/call/<int:call_id>.<language>.wav")
def say(office: str, call_id: int, language: str) -> Response:
    """A call of today as it is said; 204 when the hall has no voice for that language.

    Only what a clerk has called can be heard, so nobody can make the server say anything else or
    fill its disk. ``?repeat=1`` says it once, for when many are waiting.

    Raises:
        NotFound: no such call in this hall today, it was taken back, or not a language of the hall.
    """
    with database().read() as session:
        hall = office_or_404(session, office)
        call = _call_of_today(session, hall, call_id)
        voice = hall.words.get("voice", {})
        if language not in LANGUAGES or language not in {*hall.languages, *_spoken(voice)}:
            raise NotFound("This hall does not speak that language.")
        number, counter = call.ticket.number, call.counter.number
    clips = settings().data / "clips"
    path = offload(
        partial(
            speak,
            number,
            counter,
            language,
            folder=_folder(),
            clips=clips if clips.is_dir() else None,
            repeat=1 if request.args.get("repeat") == "1" else int(voice.get("times", 2)),
            whole_numbers=bool(voice.get("whole_numbers", False)),
            link=str(voice.get("link", "lẻ")),
        )
    )
    if path is None:
        silence = make_response("", 204)
        silence.headers["Cache-Control"] = f"public, max-age={SILENCE_KEPT_S}"
        return silence
    return _recording(send_file(path, mimetype="audio/wav"))


def _call_of_today(session: Session, office: Office, call_id: int) -> CallRecord:
    call = session.get(CallRecord, call_id)
    today = business_day(now(), office.timezone).isoformat()
    # The office's day is ahead of the calendar when somebody has set the clock back.
    if (
        call is None
        or call.office_id != office.id
        or call.withdrawn
        or call.day != office.day
        or call.day < today
    ):
        raise NotFound("There is no such call today.")
    return call


def _spoken(voice: dict[str, object]) -> list[str]:
    languages = voice.get("languages", ["vi"])
    return languages if isinstance(languages, list) else []


def _folder() -> Path:
    """Where recordings are kept; each is made once."""
    return settings().data / "voice"


def _recording(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response
