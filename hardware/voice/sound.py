"""Sound as plain samples: 16 bit, mono, 22,050 a second; read, joined, made loud, written."""

from __future__ import annotations

import math
import os
import sys
import tempfile
import wave
from array import array
from collections.abc import Iterable
from pathlib import Path

RATE = 22_050
"""Samples a second; what eSpeak NG makes."""
FULL = 32_767
_PEAK = 0.95
_QUIET = 0.01
"""Below this share of the peak, a beginning or an end is silence."""

Sound = array  # of type code "h"


class NotWave(Exception):
    """A file that is not a WAV recording of 16 bits."""


def silence(ms: int) -> Sound[int]:
    """``ms`` milliseconds of nothing."""
    return array("h", bytes(2 * (RATE * ms // 1000)))


def joined(parts: Iterable[Sound[int]], gap_ms: int) -> Sound[int]:
    """The parts one after the other, ``gap_ms`` milliseconds apart."""
    whole = array("h")
    for part in parts:
        if whole:
            whole += silence(gap_ms)
        whole += part
    return whole


def trimmed(sound: Sound[int], margin_ms: int = 20) -> Sound[int]:
    """Without the silence before and after, but for a margin that keeps soft consonants."""
    floor = _QUIET * peak(sound)
    loud = [index for index, sample in enumerate(sound) if abs(sample) > floor]
    if not loud:
        return array("h")
    margin = RATE * margin_ms // 1000
    return sound[max(0, loud[0] - margin) : loud[-1] + margin + 1]


def peak(sound: Sound[int]) -> int:
    """The largest sample, without its sign; 0 for silence."""
    return max(max(sound), -min(sound)) if sound else 0


def loud(sound: Sound[int], drive: float = 2.0) -> Sound[int]:
    """As loud as a hall needs: quiet parts lifted, peaks rounded off just below full scale.

    ``drive`` is how far the peaks are pushed into the bend; 2 lifts speech by about 5 dB.
    """
    highest = peak(sound)
    if not highest:
        return sound
    top = _PEAK * FULL / math.tanh(drive)
    bent = [round(top * math.tanh(drive * level / highest)) for level in range(highest + 1)]
    return array("h", (bent[sample] if sample >= 0 else -bent[-sample] for sample in sound))


def read(path: Path) -> Sound[int]:
    """A WAV file of 16 bits, any rate, mono or several channels mixed to one.

    Raises ``NotWave`` for anything else, ``OSError`` when it cannot be read.
    """
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise NotWave(f"{path}: {error}") from error
    if width != 2 or not rate:
        raise NotWave(f"{path}: {8 * width} bits; 16 are needed")
    samples = array("h", frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    if channels > 1:
        tracks = [samples[track::channels] for track in range(channels)]
        samples = array("h", (sum(frame) // channels for frame in zip(*tracks, strict=False)))
    return samples if rate == RATE else _at_our_rate(samples, rate)


def write(path: Path, sound: Sound[int]) -> None:
    """Writes a WAV file, at once and whole: nobody ever reads half of one."""
    samples = sound
    if sys.byteorder == "big":
        samples = array("h", sound)
        samples.byteswap()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(RATE)
            writer.writeframes(samples.tobytes())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _at_our_rate(samples: Sound[int], rate: int) -> Sound[int]:
    """Straight lines between the samples; good enough for a voice in a hall."""
    if not samples:
        return samples
    last = len(samples) - 1
    changed = array("h")
    for index in range(len(samples) * RATE // rate):
        place = index * rate / RATE
        before = min(int(place), last)
        after = min(before + 1, last)
        changed.append(round(samples[before] + (samples[after] - samples[before]) * (place % 1)))
    return changed
