"""Tables of the queue: tickets, the numbers of the day, and remembered requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, UtcDateTime
from server.offices.models import Counter, Names, Office, Service


class Ticket(Base):
    """A place in the queue (*số thứ tự*): one number, once a business day."""

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("office_id", "day", "letter", "serial"),
        Index("ix_ticket_queue", "service_id", "day", "status", "place"),
        Index("ix_ticket_day", "office_id", "day", "status"),
        Index("ix_ticket_served", "service_id", "status", "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """What the QR code holds: 128 random bits; whoever has it holds the ticket."""
    ref: Mapped[str] = mapped_column(String(16), index=True)
    """Names the ticket in public lists without giving it away."""
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    day: Mapped[str] = mapped_column(String(10))
    letter: Mapped[str] = mapped_column(String(1))
    serial: Mapped[int]
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    status: Mapped[str] = mapped_column(String(12), default="waiting")
    priority: Mapped[str] = mapped_column(String(16), default="none")
    language: Mapped[str] = mapped_column(String(8), default="vi")
    place: Mapped[int] = mapped_column(BigInteger)
    """Sort key within the queue: the issue time in microseconds since 1970, unless the holder
    missed the call and came back (then just behind those they are put after)."""
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set while a formerly parked ticket waits in front of the others."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    serving_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    park_reason: Mapped[str | None] = mapped_column(String(200))
    no_show_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_reason: Mapped[str | None] = mapped_column(String(32))
    """Why it ended without service: ``holder``, ``clerk`` or ``end_of_day``."""
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    calls: Mapped[int] = mapped_column(default=0)
    """How often it was called, recalls included."""
    dossier_code: Mapped[str | None] = mapped_column(String(64))
    """The dossier this visit is about, as scanned or typed; none when nobody named one."""
    service_seconds: Mapped[int | None]
    """From call to finish, for the estimates; none when it was not served."""

    office: Mapped[Office] = relationship(lazy="select")
    service: Mapped[Service] = relationship(lazy="joined")
    counter: Mapped[Counter | None] = relationship(lazy="joined")

    @property
    def number(self) -> str:
        """The number as people read it, for example ``A001``."""
        return f"{self.letter}{self.serial:03d}"


class DayNumbers(Base):
    """The last number given out for a letter on a business day."""

    __tablename__ = "day_numbers"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(BigInteger, default=0)
    """``Ticket.place`` of that number, so that the next one is behind it even when somebody sets
    the clock back."""


class CallRecord(Base):
    """One call or recall, as the board shows and speaks it. ``id`` grows with every call."""

    __tablename__ = "call_record"
    __table_args__ = (
        Index("ix_call_record_recent", "office_id", "day", "id"),
        Index("ix_call_record_ticket", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    day: Mapped[str] = mapped_column(String(10))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    repeat: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    """The clerk took the press back; the board no longer shows it."""

    ticket: Mapped[Ticket] = relationship(lazy="joined")
    counter: Mapped[Counter] = relationship(lazy="joined")


class Press(Base):
    """The last press of a counter, with what it changed, so that it can be taken back."""

    __tablename__ = "press"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The changed tickets as they were: :func:`server.queueing.history.snapshot`."""
    after: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    turns: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
    """``Service.turn`` before and after the press, by service id."""
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call_record.id"))


class RememberedRequest(Base):
    """An ``Idempotency-Key`` and what it was answered, so that a retry changes nothing."""

    __tablename__ = "remembered_request"

    asker: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Who sent it; two programs may use the same key."""
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, path and body."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


__all__ = ["CallRecord", "DayNumbers", "Names", "Press", "RememberedRequest", "Ticket"]
