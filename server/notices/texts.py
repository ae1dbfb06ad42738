"""What citizens are told, and when it is still true. Short: it may be an SMS, and cost by length.

Nothing personal but the dossier's code and the address of its page.
"""

from __future__ import annotations

from dataclasses import dataclass

from server.dossiers.steps import (
    ACCEPTED,
    EVENTS,
    FINISHED,
    PAYMENT,
    PROCESSING,
    STOPPED,
    SUPPLEMENT,
)
from server.errors import marked
from server.words import translate


@dataclass(frozen=True, slots=True)
class Kind:
    """A reason to tell a citizen something."""

    name: str
    subject: str
    text: str
    while_in: frozenset[int]
    """The statuses in which it is true; in any other it is not sent any more."""


_KINDS = {
    "finish": Kind(
        "result-ready",
        marked("The result of dossier %(code)s is ready"),
        marked(
            "The result of dossier %(code)s is ready. Please bring the receipt to %(office)s to "
            "collect it. %(link)s"
        ),
        frozenset({FINISHED}),
    ),
    "ask-supplement": Kind(
        "supplement-needed",
        marked("Papers are missing for dossier %(code)s"),
        marked(
            "Papers are missing for dossier %(code)s. Please see which ones, and bring them to "
            "%(office)s. %(link)s"
        ),
        frozenset({SUPPLEMENT}),
    ),
    "ask-payment": Kind(
        "payment-due",
        marked("A payment is due for dossier %(code)s"),
        marked("A payment is due for dossier %(code)s. Please ask %(office)s. %(link)s"),
        frozenset({PAYMENT}),
    ),
    "apologise": Kind(
        "new-date",
        marked("A new date for dossier %(code)s"),
        marked(
            "We are sorry that dossier %(code)s takes longer. The new date is %(date)s. %(link)s"
        ),
        frozenset({ACCEPTED, PROCESSING, SUPPLEMENT, PAYMENT, STOPPED}),
    ),
}

KINDS: dict[str, Kind] = {EVENTS[step]: kind for step, kind in _KINDS.items()}
"""What is told after which event of the journal."""

WHY_MAIL = marked(
    "You get this mail because you asked for it when the dossier was handed in. Tell the office if "
    "you want no more. Nobody reads answers to this address."
)


def kind_named(name: str) -> Kind | None:
    """The kind with this name; none for what is no citizen's."""
    return next((kind for kind in KINDS.values() if kind.name == name), None)


def say(
    kind: Kind, language: str, *, code: str, office: str, link: str, date: str
) -> tuple[str, str]:
    """Subject and text in a language; Khmer falls back to Vietnamese.

    Args:
        kind: why.
        language: ``vi``, ``en`` or ``km``.
        code: the dossier's.
        office: where to go, in this language.
        link: of the page that shows the dossier.
        date: the day that is promised now, ``30/11/2026``.
    """
    gaps = {"code": code, "office": office, "link": link, "date": date}
    return translate(language, kind.subject) % gaps, translate(language, kind.text) % gaps


def mail_text(text: str, language: str) -> str:
    """The text as an e-mail, which says why it comes."""
    return f"{text}\n\n-- \n{translate(language, WHY_MAIL)}\n"
