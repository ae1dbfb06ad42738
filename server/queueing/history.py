"""Tickets as plain values: for the journal, for taking a press back, and for replaying."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from server.journal import JournalEntry
from server.queueing.models import Ticket

MOMENTS = (
    "returned_at",
    "issued_at",
    "called_at",
    "serving_at",
    "finished_at",
    "parked_at",
    "no_show_at",
)
VALUES = (
    "day",
    "letter",
    "serial",
    "service_id",
    "status",
    "priority",
    "place",
    "park_reason",
    "closed_reason",
    "counter_id",
    "calls",
    "dossier_code",
    "service_seconds",
)

Snapshot = dict[str, Any]


def snapshot(ticket: Ticket) -> Snapshot:
    """Everything about a ticket that a step may change, as JSON values, with its ``id``."""
    values: Snapshot = {"id": ticket.id}
    values |= {name: getattr(ticket, name) for name in VALUES}
    for name in MOMENTS:
        moment = getattr(ticket, name)
        values[name] = moment.isoformat() if moment else None
    return values


def restore(ticket: Ticket, values: Snapshot) -> None:
    """Make the ticket what :func:`snapshot` saw."""
    for name in VALUES:
        setattr(ticket, name, values[name])
    for name in MOMENTS:
        moment = values[name]
        setattr(ticket, name, datetime.fromisoformat(moment) if moment else None)


def changes(before: Snapshot | None, after: Snapshot) -> Snapshot:
    """The values that differ, with the ``id``; all of them where there was nothing before."""
    if before is None:
        return after
    return {name: value for name, value in after.items() if name == "id" or before[name] != value}


def replay(entries: Iterable[JournalEntry]) -> dict[int, Snapshot]:
    """The tickets that the journal entries of an office lead to, by id."""
    tickets: dict[int, Snapshot] = {}
    for entry in entries:
        for change in entry.data.get("tickets", ()):
            tickets.setdefault(change["id"], {}).update(change)
    return tickets
