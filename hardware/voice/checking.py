"""Whether a folder of recordings can call people: complete, readable, heard, not distorted."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

from hardware.voice.pack import Recording, recordings
from hardware.voice.sound import FULL, RATE, NotWave, Sound, peak, read, trimmed

LOWEST_RATE = 16_000
"""Samples a second; below, consonants are lost (a telephone has 8,000)."""
SHORTEST_S, LONGEST_S = 0.12, 4.0
"""Of what is left without the silence around it."""
QUIETEST = 0.03
"""Peak as a share of full scale; quieter ones are mostly noise once they are made loud."""
CLIPPED_RUN = 4
"""So many samples in a row at full scale: the microphone was too loud, and it crackles."""

_NO_CALL = "no call uses a file of this name"


def problems(folder: Path, language: str, wanted: Sequence[Recording]) -> Iterator[str]:
    """One line for each thing wrong with ``folder/<language>``; none when it is fine.

    ``wanted`` are the recordings that must be there (``pack.recordings`` or ``pack.needed``).
    """
    place = folder / language
    for recording in wanted:
        path = place / f"{recording.name}.wav"
        if not path.is_file():
            yield f"{path}: is missing; say “{recording.words}”"
    known = {recording.name for recording in [*wanted, *recordings(language)]}
    for path in sorted(place.iterdir()) if place.is_dir() else []:
        if path.name.startswith("."):
            continue
        if path.suffix != ".wav" or not (path.stem in known or path.stem.startswith("word-")):
            yield f"{path}: {_NO_CALL}"
        elif problem := problem_of(path):
            yield f"{path}: {problem}"


def problem_of(path: Path) -> str | None:
    """What is wrong with one recording, in words; none when it can be used."""
    try:
        with wave.open(str(path), "rb") as file:
            rate = file.getframerate()
        sound = read(path)
    except (NotWave, wave.Error, EOFError) as error:
        return f"is no WAV recording of 16 bits ({str(error).removeprefix(f'{path}: ')})"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if rate < LOWEST_RATE:
        return f"has {rate} samples a second; {LOWEST_RATE} or more are needed"
    return problem_of_sound(sound)


def problem_of_sound(sound: Sound[int]) -> str | None:
    """What is wrong with what is heard, in words."""
    loudest = peak(sound)
    length = len(trimmed(sound)) / RATE
    if loudest < FULL // 500:
        return "is silent"
    if loudest < QUIETEST * FULL:
        return "is too quiet; speak closer to the microphone"
    if _clipped(sound):
        return "is distorted; turn the microphone down or speak further away"
    if length < SHORTEST_S:
        return f"is only {length:.2f} s long; {SHORTEST_S} s or more are needed"
    if length > LONGEST_S:
        return f"is {length:.1f} s long; {LONGEST_S:.0f} s at most, without the silence around it"
    return None


def _clipped(sound: Sound[int]) -> bool:
    """Several samples in a row at full scale, of one sign."""
    run, last = 0, 0
    for sample in sound:
        at_end = (sample >= FULL - 1) - (sample <= 1 - FULL)
        run = run + 1 if at_end and at_end == last else abs(at_end)
        last = at_end
        if run >= CLIPPED_RUN:
            return True
    return False
