"""What was received from other systems, and what became of each row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, UtcDateTime

RECEIVED, IMPORTING, DONE, REFUSED, FAILED = "received", "importing", "done", "refused", "failed"


class ExchangeMessage(Base):
    """One file of dossiers that somebody sent. Steps that came with it name it in their data."""

    __tablename__ = "exchange_message"
    __table_args__ = (Index("ix_exchange_message_digest", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    """The system it comes from, in its own words."""
    reference: Mapped[str] = mapped_column(String(80), default="")
    """How that system names the message."""
    actor: Mapped[str] = mapped_column(String(80))
    """Who sent it, as the journal names them."""
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    """Where the sender's sign-in holds, with every office below; none: everywhere."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file and of how it is to be read."""
    format: Mapped[str] = mapped_column(String(8))
    """``csv`` or ``jsonl``."""
    bytes: Mapped[int]
    all_or_nothing: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default=RECEIVED)
    """``received``, ``importing``, ``done``; ``refused``: nothing was read in, ``problems`` says
    why; ``failed``: it broke off again and again."""
    rows: Mapped[int] = mapped_column(default=0)
    """How many dossiers the file has; 0 until it has been read."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often it was begun."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Why the file was refused: ``{row, field, detail, params}``, the words untranslated."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExchangeBatch(Base):
    """Rows of a message that were decided in one transaction, and what became of each.

    Written in that transaction: after a crash the rows up to ``last_row`` are not looked at again.
    """

    __tablename__ = "exchange_batch"
    __table_args__ = (Index("ix_exchange_batch_message", "message_id", "place", "last_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("exchange_message.id"))
    place: Mapped[str] = mapped_column(String(64))
    """The office as the rows name it; batches of one office follow each other."""
    first_row: Mapped[int]
    last_row: Mapped[int]
    outcomes: Mapped[list[list[Any]]] = mapped_column(JSON)
    """``[row, code, outcome]``, and of refused rows also field, detail and the words' parameters"""
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
