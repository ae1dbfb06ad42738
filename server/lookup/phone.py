"""What the phone page of one ticket shows, as plain data: for its template and for its script."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.lookup.dossiers import NEWS_TO_COME, told
from server.lookup.moments import when
from server.lookup.path import path
from server.offices.models import Names
from server.queueing import estimates
from server.queueing.models import Ticket
from server.queueing.rules import Rules
from server.queueing.views import ticket_status

REFRESH_S = {"called": 10, "waiting": 15, "serving": 30, "parked": 30, "no_show": 30}
"""After how many seconds a page without scripts loads itself again; else never."""

SOON_FROM = 2
"""With so many people ahead or fewer, one should be back at the counters."""

HOURS_FROM = 120
"""Waits from so many minutes on are told in hours."""

CHANGING = (
    "status",
    "counter",
    "calls",
    "called_at",
    "closed_reason",
    "return_until",
    "park_reason",
    "can_cancel",
    "open",
    "opens_at",
    "service",
    "dossiers",
)
"""Parts of the state whose change makes the script fetch the page anew; the rest it keeps up."""


def ticket_of(session: Session, token: str) -> Ticket | None:
    """The ticket whose holder has this token, or none."""
    return session.scalar(select(Ticket).where(Ticket.token == token))


def phone_page(session: Session, ticket: Ticket, now: datetime, language: str) -> dict[str, Any]:
    """Everything the template needs, in ``language``; nothing about the person, whom nobody knows.

    Args:
        session: an open one.
        ticket: the holder's.
        now: this moment.
        language: of the page; words come from the locale that is in force.
    """
    office = ticket.office
    state = ticket_status(session, ticket, now)
    rules = Rules.of(office.rules)
    late = state["return_until"] is not None and now > datetime.fromisoformat(state["return_until"])
    opens = state["opens_at"]
    return {
        "state": state,
        "tone": "late" if late else ticket.status,
        "title": title(state),
        "dots": path(ticket.status, ticket.closed_reason, called=ticket.calls > 0),
        "call_dots": path("called"),
        "date": "" if ticket.day == state["now"][:10] else _date(ticket.day),
        "wait": wait_words(state["wait_minutes"]),
        "late": late,
        "opens": when(opens, now, office.timezone) if opens else "",
        "kept": bool(opens) and opens[:10] == ticket.day,
        "return_minutes": rules.no_show_return_s // 60,
        "task": _task(ticket, language),
        "digits": ticket.number[len(ticket.letter) :],
        "soon_from": SOON_FROM,
        "refresh_s": 0 if late else REFRESH_S.get(ticket.status, 0),
        "seed": seed(state),
        "dossiers": [told(one, language) for one in state["dossiers"]],
        "news_to_come": any(one["status"] in NEWS_TO_COME for one in state["dossiers"]),
    }


def title(state: dict[str, Any]) -> str:
    """The title of the browser's tab: the number, and how it stands."""
    number = state["number"]
    if state["status"] == "waiting":
        return f"{number} · {ahead_words(state['ahead'])}"
    words = {
        "called": _("Please go to counter %(counter)s", counter=state["counter"]),
        "serving": _("At the counter"),
        "parked": _("Set aside"),
        "no_show": _("Missed"),
        "done": _("Done"),
    }
    return f"{number} · {words.get(state['status'], _('Cancelled'))}"


def ahead_words(ahead: int | str | None) -> str:
    """How many are called before, in words."""
    if not ahead:
        return str(_("You are next"))
    return str(
        ngettext(
            "There is %(n)s person ahead of you",
            "There are %(n)s people ahead of you",
            ahead,
            n=ahead,
        )
    )


def wait_words(minutes: tuple[int, int] | None) -> str:
    """A likely wait in words; empty when there is nothing to go by."""
    if minutes is None:
        return ""
    low, high = minutes
    if low == 0:
        return str(_("less than %(high)s minutes", high=high))
    if low >= HOURS_FROM:
        return str(_("about %(low)s–%(high)s hours", low=low // 60, high=high // 60))
    return str(_("about %(low)s–%(high)s minutes", low=low, high=high))


def seed(state: dict[str, Any]) -> dict[str, Any]:
    """What the script starts from: the ticket as the live view tells it, and its words.

    Left out is what the page does not show, above all why somebody has priority.
    """
    kept = {name: state[name] for name in (*CHANGING, "ref", "number", "ahead", "now", "office")}
    return {
        "state": kept | {"office": {"timezone": state["office"]["timezone"]}},
        "changing": CHANGING,
        "edges": estimates.EDGES,
        "hours_from": HOURS_FROM,
        "soon_from": SOON_FROM,
        "words": script_words(),
    }


def script_words() -> dict[str, Any]:
    """The few sentences the script keeps up by itself, with their blanks."""
    n, low, high = "%(n)s", "%(low)s", "%(high)s"
    forms = [
        ngettext(
            "There is %(n)s person ahead of you",
            "There are %(n)s people ahead of you",
            count,
            n=n,
        )
        for count in (1, 2)
    ]
    return {
        "ahead": forms,
        "next": _("You are next"),
        "under": _("less than %(high)s minutes", high=high),
        "minutes": _("about %(low)s–%(high)s minutes", low=low, high=high),
        "hours": _("about %(low)s–%(high)s hours", low=low, high=high),
        "go": _("Please go to counter %(counter)s", counter="%(counter)s"),
        "soon": _("It is nearly your turn. Please stay close to the counters."),
        "lost": _(
            "No connection since %(time)s. Your number stays valid. Please watch the board.",
            time="%(time)s",
        ),
    }


def _date(day: str) -> str:
    return f"{datetime.fromisoformat(day):%d/%m/%Y}"


def _task(ticket: Ticket, language: str) -> str:
    """Why the ticket was set aside: one of the office's own reasons, else as the clerk wrote it."""
    reason = ticket.park_reason
    if not reason:
        return ""
    usual: list[Names] = ticket.office.words.get("parks", [])
    names = next((names for names in usual if reason in names.values()), {})
    return names.get(language) or names.get("vi") or reason
