"""What a row says has happened, and how much of it is known here already. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from server.errors import marked
from server.exchange.rows import Event, Row

SHORT = (("accepted_at", "accept"), ("finished_at", "finish"), ("returned_at", "return"))
"""Columns that stand for a step, for files without a list of steps."""


class RowRefused(Exception):
    """This row does not go in; ``detail`` is an English message id with ``params``."""

    def __init__(self, field: str, detail: str, **params: object) -> None:
        super().__init__(detail)
        self.field, self.detail, self.params = field, detail, params


@dataclass(frozen=True, slots=True)
class Happened:
    """A step of the row, on the office's clock."""

    field: str
    """Where in the row it stands."""
    event: Event
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step in force that is recorded here."""

    kind: str
    at: datetime
    agency: str = ""


def happened(row: Row, zone: tzinfo, now: datetime) -> list[Happened]:
    """The steps of a row in their order; a moment without an offset is on the office's clock.

    Raises:
        RowRefused: there is none, one is told twice or still to come, or they are out of order.
    """
    events = [(f"steps.{place}", event) for place, event in enumerate(row.steps)]
    kinds = {event.kind: event for event in row.steps}
    for column, kind in SHORT:
        at = getattr(row, column)
        if at is None:
            continue
        if kind in kinds:
            if _local(kinds[kind].at, zone) != _local(at, zone):
                raise RowRefused(column, marked("says another time than the steps"))
            continue
        one = (column, Event(kind=kind, at=at))
        if kind == "accept":
            events.insert(0, one)
        else:
            events.append(one)
    if not events:
        raise RowRefused("steps", marked("nothing has happened; at least accepted_at is needed"))
    found: list[Happened] = []
    for field, event in events:
        at = _local(event.at, zone)
        if at > now:
            raise RowRefused(field, marked("is still to come (%(at)s)"), at=at.isoformat())
        if found and at < found[-1].at:
            raise RowRefused(
                field, marked("happened before the step before it (%(at)s)"), at=at.isoformat()
            )
        found.append(Happened(field, event, at))
    return found


def still_new(steps: Sequence[Happened], known: Sequence[Recorded]) -> list[Happened]:
    """The steps of a row that are not recorded here yet.

    Notes that were written here do not stand in the way. Where more is recorded here than the row
    knows, it is an older message and there is nothing to do.

    Raises:
        RowRefused: the two histories differ.
    """
    place = 0
    for mine in known:
        if place == len(steps):
            return []
        theirs = steps[place]
        if _same(theirs, mine):
            place += 1
        elif mine.kind != "note":
            raise RowRefused(
                theirs.field,
                marked("is “%(theirs)s” there, but recorded here is “%(mine)s” at %(at)s"),
                theirs=f"{theirs.event.kind} {theirs.at.isoformat()}",
                mine=mine.kind,
                at=mine.at.isoformat(),
            )
    return list(steps[place:])


def _same(theirs: Happened, mine: Recorded) -> bool:
    return (theirs.event.kind, theirs.at) == (mine.kind, mine.at) and (
        not mine.agency or theirs.event.agency == mine.agency
    )


def _local(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
