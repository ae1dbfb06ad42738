"""The databases that are measured: as many dossiers as asked for, and the product can read them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bench.filling import filled
from bench.following import follower
from bench.settling import bare, product
from server.database import Database
from server.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return filled(tmp_path_factory.mktemp("filled"), 300)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.sqlalchemy_url)
    yield database
    database.close()


def test_product_and_yardstick_count_the_same_dossiers(database: Database) -> None:
    assert product(database) == bare(database) == 300


def test_what_was_copied_refers_to_what_is_there(database: Database) -> None:
    with database.read() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_the_page_of_a_copied_visit_is_shown(settings: Settings) -> None:
    look = follower(settings, 300)
    assert {look(number) > 1000 for number in range(5)} == {True}
