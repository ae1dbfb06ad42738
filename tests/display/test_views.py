"""The board's page, and the recordings of its calls."""

from __future__ import annotations

import array
import io
import json
import math
import re
import wave
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from hardware.voice import call_phrase
from server.offices import sample
from tests.display.conftest import OTHER, Hall

BOARD = f"/display/{sample.SLUG}"


def embedded(page: str, name: str) -> Any:
    """The JSON that the page carries under an id."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page)
    assert found, f"the page carries no {name}"
    return json.loads(found[1])


def loudness(answer: TestResponse) -> float:
    """How loud a WAV answer is (root mean square, 0 to 1), and that it is one."""
    assert answer.mimetype == "audio/wav"
    with wave.open(io.BytesIO(answer.data)) as sound:
        assert sound.getsampwidth() == 2
        samples = array.array("h", sound.readframes(sound.getnframes()))
    assert samples, "an empty recording"
    return float((sum(value * value for value in samples) / len(samples)) ** 0.5 / 32768)


def seconds(answer: TestResponse) -> float:
    """How long a WAV answer is."""
    with wave.open(io.BytesIO(answer.data)) as sound:
        return sound.getnframes() / sound.getframerate()


def test_the_board_opens_with_its_hall_and_its_calls_in_the_page(hall: Hall) -> None:
    call = hall.call()
    answer = hall.browser.get(BOARD)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    first = embedded(answer.text, "state")
    assert first["state"]["office"]["slug"] == sample.SLUG
    assert [(shown["id"], shown["number"]) for shown in first["state"]["calls"]] == [(call, "A001")]
    assert first["revision"] > 0


def test_the_page_is_in_the_halls_language_whatever_the_browser_asks_for(hall: Hall) -> None:
    answer = hall.browser.get(BOARD, headers={"Accept-Language": "en"})
    assert '<html lang="vi">' in answer.text


def test_the_page_carries_every_word_in_the_halls_languages(hall: Hall) -> None:
    words = embedded(hall.browser.get(BOARD).text, "words")
    assert words["Please go to counter"] == {
        "vi": "Mời đến quầy",
        "en": "Please go to counter",
        "km": "សូមទៅបញ្ជរ",
    }
    untranslated = [message for message, said in words.items() if "vi" not in said]
    assert not untranslated
    hall.edit(languages=["vi"])
    words = embedded(hall.browser.get(BOARD).text, "words")
    assert words["Please go to counter"] == {"vi": "Mời đến quầy"}


def test_words_of_a_hall_cannot_break_out_of_the_page(hall: Hall) -> None:
    hall.edit(names={"vi": "</script><script>alert(1)</script>"})
    page = hall.browser.get(BOARD).text
    assert "<script>alert(1)" not in page
    assert embedded(page, "state")["state"]["office"]["names"]["vi"].startswith("</script>")


def test_the_page_has_no_script_or_style_of_its_own(hall: Hall) -> None:
    page = hall.browser.get(BOARD).text
    assert not re.search(r"\sstyle=", page)
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert all("application/json" in tag or "importmap" in tag for tag in inline)


@pytest.mark.parametrize("path", ["", "/chime.wav", "/call/1.vi.wav"])
def test_an_unknown_hall_is_not_found(hall: Hall, path: str) -> None:
    assert hall.browser.get(f"/display/nowhere{path}").status_code == 404


def test_the_chime_can_be_heard(hall: Hall) -> None:
    answer = hall.browser.get(f"{BOARD}/chime.wav")
    assert answer.status_code == 200
    assert loudness(answer) > 0.01
    assert "max-age=86400" in answer.headers["Cache-Control"]


def test_a_call_is_spoken_in_vietnamese_and_english(hall: Hall) -> None:
    hall.edit(words={"voice": {"languages": ["vi", "en"]}})
    call = hall.call()
    for language in ("vi", "en"):
        answer = hall.browser.get(f"{BOARD}/call/{call}.{language}.wav")
        assert answer.status_code == 200, language
        assert loudness(answer) > 0.01, language
        assert "max-age=86400" in answer.headers["Cache-Control"]


def test_each_call_sounds_different(hall: Hall) -> None:
    first, second = hall.call(counter="1"), hall.call(counter="2")
    sounds = {hall.browser.get(f"{BOARD}/call/{call}.vi.wav").data for call in (first, second)}
    assert len(sounds) == 2


def test_a_call_is_said_twice_or_once_when_many_wait(hall: Hall) -> None:
    call = hall.call()
    twice = hall.browser.get(f"{BOARD}/call/{call}.vi.wav")
    once = hall.browser.get(f"{BOARD}/call/{call}.vi.wav?repeat=1")
    assert seconds(twice) == pytest.approx(2 * seconds(once) + 0.6, abs=0.1)
    assert hall.browser.get(f"{BOARD}/call/{call}.vi.wav?repeat=900").data == twice.data


def test_the_hall_file_says_how_its_calls_are_spoken(hall: Hall) -> None:
    """Once instead of twice; whole numbers with the north's or the south's word."""
    call = hall.call()
    heard = {}
    for link in ("lẻ", "linh"):
        for times in (1, 2):
            hall.edit(words={"voice": {"whole_numbers": True, "link": link, "times": times}})
            heard[link, times] = hall.browser.get(f"{BOARD}/call/{call}.vi.wav")
    assert seconds(heard["lẻ", 2]) > 1.9 * seconds(heard["lẻ", 1])
    # A001 has no missing tens; a hundred of numbers later it is heard.
    assert heard["lẻ", 1].data == heard["linh", 1].data
    for _ in range(104):
        last = hall.call()
    said = {}
    for link in ("lẻ", "linh"):
        hall.edit(words={"voice": {"whole_numbers": True, "link": link, "times": 1}})
        said[link] = hall.browser.get(f"{BOARD}/call/{last}.vi.wav").data
    assert hall.number(last) == "A105"
    assert said["lẻ"] != said["linh"]


def test_khmer_without_recordings_is_silence_and_not_somebody_elses_voice(hall: Hall) -> None:
    call = hall.call()
    answer = hall.browser.get(f"{BOARD}/call/{call}.km.wav")
    assert answer.status_code == 204
    assert answer.data == b""


def test_a_language_the_hall_does_not_speak_is_not_found(hall: Hall) -> None:
    hall.edit(languages=["vi"])
    call = hall.call()
    assert hall.browser.get(f"{BOARD}/call/{call}.en.wav").status_code == 404
    assert hall.browser.get(f"{BOARD}/call/{call}.xx.wav").status_code == 404


def test_only_calls_of_this_hall_are_spoken(hall: Hall) -> None:
    elsewhere = hall.call(slug=OTHER)
    assert hall.browser.get(f"{BOARD}/call/{elsewhere}.vi.wav").status_code == 404
    assert hall.browser.get(f"/display/{OTHER}/call/{elsewhere}.vi.wav").status_code == 200
    assert hall.browser.get(f"{BOARD}/call/{elsewhere + 1}.vi.wav").status_code == 404


def test_a_call_that_was_taken_back_is_not_spoken(hall: Hall) -> None:
    call = hall.call()
    hall.undo(call)
    assert hall.browser.get(f"{BOARD}/call/{call}.vi.wav").status_code == 404


def test_yesterdays_calls_are_not_spoken_even_before_the_day_is_closed(hall: Hall) -> None:
    call = hall.call()
    hall.forward(days=1)
    assert hall.browser.get(f"{BOARD}/call/{call}.vi.wav").status_code == 404


def test_listening_again_writes_nothing_more_to_the_disk(hall: Hall) -> None:
    call = hall.call()
    browser = hall.browser
    browser.get(f"{BOARD}/call/{call}.vi.wav")
    kept = sorted((hall.data / "voice").iterdir())
    for query in ("", "?repeat=2", "?repeat=7", "?anything=else"):
        assert browser.get(f"{BOARD}/call/{call}.vi.wav{query}").status_code == 200
    assert sorted((hall.data / "voice").iterdir()) == kept


def test_recordings_of_people_are_used_where_the_hall_has_them(hall: Hall) -> None:
    call = hall.call()
    machine = hall.browser.get(f"{BOARD}/call/{call}.vi.wav").data
    for language in ("vi", "km"):
        phrase = call_phrase("A001", "1", language)
        for place, name in enumerate(dict.fromkeys(phrase.clip_keys)):
            record(hall.data / "clips" / language / f"{name}.wav", hertz=300 + 40 * place)
    spoken = hall.browser.get(f"{BOARD}/call/{call}.vi.wav")
    assert loudness(spoken) > 0.01
    assert spoken.data != machine
    assert loudness(hall.browser.get(f"{BOARD}/call/{call}.km.wav")) > 0.01


def record(path: Path, *, hertz: float) -> None:
    """A quarter of a second of a tone, in the place of somebody's voice."""
    rate = 16_000
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = (round(12_000 * math.sin(math.tau * hertz * at / rate)) for at in range(rate // 4))
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(array.array("h", tone).tobytes())
