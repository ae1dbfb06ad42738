"""What every page and route shares: this installation, who asks, and in which language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, request, url_for
from flask import session as cookie
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Database
from server.errors import NotFound
from server.offices.models import Office
from server.people.access import NOBODY, Asker, covers, person_asker, token_asker
from server.people.accounts import find_token
from server.people.models import AccessToken, Person
from server.settings import Settings
from server.tries import Tries

LANGUAGES = ("vi", "en", "km")
DEVICE_COOKIE = "motcua_device"
SIGNED_IN_S = 12 * 3600
"""How long a sign-in lasts, in seconds: one working day."""

Result = TypeVar("Result")


def _call(work: Callable[..., Any], *args: Any) -> Any:
    return work(*args)


@dataclass
class Installation:
    """What one running server has: kept in ``app.extensions["motcua"]``."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    offload: Callable[..., Any] = _call
    """Runs slow computing where it holds nobody up (a native thread under eventlet)."""
    live: Any = None
    """The :class:`server.live.Live` of this server."""
    wake_printing: Callable[[], None] = lambda: None
    wake_importing: Callable[[], None] = lambda: None
    tries: Tries = field(default_factory=Tries)
    """Failed guesses of this process."""
    signins: list[dict[str, str]] = field(default_factory=list)
    """The sample sign-ins, in the demo only."""


def installation() -> Installation:
    """This server's own parts."""
    return cast(Installation, current_app.extensions["motcua"])


def database() -> Database:
    """The database of this server."""
    return installation().database


def settings() -> Settings:
    """The settings of this server."""
    return installation().settings


def now() -> datetime:
    """This moment in UTC, by the server's clock (tests set another)."""
    return installation().clock()


def offload(work: Callable[..., Result], *args: Any) -> Result:
    """Run slow computing (a password hash, a drawing) without holding up anybody else."""
    return cast(Result, installation().offload(work, *args))


def language() -> str:
    """The language of this request: ``?lang=``, else its cookie, else what the browser asks for."""
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES, default="vi") or "vi"


def in_language(code: str) -> str:
    """The address of the page that is asked for, in another language."""
    place: dict[str, Any] = (request.view_args or {}) | request.args.to_dict() | {"lang": code}
    return url_for(request.endpoint, **place) if request.endpoint else f"?lang={code}"


def demo_signins() -> list[dict[str, str]]:
    """The sample sign-ins ``{name, password, role, display_name}``; empty outside the demo."""
    return installation().signins


def public_url(path: str) -> str:
    """``path`` as an absolute address that a phone can open."""
    return (settings().public_url or "http://localhost").rstrip("/") + path


def office_or_404(session: Session, slug: str) -> Office:
    """The office with this slug.

    Raises:
        NotFound: there is none.
    """
    office = session.scalar(select(Office).where(Office.slug == slug))
    if office is None:
        raise NotFound("There is no such office.")
    return office


def asker() -> Asker:
    """Who sent this request; read once per request.

    A bearer token counts before a cookie, so that a program is never mistaken for a browser.
    """
    if "asker" not in g:
        g.asker = _find_asker()
    return cast(Asker, g.asker)


def signed_in_person(session: Session) -> Person | None:
    """The person whose session cookie this request carries, unless it is too old."""
    person_id, since = cookie.get("person"), cookie.get("since", 0)
    if person_id is None or now().timestamp() - since > SIGNED_IN_S:
        return None
    person = session.get(Person, person_id)
    if person is None or not person.active or cookie.get("stamp") != sign_in_stamp(person):
        return None
    return person


def sign_in(person: Person) -> None:
    """Begin this browser's session as ``person``; whatever it held before is forgotten."""
    cookie.clear()
    cookie["person"] = person.id
    cookie["since"] = now().timestamp()
    cookie["stamp"] = sign_in_stamp(person)


def sign_in_stamp(person: Person) -> str:
    """Changes with the password, so that a new one ends every sign-in made with the old one."""
    return hashlib.sha256(person.password_hash.encode()).hexdigest()[:16]


def sign_out() -> None:
    """End this browser's session."""
    cookie.clear()


def device_token(session: Session, secret: str, kind: str, office: Office) -> AccessToken | None:
    """The token behind ``secret`` when it belongs to a device of this kind that stands here."""
    token = find_token(session, secret)
    if token is None or token.scope != kind or not covers(session, token_asker(token), office):
        return None
    return token


def enrol_device(response: Response, token: str) -> None:
    """Let this browser act as the device that ``token`` belongs to."""
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=5 * 365 * 24 * 3600,
        httponly=True,
        samesite="Strict",
        secure=(settings().public_url or "").startswith("https:"),
    )


def _find_asker() -> Asker:
    header = request.headers.get("Authorization", "")
    scheme, _, bearer = header.partition(" ")
    with database().read() as session:
        if scheme.lower() == "bearer":
            token = find_token(session, bearer.strip())
            return token_asker(token) if token else NOBODY
        person = signed_in_person(session)
        if person is not None:
            return person_asker(person)
        device = request.cookies.get(DEVICE_COOKIE)
        if device:
            token = find_token(session, device)
            return token_asker(token, by_cookie=True) if token else NOBODY
    return NOBODY
