"""What can be watched: each view's key, room, and who may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.agencies import agency_for
from server.dossiers.agencyboard import agency_board
from server.dossiers.models import Agency
from server.errors import NotFound
from server.offices.models import Counter, Office, Printer
from server.people.access import Asker, require, require_grant
from server.printing.jobs import jobs_waiting
from server.printing.views import devices
from server.queueing import views
from server.queueing.models import Ticket
from server.reports.states import below

Short = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


LARGEST_ID = 2**31 - 1


View = Literal["board", "kiosk", "counter", "ticket", "devices", "printing", "agency"]


class WatchQuery(BaseModel):
    """The payload of ``watch``."""

    model_config = ConfigDict(extra="ignore")

    view: View
    office: Short | None = None
    counter: int | None = Field(None, ge=1, le=LARGEST_ID)
    token: Short | None = None
    agency: Short | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """One view that one socket watches."""

    view: View
    key: str
    """Office slug, counter id, the ticket's ref, the printer's name, or office and agency."""
    office_id: int
    subject_id: int
    """Id of the office, counter, ticket, printer or agency that is shown."""
    service_id: int = 0
    """The service of a watched ticket, whose queue is watched with it."""
    below: frozenset[int] = frozenset()
    """Ids of other offices whose changes are seen in it: those that a watched agency serves."""

    @property
    def rooms(self) -> list[str]:
        """The Socket.IO rooms of this watch."""
        own = room(self.view, self.subject_id)
        return [own, room("queue", self.service_id)] if self.view == "ticket" else [own]


def room(view: str, subject_id: int) -> str:
    """The name of the room in which a view of something is pushed."""
    return f"{view}:{subject_id}"


def open_watch(session: Session, query: WatchQuery, asker: Asker) -> Watch:
    """Check that ``asker`` may see the view, and say where it is pushed.

    Raises:
        NotFound: there is no such office, counter, ticket, printer or agency.
        Unauthenticated, Forbidden: a counter is shown only to those who may work there, an agency
            likewise, the devices to those who look after them, a printer's jobs to its agent.
    """
    if query.view == "ticket":
        ticket = session.scalar(select(Ticket).where(Ticket.token == (query.token or "")))
        if ticket is None:
            raise NotFound("There is no such ticket.")
        return Watch("ticket", ticket.ref, ticket.office_id, ticket.id, ticket.service_id)
    if query.view == "counter":
        counter = session.get(Counter, query.counter or 0)
        if counter is None or not counter.active:
            raise NotFound("There is no such counter.")
        require(session, asker, "work-at-counter", counter.office)
        return Watch("counter", str(counter.id), counter.office_id, counter.id)
    if query.view == "printing":
        require_grant(asker, "print-slips")
        printer = session.get(Printer, asker.printer_id or 0)
        if printer is None:
            raise NotFound("There is no such printer.")
        return Watch("printing", printer.name, printer.office_id, printer.id)
    office = session.scalar(select(Office).where(Office.slug == (query.office or "")))
    if office is None:
        raise NotFound("There is no such office.")
    if query.view == "agency":
        agency = agency_for(session, asker, office, query.agency or "")
        served = frozenset(one.id for group in below(session, office).values() for one in group)
        return Watch("agency", f"{office.slug}/{agency.code}", office.id, agency.id, below=served)
    if query.view == "devices":
        require(session, asker, "look-after-devices", office)
    return Watch(query.view, office.slug, office.id, office.id)


def reopen_watch(session: Session, watch: Watch, asker: Asker) -> Watch:
    """The same watch as it must be now.

    Raises:
        Unauthenticated, Forbidden: the asker may no longer see it.
    """
    if watch.view == "ticket":
        service_id = session.get_one(Ticket, watch.subject_id).service_id
        return replace(watch, service_id=service_id)
    if watch.view == "counter":
        return open_watch(session, WatchQuery(view="counter", counter=watch.subject_id), asker)
    if watch.view == "agency":
        office, _, agency = watch.key.partition("/")
        return open_watch(session, WatchQuery(view="agency", office=office, agency=agency), asker)
    if watch.view in ("devices", "printing"):
        return open_watch(session, WatchQuery(view=watch.view, office=watch.key), asker)
    return watch


def show(session: Session, watch: Watch, now: datetime) -> dict[str, Any]:
    """The view as it is now: ``{view, key, revision, state}``."""
    office = session.get_one(Office, watch.office_id)
    return message(watch.view, watch.key, office, _state(session, watch, office, now))


def message(view: str, key: str, office: Office, state: dict[str, Any]) -> dict[str, Any]:
    """The body of a ``state`` event."""
    return {"view": view, "key": key, "revision": office.revision, "state": state}


def _state(session: Session, watch: Watch, office: Office, now: datetime) -> dict[str, Any]:
    if watch.view == "board":
        return views.board(session, office, now)
    if watch.view == "kiosk":
        return views.kiosk(session, office, now)
    if watch.view == "counter":
        return views.desk(session, office, session.get_one(Counter, watch.subject_id), now)
    if watch.view == "devices":
        return devices(session, office, now)
    if watch.view == "agency":
        return agency_board(session, session.get_one(Agency, watch.subject_id), now)
    if watch.view == "printing":
        return {"waiting": jobs_waiting(session, watch.subject_id)}
    return views.ticket_status(session, session.get_one(Ticket, watch.subject_id), now)
