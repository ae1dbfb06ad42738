"""Dossiers in plain words, for the phone page of a ticket and for the page behind a code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from server.dossiers.steps import (
    ACCEPTED,
    FINISHED,
    PAYMENT,
    PROCESSING,
    REFUSED,
    REGISTERED,
    RETURNED,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
)
from server.dossiers.wording import STEP_WORDS
from server.errors import marked

WORDS = {
    REGISTERED: marked("Your dossier has arrived. Nobody has looked at it yet."),
    ACCEPTED: marked("Your dossier has been received."),
    REFUSED: marked("Your dossier could not be accepted."),
    PROCESSING: marked("Your dossier is being worked on."),
    SUPPLEMENT: marked("Papers are missing. Please bring them to the office."),
    PAYMENT: marked("A payment is due. Please ask the staff."),
    WITHDRAWN: marked("Your dossier has been withdrawn."),
    STOPPED: marked("The work on your dossier has been stopped."),
    FINISHED: marked("The result is ready. Please bring the receipt to collect it."),
    RETURNED: marked("The result has been collected."),
}

OPEN = frozenset({ACCEPTED, PROCESSING, SUPPLEMENT, PAYMENT, STOPPED})

NEWS_TO_COME = OPEN | {REGISTERED}
"""In these the page offers to tell of the result."""


def told(state: dict[str, Any], language: str) -> dict[str, Any]:
    """One dossier for the template; words come from the locale that is in force.

    Args:
        state: its public view, see :func:`server.dossiers.views.public_dossier`.
        language: of the page, for names.
    """
    last = state["timeline"][-1] if state["timeline"] else {}
    reasons = [step["reason"] for step in state["timeline"] if step["reason"]]
    gone = state["status"] in (REFUSED, STOPPED)
    names, words = state["procedure"]["names"], WORDS[state["status"]]
    return {
        "code": state["code"],
        "name": names.get(language) or names["vi"],
        "name_language": language if names.get(language) else "vi",
        "status": state["status"],
        "words": _(words),
        "missing": last.get("missing", []) if state["status"] == SUPPLEMENT else [],
        "reason": reasons[-1] if gone and reasons else "",
        "due": _due(state),
        "steps": [_told_step(step) for step in state["timeline"]],
    }


def _told_step(step: dict[str, Any]) -> dict[str, str]:
    words = STEP_WORDS[step["kind"]]
    return {
        "words": _(words),
        "at": step["at"],
        "when": _moment(step["at"]),
        "more": _moment(step["promised_at"]) if step["kind"] == "apologise" else "",
    }


def _due(state: dict[str, Any]) -> str:
    """What may be said of the date: none while the clock stands still, because it will move."""
    if state["status"] not in OPEN or state["promised_at"] is None:
        return ""
    if state["paused_at"]:
        return str(_("The date will be set anew when the work goes on."))
    when = _moment(state["promised_at"])
    if state["promised_at"] != state["due_at"]:
        return str(_("We are sorry for the delay. The new date is %(when)s.", when=when))
    return str(_("The result is due at %(when)s.", when=when))


def _moment(text: str) -> str:
    there = datetime.fromisoformat(text)
    return f"{there.hour}:{there:%M} · {there:%d/%m/%Y}"
