"""The spoken call, as files a browser plays: first the chime, then the phrase, twice.

Recordings of people are used where an office has them, and eSpeak NG otherwise. Where neither has
the language there is no file, and the chime alone calls people to look at the board.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from hardware.voice import clips as recordings
from hardware.voice import espeak
from hardware.voice.chime import gong
from hardware.voice.phrases import FRAMES, Phrase, call_phrase
from hardware.voice.sound import Sound, joined, loud, trimmed, write

__all__ = ["Phrase", "call_phrase", "chime", "speak"]

BETWEEN_MS = 600
"""Between the first and the second time."""
KEPT = 400
"""Calls kept in the folder, some 400 KB each; the ones not heard for longest are removed."""

_VERSION = 1
"""Raised when the same words would sound different."""
_log = logging.getLogger(__name__)


def speak(
    number: str,
    counter: str,
    language: str,
    *,
    folder: Path,
    clips: Path | None = None,
    repeat: int = 2,
    whole_numbers: bool = False,
    link: str = "lẻ",
) -> Path | None:
    """The WAV file that calls ticket ``number`` to ``counter``, said ``repeat`` times.

    Made in ``folder`` at the first time (some 50 ms) and kept there. ``clips`` is the folder of
    recordings. ``whole_numbers`` and ``link``: see ``call_phrase``. None where there is no voice
    for the language, or the file cannot be written.
    """
    if language not in FRAMES:
        return None
    phrase = call_phrase(number, counter, language, whole_numbers, link=link)
    found = recordings.find(phrase, clips) if clips else None
    # Tried in this order; each has its own file, so a recording that comes later is heard.
    attempts = [found, None] if found else [None]
    for paths in attempts:
        path = folder / f"call-{_digest(phrase, repeat, paths)}.wav"
        try:
            if path.exists():
                path.touch()
                return path
            sound = recordings.say(paths) if paths else _machine(phrase)
            if sound:
                write(path, joined([sound] * max(1, repeat), BETWEEN_MS))
                _prune(folder)
                return path
        except OSError as error:
            _log.warning("the call of %s was not written: %s", number, error)
            return None
    return None


def chime(folder: Path) -> Path:
    """The WAV file of the chime, made in ``folder`` at the first time.

    Raises ``OSError`` when it cannot be written.
    """
    path = folder / f"chime-{_VERSION}.wav"
    if not path.exists():
        write(path, gong())
    return path


def _machine(phrase: Phrase) -> Sound[int] | None:
    spoken = espeak.say(phrase.text, phrase.language)
    return loud(trimmed(spoken)) if spoken else None


def _digest(phrase: Phrase, repeat: int, paths: list[Path] | None) -> str:
    """Whatever changes the sound changes the name."""
    source = recordings.fingerprint(paths) if paths else "espeak"
    told = json.dumps([_VERSION, phrase.language, phrase.text, repeat, source])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _prune(folder: Path) -> None:
    kept = []
    for path in folder.glob("call-*.wav"):
        try:
            kept.append((path.stat().st_mtime_ns, path))
        except FileNotFoundError:
            continue  # another process removed it
    for _, path in sorted(kept)[:-KEPT]:
        path.unlink(missing_ok=True)
