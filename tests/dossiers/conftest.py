"""A reception office with procedures, codes and agencies, and its clerk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Database
from server.dossiers import lifecycle, reception
from server.dossiers.agencies import set_agency
from server.dossiers.models import Dossier, DossierStep
from server.dossiers.numbering import set_pattern
from server.dossiers.reception import Desk, Person, Reception
from server.journal import JournalEntry
from server.offices.models import Office, Procedure
from tests.conftest import Clock, make_office

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SECRET = "the installation's secret"
MAU = Person(
    name="NGUYỄN VĂN MẪU",
    phone="0912345678",
    identity_number="091090000123",
    address="Ấp Mẫu, Vĩnh Thuận, Kiên Giang",
)
WORKING_HOURS = {
    day: [["07:00", "11:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
}


def moment(text: str) -> datetime:
    """``2026-01-02 09:32`` on the office's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def procedure(code: str, field: str, unit: str, days: int | None, **more: Any) -> Procedure:
    usual = {
        "names": {"vi": f"Thủ tục {code}"},
        "field_names": {"vi": {"HT": "Hộ tịch", "DD": "Đất đai"}[field]},
        "fee_vnd": 8000,
    }
    return Procedure(code=code, field_code=field, unit=unit, days=days, **(usual | more))


BIRTH, COPY, LAND, BUILDING, UNKNOWN = "1.001193", "1.004873", "1.012796", "1.013225", "1.010803"


@dataclass
class Clerk:
    """Somebody at the counter of one office; each call is one transaction at the clock's moment."""

    database: Database
    clock: Clock
    office_id: int
    actor: str = "clerk:lan"

    @property
    def desk(self) -> Desk:
        return Desk(self.office_id, self.clock.now, self.actor, SECRET)

    def at(self, text: str) -> Clerk:
        """Set the clock."""
        self.clock.now = moment(text)
        return self

    def receive(self, code: str = COPY, how: Any = reception.accept, **more: Any) -> Dossier:
        """Receive a dossier: accepted unless ``how`` says otherwise."""
        named = {name: more.pop(name) for name in ("missing", "reason") if name in more}
        what = Reception(code, more.pop("applicant", MAU), **more)
        with self.database.transaction() as session:
            return how(session, what, self.desk, **named)

    def do(self, command: Callable[..., Any], dossier: Dossier, *args: Any, **more: Any) -> Any:
        """``command(session, dossier_id, *args, now, actor)``."""
        with self.database.transaction() as session:
            return command(session, dossier.id, *args, self.clock.now, self.actor, **more)

    def step(self, dossier: Dossier, step: str, **more: Any) -> DossierStep:
        """One of the plain steps."""
        return self.do(lifecycle.take_step, dossier, step, **more)

    def look(self, dossier: Dossier) -> Dossier:
        """As it is stored now."""
        with self.database.read() as session:
            return session.get_one(Dossier, dossier.id)

    def due(self, dossier: Dossier) -> str | None:
        """Its due moment on the office's clock."""
        due_at = self.look(dossier).due_at
        return f"{due_at.astimezone(HANOI):%Y-%m-%d %H:%M}" if due_at else None

    def show(self, view: Callable[..., Any], dossier: Dossier, *more: Any) -> Any:
        """A read model."""
        with self.database.read() as session:
            return view(session, session.get_one(Dossier, dossier.id), *more)

    def rows(self, dossier: Dossier) -> list[DossierStep]:
        """Every row of its history, in the order they were written."""
        with self.database.read() as session:
            mine = select(DossierStep).where(DossierStep.dossier_id == dossier.id)
            return list(session.scalars(mine.order_by(DossierStep.id)))

    def journal(self) -> list[JournalEntry]:
        """The office's entries in their order."""
        with self.database.read() as session:
            mine = select(JournalEntry).where(JournalEntry.office_id == self.office_id)
            return list(session.scalars(mine.order_by(JournalEntry.revision)))


def furnish(session: Session, clock: Clock, slug: str = "hall", **more: Any) -> Office:
    """A stored office with codes and two agencies; procedures are everybody's."""
    office = make_office(slug, **({"hours": WORKING_HOURS} | more))
    session.add(office)
    session.flush()
    if session.scalar(select(Procedure).limit(1)) is None:
        session.add_all(
            [
                procedure(BIRTH, "HT", "same_day", 0, afternoon_rule=True, fee_vnd=0),
                procedure(COPY, "HT", "working_day", 5),
                procedure(LAND, "DD", "working_day", 8, interlinked=True),
                procedure(BUILDING, "DD", "calendar_day", 20),
                procedure(UNKNOWN, "DD", "working_day", None),
            ]
        )
    now = clock.now
    set_pattern(session, office, f"H33.{office.id % 1000}", now=now, actor="admin")
    for code, name in (("tnmt", "Phòng Tài nguyên và Môi trường"), ("thue", "Chi cục Thuế")):
        set_agency(session, office, code, {"vi": name}, now=now, actor="admin")
    return office


@pytest.fixture
def clerk(database: Database, clock: Clock) -> Clerk:
    """The clerk of a small office on a Monday at 8."""
    clock.now = moment("2026-03-02 08:00")
    with database.transaction() as session:
        office_id = furnish(session, clock).id
    return Clerk(database, clock, office_id)
