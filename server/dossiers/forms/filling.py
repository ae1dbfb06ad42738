"""Filling a form in: which step it tells of, who signs, and what stands between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from server.dossiers.forms import control, letters, receipt
from server.dossiers.forms.circulars import Form, form_on
from server.dossiers.forms.paper import Sheet
from server.dossiers.forms.reading import Facts, Happened, facts_of
from server.dossiers.models import Dossier
from server.errors import NotFound, Refused, marked

TELLS_OF = {
    "receipt": ("accept", marked("This dossier has not been accepted, so it has no receipt.")),
    "supplement": ("ask-supplement", marked("No papers have been asked for in this dossier.")),
    "refusal": ("refuse", marked("This dossier has not been refused.")),
    "apology": ("apologise", marked("No new date has been named for this dossier.")),
    "stop": ("stop", marked("The work on this dossier has not been stopped.")),
    "control-sheet": (
        "accept",
        marked("This dossier has not been accepted, so it has no control sheet."),
    ),
}
"""The step that a form tells of, and what is said where a dossier has none."""

Fill = Callable[[Facts, Happened, Form, date], Sheet]

WORDINGS: Mapping[str, Fill] = {
    "receipt": receipt.receipt,
    "supplement": letters.supplement,
    "refusal": letters.refusal,
    "apology": letters.apology,
    "extension": letters.extension,
    "stop": letters.stop,
    "control-sheet": control.control_sheet,
}
"""How each wording that ``forms.csv`` names is filled in."""


def sheet_of(session: Session, dossier: Dossier, kind: str, today: date) -> Sheet:
    """A form of a dossier, filled in; of several steps it could tell of, the last one counts.

    Args:
        session: to read with.
        dossier: whose form it is.
        kind: one of :data:`server.dossiers.forms.circulars.KINDS`.
        today: in the office's time zone; says how late an agency is.

    Raises:
        NotFound: there is no such form, or not in the circular that holds for the dossier.
        Refused: the step that the form tells of was not taken.
    """
    return fill(facts_of(session, dossier), kind, today)


def fill(facts: Facts, kind: str, today: date) -> Sheet:
    """The same from the facts alone; raises as :func:`sheet_of`."""
    if kind not in TELLS_OF:
        raise NotFound("There is no such form.")
    form = form_on(facts.began_at.date(), kind)
    step, otherwise = TELLS_OF[kind]
    told = facts.last(step)
    if told is None:
        raise Refused(otherwise)
    return WORDINGS[form.wording](facts, told, form, today)


def forms_of(facts: Facts) -> list[Form]:
    """The forms that a dossier can have printed now, in the order of their numbers."""
    found = []
    for kind, (step, _) in TELLS_OF.items():
        try:
            form = form_on(facts.began_at.date(), kind)
        except NotFound:
            continue
        if facts.last(step) is not None:
            found.append(form)
    return found
