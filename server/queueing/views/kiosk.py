"""The kiosk: which services there are, how long they take, and what cannot be had now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from server.offices.hours import iso, issuing_of, opening_of
from server.offices.models import Office, Service
from server.printing.views import printer_states
from server.queueing.forecasts import Forecast, forecast
from server.queueing.rules import Rules
from server.queueing.views.parts import (
    State,
    active_counters,
    active_services,
    held_tickets,
    office_head,
    pause_words,
    printer_condition,
    service_head,
)
from server.queueing.views.parts import counters as counter_states


def kiosk(session: Session, office: Office, now: datetime) -> State:
    """What the kiosk shows, and anybody may know of the office."""
    opening, numbers = opening_of(office, now), issuing_of(office, now)
    rules = Rules.of(office.rules)
    outlook = forecast(session, office, now)
    again = {"closed": numbers.opens_at}
    again["cap"] = again["full"] = issuing_of(office, numbers.day_ends_at or now).opens_at
    services = [
        _service(service, office, outlook, rules, numbers.open, again)
        for service in active_services(office)
    ]
    return {
        **office_head(office),
        "now": iso(now, office),
        "open": numbers.open,
        "hall_open": opening.open,
        "hours": office.hours,
        "opens_at": iso(numbers.opens_at, office),
        "closes_at": iso(numbers.closes_at, office),
        "closed_reason": numbers.reason,
        "waiting": sum(service["waiting"] for service in services),
        "priorities": list(rules.priorities) if rules.uses_priority else [],
        "idle_seconds": rules.idle_seconds,
        "services": services,
        "counters": counter_states(office, held_tickets(session, office))
        if active_counters(office)
        else [],
        "printer": printer_condition(office),
        "printers": printer_states(office),
        "revision": office.revision,
    }


def _service(
    service: Service,
    office: Office,
    outlook: Forecast,
    rules: Rules,
    giving_out: bool,
    again: Mapping[str, datetime | None],
) -> State:
    waiting = outlook.waiting(service.id)
    wait = outlook.wait(service.id, waiting)
    left = outlook.left(service.id)
    because = closed_because(service, outlook, giving_out=giving_out)
    return {
        **service_head(service),
        "letter": service.letter,
        "kind": service.kind,
        "icon": service.icon,
        "tint": service.tint,
        "waiting": waiting,
        "estimated_wait_seconds": wait.seconds if wait else None,
        "wait_minutes": wait.minutes if wait else None,
        "open": because is None,
        "closed_because": because,
        "closed_words": pause_words(service),
        "opens_at": iso(again.get(because or ""), office),
        "left": left if left is not None and 0 < left <= rules.show_left_below else None,
        "papers": service.papers,
    }


def closed_because(service: Service, outlook: Forecast, *, giving_out: bool) -> str | None:
    """Why no number is given out for a service: ``paused``, ``closed``, ``cap`` or ``full``."""
    if service.paused:
        return "paused"
    if not giving_out:
        return "closed"
    return outlook.full(service.id)
