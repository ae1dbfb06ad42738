"""A clerk who receives dossiers, and the worker that tells of them, at the clock's moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select

from server.dossiers.models import Dossier
from server.notices import consents
from server.notices.models import Notice
from server.notices.signing import new_secret
from server.notices.worker import NoticeWorker
from server.queueing.models import Ticket
from server.queueing.tickets import issue
from server.settings import Settings
from tests.dossiers.conftest import COPY, MAU, Clerk, clerk
from tests.notices.standins import MailServer, Receiver, mail_server, receiver

__all__ = ["clerk"]

LAN = replace(MAU, email="mau@example.vn")
EVERY = ("email", "message", "push")


@dataclass
class Post:
    """The office's post room: receives with a wish to be told, and sends what is due."""

    clerk: Clerk
    settings: Settings
    spoken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.worker = self.new_worker()

    def new_worker(self) -> NoticeWorker:
        """A server process of its own, as far as notices go."""
        return NoticeWorker(
            self.clerk.database,
            self.settings,
            clock=self.clerk.clock,
            spawn=lambda work, *given: work(*given),
            chance=lambda: 0.5,
        )

    def receive(self, *channels: str, how: Any = None, **more: Any) -> Dossier:
        """Receive a dossier whose applicant wants to be told over these channels."""
        given = {"applicant": LAN} | more | ({"how": how} if how else {})
        found = self.clerk.receive(COPY, **given)
        self.wish(found, *channels)
        return found

    def wish(self, dossier: Dossier, *channels: str) -> None:
        """Keep how the applicant wants to be told."""
        with self.clerk.database.transaction() as session:
            mine = session.get_one(Dossier, dossier.id)
            now, actor = self.clerk.clock.now, self.clerk.actor
            consents.consent(session, mine, channels, now, actor, offered=EVERY)

    def ticket(self, language: str = "vi") -> Ticket:
        """Somebody takes a number."""
        with self.clerk.database.transaction() as session:
            return issue(
                session,
                self.clerk.office_id,
                "civil",
                now=self.clerk.clock.now,
                actor="kiosk",
                language=language,
            )

    def look(self) -> list[tuple[str, str, str]]:
        """One round of the worker; then every notice's kind, lane and state."""
        self.worker.look()
        return [(row.kind, row.lane, row.state) for row in self.rows()]

    def rows(self) -> list[Notice]:
        """The whole outbox."""
        with self.clerk.database.read() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))


@pytest.fixture
def mails() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as running:
        yield running


@pytest.fixture
def gateway() -> Iterator[Receiver]:
    """A gateway for SMS, a push service, or another program."""
    with receiver() as running:
        yield running


@pytest.fixture
def post(clerk: Clerk, mails: MailServer, gateway: Receiver) -> Post:
    """The post room of the clerk's office, with every channel set up."""
    clerk.at("2026-03-02 14:00")
    settings = Settings(
        secret_key="the installation's secret",
        public_url="https://motcua.example",
        smtp_url=f"smtp://127.0.0.1:{mails.port}?from=motcua@example.vn",
        message_url=f"{gateway.url}/sms",
        message_secret=new_secret(),
        push_services=gateway.url,
    )
    return Post(clerk, settings)
