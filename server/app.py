"""Wires the rooms together: the only place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_babel import Babel
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from counter.sheets import blueprint as counter_sheets
from counter.views import blueprint as counter_room
from display.views import blueprint as display_room
from kiosk.views import blueprint as kiosk_room
from server import __version__, words
from server.admin import blueprint as admin_pages
from server.agency import blueprint as agency_pages
from server.api import blueprint as api
from server.api.problems import register_problems
from server.compressing import compress
from server.database import Database
from server.errors import NotFound
from server.exchange.worker import ImportWorker
from server.health import blueprint as health
from server.live import Live, Pusher
from server.lookup.views import blueprint as phone_pages
from server.notices.worker import NoticeWorker
from server.printing.worker import PrintingWorker
from server.reviewing import blueprint as report_pages
from server.settings import Settings
from server.web import LANGUAGES, Installation, asker, in_language, language

BODY_LIMIT = 64 * 1024

LARGEST_ID = 2**31 - 1

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})

CONTENT_SECURITY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": ["'self'", "data:"],
    "connect-src": "'self'",
    "media-src": ["'self'", "blob:"],
    "worker-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
    "form-action": "'self'",
}


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] | None = None,
    offload: Callable[..., Any] | None = None,
    signins: Iterable[dict[str, str]] = (),
) -> Flask:
    """The server as a Flask app. Nothing runs in the background until :func:`start_background`.

    Args:
        settings: of this installation; the database must have been migrated.
        clock: gives this moment in UTC (tests set another).
        offload: runs slow computing in a native thread (the eventlet server needs it).
        signins: the sample sign-ins to show, in the demo only.
    """
    app = Flask("server", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        SESSION_COOKIE_NAME="motcua",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=(settings.public_url or "").startswith("https:"),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a desk stays open all day; the session ends sooner
        BABEL_TRANSLATION_DIRECTORIES=str(words.FOLDER),
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    parts = Installation(settings, Database(settings.sqlalchemy_url), signins=list(signins))
    if clock is not None:
        parts.clock = clock
    if offload is not None:
        parts.offload = offload
    app.extensions["motcua"] = parts
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    Babel(app, default_locale="vi", locale_selector=language)
    words.install(app)
    compress(app)
    _defend(app, settings)
    register_problems(app)
    for room in (
        kiosk_room,
        display_room,
        counter_room,
        phone_pages,
        admin_pages,
        agency_pages,
        report_pages,
        api,
        health,
    ):
        app.register_blueprint(room)
    app.register_blueprint(counter_sheets)
    parts.live = Live(app, parts)
    parts.wake_printing = lambda: None
    _describe(app, settings)
    return app


def start_background(app: Flask) -> None:
    """Start what runs beside the requests: pushing, the clock of the day, printing, and the rest.

    The rest: importing dossiers, and telling citizens and programs what has become of them.
    """
    parts: Installation = app.extensions["motcua"]
    spawn = parts.live.socketio.start_background_task
    worker = PrintingWorker(
        parts.database,
        parts.settings.data,
        clock=parts.clock,
        offload=parts.offload,
        spawn=spawn,
    )
    parts.wake_printing = worker.wake
    importer = ImportWorker(parts.database, parts.settings, clock=parts.clock)
    parts.wake_importing = importer.wake
    notices = NoticeWorker(parts.database, parts.settings, clock=parts.clock, spawn=spawn)
    parts.database.after_commit.append(notices.committed)
    for background in (Pusher(parts.live), worker, importer, notices):
        spawn(background.run)


def _defend(app: Flask, settings: Settings) -> None:
    csrf = CSRFProtect(app)

    @app.before_request
    def _possible_only() -> None:
        # No database has such an id or such a text, and some of them take offence.
        for value in (request.view_args or {}).values():
            if (isinstance(value, int) and value > LARGEST_ID) or "\0" in str(value):
                raise NotFound("There is no such page.")

    @app.before_request
    def _same_site_only() -> None:
        # A cookie travels on its own, so a change it authorises must prove that our page sent it.
        if request.method in CHANGING and (
            asker().by_cookie or request.endpoint == "counter.sign_in"
        ):
            csrf.protect()

    https = (settings.public_url or "").startswith("https:")
    Talisman(
        app,
        force_https=False,  # the proxy in front redirects; a hall's own network has no TLS
        strict_transport_security=https,
        content_security_policy=CONTENT_SECURITY,
        content_security_policy_nonce_in=["script-src", "style-src"],
        referrer_policy="same-origin",  # a ticket's address is a secret
        session_cookie_secure=https,
        permissions_policy={"camera": "()", "microphone": "()", "geolocation": "()"},
    )


def _describe(app: Flask, settings: Settings) -> None:
    @app.context_processor
    def _shared() -> dict[str, Any]:
        return {
            "demo": settings.demo,
            "version": __version__,
            "page_language": language(),
            "in_language": in_language,
        }

    @app.after_request
    def _keep_language(response: Response) -> Response:
        """A language chosen with ``?lang=`` stays, on all pages and in what the API answers."""
        chosen = request.args.get("lang")
        if chosen in LANGUAGES and not request.path.startswith("/api/"):
            response.set_cookie("lang", chosen, max_age=365 * 24 * 3600, samesite="Lax")
        return response

    @app.after_request
    def _caching(response: Response) -> Response:
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
