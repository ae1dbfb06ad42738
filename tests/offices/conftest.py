"""A database of its own for each test of the offices."""

import pytest

import server.people.models
import server.printing.models
import server.queueing.models  # noqa: F401  (tables refer to each other)
from server.database import Base, Database


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'motcua.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()
