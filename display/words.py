"""Every word of the board, in all languages of its hall at once.

Other screens speak one language at a time; the wall shows Vietnamese large and the others beneath.
So the page carries its words with it, and a board that has started needs no further catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale
from flask_babel import gettext as _

from server.offices.models import Names

SOURCE_LANGUAGE = "en"
"""What the message ids are written in."""


def board_words(languages: Iterable[str]) -> dict[str, Names]:
    """The board's words ``{message id: {language: words}}``.

    A language whose catalogue does not have a word is left out of it, and not shown in English
    instead: the board puts the languages beneath each other.
    """
    spoken: dict[str, Names] = {}
    ids = _words().keys()
    for language in languages:
        with force_locale(language):
            said = _words()
        for message in ids:
            if language == SOURCE_LANGUAGE or said[message] != message:
                spoken.setdefault(message, {})[language] = said[message]
    return spoken


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
