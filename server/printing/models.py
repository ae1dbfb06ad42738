"""The table of print jobs: the outbox between the queue and the printers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, UtcDateTime
from server.offices.models import Printer


class PrintJob(Base):
    """A slip to be printed. States after IPP (RFC 8011): see ``server.printing.jobs``."""

    __tablename__ = "print_job"
    __table_args__ = (
        Index("ix_print_job_open", "state", "printer_id"),
        Index("ix_print_job_of_ticket", "ticket_id"),
        Index("ix_print_job_of_office", "office_id", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    printer_id: Mapped[int] = mapped_column(ForeignKey("printer.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    slip: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The slip as plain data: ``hardware.slips.Slip.to_dict()``; of a dossier's form only which one
    it is, see :mod:`server.printing.forms`."""
    state: Mapped[str] = mapped_column(String(12), default="pending")
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not to be leased before; moves on with each retry."""
    leased_by: Mapped[str | None] = mapped_column(String(80))
    """Who prints it, or printed it last: ``token:17`` for an agent, ``server`` for the server."""
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the printing of this attempt began: from then on a part of it may be on paper."""
    reprint_of: Mapped[int | None] = mapped_column(ForeignKey("print_job.id"))
    """The job that a person had printed once more with this one."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    printer: Mapped[Printer] = relationship(lazy="joined")
