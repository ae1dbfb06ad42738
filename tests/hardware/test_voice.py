"""The spoken call, as sound."""

from __future__ import annotations

import math
import threading
import wave
from array import array
from pathlib import Path

import numpy as np
import pytest

from hardware import voice
from hardware.voice import call_phrase, chime, espeak, sound, speak
from hardware.voice.chime import NOTES

BETWEEN_S = voice.BETWEEN_MS / 1000


def seconds(path: Path) -> float:
    return len(sound.read(path)) / sound.RATE


def loudness(samples: array[int]) -> float:
    """Root mean square, as a share of full scale."""
    return float(np.sqrt(np.mean(np.square(np.array(samples, dtype=float))))) / sound.FULL


def strongest(samples: array[int]) -> float:
    """The strongest pitch, in hertz."""
    spectrum = np.abs(np.fft.rfft(np.array(samples, dtype=float)))
    return float(np.argmax(spectrum)) * sound.RATE / len(samples)


def tone(pitch: float, length_s: float = 0.3, rate: int = sound.RATE, level: float = 0.2) -> bytes:
    count = round(length_s * rate)
    step = 2 * math.pi * pitch / rate
    return array(
        "h", (round(level * sound.FULL * math.sin(step * i)) for i in range(count))
    ).tobytes()


def record(
    path: Path, frames: bytes, rate: int = sound.RATE, channels: int = 1, width: int = 2
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Khmer recordings for A025 to counter 3, each a tone of its own."""
    keys = dict.fromkeys(call_phrase("A025", "3", "km").clip_keys)
    for place, key in enumerate(keys):
        record(tmp_path / "pack" / "km" / f"{key}.wav", tone(400 + 200 * place))
    return tmp_path / "pack"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_call_is_spoken_twice_with_a_pause_between(tmp_path: Path, language: str) -> None:
    twice = speak("A025", "3", language, folder=tmp_path)
    once = speak("A025", "3", language, folder=tmp_path, repeat=1)
    assert twice is not None
    assert once is not None
    assert seconds(once) > 2
    assert seconds(twice) == pytest.approx(2 * seconds(once) + BETWEEN_S, abs=0.01)
    first = round(seconds(once) * sound.RATE)
    samples = sound.read(twice)
    assert not any(samples[first : first + round(BETWEEN_S * sound.RATE)])


def test_the_call_is_loud_and_not_clipped(tmp_path: Path) -> None:
    path = speak("A025", "3", "vi", folder=tmp_path, repeat=1)
    assert path is not None
    samples = sound.read(path)
    assert 0.9 < sound.peak(samples) / sound.FULL < 1
    assert loudness(samples) > 0.12, "about -15 dB; a plain peak of eSpeak NG has -20 dB"
    highest = sound.peak(samples)
    assert sum(abs(sample) == highest for sample in samples) < 20


def test_the_words_are_those_of_the_phrase(tmp_path: Path) -> None:
    """More figures take longer, and other words sound different."""
    short = speak("A1", "3", "vi", folder=tmp_path)
    long = speak("A12345", "3", "vi", folder=tmp_path)
    other = speak("B1", "3", "vi", folder=tmp_path)
    assert short is not None and long is not None and other is not None
    assert seconds(long) > seconds(short) + 2
    assert short.read_bytes() != other.read_bytes()


def test_the_same_call_is_made_only_once(tmp_path: Path, monkeypatch) -> None:
    made = speak("A025", "3", "vi", folder=tmp_path)
    monkeypatch.setattr(espeak, "say", lambda text, language: pytest.fail("spoken again"))
    assert speak("A025", "3", "vi", folder=tmp_path) == made
    assert len(list(tmp_path.iterdir())) == 1


def test_the_kept_calls_are_bounded_and_the_latest_heard_stay(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(voice, "KEPT", 2)
    monkeypatch.setattr(espeak, "say", lambda text, language: sound.silence(50) + array("h", [999]))
    rung = chime(tmp_path)
    paths = []
    for number in ("A001", "A002", "A001", "A003"):
        path = speak(number, "3", "vi", folder=tmp_path)
        assert path is not None
        paths.append(path)
    assert set(tmp_path.iterdir()) == {rung, paths[0], paths[3]}


@pytest.mark.parametrize("language", ["km", "fr", ""])
def test_a_language_without_a_voice_is_silent(tmp_path: Path, language: str) -> None:
    assert speak("A025", "3", language, folder=tmp_path) is None
    assert not list(tmp_path.iterdir())


def test_recordings_are_joined_in_order(tmp_path: Path, pack: Path) -> None:
    path = speak("A025", "3", "km", folder=tmp_path / "calls", clips=pack, repeat=1)
    assert path is not None
    samples = sound.read(path)
    quiet = np.abs(np.array(samples, dtype=int)) < 5
    starts = np.flatnonzero(np.diff(np.convolve(quiet, np.ones(800), "same") >= 800).astype(bool))
    pieces = np.split(np.array(samples), starts)
    pitches = [
        strongest(array("h", p.tolist())) for p in pieces if loudness(array("h", p.tolist())) > 0.1
    ]
    assert [round(pitch, -2) for pitch in pitches] == [400, 600, 800, 1000, 1200, 1400, 1600]
    assert sound.peak(samples) / sound.FULL > 0.9, "quiet recordings are made loud"


def test_a_call_from_recordings_is_complete_or_not_at_all(tmp_path: Path, pack: Path) -> None:
    (pack / "km" / "digit-5.wav").unlink()
    assert speak("A025", "3", "km", folder=tmp_path / "calls", clips=pack) is None
    assert speak("A022", "3", "km", folder=tmp_path / "calls", clips=pack) is not None


def test_an_unusable_recording_leaves_the_call_to_the_machine(tmp_path: Path, pack: Path) -> None:
    (pack / "km").rename(pack / "vi")
    recorded = speak("A025", "3", "vi", folder=tmp_path / "calls", clips=pack)
    (pack / "vi" / "digit-5.wav").write_bytes(b"RIFF nonsense")
    spoken = speak("A025", "3", "vi", folder=tmp_path / "calls", clips=pack)
    assert recorded is not None
    assert spoken is not None
    assert spoken == speak("A025", "3", "vi", folder=tmp_path / "calls")
    assert spoken != recorded


def test_a_replaced_recording_is_heard(tmp_path: Path, pack: Path) -> None:
    before = speak("A025", "3", "km", folder=tmp_path / "calls", clips=pack)
    record(pack / "km" / "digit-5.wav", tone(3000, 0.5))
    after = speak("A025", "3", "km", folder=tmp_path / "calls", clips=pack)
    assert before is not None and after is not None and before != after
    assert seconds(after) > seconds(before) + 0.3


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (48_000, 2), (16_000, 1)])
def test_recordings_of_any_rate_keep_their_pitch_and_length(tmp_path: Path, rate, channels) -> None:
    frames = np.repeat(np.frombuffer(tone(500, 0.5, rate), dtype="<i2"), channels).tobytes()
    record(tmp_path / "clip.wav", frames, rate, channels)
    samples = sound.read(tmp_path / "clip.wav")
    assert len(samples) / sound.RATE == pytest.approx(0.5, abs=0.01)
    assert strongest(samples) == pytest.approx(500, abs=5)


def test_a_recording_of_another_kind_is_refused_in_words(tmp_path: Path) -> None:
    record(tmp_path / "clip.wav", bytes(300), width=3)
    with pytest.raises(sound.NotWave, match="16 are needed"):
        sound.read(tmp_path / "clip.wav")


def test_a_folder_that_cannot_be_written_is_silence_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / "calls").write_text("a file stands in the way")
    assert speak("A025", "3", "vi", folder=tmp_path / "calls") is None


def test_nobody_reads_half_a_file(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(wave.Wave_write, "writeframes", lambda self, data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sound.write(tmp_path / "call.wav", array("h", [1, 2, 3]))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("way", [espeak._by_command, espeak._by_library])
def test_both_ways_to_the_machine_speak(way) -> None:
    if way is espeak._by_command and espeak.shutil.which("espeak-ng") is None:
        pytest.skip("the command espeak-ng is not installed")
    vietnamese = sound.trimmed(way("Xin mời số A, không, hai, năm, đến quầy số ba", "vi"))
    english = sound.trimmed(way("Number A, zero, two, five", "en"))
    assert 2.5 < len(vietnamese) / sound.RATE < 6
    assert 1 < len(english) / sound.RATE < 4
    assert loudness(vietnamese) > 0.02
    assert loudness(english) > 0.02


def test_without_the_command_the_library_speaks(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(espeak.shutil, "which", lambda name: None)
    path = speak("A025", "3", "vi", folder=tmp_path)
    assert path is not None
    assert seconds(path) > 5


def test_the_library_speaks_for_several_threads_at_once() -> None:
    """Were two phrases mixed, one would get the other's samples or voice."""

    def length(number: int) -> int:
        return len(espeak._by_library("số " + "không, " * 2**number, "vi"))

    alone = {number: length(number) for number in range(4)}
    together: dict[int, list[int]] = {number: [] for number in alone}

    def say(number: int) -> None:
        for _ in range(3):
            together[number].append(length(number))

    threads = [threading.Thread(target=say, args=(number,)) for number in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for number, once in alone.items():
        assert together[number] == pytest.approx([once] * 3, rel=0.05)


def test_where_nothing_speaks_there_is_silence(tmp_path: Path, monkeypatch) -> None:
    def broken(text: str, voice: str) -> array[int]:
        raise OSError("no sound today")

    monkeypatch.setattr(espeak, "_by_command", broken)
    monkeypatch.setattr(espeak, "_by_library", broken)
    assert speak("A025", "3", "vi", folder=tmp_path) is None


def test_the_chime_is_two_notes_that_fade(tmp_path: Path) -> None:
    samples = sound.read(chime(tmp_path))
    second = round(NOTES[1][0] * sound.RATE)
    assert strongest(samples[: second - 500]) == pytest.approx(NOTES[0][1], abs=4)
    assert strongest(samples[second + 2000 :]) == pytest.approx(NOTES[1][1], abs=4)
    assert 0.7 < sound.peak(samples) / sound.FULL < 0.9
    quarter = len(samples) // 4
    assert loudness(samples[-quarter:]) < 0.2 * loudness(samples[:quarter])


def test_the_chime_begins_and_ends_without_a_click(tmp_path: Path) -> None:
    samples = sound.read(chime(tmp_path))
    assert max(map(abs, samples[:5])) < 0.03 * sound.FULL
    assert max(map(abs, samples[-200:])) < 0.01 * sound.FULL
    assert 1.5 < len(samples) / sound.RATE < 3


def test_the_chime_is_made_only_once(tmp_path: Path) -> None:
    made = chime(tmp_path).stat().st_mtime_ns
    assert chime(tmp_path).stat().st_mtime_ns == made
