"""Tables of the people who work here, and of the devices and programs that may sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, UtcDateTime
from server.offices.models import Office, Printer


class Person(Base):
    """Somebody who signs in: a clerk (*cán bộ một cửa*), a manager, an administrator, or an officer
    of an agency (*cán bộ chuyên môn*)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(16))
    """``clerk``, ``manager``, ``admin`` or ``officer``."""
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    """Where the role holds, with every office below it; none means everywhere."""
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    """Where an officer works; the office is then the agency's."""
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    office: Mapped[Office | None] = relationship(lazy="joined")


class AccessToken(Base):
    """What a device or a program signs in with. Only the SHA-256 of the token is kept."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(16))
    """``kiosk``, ``display``, ``agent``, ``counter``, ``dossiers``, ``reports`` or ``admin``."""
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))
    """Where the slips of this kiosk come out (none means the office's first printer), or the
    printer that this agent prints to."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the device last said that it is there (``/api/v1/devices/heartbeat``)."""
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    """What it said of itself then: its page or program, version, screen."""

    office: Mapped[Office | None] = relationship(lazy="joined")
    printer: Mapped[Printer | None] = relationship(lazy="joined")
