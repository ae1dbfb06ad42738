"""The sockets: sign-in at connect, ``watch`` and ``sync``, and which rooms have listeners."""

from __future__ import annotations

from collections import Counter as Count
from datetime import datetime
from typing import Any

import structlog
from flask import Flask, request
from flask_socketio import ConnectionRefusedError as Refusal
from flask_socketio import SocketIO, join_room, leave_room
from pydantic import ValidationError

from server.errors import Refused
from server.live.watches import Watch, WatchQuery, open_watch, reopen_watch, room, show
from server.people.access import NOBODY, Asker, token_asker
from server.people.accounts import find_token
from server.printing.conditions import heard_since, note_silence
from server.web import Installation, asker

NAMESPACE = "/live"
MOST_WATCHES = 8
"""Views one socket may watch; a kiosk needs two."""

COMES_BACK_S = 3.0
"""An agent whose connection broke makes a new one within so many seconds, or it is gone."""

log = structlog.get_logger("motcua.live")


class Live:
    """The live side of one server process."""

    def __init__(self, app: Flask, installation: Installation) -> None:
        self.installation = installation
        self.listeners: Count[str] = Count()
        """How many watches each room has; nothing is built for a room without any."""
        self._watches: dict[str, list[Watch]] = {}
        self._bearers: dict[str, str] = {}
        self.socketio = SocketIO(
            app,
            async_mode=installation.settings.async_mode,
            transports=["websocket"],
            cors_allowed_origins=None,  # same origin only; [] would switch the check off
            ping_interval=10,
            ping_timeout=8,
            max_http_buffer_size=64 * 1024,
            manage_session=False,
        )
        for event, handler in (
            ("connect", self._connect),
            ("disconnect", self._disconnect),
            ("watch", self._watch),
            ("sync", self._sync),
        ):
            self.socketio.on_event(event, handler, namespace=NAMESPACE)

    def send(self, event: str, body: dict[str, Any], room: str) -> None:
        """Send to everybody in a room of this process."""
        self.socketio.emit(event, body, to=room, namespace=NAMESPACE)

    def watched_offices(self) -> set[int]:
        """Ids of the offices somebody looks at."""
        return {
            office_id
            for watches in list(self._watches.values())
            for watch in watches
            for office_id in (watch.office_id, *watch.below)
        }

    def _connect(self, auth: Any = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        if token is not None:
            with self.installation.database.read() as session:
                if not isinstance(token, str) or find_token(session, token) is None:
                    raise Refusal("unauthenticated")
            self._bearers[_sid()] = token

    def _disconnect(self, *_reason: Any) -> None:
        self._bearers.pop(_sid(), None)
        watches = self._watches.pop(_sid(), [])
        for watch in watches:
            self.listeners.subtract(watch.rooms)
        self.listeners += Count()  # drops the rooms that nobody is in
        for watch in watches:
            if watch.view == "printing":
                left_at = self.installation.clock()
                self.socketio.start_background_task(self._miss_agent, watch.subject_id, left_at)

    def _miss_agent(self, printer_id: int, left_at: datetime) -> None:
        """The agent of a printer has left: people know soon, unless it comes back or is heard."""
        self.socketio.sleep(COMES_BACK_S)
        if self.listeners[room("printing", printer_id)]:
            return
        with self.installation.database.read() as session:
            if heard_since(session, printer_id, left_at):
                return
        with self.installation.database.transaction() as session:
            note_silence(session, printer_id, self.installation.clock())

    def _watch(self, data: Any = None) -> dict[str, Any]:
        try:
            query = WatchQuery.model_validate(data)
            with self.installation.database.read() as session:
                watch = open_watch(session, query, self._asker(session))
                # Joined before looking: a change in between is then pushed, not missed.
                self._join(watch)
                shown = show(session, watch, self.installation.clock())
        except ValidationError:
            return {"error": "invalid", "detail": "watch needs a view and what it is a view of"}
        except Refused as refused:
            return {"error": refused.kind, "detail": str(refused)}
        return shown

    def _sync(self, data: Any = None) -> dict[str, Any]:
        wish = data if isinstance(data, dict) else {}
        watch = self._chosen(wish.get("view"), wish.get("key"))
        if watch is None:
            return {"error": "not-found", "detail": "watch something first"}
        with self.installation.database.read() as session:
            try:
                # Again, because a sign-in may have ended and a ticket may have been transferred.
                watch = reopen_watch(session, watch, self._asker(session))
            except Refused as refused:
                self._leave(watch)  # who may no longer look is told nothing more
                return {"error": refused.kind, "detail": str(refused)}
            self._join(watch)
            return show(session, watch, self.installation.clock())

    def _chosen(self, view: Any, key: Any) -> Watch | None:
        """The watch that is meant: by view and key, else the latest."""
        for watch in reversed(self._watches.get(_sid(), [])):
            if view in (None, watch.view) and key in (None, watch.key):
                return watch
        return None

    def _join(self, watch: Watch) -> None:
        watches = self._watches.setdefault(_sid(), [])
        for old in list(watches):
            if (old.view, old.key) == (watch.view, watch.key) and old != watch:
                self._leave(old)
        if watch not in watches:
            watches.append(watch)
            for name in watch.rooms:
                join_room(name, namespace=NAMESPACE)
            self.listeners.update(watch.rooms)
        if len(watches) > MOST_WATCHES:
            # The oldest of the same kind: a kiosk's many tickets must not push out its hall.
            alike = [old for old in watches if old.view == watch.view and old != watch]
            self._leave((alike or watches)[0])

    def _leave(self, watch: Watch) -> None:
        watches = self._watches[_sid()]
        watches.remove(watch)
        self.listeners.subtract(watch.rooms)
        kept = {name for other in watches for name in other.rooms}
        for name in watch.rooms:
            if name not in kept:
                leave_room(name, namespace=NAMESPACE)

    def _asker(self, session: Any) -> Asker:
        bearer = self._bearers.get(_sid())
        if bearer is None:
            return asker()
        token = find_token(session, bearer)
        return token_asker(token) if token else NOBODY


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it
