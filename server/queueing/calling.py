"""What a clerk does with the queue: who is next, and the steps of the one being served.

Each command runs inside one ``transaction()``; it locks the office first, so the commands of one
hall happen one after the other and two clerks never get the same person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.errors import Refused
from server.offices.models import Counter, Service
from server.queueing.changing import Changing, changing_counter, changing_ticket
from server.queueing.history import restore, snapshot
from server.queueing.models import CallRecord, Press, Ticket
from server.queueing.queue import heads, microseconds, waiting_in_class
from server.queueing.rules import Rules, choose, place_behind

UNDO_S = 5
"""How long a press can be taken back, in seconds."""

UNDO_GRACE_S = 1
"""The press itself travels too: this much later is still in time."""


def call_next(session: Session, counter_id: int, now: datetime, actor: str) -> Ticket | None:
    """Call the next ticket to a counter; who is there until now is finished.

    A closed or paused counter opens by this. Returns none when nobody waits for it.
    """
    change, counter = changing_counter(session, counter_id, now, actor)
    _open_by_calling(change, counter)
    finished = _release(change, counter)
    services = {
        service.code: service
        for service in session.scalars(
            select(Service).where(Service.office_id == change.office.id, Service.active)
        )
    }
    tiers = [[services[code].id for code in tier if code in services] for tier in counter.services]
    turns = {service.id: service.turn for service in services.values()}
    chosen = choose(
        Rules.of(change.office.rules),
        heads(session, change.office, [service for tier in tiers for service in tier]),
        tiers,
        turns,
        microseconds(now),
    )
    if chosen is None:
        if finished:
            change.press(counter, "finish", finished)
        return None
    ticket = session.get_one(Ticket, chosen.ticket, populate_existing=True)
    change.take(ticket, "call")
    before = {str(chosen.service): turns[chosen.service]}
    session.get_one(Service, chosen.service).turn = chosen.turn
    call = _summon(change, ticket, counter)
    change.press(counter, "call-next", ticket, turns=before, call_id=call.id)
    return ticket


def call(session: Session, ticket_id: int, counter_id: int, now: datetime, actor: str) -> Ticket:
    """Call a chosen ticket to a counter, out of its turn."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    counter = _counter_of_office(change, counter_id)
    change.take(ticket, "call")
    _open_by_calling(change, counter)
    _release(change, counter)
    record = _summon(change, ticket, counter)
    change.press(counter, "call", ticket, call_id=record.id)
    return ticket


def recall(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """Show and speak the call again."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "recall")
    assert ticket.counter is not None  # a called ticket is at a counter
    ticket.calls += 1
    _announce(change, ticket, ticket.counter)
    change.record("ticket.recalled", ticket.number, counter=ticket.counter.number)
    return ticket


def serve(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """The citizen is at the counter."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "serve")
    ticket.serving_at = now
    _press(change, "serve", ticket)
    return ticket


def finish(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """The citizen has been served."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    _finish(change, ticket)
    _press(change, "finish", ticket)
    return ticket


def mark_no_show(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """Nobody came. The holder may come back within the office's time."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "no-show")
    ticket.no_show_at = now
    _press(change, "no-show", ticket)
    return ticket


def park(session: Session, ticket_id: int, reason: str, now: datetime, actor: str) -> Ticket:
    """The citizen goes off to fix something and keeps the place."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "park")
    ticket.parked_at = now
    ticket.park_reason = reason
    _press(change, "park", ticket)
    return ticket


def resume(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """The citizen is back: a parked one in front, one who missed the call a few places behind.

    Raises:
        Refused: a missed call, and the time to come back is over.
    """
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    missed_at = ticket.no_show_at if ticket.status == "no_show" else None
    change.take(ticket, "resume")
    if missed_at is None:
        ticket.returned_at = now
    else:
        rules = Rules.of(change.office.rules)
        if now - missed_at > timedelta(seconds=rules.no_show_return_s):
            raise Refused("The time to come back is over. Please take a new number.")
        ticket.place = place_behind(
            waiting_in_class(session, ticket), rules.no_show_return_places, ticket.place
        )
    _leave_counter(ticket)
    change.record("ticket.resumed", ticket.number)
    return ticket


def undo(session: Session, counter_id: int, now: datetime, actor: str) -> Ticket:
    """Take back the last press of a counter, within :data:`UNDO_S` seconds.

    Raises:
        Refused: there is none, it is too old, or something has changed since.
    """
    change, counter = changing_counter(session, counter_id, now, actor)
    press = session.get(Press, counter.id)
    if press is None or now - press.at > timedelta(seconds=UNDO_S + UNDO_GRACE_S):
        raise Refused("There is nothing left to undo.")
    tickets = [session.get_one(Ticket, values["id"]) for values in press.after]
    if [snapshot(ticket) for ticket in tickets] != press.after:
        raise Refused("Something has changed since; this can no longer be undone.")
    for ticket, values in zip(tickets, press.before, strict=True):
        change.touch(ticket)
        restore(ticket, values)
    for service_id, turn in press.turn.items():
        session.get_one(Service, int(service_id)).turn = turn
    if press.call_id is not None:
        session.get_one(CallRecord, press.call_id).withdrawn = True
    change.record("press.undone", press.number, step=press.step, counter=counter.number)
    session.delete(press)
    subject = next(ticket for ticket in tickets if ticket.number == press.number)
    session.flush()
    session.refresh(subject)
    return subject


def _counter_of_office(change: Changing, counter_id: int) -> Counter:
    counter = change.session.get(Counter, counter_id, populate_existing=True)
    if counter is None or counter.office_id != change.office.id or not counter.active:
        raise Refused("This counter does not belong to the ticket's office.")
    return counter


def _open_by_calling(change: Changing, counter: Counter) -> None:
    if counter.status != "open":
        counter.status, counter.pause_reason = "open", None
        counter.status_since = change.now


def _release(change: Changing, counter: Counter) -> Ticket | None:
    """Finish whom the counter still holds."""
    held = change.session.scalars(
        select(Ticket).where(
            Ticket.counter_id == counter.id,
            Ticket.day == change.office.day,
            Ticket.status.in_(("called", "serving")),
        )
    ).all()
    for ticket in held:
        _finish(change, ticket)
    return held[-1] if held else None


def _finish(change: Changing, ticket: Ticket) -> None:
    change.take(ticket, "finish")
    ticket.finished_at = change.now
    began = ticket.serving_at or ticket.called_at
    ticket.service_seconds = round((change.now - began).total_seconds()) if began else None


def _summon(change: Changing, ticket: Ticket, counter: Counter) -> CallRecord:
    ticket.counter = counter
    ticket.called_at = change.now
    ticket.serving_at = ticket.finished_at = ticket.returned_at = ticket.no_show_at = None
    ticket.calls += 1
    change.session.flush()
    return _announce(change, ticket, counter)


def _announce(change: Changing, ticket: Ticket, counter: Counter) -> CallRecord:
    repeat = change.session.scalar(
        select(func.count()).where(CallRecord.ticket_id == ticket.id, ~CallRecord.withdrawn)
    )
    record = CallRecord(
        office_id=change.office.id,
        day=ticket.day,
        ticket_id=ticket.id,
        counter_id=counter.id,
        repeat=repeat or 0,
        called_at=change.now,
    )
    change.session.add(record)
    change.session.flush()
    return record


def _leave_counter(ticket: Ticket) -> None:
    ticket.counter = None
    ticket.called_at = ticket.serving_at = None


def _press(change: Changing, step: str, ticket: Ticket) -> None:
    assert ticket.counter is not None  # steps of a called ticket happen at its counter
    change.session.flush()
    change.press(ticket.counter, step, ticket)
