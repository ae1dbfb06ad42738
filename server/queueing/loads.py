"""Reading what a hall has to do out of the database, in a handful of indexed look-ups.

None of them grows with the tickets of earlier days; the waiting are counted by the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from server.offices.hours import opening_of
from server.offices.models import Counter, Office, Service
from server.queueing.estimates import RECENT, Desk, Load, usual_seconds
from server.queueing.models import Ticket


def read_load(session: Session, office: Office, now: datetime) -> Load:
    """The load of ``office`` as :mod:`server.queueing.estimates` wants it."""
    services = session.scalars(
        select(Service).where(Service.office_id == office.id, Service.active)
    ).all()
    counters = session.scalars(
        select(Counter).where(Counter.office_id == office.id, Counter.active)
    ).all()
    waiting = waiting_by_service(session, office)
    measured = recent_seconds(session, [service.id for service in services])
    held = _held(session, office)
    ids = {service.code: service.id for service in services}
    seconds = {
        service.id: usual_seconds(measured.get(service.id, []), service.typical_minutes)
        for service in services
    }
    desks = []
    for counter in counters:
        busy_with, since = held.get(counter.id, (None, None))
        desks.append(
            Desk(
                tiers=[[ids[code] for code in tier if code in ids] for tier in counter.services],
                status=counter.status,
                busy_with=busy_with,
                busy_s=(now - since).total_seconds() if since else 0,
            )
        )
    return Load(
        waiting={service.id: waiting.get(service.id, 0) for service in services},
        seconds={service: usual for service, usual in seconds.items() if usual is not None},
        desks=desks,
        sessions=sessions_to_come(office, now),
    )


def waiting_by_service(session: Session, office: Office) -> dict[int, int]:
    """How many wait now, by service id; services for which nobody waits are left out."""
    rows = session.execute(
        select(Ticket.service_id, func.count())
        .where(Ticket.office_id == office.id, Ticket.day == office.day, Ticket.status == "waiting")
        .group_by(Ticket.service_id)
    )
    return dict(rows.all())


def recent_seconds(session: Session, service_ids: Iterable[int]) -> dict[int, list[int]]:
    """The latest measured service times in seconds, by service id, at most ``RECENT`` each."""
    latest = [
        select(Ticket.service_id, Ticket.service_seconds)
        .where(
            Ticket.service_id == service_id,
            Ticket.status == "done",
            Ticket.service_seconds.is_not(None),
        )
        .order_by(Ticket.finished_at.desc())
        .limit(RECENT)
        .subquery()
        for service_id in service_ids
    ]
    measured: dict[int, list[int]] = defaultdict(list)
    if latest:
        rows = session.execute(union_all(*(select(part) for part in latest)))
        for service_id, seconds in rows:
            measured[service_id].append(seconds)
    return measured


def sessions_to_come(office: Office, now: datetime) -> list[tuple[float, float]]:
    """The open parts of today that are still to come, from and to in seconds from ``now``."""
    sessions = []
    end = opening_of(office, now).day_ends_at
    at: datetime | None = now
    while end is not None and at is not None and at < end:
        state = opening_of(office, at)
        if state.open and state.closes_at is not None:
            sessions.append(((at - now).total_seconds(), (state.closes_at - now).total_seconds()))
            at = state.closes_at
        else:
            at = state.opens_at
    return sessions


def _held(session: Session, office: Office) -> dict[int | None, tuple[int, datetime | None]]:
    """Service and moment of the call of whom each counter holds, by counter id."""
    rows = session.execute(
        select(Ticket.counter_id, Ticket.service_id, Ticket.called_at).where(
            Ticket.office_id == office.id,
            Ticket.day == office.day,
            Ticket.status.in_(("called", "serving")),
        )
    )
    return {counter: (service, called_at) for counter, service, called_at in rows}
