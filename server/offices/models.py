"""Tables of the offices: what a hall is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, UtcDateTime

Names = dict[str, str]
"""Words by language code, ``vi`` always: ``{"vi": "Hộ tịch", "en": "Civil status"}``."""


class AgencyShare(TypedDict):
    """An agency's part in an interlinked procedure."""

    agency: str
    """Its code."""
    position: int
    """Its turn, from 1; agencies with the same one work beside each other."""
    share: int
    """Its time, in the unit of the procedure."""


class Office(Base):
    """A reception office (*bộ phận một cửa*) or an office above it, in a tree of any depth."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    names: Mapped[Names] = mapped_column(JSON)
    organisation: Mapped[Names] = mapped_column(JSON, default=dict)
    """The authority above the office's name on slips, for example *UBND huyện Vĩnh Thuận*."""
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["vi"])
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Ho_Chi_Minh")
    brand: Mapped[str] = mapped_column(String(7), default="#9B1B1E")
    logo: Mapped[str | None] = mapped_column(Text)
    """For its slips: a PNG in Base64, as :func:`server.offices.logos.printable` makes it."""
    hours: Mapped[dict[str, list[list[str]]]] = mapped_column(JSON, default=dict)
    """Opening hours by weekday ``mon`` … ``sun``: ``[["07:00", "11:00"], …]`` local time."""
    issuing: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """When numbers are given out; see :class:`server.offices.hours.Issuing`."""
    closures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Days closed or with other hours: ``{"from", "to", "reason": Names, "hours": [] }``."""
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The priority rule and return rules; see :class:`server.queueing.rules.Rules`."""
    words: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Ticker lines, voice and other words of this office."""
    revision: Mapped[int] = mapped_column(default=0)
    """Grows by one with every journal entry of the office."""
    day: Mapped[str | None] = mapped_column(String(10))
    """The business day (ISO date, office time zone) whose queue is open."""

    parent: Mapped[Office | None] = relationship(remote_side=[id], lazy="select")
    services: Mapped[list[Service]] = relationship(
        back_populates="office", order_by="Service.position", cascade="all, delete-orphan"
    )
    counters: Mapped[list[Counter]] = relationship(
        back_populates="office", order_by="Counter.position", cascade="all, delete-orphan"
    )
    printers: Mapped[list[Printer]] = relationship(
        back_populates="office", order_by="Printer.position", cascade="all, delete-orphan"
    )


class Service(Base):
    """What a citizen chooses at the kiosk (*lĩnh vực*); its letter begins the ticket numbers."""

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("office_id", "code"),
        # A service that is no longer used keeps its letter in name only; another may take it.
        Index(
            "uq_service_letter_in_use",
            "office_id",
            "letter",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    code: Mapped[str] = mapped_column(String(32))
    letter: Mapped[str] = mapped_column(String(1))
    names: Mapped[Names] = mapped_column(JSON)
    kind: Mapped[str] = mapped_column(String(16), default="service")
    """``service``, or ``results`` for the return of results."""
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Field codes of the procedure catalogue that belong here, for example ``["HT", "LT"]``."""
    icon: Mapped[str] = mapped_column(String(32), default="file-text")
    tint: Mapped[str] = mapped_column(String(16), default="red")
    position: Mapped[int] = mapped_column(default=0)
    daily_cap: Mapped[int | None]
    """Most numbers a day; none means no cap."""
    typical_minutes: Mapped[float | None]
    """How long one citizen takes, as the office says, until there are measured times."""
    limit_minutes: Mapped[float | None]
    """Serving longer than this turns the counter's clock amber."""
    papers: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    """What to bring, as lines by language."""
    active: Mapped[bool] = mapped_column(default=True)
    paused: Mapped[bool] = mapped_column(default=False)
    pause_reason: Mapped[Names | None] = mapped_column(JSON)
    turn: Mapped[int] = mapped_column(default=0)
    """Place in the cycle of priority and ordinary calls; see ``server.queueing.rules``."""

    office: Mapped[Office] = relationship(back_populates="services")


class Counter(Base):
    """A desk (*quầy*) where a clerk calls and serves."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("office_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    number: Mapped[str] = mapped_column(String(8))
    names: Mapped[Names] = mapped_column(JSON, default=dict)
    position: Mapped[int] = mapped_column(default=0)
    services: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """Service codes in order of preference; codes in one inner list are equally preferred."""
    active: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(String(8), default="closed")
    pause_reason: Mapped[str | None] = mapped_column(String(200))
    clerk_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    office: Mapped[Office] = relationship(back_populates="counters")


class Printer(Base):
    """A slip printer of the hall, by URI (``virtual:slips``, ``network://10.0.0.9``)."""

    __tablename__ = "printer"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    uri: Mapped[str] = mapped_column(String(300))
    paper_mm: Mapped[int] = mapped_column(default=80)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    condition: Mapped[str] = mapped_column(String(16), default="unknown")
    """``ok``, ``offline``, ``paper-out``, ``cover-open`` … or ``unknown`` before the first word."""
    detail: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """What the printer said beyond that, in English, for the technician."""
    condition_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    office: Mapped[Office] = relationship(back_populates="printers")


class Procedure(Base):
    """A public administrative procedure (*thủ tục hành chính*) with its time and fee."""

    __tablename__ = "procedure"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    field_code: Mapped[str] = mapped_column(String(16), index=True)
    code: Mapped[str] = mapped_column(String(64))
    names: Mapped[Names] = mapped_column(JSON)
    field_names: Mapped[Names] = mapped_column(JSON)
    days: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(16))
    afternoon_rule: Mapped[bool] = mapped_column(default=False)
    """Same day only: received after 15:00, the result is due the next working day."""
    fee_vnd: Mapped[int | None]
    """đồng; none where the province sets it and it has not been entered."""
    fee_note: Mapped[str] = mapped_column(String(500), default="")
    """How the fee (*phí*) is counted and who is exempt, in Vietnamese."""
    charge_vnd: Mapped[int | None]
    """The charge (*lệ phí*) beside the fee, in đồng; none where there is none, or where
    ``charge_note`` says who sets it."""
    charge_note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """How the charge is counted and who is exempt, in Vietnamese."""
    level: Mapped[str] = mapped_column(String(64), default="")
    interlinked: Mapped[bool] = mapped_column(default=False)
    certainty: Mapped[str] = mapped_column(String(16), default="")
    source: Mapped[str] = mapped_column(String(500), default="")
    valid_from: Mapped[str] = mapped_column(String(10), default="")
    """ISO date from which these terms hold; empty for always."""
    valid_to: Mapped[str] = mapped_column(String(10), default="")
    """The last day on which they hold; empty for no end."""
    position: Mapped[int] = mapped_column(default=0)
    papers: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """What to bring, a line each, in Vietnamese as the law names it."""
    agencies: Mapped[list[AgencyShare]] = mapped_column(
        JSON, default=list, server_default=text("'[]'")
    )
    """Who works on an interlinked one (*liên thông*), in order."""
