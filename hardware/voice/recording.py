"""Recording one clip: a recorder of the system listens, and what was said is cut and levelled."""

from __future__ import annotations

import math
import shlex
import shutil
import subprocess
import tempfile
from array import array
from pathlib import Path

from hardware.voice.checking import problem_of_sound
from hardware.voice.sound import FULL, RATE, NotWave, Sound, peak, read, write

SECONDS = 4
"""How long the recorder listens."""
RECORDERS = (
    "arecord --quiet --format=S16_LE --rate=44100 --channels=1 --duration={seconds} {file}",
    "timeout --preserve-status --signal=INT {seconds} "
    "parecord --file-format=wav --format=s16le --rate=44100 --channels=1 {file}",
)
"""Debian's: of ``alsa-utils`` and of ``pulseaudio-utils``. The first one that is there is used."""
NO_RECORDER = (
    "there is no recorder here; install one with `apt install alsa-utils`, "
    "or name one with --with 'COMMAND {file}'"
)
LEVEL = 0.1
"""Loudness of a clip (root mean square, share of full scale): -20 dB."""
HIGHEST = 0.89
"""Its peak at most: -1 dB."""

_WINDOW_MS = 10
_MARGIN_MS = 60
"""Kept before and after the words, for soft consonants."""


class NotRecorded(Exception):
    """Nothing usable was recorded; says why, as somebody at the microphone reads it."""


def recorder() -> str:
    """The command of the recorder that this machine has. Raises ``NotRecorded`` without one."""
    for command in RECORDERS:
        program = "parecord" if "parecord" in command else command.split()[0]
        if shutil.which(program):
            return command
    raise NotRecorded(NO_RECORDER)


def take(command: str, path: Path) -> float:
    """Record with ``command``, cut, level and keep as ``path``; its length in seconds.

    ``{file}`` in the command is where it writes a WAV file of 16 bits, ``{seconds}`` how long it
    listens. Raises ``NotRecorded``; then ``path`` is as it was before.
    """
    with tempfile.TemporaryDirectory(prefix="motcua-voice-") as folder:
        heard = Path(folder) / "heard.wav"
        _listen(command, heard)
        try:
            sound = read(heard)
        except FileNotFoundError:
            raise NotRecorded("the recorder wrote no file; does it name {file}?") from None
        except (NotWave, OSError) as error:
            raise NotRecorded(f"the recorder's file cannot be used: {error}") from error
    # Judged before it is levelled: afterwards nothing is too quiet or distorted any more.
    said = cut(sound)
    if problem := problem_of_sound(said):
        raise NotRecorded(f"it {problem}")
    spoken = levelled(said)
    write(path, spoken)
    return len(spoken) / RATE


def cut(sound: Sound[int]) -> Sound[int]:
    """Without what the room alone makes before and after the words."""
    step = RATE * _WINDOW_MS // 1000
    windows = [_loudness(sound[at : at + step]) for at in range(0, len(sound), step)]
    if not windows:
        return array("h")
    room = sorted(windows)[len(windows) // 10]
    # Whoever speaks from the first moment to the last leaves no silence to judge the room by.
    floor = max(min(3 * room, 0.25 * max(windows)), 0.04 * max(windows))
    loud = [place for place, window in enumerate(windows) if window > floor]
    if not loud:
        return array("h")
    margin = RATE * _MARGIN_MS // 1000
    return sound[max(0, loud[0] * step - margin) : (loud[-1] + 1) * step + margin]


def levelled(sound: Sound[int]) -> Sound[int]:
    """As loud as every other clip, unless a peak would be distorted."""
    highest = peak(sound)
    if not highest:
        return sound
    factor = min(LEVEL * FULL / _loudness(sound), HIGHEST * FULL / highest)
    return array("h", (round(factor * sample) for sample in sound))


def _listen(command: str, file: Path) -> None:
    words = [
        word.replace("{file}", str(file)).replace("{seconds}", str(SECONDS))
        for word in shlex.split(command)
    ]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS + 20)
    except (OSError, IndexError) as error:
        raise NotRecorded(f"the recorder does not start: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise NotRecorded("the recorder did not come to an end") from error
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())
        raise NotRecorded(f"the recorder failed: {said or f'exit code {done.returncode}'}")


def _loudness(sound: Sound[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in sound) / len(sound)) if sound else 0.0
