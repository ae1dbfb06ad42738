"""Answers are packed for browsers that ask for it, and stay what they are."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.compressing import compress
from server.database import migrate
from server.settings import load_settings

SCRIPT = "/static/js/live.js"
FONT = "/static/vendor/fonts/be-vietnam-pro-latin-400-normal.woff2"
PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A browser and a server without any hall."""
    settings = load_settings(tmp_path_factory.mktemp("data"))
    migrate(settings.sqlalchemy_url)
    app = create_app(settings)
    yield app.test_client()
    app.extensions["motcua"].database.close()


@pytest.mark.parametrize("path", [SCRIPT, "/static/vendor/icons.svg", "/words/vi.json"])
def test_what_is_packed_is_smaller_and_the_same(browser: FlaskClient, path: str) -> None:
    plain = browser.get(path)
    packed = browser.get(path, headers=PACKED)
    assert plain.content_encoding is None
    assert packed.content_encoding == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.content_length == len(packed.data)


def test_caches_keep_the_two_apart(browser: FlaskClient) -> None:
    for headers in ({}, PACKED):
        answer = browser.get(SCRIPT, headers=headers)
        assert "Accept-Encoding" in answer.vary


def test_a_browser_that_has_it_already_is_sent_nothing(browser: FlaskClient) -> None:
    tag = browser.get(SCRIPT, headers=PACKED).headers["ETag"]
    assert tag.startswith("W/"), "packed and plain bytes must not share a strong tag"
    again = browser.get(SCRIPT, headers={**PACKED, "If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""


def test_a_changed_file_is_packed_anew(tmp_path: Path) -> None:
    app = Flask("changing", static_folder=str(tmp_path), static_url_path="/static")
    compress(app)
    for text in ("one", "two"):
        (tmp_path / "script.js").write_text(f"// {text}\n" * 200, "utf-8")
        packed = app.test_client().get("/static/script.js", headers=PACKED)
        assert gzip.decompress(packed.data).startswith(f"// {text}".encode())


@pytest.mark.parametrize("asked", ["", "identity", "gzip;q=0", "br"])
def test_nobody_gets_what_they_cannot_read(browser: FlaskClient, asked: str) -> None:
    answer = browser.get(SCRIPT, headers={"Accept-Encoding": asked})
    assert answer.content_encoding is None
    assert b"import" in answer.data


def test_what_is_packed_already_is_left_alone(browser: FlaskClient) -> None:
    assert browser.get(FONT, headers=PACKED).content_encoding is None


def test_a_part_of_a_file_is_sent_as_it_is(browser: FlaskClient) -> None:
    part = browser.get(SCRIPT, headers={**PACKED, "Range": "bytes=0-9"})
    assert part.status_code == 206
    assert part.content_encoding is None
    assert len(part.data) == 10


def test_a_small_answer_is_not_worth_it(browser: FlaskClient) -> None:
    answer = browser.get("/api/v1/offices/nowhere", headers=PACKED)
    assert answer.status_code == 404
    assert answer.content_encoding is None
