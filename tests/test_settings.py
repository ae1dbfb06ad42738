"""Settings of an installation: the data folder and the secret key in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.app import create_app
from server.database import Database, migrate
from server.offices import hallfile, sample
from server.settings import load_settings


def test_a_relative_data_folder_serves_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(Path("var/hall"))
    assert settings.data == tmp_path / "var" / "hall"
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    with database.transaction() as session:
        text = sample.hall_text()
        hallfile.load(session, text, file=sample.HALL_FILE, now=datetime.now(UTC))
    database.close()
    app = create_app(settings)
    chime = app.test_client().get(f"/display/{sample.SLUG}/chime.wav")
    app.extensions["motcua"].database.close()
    assert chime.status_code == 200
    assert len(chime.data) > 10_000


def test_the_secret_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = load_settings(tmp_path).secret_key
    assert first and len(first) > 40
    assert load_settings(tmp_path).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
