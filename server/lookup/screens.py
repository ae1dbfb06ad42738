"""The halls of this installation, for the list of screens."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.offices.models import Counter, Names, Office


@dataclass(frozen=True, slots=True)
class HallScreens:
    """An office where people are served, and so has screens."""

    slug: str
    names: Names
    organisation: Names
    brand: str
    counters: int


def halls(session: Session) -> list[HallScreens]:
    """The offices with counters, by slug; those above them have no screens."""
    offices = session.scalars(
        select(Office)
        .where(Office.id.in_(select(Counter.office_id).where(Counter.active)))
        .order_by(Office.slug)
    )
    return [
        HallScreens(
            office.slug,
            office.names,
            office.organisation,
            office.brand,
            sum(counter.active for counter in office.counters),
        )
        for office in offices
    ]
