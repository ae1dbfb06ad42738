"""Speech by eSpeak NG, offline: Vietnamese and English. It has no voice for Khmer.

Debian's ``espeak-ng`` command is used where it is installed, else the library that the package
``espeakng-loader`` brings.
"""

from __future__ import annotations

import ctypes
import functools
import logging
import shutil
import subprocess
import tempfile
from _queue import SimpleQueue  # the native one; `queue` may have been made green
from array import array
from pathlib import Path
from typing import Any

from hardware.voice.sound import NotWave, Sound, read

VOICES = {"vi": "vi", "en": "en"}
"""eSpeak NG's voice by language."""
WORDS_A_MINUTE = 150
"""Slightly slower than speech; eSpeak NG's own speed is 175."""
TIMEOUT_S = 10.0
"""A phrase takes some 20 ms."""

_log = logging.getLogger(__name__)
_turn: SimpleQueue[None] = SimpleQueue()
"""Whoever holds the one token speaks. Not a lock of ``threading``: under eventlet that would be a
green one, and the library is called from native threads, where a green lock never wakes up."""
_turn.put(None)


def say(text: str, language: str) -> Sound[int] | None:
    """``text`` spoken; none where there is no voice for the language, or no speaking machine.

    May be called from several threads.
    """
    voice = VOICES.get(language)
    if voice is None:
        return None
    for way in (_by_command, _by_library):
        try:
            return way(text, voice)
        except (OSError, ImportError, subprocess.SubprocessError, NotWave, RuntimeError) as error:
            _log.info("eSpeak NG did not speak %s: %s", language, error)
    _log.warning("no machine speaks %s here", language)
    return None


def _by_command(text: str, voice: str) -> Sound[int]:
    command = shutil.which("espeak-ng")
    if command is None:
        raise FileNotFoundError("there is no command espeak-ng")
    with tempfile.TemporaryDirectory(prefix="motcua-voice-") as folder:
        spoken = Path(folder) / "spoken.wav"
        subprocess.run(
            [command, "-v", voice, "-s", str(WORDS_A_MINUTE), "-b", "1", "-w", spoken, "--stdin"],
            input=text.encode(),
            check=True,
            capture_output=True,
            timeout=TIMEOUT_S,
        )
        return read(spoken)


def _by_library(text: str, voice: str) -> Sound[int]:
    """One phrase at a time: the library keeps its voice and its samples to itself."""
    _turn.get()
    try:
        return _library().say(text, voice)
    finally:
        _turn.put(None)


@functools.cache
def _library() -> _Library:
    import espeakng_loader

    return _Library(espeakng_loader.get_library_path(), espeakng_loader.get_data_path())


class _Library:
    """eSpeak NG's C interface (speak_lib.h), as far as it is needed here."""

    _SYNCHRONOUS = 2
    _DO_NOT_EXIT = 0x8000
    _RATE = 1
    _BY_CHARACTER = 1
    _UTF8 = 1

    def __init__(self, library: str, data: str) -> None:
        self._espeak = ctypes.CDLL(library)
        self._espeak.espeak_Synth.argtypes = [
            ctypes.c_char_p,  # text
            ctypes.c_size_t,  # its bytes
            ctypes.c_uint,  # where to begin
            ctypes.c_int,  # what that counts
            ctypes.c_uint,  # where to end, 0 for the end
            ctypes.c_uint,  # flags
            ctypes.c_void_p,
            ctypes.c_void_p,
        ]
        self._heard = array("h")
        rate = self._espeak.espeak_Initialize(
            self._SYNCHRONOUS, 0, data.encode(), self._DO_NOT_EXIT
        )
        if rate <= 0:
            raise RuntimeError(f"espeak_Initialize answered {rate}")
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        # Kept here: the library calls it long after this line, and would find it gone.
        self._listener = kind(self._hear)
        self._espeak.espeak_SetSynthCallback(self._listener)
        self._espeak.espeak_SetParameter(self._RATE, WORDS_A_MINUTE, 0)

    def say(self, text: str, voice: str) -> Sound[int]:
        if self._espeak.espeak_SetVoiceByName(voice.encode()):
            raise RuntimeError(f"no voice {voice}")
        # Choosing a voice sets its own speed.
        self._espeak.espeak_SetParameter(self._RATE, WORDS_A_MINUTE, 0)
        self._heard = array("h")
        words = text.encode()
        error = self._espeak.espeak_Synth(
            words, len(words) + 1, 0, self._BY_CHARACTER, 0, self._UTF8, None, None
        )
        if error:
            raise RuntimeError(f"espeak_Synth answered {error}")
        return self._heard

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._heard.frombytes(ctypes.string_at(samples, 2 * count))
        return 0
