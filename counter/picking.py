"""Which counters somebody may sit down at, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.offices.models import Counter, Names, Office
from server.people.access import Asker, covers
from server.people.models import Person


@dataclass(frozen=True, slots=True)
class Place:
    """One counter (*quầy*) on the list."""

    id: int
    number: str
    names: Names
    services: list[Names]
    status: str
    """``open``, ``paused`` or ``closed``."""
    clerk: str
    """Who works there now, as people call them; empty when nobody does."""
    mine: bool
    """The asker works there now."""
    last: bool
    """This machine stood at this counter the last time."""


@dataclass(frozen=True, slots=True)
class Hall:
    """The counters of one office."""

    slug: str
    names: Names
    places: list[Place]


def halls(session: Session, asker: Asker, last: int | None) -> list[Hall]:
    """The offices where ``asker`` may work, each with its counters.

    The asker's own counter comes first, then the one this machine last stood at (``last``, a
    counter id), then the rest in the office's order.
    """
    offices = session.scalars(select(Office).order_by(Office.id)).all()
    mine = [office for office in offices if covers(session, asker, office)]
    people = {person.id: person for person in session.scalars(select(Person))}
    found = [
        Hall(
            office.slug,
            office.names,
            sorted(
                (
                    _place(counter, office, people, asker, last)
                    for counter in office.counters
                    if counter.active
                ),
                key=lambda place: (not place.mine, not place.last),
            ),
        )
        for office in mine
    ]
    return [hall for hall in found if hall.places]


def _place(
    counter: Counter,
    office: Office,
    people: dict[int, Person],
    asker: Asker,
    last: int | None,
) -> Place:
    taken = counter.status != "closed" and counter.clerk_id is not None
    clerk = people.get(counter.clerk_id) if taken and counter.clerk_id else None
    names = {service.code: service.names for service in office.services if service.active}
    return Place(
        id=counter.id,
        number=counter.number,
        names=counter.names,
        services=[names[code] for tier in counter.services for code in tier if code in names],
        status=counter.status,
        clerk=(clerk.display_name or clerk.name) if clerk else "",
        mine=clerk is not None and clerk.id == asker.person_id,
        last=counter.id == last,
    )
