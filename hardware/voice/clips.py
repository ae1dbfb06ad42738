"""Recorded voices: a folder ``<language>/<name>.wav`` of short recordings, joined to a call.

Names, the same in every language (see ``hardware.voice.phrases``):

- ``please-number`` (*Xin mời số*), ``to-counter`` (*đến quầy số*);
- ``letter-a`` … ``letter-z``, ``letter-dd`` for Đ (letters as Telex types them);
- ``digit-0`` … ``digit-9`` for the ticket's figures;
- ``whole-1`` … ``whole-99`` for counters and whole numbers, ``hundred-1`` … ``hundred-9``, and
  ``link`` (*lẻ*, *and*) between a hundred and what follows it;
- ``word-<name>`` for a counter that has a name instead of a number.

Recordings are WAV of 16 bits, any rate. A call is spoken from recordings only when all of its
recordings are there: half a call sends people to the wrong counter.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from pathlib import Path

from hardware.voice.phrases import Phrase
from hardware.voice.sound import NotWave, Sound, joined, loud, read, silence, trimmed

GAP_MS = 70
"""Between two recordings."""
PAUSE_MS = 220
"""Before the counter is named."""

_log = logging.getLogger(__name__)


def find(phrase: Phrase, folder: Path) -> list[Path] | None:
    """The recordings of a phrase; none when one is missing."""
    paths = [folder / phrase.language / f"{key}.wav" for key in phrase.clip_keys]
    return paths if all(path.is_file() for path in paths) else None


def fingerprint(paths: Sequence[Path]) -> list[tuple[str, int, int]]:
    """What changes when a recording is replaced."""
    return [
        (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in dict.fromkeys(paths)
    ]


def say(paths: Sequence[Path]) -> Sound[int] | None:
    """The recordings as one sound, equally loud; none when one of them cannot be used."""
    parts: list[Sound[int]] = []
    try:
        for path in paths:
            part = _recording(path, path.stat().st_mtime_ns)
            if not part:
                raise NotWave(f"{path}: nothing can be heard")
            if path.stem == "to-counter" and parts:
                part = silence(PAUSE_MS) + part
            parts.append(part)
    except (NotWave, OSError) as error:
        _log.warning("recording not used: %s", error)
        return None
    return joined(parts, GAP_MS)


@functools.lru_cache(maxsize=256)
def _recording(path: Path, changed_ns: int) -> Sound[int]:
    return loud(trimmed(read(path)))
