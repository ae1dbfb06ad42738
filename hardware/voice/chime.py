"""The chime before a call: two notes of a gong, a third apart, going down."""

from __future__ import annotations

import math
from array import array

from hardware.voice.sound import FULL, RATE, Sound

NOTES = ((0.0, 659.26), (0.6, 523.25))
"""Start in seconds and pitch in hertz: E5, then C5."""
LENGTH_S = 2.6
PEAK = 0.8
"""Of full scale."""

_PARTIALS = ((1.0, 1.0, 2.4), (2.0, 0.40, 3.8), (3.01, 0.16, 6.5), (4.17, 0.08, 9.0))
"""Of a struck bar: pitch over the note's, strength, and how fast it fades (1/s)."""
_ATTACK_S = 0.008
_RELEASE_S = 0.4


def gong() -> Sound[int]:
    """The chime, computed. It begins and ends softly, so that no loudspeaker clicks."""
    total = round(LENGTH_S * RATE)
    attack = round(_ATTACK_S * RATE)
    wave = [0.0] * total
    for start, pitch in NOTES:
        first = round(start * RATE)
        for ratio, strength, decay in _PARTIALS:
            step = 2 * math.pi * pitch * ratio / RATE
            fade = math.exp(-decay / RATE)
            level = strength
            for index in range(total - first):
                rise = index / attack if index < attack else 1.0
                wave[first + index] += rise * level * math.sin(step * index)
                level *= fade
    release = round(_RELEASE_S * RATE)
    for index in range(release):
        wave[total - 1 - index] *= index / release
    scale = PEAK * FULL / max(map(abs, wave))
    return array("h", (round(scale * sample) for sample in wave))
