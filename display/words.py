"""Every word of the board, in all languages of its hall at once.

Other screens speak one language at a time; the wall shows Vietnamese large and the others beneath.
So the page carries its words with it, and a board that has started needs no further catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale
from flask_babel import gettext as _

from server.offices.models import Names

FIRST_LANGUAGE = "vi"
"""What stands in where another language has no words of its own."""


def board_words(languages: Iterable[str]) -> dict[str, Names]:
    """The board's words ``{message id: {language: words}}``.

    A language that has no words of its own for something is left out of it: the board puts the
    languages beneath each other, and the Vietnamese that stands in elsewhere is there already.
    """
    said = {language: _in(language) for language in languages}
    vietnamese = said.get(FIRST_LANGUAGE) or _in(FIRST_LANGUAGE)
    return {
        message: {
            language: words[message]
            for language, words in said.items()
            if language == FIRST_LANGUAGE or words[message] != vietnamese[message]
        }
        or {FIRST_LANGUAGE: vietnamese[message]}
        for message in vietnamese
    }


def _in(language: str) -> Names:
    with force_locale(language):
        return _words()


def _words() -> dict[str, str]:
    """The words by message id, in the language of this moment."""
    return {
        # the head
        "Sample hall": _("Sample hall"),
        # the call
        "Please go to counter": _("Please go to counter"),
        "Now serving": _("Now serving"),
        "Last called": _("Last called"),
        "Counter": _("Counter"),
        "Call %(n)s": _("Call %(n)s"),
        "Number %(number)s, please go to counter %(counter)s": _(
            "Number %(number)s, please go to counter %(counter)s"
        ),
        # the side
        "Called before": _("Called before"),
        "still expected": _("still expected"),
        "Counters": _("Counters"),
        "Ready": _("Ready"),
        "On a break": _("On a break"),
        "Closed": _("Closed"),
        # the foot
        "waiting": _("waiting"),
        "Notices": _("Notices"),
        "Pause the notices": _("Pause the notices"),
        "Go on": _("Go on"),
        # nobody to call
        "Please take a number": _("Please take a number"),
        "Your number will appear here and be called out.": _(
            "Your number will appear here and be called out."
        ),
        "Outside working hours": _("Outside working hours"),
        "Opens at": _("Opens at"),
        # what is wrong
        "Turn on sound": _("Turn on sound"),
        "No connection since %(time)s. What is shown may be out of date.": _(
            "No connection since %(time)s. What is shown may be out of date."
        ),
    }
