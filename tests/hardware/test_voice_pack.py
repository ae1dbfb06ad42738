"""A pack of recorded voices: what to record, whether it is good, recording it."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path

import numpy as np
import pytest

from hardware.voice import call_phrase, espeak, sound, speak
from hardware.voice.checking import problem_of, problems
from hardware.voice.pack import needed, recordings
from hardware.voice.recording import HIGHEST, NotRecorded, cut, levelled, recorder, take
from tests.hardware.test_voice import loudness, record, tone

LANGUAGES = ["vi", "en", "km"]


def names(language: str) -> set[str]:
    return {recording.name for recording in recordings(language)}


def spoken_pack(folder: Path, language: str) -> None:
    """A whole pack, each recording half a second of a tone."""
    for name in names(language):
        record(folder / language / f"{name}.wav", tone(500, 0.5))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("whole", [False, True])
def test_with_the_whole_list_every_call_can_be_spoken(language: str, whole: bool) -> None:
    listed = names(language)
    for number in [*(f"{letter}{n:03d}" for letter in "AQZ" for n in range(1, 1000)), "B1204"]:
        assert listed >= set(call_phrase(number, "3B", language, whole).clip_keys), number
    for counter in range(1, 1000):
        assert listed >= set(call_phrase("A001", str(counter), language, whole).clip_keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_recorded_that_no_call_says(language: str) -> None:
    said: set[str] = set()
    for whole in (False, True):
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            said |= set(call_phrase(f"{letter}001", "1", language, whole).clip_keys)
        for number in range(1000):
            said |= set(call_phrase(f"A{number:03d}", "1", language, whole).clip_keys)
    assert names(language) <= said


def test_the_words_of_the_list_are_those_the_machine_says() -> None:
    words = {recording.name: recording.words for recording in recordings("vi", link="linh")}
    assert words["please-number"] == "Xin mời số"
    assert words["to-counter"] == "đến quầy số"
    assert words["letter-b"] == "Bê"
    assert words["digit-0"] == "không"
    assert words["whole-21"] == "hai mươi mốt"
    assert words["hundred-1"] == "một trăm"
    assert words["link"] == "linh"
    phrase = call_phrase("B105", "21", "vi", whole_numbers=True, link="linh")
    told = " ".join(words[key] for key in phrase.clip_keys)
    assert told == phrase.text.replace(",", "")


def test_a_hall_records_only_what_its_own_calls_need() -> None:
    wanted = [each.name for each in needed("vi", ["A", "K"], ["1", "12", "3B"])]
    assert wanted == [
        *("please-number", "to-counter", "letter-a", "letter-b", "letter-k"),
        *(f"digit-{figure}" for figure in range(10)),
        *("whole-1", "whole-3", "whole-12"),
    ]
    whole = {each.name for each in needed("vi", ["A"], ["1"], whole_numbers=True)}
    assert {"whole-99", "hundred-9", "link"} <= whole
    assert "digit-0" not in whole


def test_a_complete_pack_has_no_problems(tmp_path: Path) -> None:
    spoken_pack(tmp_path, "vi")
    assert list(problems(tmp_path, "vi", recordings("vi"))) == []


def test_each_kind_of_bad_recording_is_named(tmp_path: Path) -> None:
    spoken_pack(tmp_path, "vi")
    place = tmp_path / "vi"
    (place / "link.wav").unlink()
    (place / "digit-0.wav").write_bytes(b"RIFF nonsense")
    record(place / "digit-1.wav", bytes(40_000))
    record(place / "digit-2.wav", tone(500, 0.5, level=0.01))
    record(place / "digit-3.wav", tone(500, 0.05))
    record(place / "digit-4.wav", tone(500, 5.0))
    record(place / "digit-5.wav", tone(500, 0.5, rate=8000), rate=8000)
    loud = np.clip(np.frombuffer(tone(500, 0.5, level=0.9), "<i2") * 3.0, -32768, 32767)
    record(place / "digit-6.wav", loud.astype("<i2").tobytes())
    record(place / "digit-7.wav", bytes(60_000), width=3)
    record(place / "digit7.wav", tone(500))
    (place / "readme.txt").write_text("x")
    (place / ".hidden").write_text("x")
    found = list(problems(tmp_path, "vi", recordings("vi")))
    said = {Path(line.split(": ")[0]).name: line.split(": ", 1)[1] for line in found}
    assert len(found) == len(said) == 11
    for name, words in {
        "link.wav": "is missing; say “lẻ”",
        "digit-0.wav": "no WAV recording",
        "digit-1.wav": "is silent",
        "digit-2.wav": "too quiet",
        "digit-3.wav": "only 0.05 s",
        "digit-4.wav": "is 5.0 s long",
        "digit-5.wav": "8000 samples a second",
        "digit-6.wav": "distorted",
        "digit-7.wav": "24 bits",
        "digit7.wav": "no call uses",
        "readme.txt": "no call uses",
    }.items():
        assert words in said[name], (name, said[name])


def test_a_clip_missing_leaves_the_whole_call_to_the_machine(tmp_path: Path) -> None:
    """Never half a call in one voice and half in another."""
    spoken_pack(tmp_path / "pack", "vi")
    calls = tmp_path / "calls"
    machine = speak("A025", "3", "vi", folder=calls)
    person = speak("A025", "3", "vi", folder=calls, clips=tmp_path / "pack")
    assert machine and person and machine != person
    for key in call_phrase("A025", "3", "vi").clip_keys:
        path = tmp_path / "pack" / "vi" / f"{key}.wav"
        kept = path.read_bytes()
        path.unlink()
        assert speak("A025", "3", "vi", folder=calls, clips=tmp_path / "pack") == machine, key
        path.write_bytes(kept)


@pytest.mark.parametrize(("language", "number"), [("vi", "A025"), ("vi", "K105"), ("en", "B010")])
def test_the_machines_calls_are_speech_and_not_noise_or_silence(
    tmp_path: Path, language: str, number: str
) -> None:
    """Loud in most tenths of a second, its energy where voices are, pauses between the words."""
    path = speak(number, "12", language, folder=tmp_path, repeat=1, whole_numbers=True)
    assert path is not None
    samples = np.array(sound.read(path), dtype=float) / sound.FULL
    step = sound.RATE // 20
    windows = [samples[at : at + step] for at in range(0, len(samples) - step, step)]
    levels = np.array([np.sqrt(np.mean(window**2)) for window in windows])
    assert 0.5 < np.mean(levels > 0.03) < 0.98, "mostly voice, and pauses"
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    pitch = np.fft.rfftfreq(len(samples), 1 / sound.RATE)
    voice = spectrum[(pitch > 80) & (pitch < 5000)].sum() / spectrum.sum()
    assert voice > 0.9
    broad = spectrum[spectrum > spectrum.max() / 1000]
    assert len(broad) > 200, "many pitches, not a tone"


def test_what_the_microphone_heard_is_cut_and_levelled() -> None:
    noise = np.random.default_rng(1).normal(0, 60, 3 * sound.RATE)
    noise[sound.RATE : 2 * sound.RATE] += np.frombuffer(tone(400, 1.0, level=0.15), "<i2")
    heard = array("h", noise.round().astype(int).tolist())
    spoken = levelled(cut(heard))
    assert len(spoken) / sound.RATE == pytest.approx(1.12, abs=0.03)
    assert loudness(spoken) == pytest.approx(0.1, abs=0.01)
    throughout = array("h", tone(400, 1.0))
    assert len(cut(throughout)) == len(throughout), "spoken without a pause before or after"
    sharp = array("h", [0] * 4000 + [20_000, -20_000] * 3 + [0] * 4000)
    assert sound.peak(levelled(sharp)) <= HIGHEST * sound.FULL + 1


def fake_recorder(tmp_path: Path, frames: bytes, code: int = 0) -> str:
    """A recorder that always hears the same."""
    record(tmp_path / "heard.wav", frames)
    program = tmp_path / "recorder.py"
    program.write_text(
        "import shutil, sys\n"
        f"shutil.copy({str(tmp_path / 'heard.wav')!r}, sys.argv[1])\n"
        f"sys.stderr.write('no such device') if {code} else None\nsys.exit({code})\n"
    )
    return f"{sys.executable} {program} {{file}}"


def test_a_recording_is_kept_when_it_is_good(tmp_path: Path) -> None:
    command = fake_recorder(tmp_path, bytes(30_000) + tone(500, 0.6) + bytes(30_000))
    seconds = take(command, tmp_path / "vi" / "digit-0.wav")
    assert seconds == pytest.approx(0.72, abs=0.05)
    assert problem_of(tmp_path / "vi" / "digit-0.wav") is None


@pytest.mark.parametrize(
    ("frames", "code", "words"),
    [
        (bytes(30_000), 0, "it is silent"),
        (tone(500, 0.6, level=0.01), 0, "too quiet"),
        (tone(500, 0.6), 1, "the recorder failed: no such device"),
    ],
)
def test_a_bad_recording_leaves_the_old_one(tmp_path: Path, frames, code, words) -> None:
    kept = tmp_path / "kept.wav"
    kept.write_bytes(b"old")
    with pytest.raises(NotRecorded, match=words):
        take(fake_recorder(tmp_path, frames, code), kept)
    assert kept.read_bytes() == b"old"


def test_a_recorder_that_writes_nothing_or_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotRecorded, match="wrote no file"):
        take("true", tmp_path / "x.wav")
    with pytest.raises(NotRecorded, match="does not start"):
        take("no-such-recorder {file}", tmp_path / "x.wav")


def test_without_a_recorder_it_says_what_to_install(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotRecorded, match="apt install alsa-utils"):
        recorder()
    for name in ("arecord", "parecord"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert recorder().startswith("arecord ")
    (tmp_path / "arecord").unlink()
    assert "parecord" in recorder()


def test_every_phrase_is_made_once_and_kept_by_what_it_says(tmp_path: Path, monkeypatch) -> None:
    said: list[str] = []
    real = espeak.say
    monkeypatch.setattr(espeak, "say", lambda text, language: said.append(text) or real(text, "vi"))
    same = {speak("A025", "3", "vi", folder=tmp_path) for _ in range(3)}
    south = speak("A105", "3", "vi", folder=tmp_path, whole_numbers=True)
    north = speak("A105", "3", "vi", folder=tmp_path, whole_numbers=True, link="linh")
    assert len(same) == 1
    assert south != north
    assert len(said) == 3
