"""What every step shares: remember the tickets as they were, then journal what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import journal
from server.errors import NotFound, StepRefused
from server.offices.models import Counter, Office
from server.queueing.day import open_day
from server.queueing.history import Snapshot, changes, snapshot
from server.queueing.models import Press, Ticket
from server.queueing.steps import EVENTS, next_status


@dataclass
class Changing:
    """One command under way: its office (locked), its moment, who does it, what it touched."""

    session: Session
    office: Office
    now: datetime
    actor: str
    before: dict[int, Snapshot | None] = field(default_factory=dict)
    touched: dict[int, Ticket] = field(default_factory=dict)

    def take(self, ticket: Ticket, step: str) -> None:
        """Move ``ticket`` to the status that ``step`` leads to.

        Raises:
            StepRefused: the status forbids the step.
        """
        status = next_status(ticket.status, step)
        self.touch(ticket)
        ticket.status = status

    def touch(self, ticket: Ticket) -> None:
        """Remember ``ticket`` as it is before it is changed."""
        if ticket.id not in self.touched:
            self.before[ticket.id] = snapshot(ticket)
            self.touched[ticket.id] = ticket

    def create(self, ticket: Ticket) -> None:
        """Store a new ``ticket``; before, there was nothing."""
        self.session.add(ticket)
        self.session.flush()
        self.before[ticket.id] = None
        self.touched[ticket.id] = ticket

    def record(self, event: str, subject: str, **data: Any) -> int:
        """Write the journal entry of this command; returns the new revision."""
        self.session.flush()  # so that ids of related rows are known
        changed = [
            changes(self.before[ticket_id], snapshot(ticket))
            for ticket_id, ticket in self.touched.items()
        ]
        return journal.record(
            self.session,
            self.office,
            event,
            subject=subject,
            actor=self.actor,
            data={"tickets": changed, **data},
            at=self.now,
        )

    def press(
        self,
        counter: Counter,
        step: str,
        subject: Ticket,
        *,
        turns: dict[str, list[int]] | None = None,
        call_id: int | None = None,
    ) -> None:
        """Record a clerk's press in the journal, and so that it can be taken back."""
        self.record(EVENTS[step], subject.number, counter=counter.number)
        self.session.merge(
            Press(
                counter_id=counter.id,
                step=step,
                number=subject.number,
                at=self.now,
                before=list(self.before.values()),
                after=[snapshot(ticket) for ticket in self.touched.values()],
                turns=turns or {},
                call_id=call_id,
            )
        )


def changing_ticket(
    session: Session, ticket_id: int, now: datetime, actor: str
) -> tuple[Changing, Ticket]:
    """Begin a command on one ticket: its office locked, the ticket fresh.

    Raises:
        NotFound: there is no such ticket.
        StepRefused: the ticket is from an earlier day.
    """
    office_id = session.scalar(select(Ticket.office_id).where(Ticket.id == ticket_id))
    if office_id is None:
        raise NotFound("There is no such ticket.")
    office = open_day(session, office_id, now)
    ticket = session.get_one(Ticket, ticket_id)
    if ticket.day != office.day:
        raise StepRefused(
            "This number is from an earlier day. Please take a new number.", allowed=[]
        )
    return Changing(session, office, now, actor), ticket


def changing_counter(
    session: Session, counter_id: int, now: datetime, actor: str
) -> tuple[Changing, Counter]:
    """Begin a command at one counter: its office locked, the counter fresh.

    Raises:
        NotFound: there is no such counter, or it is no longer used.
    """
    office_id = session.scalar(
        select(Counter.office_id).where(Counter.id == counter_id, Counter.active)
    )
    if office_id is None:
        raise NotFound("There is no such counter.")
    office = open_day(session, office_id, now)
    return Changing(session, office, now, actor), session.get_one(Counter, counter_id)
