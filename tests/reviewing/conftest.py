"""An office with a half-year of dossiers behind it, its people, and the pages they look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.database import Database, migrate
from server.dossiers import correcting, interlinked, lifecycle
from server.dossiers.interlinked import Share
from server.dossiers.models import Dossier
from server.people.accounts import add_person
from server.settings import load_settings
from tests.conftest import Clock
from tests.dossiers.conftest import COPY, LAND, Clerk, furnish, moment

PASSWORD = "correct horse"
HALF_YEAR = "from=2019-01-01&to=2019-06-30"
LONG = "Bộ phận Tiếp nhận và Trả kết quả giải quyết thủ tục hành chính xã Vĩnh Bình Bắc"


@dataclass
class Office:
    """The folder and the dossiers by what became of them."""

    data: Path
    clock: Clock
    codes: dict[str, str]

    def app(self) -> Flask:
        """The product in this process, with the clock standing still in July 2019."""
        app = create_app(load_settings(self.data), clock=self.clock)
        app.testing = True
        return app


def play(clerk: Clerk) -> dict[str, Dossier]:
    """One dossier of each kind."""
    made = {"on-time": clerk.at("2019-01-02 08:00").receive(COPY)}
    clerk.at("2019-01-04 08:00").step(made["on-time"], "finish")
    made["late"] = clerk.at("2019-03-04 08:00").receive(
        LAND, shares=[Share("tnmt", 1, 2), Share("thue", 2, 3)]
    )
    for agency, days in (("tnmt", (4, 5, 8)), ("thue", (11, 11, 12))):
        for step, day in zip(
            (interlinked.hand_over, interlinked.take_over, interlinked.finish_part),
            days,
            strict=True,
        ):
            clerk.at(f"2019-03-{day:02} 09:00").do(step, made["late"], agency)
    clerk.at("2019-03-18 08:00").step(made["late"], "finish")
    made["corrected"] = clerk.at("2019-04-01 08:00").receive(COPY)
    wrong = clerk.at("2019-04-09 08:00").step(made["corrected"], "finish")
    clerk.at("2019-04-10 08:00").do(
        correcting.correct_time, made["corrected"], wrong.id, moment("2019-04-08 16:00"), "Ghi muộn"
    )
    made["paused"] = clerk.at("2019-06-24 08:00").receive(COPY)
    clerk.do(lifecycle.ask_for_papers, made["paused"], ["Ảnh của NGUYỄN VĂN MẪU"])
    made["overdue"] = clerk.at("2019-06-03 08:00").receive(COPY)
    made["open"] = clerk.at("2019-06-28 08:00").receive(COPY)
    return made


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Looked at by all tests and changed by none."""
    folder = tmp_path_factory.mktemp("reviewed")
    settings = load_settings(folder)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    clock = Clock(moment("2018-12-20 08:00"))
    with database.transaction() as session:
        hall = furnish(session, clock, organisation={"vi": "UBND huyện Vĩnh Thuận"})
        commune = furnish(session, clock, "commune", parent_id=hall.id, names={"vi": LONG})
        beside = furnish(session, clock, "beside")
        ids = (hall.id, commune.id)
        for name, role, office in (
            ("lan", "clerk", hall),
            ("thu", "manager", hall),
            ("ha", "manager", commune),
            ("be", "manager", beside),
        ):
            shown = {"display_name": f"Bà {name.title()}"}
            add_person(session, name, PASSWORD, role=role, office=office, now=clock.now, **shown)
    made = play(Clerk(database, clock, ids[0]))
    below = Clerk(database, clock, ids[1])
    for _ in range(2):
        dossier = below.at("2019-02-11 08:00").receive(COPY)
        below.step(dossier, "finish")
    database.close()
    clock.now = moment("2019-07-10 08:00")
    return Office(folder, clock, {name: one.code for name, one in made.items()})


@pytest.fixture(scope="session")
def app(furnished: Office) -> Iterator[Flask]:
    """One for all tests: looking changes nothing."""
    app = furnished.app()
    yield app
    app.extensions["motcua"].database.close()


@pytest.fixture
def pages(app: Flask) -> FlaskClient:
    """The pages, for nobody yet."""
    return app.test_client()


def sign_in(pages: FlaskClient, name: str = "thu", language: str = "en") -> Any:
    """Sign in by the form; where one lands."""
    form = pages.get(f"/counter/?to=reports&lang={language}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    data = {"csrf_token": token[1], "name": name, "password": PASSWORD, "to": "reports"}
    answer = pages.post("/counter/sign-in", data=data)
    assert answer.status_code == 303
    return answer.headers["Location"]
