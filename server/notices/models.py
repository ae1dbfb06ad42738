"""Tables of the notices: who wants to be told, over what, and what is still to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, UtcDateTime
from server.dossiers.models import Dossier
from server.offices.models import Office
from server.queueing.models import Ticket


class Notice(Base):
    """Something that is to be told to somebody: an outbox, written before anything is sent.

    The words are written when it happens, the address is looked up when it is sent: a citizen's is
    kept in the table ``applicant`` alone.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("key"),
        # Only what is not at an end, so that looking for work stays quick for ever.
        Index(
            "ix_notice_due",
            "lane",
            "next_at",
            sqlite_where=sql("next_at IS NOT NULL"),
            postgresql_where=sql("next_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160))
    """What it is about and to whom, so that nothing is written twice."""
    ref: Mapped[str] = mapped_column(String(40))
    """How the receiver knows it again when it comes twice: ``webhook-id``, ``Message-ID``."""
    lane: Mapped[str] = mapped_column(String(32))
    """Who sends it: ``email``, ``message``, ``push``, or ``webhook:3``. Lanes never wait for each
    other."""
    kind: Mapped[str] = mapped_column(String(32))
    """Why: one of :data:`server.notices.texts.KINDS`, ``mail``, or a webhook's event."""
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("push_subscription.id"))
    webhook_id: Mapped[int | None] = mapped_column(ForeignKey("webhook.id"))
    recipient: Mapped[str] = mapped_column(String(200), default="")
    """An e-mail address of staff; empty: the dossier's applicant, a phone, or a program."""
    language: Mapped[str] = mapped_column(String(8), default="vi")
    subject: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    """What people read; for a program the body that is signed, to the letter."""
    link: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """``waiting``, ``sending``, ``failed`` (will be tried again), and the three at an end:
    ``sent``, ``given-up``, ``not-needed``."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it is due; while it is being sent, when whoever sends it must be dead. None: ended."""
    problem: Mapped[str] = mapped_column(String(200), default="")
    """Why it was not sent, as a message id for staff."""
    detail: Mapped[str] = mapped_column(String(300), default="")
    """What the other side said, for the technician."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    dossier: Mapped[Dossier | None] = relationship(lazy="select")
    subscription: Mapped[PushSubscription | None] = relationship(lazy="select")
    webhook: Mapped[Webhook | None] = relationship(lazy="select")


class NoticeConsent(Base):
    """How an applicant wants to be told of a dossier. Without a row nothing is ever sent."""

    __tablename__ = "notice_consent"

    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), primary_key=True)
    channels: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Some of :data:`server.notices.consents.CHANNELS`."""
    language: Mapped[str] = mapped_column(String(8), default="vi")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    """Who wrote down the wish, or ``holder`` for the phone page."""


class PushSubscription(Base):
    """A browser that takes notices for a ticket's dossiers (Web Push, RFC 8030)."""

    __tablename__ = "push_subscription"
    __table_args__ = (UniqueConstraint("ticket_id", "endpoint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    endpoint: Mapped[str] = mapped_column(String(1000))
    """The push service's own address for this browser."""
    p256dh: Mapped[str] = mapped_column(String(120))
    """The browser's public key, base64url."""
    auth: Mapped[str] = mapped_column(String(40))
    """The secret it shares with us, base64url."""
    language: Mapped[str] = mapped_column(String(8), default="vi")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship(lazy="select")


class Webhook(Base):
    """A program that wants to be told of events."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    """Whose events, with every office below; none: all."""
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(120))
    """``whsec_`` and base64, as Standard Webhooks has it."""
    events: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Names of events; empty: all of them."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    office: Mapped[Office | None] = relationship(lazy="select")


class NoticeCursor(Base):
    """How far an office's journal has been read for what is to be told."""

    __tablename__ = "notice_cursor"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)
