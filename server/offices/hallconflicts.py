"""Where a hall file is at odds with what is stored: people who wait, people who work elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from server.offices.hallchecks import Table, tables, texts
from server.offices.halllines import Path
from server.offices.hallproblems import Problem
from server.offices.hallstoring import FILE_ROLES
from server.offices.hours import business_day
from server.offices.models import Counter, Office, Service
from server.people.models import Person
from server.queueing.models import Ticket
from server.queueing.rules import Rules

IN_THE_QUEUE = ("waiting", "called", "serving", "parked")
AT_A_COUNTER = ("called", "serving")


def conflicts(
    session: Session, raw: dict[str, Any], stored: Mapping[str, Office], now: datetime
) -> Iterator[Problem]:
    """Problems between the file and what is stored.

    Args:
        session: any session; the offices of ``stored`` should be locked in it.
        raw: the data of the file.
        stored: the file's offices that exist, by slug.
        now: this moment; people wait on the business day it belongs to.
    """
    for path, table in tables(raw, "office"):
        office = stored.get(str(table.get("slug")))
        yield from _people(session, table, path, office)
        if office is not None:
            yield from _removed_services(session, table, path, office, now)
            yield from _removed_counters(session, table, path, office, now)


def _removed_services(
    session: Session, table: Table, path: Path, office: Office, now: datetime
) -> Iterator[Problem]:
    kept = texts(table, "service", "code")
    missed_since = now - timedelta(seconds=Rules.of(office.rules).no_show_return_s)
    may_come_back = and_(Ticket.status == "no_show", Ticket.no_show_at >= missed_since)
    queues = (
        select(Service.code, func.count())
        .join(Ticket, Ticket.service_id == Service.id)
        .where(
            Ticket.office_id == office.id,
            Ticket.day == _today(office, now),
            or_(Ticket.status.in_(IN_THE_QUEUE), may_come_back),
        )
        .group_by(Service.code)
        .order_by(Service.code)
    )
    for code, people in session.execute(queues):
        if code not in kept:
            yield Problem(
                (*path, "service"),
                f'"{code}" is left out, but people are in its queue ({people}); serve or transfer '
                "them first, or load the file after closing time",
            )


def _removed_counters(
    session: Session, table: Table, path: Path, office: Office, now: datetime
) -> Iterator[Problem]:
    kept = texts(table, "counter", "number")
    busy = (
        select(Counter.number)
        .join(Ticket, Ticket.counter_id == Counter.id)
        .where(
            Ticket.office_id == office.id,
            Ticket.day == _today(office, now),
            Ticket.status.in_(AT_A_COUNTER),
        )
        .distinct()
        .order_by(Counter.number)
    )
    for number in session.scalars(busy):
        if number not in kept:
            yield Problem(
                (*path, "counter"),
                f'"{number}" is left out, but somebody is being served there; finish first, or '
                "load the file after closing time",
            )


def _today(office: Office, now: datetime) -> str:
    return business_day(now, office.timezone).isoformat()


def _people(session: Session, table: Table, path: Path, office: Office | None) -> Iterator[Problem]:
    """Names are signed in with, so one name is one person in the whole installation."""
    for at, person in tables(table, "person", path):
        name = person.get("name")
        if not isinstance(name, str):
            continue
        row = session.scalar(select(Person).where(Person.name == name))
        if row is None:
            continue
        if row.role not in FILE_ROLES:
            yield Problem(
                (*at, "name"),
                f'"{name}" is already the name of an administrator; choose another name',
            )
        elif office is None or row.office_id != office.id:
            elsewhere = f'office "{row.office.slug}"' if row.office else "all offices"
            yield Problem(
                (*at, "name"),
                f'"{name}" already works in {elsewhere}; choose another name, or move them with '
                f"motcua user add {name} --office",
            )
