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
from server.queueing.queue import front_of_class, heads, microseconds
from server.queueing.rules import Rules, choose, place_behind
from server.queueing.steps import EVENTS, next_status

UNDO_S = 5
"""How long a press can be taken back, in seconds."""

UNDO_GRACE_S = 1
"""The press itself travels too: this much later is still in time."""


def call_next(session: Session, counter_id: int, now: datetime, actor: str) -> Ticket | None:
    """Call the next ticket to a counter; who is there until now is finished.

    A closed or paused counter opens by this. Returns none when nobody waits for it.
    """
    change, counter = changing_counter(session, counter_id, now, actor)
    opened = _open_by_calling(change, counter)
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
        elif opened:
            change.record(EVENTS["open-counter"], counter.number)
        return None
    ticket = session.get_one(Ticket, chosen.ticket)
    change.take(ticket, "call")
    for service_id, turn in chosen.turns.items():
        session.get_one(Service, service_id).turn = turn
    call = _summon(change, ticket, counter)
    change.press(
        counter,
        "call-next",
        ticket,
        turns={str(key): [turns[key], turn] for key, turn in chosen.turns.items()},
        call_id=call.id,
    )
    return ticket


def call(session: Session, ticket_id: int, counter_id: int, now: datetime, actor: str) -> Ticket:
    """Call a chosen ticket to a counter, out of its turn; who is there until now is finished."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    counter = _counter_of_office(change, counter_id)
    next_status(ticket.status, "call")  # a refusal comes before anything is done
    _open_by_calling(change, counter)
    _release(change, counter)
    change.take(ticket, "call")
    record = _summon(change, ticket, counter)
    change.press(counter, "call", ticket, call_id=record.id)
    return ticket


def recall(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """Show and speak the call again. Whatever was pressed before can no longer be taken back."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "recall")
    counter = held_at(ticket)
    ticket.calls += 1
    _announce(change, ticket, counter)
    forget_press(change, counter)
    change.record(EVENTS["recall"], ticket.number, counter=counter.number)
    return ticket


def serve(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """The citizen is at the counter."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "serve")
    ticket.serving_at = now
    change.press(held_at(ticket), "serve", ticket)
    return ticket


def finish(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """The citizen has been served."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    _finish(change, ticket)
    change.press(held_at(ticket), "finish", ticket)
    return ticket


def mark_no_show(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """Nobody came. The holder may come back within the office's time."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "no-show")
    ticket.no_show_at = now
    change.press(held_at(ticket), "no-show", ticket)
    return ticket


def park(session: Session, ticket_id: int, reason: str, now: datetime, actor: str) -> Ticket:
    """The citizen goes off to fix something and keeps the place."""
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    change.take(ticket, "park")
    ticket.parked_at = now
    ticket.park_reason = reason
    change.press(held_at(ticket), "park", ticket)
    return ticket


def resume(session: Session, ticket_id: int, now: datetime, actor: str) -> Ticket:
    """The citizen is back: a parked one in front, one who missed the call a few places behind.

    Raises:
        Refused: a missed call, and the time to come back is over.
    """
    change, ticket = changing_ticket(session, ticket_id, now, actor)
    missed_at = ticket.no_show_at if ticket.status == "no_show" else None
    rules = Rules.of(change.office.rules)
    if not may_return(rules, ticket, now):
        raise Refused("The time to come back is over. Please take a new number.")
    change.take(ticket, "resume")
    if missed_at is None:
        ticket.returned_at = now
    else:
        places = rules.no_show_return_places
        ticket.place = place_behind(front_of_class(session, ticket, places), ticket.place)
    leave_counter(ticket)
    change.record(EVENTS["resume"], ticket.number)
    return ticket


def may_return(rules: Rules, ticket: Ticket, now: datetime) -> bool:
    """Whether there is still time for who missed the call; always for everybody else."""
    if ticket.status != "no_show" or ticket.no_show_at is None:
        return True
    return now - ticket.no_show_at <= timedelta(seconds=rules.no_show_return_s)


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
    for service_id, (before, after) in press.turns.items():
        service = session.get_one(Service, int(service_id))
        if service.turn == after:  # else another counter has called meanwhile: its turn stands
            service.turn = before
    if press.call_id is not None:
        session.get_one(CallRecord, press.call_id).withdrawn = True
    change.record(EVENTS["undo"], press.number, step=press.step, counter=counter.number)
    subject = next(ticket for ticket in tickets if ticket.number == press.number)
    session.delete(press)
    session.flush()
    for ticket in tickets:
        session.refresh(ticket)
    return subject


def held_at(ticket: Ticket) -> Counter:
    """The counter of a ticket that has been called."""
    assert ticket.counter is not None  # no step leads to such a status without a counter
    return ticket.counter


def leave_counter(ticket: Ticket) -> None:
    """The ticket waits again and belongs to no counter."""
    ticket.counter = None
    ticket.called_at = ticket.serving_at = None


def forget_press(change: Changing, counter: Counter) -> None:
    """The last press of ``counter`` can no longer be taken back: something else was done since."""
    press = change.session.get(Press, counter.id)
    if press is not None:
        change.session.delete(press)


def _counter_of_office(change: Changing, counter_id: int) -> Counter:
    counter = change.session.get(Counter, counter_id)
    if counter is None or counter.office_id != change.office.id or not counter.active:
        raise Refused("This counter does not belong to the ticket's office.")
    return counter


def _open_by_calling(change: Changing, counter: Counter) -> bool:
    if counter.status == "open":
        return False
    counter.status, counter.pause_reason = "open", None
    counter.status_since = change.now
    return True


def _release(change: Changing, counter: Counter) -> Ticket | None:
    """Finish whom the counter still holds."""
    held = change.session.scalars(
        select(Ticket)
        .where(
            Ticket.office_id == change.office.id,
            Ticket.day == change.office.day,
            Ticket.status.in_(("called", "serving")),
            Ticket.counter_id == counter.id,
        )
        .order_by(Ticket.called_at, Ticket.id)
    ).all()
    for ticket in held:
        _finish(change, ticket)
    return held[-1] if held else None


def _finish(change: Changing, ticket: Ticket) -> None:
    change.take(ticket, "finish")
    ticket.finished_at = change.now
    if ticket.called_at:
        # Never negative, even when somebody has set the clock back.
        spent = (change.now - ticket.called_at).total_seconds()
        ticket.service_seconds = max(0, round(spent))


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
