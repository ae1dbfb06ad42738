"""How figures, days and classes are shown to people, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup, escape

from server.dossiers.judging import judge
from server.dossiers.wording import STEP_WORDS
from server.errors import marked
from server.offices.models import Names
from server.reports.behind import Behind
from server.reports.course import Stretch
from server.reports.settlement import Period
from server.web import language

NUMBERS = {"vi": "vi", "en": "en", "km": "vi"}
"""Khmer readers here know the numbers of Vietnamese papers: ``2.411`` and ``91,3 %``."""

CLASSES: dict[str, tuple[str, str]] = {
    # class: word, icon
    "received": (marked("Received"), "inbox"),
    "on_time": (marked("On time"), "check-check"),
    "early": (marked("Early"), "check-check"),
    "not_due": (marked("Not yet due"), "hourglass"),
    "late": (marked("Late"), "triangle-alert"),
    "paused": (marked("The clock stands still"), "pause"),
}

FIGURES: dict[str, dict[str, str]] = {
    "settlement": {
        "received": marked("Received"),
        "on_time": marked("On time"),
        "not_due": marked("Not yet due"),
        "late": marked("Late"),
        "resolved": marked("Resolved"),
    },
    "processing": {
        "total": marked("To be processed"),
        "carried_over": marked("Carried over"),
        "in_period": marked("Received in the period"),
        "direct": marked("Received at the office"),
        "online": marked("Received online"),
        "post": marked("Received by post"),
        "done": marked("Done"),
        "early": marked("Done early"),
        "on_time": marked("Done on time"),
        "late": marked("Done late"),
        "in_process": marked("In process"),
        "process_in_time": marked("In process, in time"),
        "process_overdue": marked("In process, overdue"),
        "paused": marked("Paused"),
        "paused_in_time": marked("Paused, in time"),
        "paused_overdue": marked("Paused, overdue"),
    },
    "agencies": {
        "total": marked("With the agency in the period"),
        "carried_over": marked("Carried over"),
        "handed_over": marked("Parts handed over"),
        "taken_over": marked("Parts taken over"),
        "taken_over_in_time": marked("Taken over in time"),
        "done": marked("Done"),
        "done_within": marked("Done within its share"),
        "done_beyond": marked("Done beyond its share"),
        "held": marked("Held at the end"),
        "held_within": marked("Held within its share"),
        "held_beyond": marked("Held beyond its share"),
        "withdrawn": marked("Withdrawn by the citizen"),
    },
    "apologies": {"apologised": marked("Apologised for")},
}
"""What each figure of each report is called."""

STEPS: dict[str, str] = STEP_WORDS | {
    "hand-over": marked("Handed over to"),
    "take-over": marked("Taken over by"),
    "part-done": marked("Part done by"),
    "note": marked("Note"),
    "void": marked("Taken back: it never happened"),
}
"""What each recorded step is called, also those that citizens are not shown."""


def count(value: int) -> str:
    """``2,411``, or ``2.411`` in Vietnamese."""
    return str(format_decimal(value, locale=NUMBERS[language()]))


def rate(value: float | None) -> str:
    """``91.3 %``; a dash of nothing."""
    if value is None:
        return "–"
    return f"{format_decimal(value, format='0.0', locale=NUMBERS[language()])} %"


def amount(value: float | None) -> str:
    """A number that may have a half: ``6.5``; a dash where there is none."""
    return "–" if value is None else str(format_decimal(value, locale=NUMBERS[language()]))


def day(value: str | date | None) -> str:
    """``31/12/2019``, as dates are written here in every language."""
    if value is None:
        return "–"
    return f"{date.fromisoformat(value) if isinstance(value, str) else value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """``9:05 · 31/12/2019``."""
    return f"{value.hour}:{value:%M} · {value:%d/%m/%Y}"


def spoken(names: Names) -> Markup:
    """A name in the reader's language, and marked as Vietnamese where it is only that."""
    wish = language()
    if names.get(wish) or wish == "vi":
        return escape(names.get(wish) or names.get("vi", ""))
    return Markup('<span lang="vi">{}</span>').format(names.get("vi", ""))


def class_of(dossier: Behind, period: Period) -> str:
    """How a dossier stood when the period ended: a key of :data:`CLASSES`."""
    days = {
        name: date.fromisoformat(value) if value else None
        for name, value in (
            ("due", dossier.due_on),
            ("resolved", dossier.resolved_on),
            ("paused", dossier.paused_on),
        )
    }
    judged = judge(days["due"], resolved=days["resolved"], paused=days["paused"], asked=period.end)
    still = days["resolved"] is None and days["paused"] is not None
    return "paused" if judged == "not_due" and still else judged


def plot(course: Sequence[Stretch]) -> dict[str, Any]:
    """What the script draws; lines differ by their dashes as well as by their colours."""
    series: tuple[tuple[str, str, list[int]], ...] = (
        ("received", "--ink", []),
        ("on_time", "--green", [10, 4]),
        ("late", "--red", [3, 3]),
    )
    return {
        "locale": NUMBERS[language()],
        "first": _("From"),
        "begins": [one.begin.isoformat() for one in course],
        "series": [
            {
                "name": _(CLASSES[name][0]),
                "token": token,
                "dash": dash,
                "values": [getattr(one, name) for one in course],
            }
            for name, token, dash in series
        ],
    }


def word(names: Mapping[str, str], key: str) -> str:
    """One of the words above, in the reader's language."""
    return str(_(names[key]))
