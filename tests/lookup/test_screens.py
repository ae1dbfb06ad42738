"""The list of screens, and the words of the scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.app import create_app
from server.database import migrate
from server.settings import load_settings
from tests.api.conftest import House
from tests.lookup.conftest import words_of

SIGNIN = {"name": "clerk1", "password": "motcua-demo", "role": "clerk", "display_name": "Chị Lan"}


def test_each_hall_leads_to_its_kiosk_its_board_and_the_counters(house: House) -> None:
    answer = house.app.test_client().get("/?lang=en")
    assert answer.status_code == 200
    page = words_of(answer.text)
    assert "One-stop reception office" in page
    for words in ("take a number", "shows and speaks which number", "call the next number"):
        assert words in page
    for address in ("/kiosk/vinh-thuan", "/display/vinh-thuan", "/counter/"):
        assert f'href="{address}"' in answer.text
        assert house.app.test_client().get(address).status_code == 200


def test_the_office_s_own_pages_are_on_the_list(house: House) -> None:
    page = house.app.test_client().get("/?lang=en").text
    for address in ("/lookup", "/agency/", "/reports/", "/admin/"):
        assert f'href="{address}"' in page
        answer = house.app.test_client().get(address, follow_redirects=True)
        assert answer.status_code == 200, address


def test_an_office_without_counters_has_no_screens(house: House) -> None:
    assert "kien-giang" not in house.app.test_client().get("/").text


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Máy lấy số"), ("en", "Kiosk"), ("km", "ផ្នែកទទួល និងប្រគល់លទ្ធផល")],
)
def test_the_list_speaks_three_languages(house: House, language: str, words: str) -> None:
    answer = house.app.test_client().get(f"/?lang={language}")
    assert f'<html lang="{language}">' in answer.text
    assert words in words_of(answer.text)


def test_sample_sign_ins_are_shown_in_the_demo_only(house: House) -> None:
    assert "Sample sign-ins" not in house.app.test_client().get("/?lang=en").text
    house.parts.signins = [SIGNIN]
    page = words_of(house.app.test_client().get("/?lang=en").text)
    assert "Chị Lan Clerk clerk1 motcua-demo" in page


def test_without_a_hall_the_list_says_how_to_load_one(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    migrate(settings.sqlalchemy_url)
    app = create_app(settings)
    answer = app.test_client().get("/?lang=en")
    app.extensions["motcua"].database.close()
    assert answer.status_code == 200
    page = words_of(answer.text)
    assert "There is no hall yet" in page
    assert "motcua hall load FILE.toml" in page
    assert "/kiosk/" not in answer.text


def test_scripts_get_their_words_and_ask_only_once(house: House) -> None:
    client = house.app.test_client()
    answer = client.get("/words/vi.json")
    assert answer.json["You are next"] == "Ông/bà là người tiếp theo"
    again = client.get("/words/vi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_there_are_no_words_of_an_unknown_language(house: House) -> None:
    assert house.app.test_client().get("/words/fr.json").status_code == 404
