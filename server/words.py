"""Words shown to people: gettext catalogues, with Vietnamese where Khmer has none yet."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Domain, get_babel

FOLDER = Path(__file__).parent / "translations"

FALLBACKS = {"vi": (), "en": (), "km": ("vi",)}
"""Languages and where a missing word comes from: most of those who read Khmer read Vietnamese."""


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The words of a language, with those it falls back to; Vietnamese for an unknown one."""
    first, *rest = (language, *FALLBACKS[language]) if language in FALLBACKS else ("vi",)
    words = Translations.load(FOLDER, [first])
    for other in rest:
        words.add_fallback(Translations.load(FOLDER, [other]))
    return words


def translate(language: str, message: str, **params: object) -> str:
    """``message`` (an English id) in a language, with ``%(name)s`` filled in from ``params``."""
    words = str(catalogue(language).gettext(message)) if message else ""
    return words % params if params else words


class FallingBack(Domain):  # type: ignore[misc]  # flask_babel has no types
    """Flask-Babel's words of a request, with our fallbacks."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the request's language."""
        from flask_babel import get_locale

        locale = get_locale()
        return catalogue(locale.language if locale else "vi")


def install(app: Flask) -> None:
    """Make Flask-Babel use :func:`catalogue`; called once ``Babel(app)`` is there."""
    with app.app_context():
        get_babel().instance.domain_instance = FallingBack()


def script_words(language: str) -> dict[str, str | list[str]]:
    """The catalogue as scripts read it: by English id, with all forms where a number decides."""
    merged: dict[str, str | list[str]] = {}
    words: NullTranslations | None = catalogue(language)
    layers = []
    while words is not None:
        layers.append(words)
        words = getattr(words, "_fallback", None)
    for layer in reversed(layers):
        for key, text in getattr(layer, "_catalog", {}).items():
            if not key or not text:
                continue
            if isinstance(key, tuple):
                forms = merged.setdefault(key[0], [])
                if isinstance(forms, list):
                    forms[key[1] : key[1] + 1] = [text]
            else:
                merged[key] = text
    return merged
