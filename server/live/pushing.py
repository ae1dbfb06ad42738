"""After a commit: builds each shared view once and sends it to those who watch it."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.agencyboard import agency_board
from server.dossiers.daysoff import chain
from server.dossiers.models import Agency
from server.exchange.applying import EVENT as IMPORTED
from server.journal import JournalEntry, changed_offices
from server.live.hints import Hints
from server.live.sockets import Live
from server.live.watches import message, room
from server.offices.models import Counter, Office
from server.printing.jobs import jobs_waiting
from server.printing.views import devices
from server.queueing import views
from server.queueing.day import offices_behind, open_day
from server.queueing.models import Ticket
from server.queueing.remembering import forget

LOOK_EVERY_S = 0.5
"""How often the revisions are looked at, for changes that another process made."""

REFRESH_EVERY_S = 15.0
"""How often what only time changes (open or closed, the estimates) is looked at."""

log = structlog.get_logger("motcua.live")


class Pusher:
    """Pushes every change of an office to its watchers, from one background task.

    Changes that come while a push is under way are pushed together: the views hold the last twelve
    calls, so that a board that gets two calls in one message still announces both.
    """

    def __init__(self, live: Live) -> None:
        self.live = live
        self.installation = live.installation
        self._wake = threading.Event()
        # From here on: what somebody presses before the first look is pushed as well.
        self._pushed: dict[int, int] = self._revisions()
        self._shown: dict[str, Any] = {}
        url = self.installation.settings.redis_url
        self.hints = Hints(url) if url else None
        self.installation.database.after_commit.append(self._committed)

    def run(self) -> None:
        """Look for changes until the process ends; started once as a background task."""
        refreshed = self.installation.clock()
        if self.hints is not None:
            self.live.socketio.start_background_task(self.hints.listen, self._wake.set)
        while True:
            self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()
            try:
                now = self.installation.clock()
                self.roll_days()
                refresh = abs((now - refreshed).total_seconds()) >= REFRESH_EVERY_S
                if refresh:
                    refreshed = now
                self.push(refresh=refresh)
            except Exception:
                # Watchers ask again on their own; the next round pushes what this one could not.
                log.exception("push failed")
                self.live.socketio.sleep(LOOK_EVERY_S)

    def roll_days(self) -> None:
        """Close the day of each office whose midnight has passed."""
        now = self.installation.clock()
        with self.installation.database.read() as session:
            behind = offices_behind(session, now)
        for office_id in behind:
            try:
                with self.installation.database.transaction() as session:
                    open_day(session, office_id, now)
                    forget(session, now)
            except Exception:
                log.exception("day not closed", office=office_id)

    def push(self, *, refresh: bool = False) -> None:
        """Push what has changed since the last push; with ``refresh`` what time changed too."""
        # In this order: whoever begins to watch in between has seen a newer revision already.
        revisions = self._revisions()
        watched = self.live.watched_offices()
        for office_id, revision in revisions.items():
            before = self._pushed.get(office_id, 0)
            if office_id in watched and (revision > before or refresh):
                try:
                    with self.installation.database.read() as session:
                        self._push_office(session, session.get_one(Office, office_id), before)
                except Exception:
                    # The other offices are told all the same; this one is tried again.
                    log.exception("push failed", office=office_id)
                    continue
            self._pushed[office_id] = revision

    def _revisions(self) -> dict[int, int]:
        """The revision of each office now, by its id."""
        with self.installation.database.read() as session:
            rows = session.execute(select(Office.id, Office.revision))
            return {office_id: revision for office_id, revision in rows}  # noqa: C416

    def _committed(self, session: Session) -> None:
        if changed_offices(session):
            self._wake.set()
            if self.hints is not None:
                self.hints.publish()

    def _push_office(self, session: Session, office: Office, since: int) -> None:
        now = self.installation.clock()
        events, tickets = _changes(session, office, since)
        for ticket_id in tickets:
            if self._listens("ticket", ticket_id):
                ticket = session.get_one(Ticket, ticket_id)
                state = views.ticket_status(session, ticket, now)
                body = message("ticket", ticket.ref, office, state)
                self.live.send("state", body, room("ticket", ticket_id))
        if events and all(event == IMPORTED for event in events):
            return  # nothing in the hall has changed, and thousands of rows come in this way
        self._push_printing(session, office)
        self._push_agencies(session, office)
        if events and all(event.startswith("slip.") for event in events):
            # Nothing in the hall has changed but a slip, which may be for staff to look after.
            if not all(event == "slip.printed" for event in events):
                self._push_desks(session, office)
            return
        if self._listens("board", office.id):
            state = views.board(session, office, now)
            self._send("board", office.id, message("board", office.slug, office, state))
        if self._listens("kiosk", office.id):
            state = views.kiosk(session, office, now)
            self._send("kiosk", office.id, message("kiosk", office.slug, office, state))
        self._push_desks(session, office)
        self._push_queues(session, office)

    def _push_printing(self, session: Session, office: Office) -> None:
        now = self.installation.clock()
        if self._listens("devices", office.id):
            body = message("devices", office.slug, office, devices(session, office, now))
            self._send("devices", office.id, body)
        for printer in office.printers:
            if self._listens("printing", printer.id):
                state = {"waiting": jobs_waiting(session, printer.id)}
                self._send("printing", printer.id, message("printing", printer.name, office, state))

    def _push_agencies(self, session: Session, office: Office) -> None:
        """The boards of the agencies that serve this office: its own, and those above."""
        if not any(name.startswith("agency:") for name in list(self.live.listeners)):
            return
        for place in chain(session, office):
            for agency in session.scalars(select(Agency).where(Agency.office_id == place.id)):
                if self._listens("agency", agency.id):
                    key = f"{place.slug}/{agency.code}"
                    state = agency_board(session, agency, self.installation.clock())
                    self._send("agency", agency.id, message("agency", key, place, state))

    def _push_desks(self, session: Session, office: Office) -> None:
        for counter in office.counters:
            if self._listens("counter", counter.id):
                state = views.desk(
                    session,
                    office,
                    session.get_one(Counter, counter.id),
                    self.installation.clock(),
                )
                self._send(
                    "counter", counter.id, message("counter", str(counter.id), office, state)
                )

    def _push_queues(self, session: Session, office: Office) -> None:
        for service in office.services:
            if self._listens("queue", service.id):
                body = views.queue_order(session, office, service, self.installation.clock())
                body["revision"] = office.revision
                self._send("queue", service.id, body)

    def _listens(self, view: str, subject_id: int) -> bool:
        return self.live.listeners[room(view, subject_id)] > 0

    def _send(self, view: str, subject_id: int, body: dict[str, Any]) -> None:
        """Send, unless the room has been told the very same at this revision."""
        name = room(view, subject_id)
        state = body.get("state", body)
        same = (body["revision"], {k: v for k, v in state.items() if k != "now"})
        if self._shown.get(name) == same:
            return
        self._shown[name] = same
        self.live.send("queue" if view == "queue" else "state", body, name)


def _changes(session: Session, office: Office, since: int) -> tuple[list[str], list[int]]:
    """The journal's events after revision ``since``, and the ids of the tickets they touched."""
    entries = session.execute(
        select(JournalEntry.event, JournalEntry.data).where(
            JournalEntry.office_id == office.id, JournalEntry.revision > since
        )
    ).all()
    tickets: dict[int, None] = {}
    for _, data in entries:
        tickets |= {change["id"]: None for change in data.get("tickets", ())}
        for shown in ("slip_of", "shown_on"):
            if shown in data:
                tickets[data[shown]] = None
    return [event for event, _ in entries], list(tickets)
