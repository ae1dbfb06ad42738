"""Pausing a service: no more numbers for now, who waits already is still served."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import journal
from server.errors import NotFound
from server.offices.models import Names, Office, Service
from server.queueing.day import open_day
from server.queueing.steps import EVENTS


def service_of(session: Session, office: Office, code: str) -> Service:
    """The service that ``office`` offers under this code.

    Raises:
        NotFound: there is none, or it is no longer offered.
    """
    service = session.scalar(
        select(Service).where(Service.office_id == office.id, Service.code == code, Service.active)
    )
    if service is None:
        raise NotFound("There is no such service.")
    return service


def pause_service(
    session: Session,
    office_id: int,
    code: str,
    now: datetime,
    actor: str,
    *,
    reason: Names | None = None,
) -> Service:
    """Give out no more numbers for a service until it is resumed or the day ends.

    Raises:
        NotFound: the office offers no such service.
    """
    return _switch(session, office_id, code, now, actor, paused=True, reason=reason)


def resume_service(
    session: Session, office_id: int, code: str, now: datetime, actor: str
) -> Service:
    """Give out numbers for a service again.

    Raises:
        NotFound: the office offers no such service.
    """
    return _switch(session, office_id, code, now, actor, paused=False, reason=None)


def _switch(
    session: Session,
    office_id: int,
    code: str,
    now: datetime,
    actor: str,
    *,
    paused: bool,
    reason: Names | None,
) -> Service:
    office = open_day(session, office_id, now)
    service = service_of(session, office, code)
    if (service.paused, service.pause_reason) == (paused, reason):
        return service  # pressed twice: nothing changes, so nothing is written
    service.paused, service.pause_reason = paused, reason
    event = EVENTS["pause-service" if paused else "resume-service"]
    data = {"reason": reason} if reason else {}
    journal.record(session, office, event, subject=code, actor=actor, data=data, at=now)
    return service
