"""Tables of the dossiers. What is known of people stands apart, so that it can be erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, UtcDateTime
from server.offices.models import Names, Office, Procedure
from server.queueing.models import Ticket


class Dossier(Base):
    """Papers handed in for one procedure (*hồ sơ*), with the terms they were accepted under."""

    __tablename__ = "dossier"
    __table_args__ = (
        Index("ix_dossier_open", "office_id", "status"),
        Index("ix_dossier_changed", "office_id", "revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    """*Mã hồ sơ*; see :mod:`server.dossiers.codes`."""
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    """The visit it was handed in at; its QR code shows the dossier as well."""
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedure.id"))
    procedure_code: Mapped[str] = mapped_column(String(64))
    procedure_names: Mapped[Names] = mapped_column(JSON)
    field_code: Mapped[str] = mapped_column(String(16))
    field_names: Mapped[Names] = mapped_column(JSON)
    unit: Mapped[str] = mapped_column(String(16))
    """How its time is counted: see :data:`server.dossiers.deadlines.UNITS`."""
    count: Mapped[int]
    """How many of the unit."""
    afternoon_rule: Mapped[bool] = mapped_column(default=False)
    fee_vnd: Mapped[int | None]
    """đồng; none where the province sets it."""
    fee_note: Mapped[str] = mapped_column(String(500), default="")
    charge_vnd: Mapped[int | None]
    """đồng; none where there is no charge, or where ``charge_note`` says who sets it."""
    charge_note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    channel: Mapped[int] = mapped_column(default=1)
    """1 direct (*trực tiếp*), 2 online (*trực tuyến*), 3 public post (*bưu chính công ích*)."""
    papers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What was handed in: ``{"name", "kind", "count"}``."""
    sets: Mapped[int] = mapped_column(default=1)
    identity_proof: Mapped[str | None] = mapped_column(String(64))
    """Keyed digest of the last four digits of the card; see :mod:`server.dossiers.proofs`."""
    phone_proof: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What follows is what the last step in force left, kept for lists; never counted from.
    status: Mapped[int] = mapped_column(default=1)
    """1 to 10, the national portal's: see :mod:`server.dossiers.steps`."""
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The date a citizen was last told; an apology moves it, the due date stays."""
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    """The office's revision of the last change of this dossier; what an export goes on from."""

    office: Mapped[Office] = relationship(lazy="select")
    ticket: Mapped[Ticket | None] = relationship(lazy="select")
    procedure: Mapped[Procedure] = relationship(lazy="select")
    steps: Mapped[list[DossierStep]] = relationship(
        back_populates="dossier", order_by="(DossierStep.seq, DossierStep.id)"
    )
    people: Mapped[list[Applicant]] = relationship(order_by="Applicant.id")
    parts: Mapped[list[DossierPart]] = relationship(
        order_by="(DossierPart.position, DossierPart.id)"
    )


class Applicant(Base):
    """Who handed a dossier in or collected its result; the only table with personal data."""

    __tablename__ = "applicant"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    role: Mapped[str] = mapped_column(String(16), default="applicant")
    """``applicant`` (*người nộp*) or ``collector`` (*người nhận kết quả*)."""
    name: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    identity_number: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(200), default="")


class DossierStep(Base):
    """Something that happened to a dossier. Rows are only ever added.

    A correction is a new row that takes the place of another (``corrects_id``) at the same place in
    the history (``seq``); a row is in force while no other corrects it. The values after the step
    are kept with it, and what a report groups by, so that it is computed from the steps alone.
    """

    __tablename__ = "dossier_step"
    __table_args__ = (
        UniqueConstraint("corrects_id"),
        Index("ix_dossier_step_history", "dossier_id", "seq"),
        # All that a report looks at to find the step that tells how a dossier stood.
        Index(
            "ix_dossier_step_received",
            "office_id",
            "received_on",
            "dossier_id",
            "kind",
            "on_day",
            "seq",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    seq: Mapped[int]
    """Place in the dossier's history, from 1."""
    kind: Mapped[str] = mapped_column(String(24))
    """A step of :data:`server.dossiers.steps.STEPS`, or ``void``."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it happened."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was written down; later than ``at`` in corrections and imports only."""
    actor: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(1000), default="")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """More about it, never personal: missing papers, the part it is about."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_step.id"))
    status: Mapped[int]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    on_day: Mapped[str] = mapped_column(String(10))
    """ISO date of ``at`` in the office's time zone, like the four that follow."""
    received_on: Mapped[str | None] = mapped_column(String(10))
    due_on: Mapped[str | None] = mapped_column(String(10))
    paused_on: Mapped[str | None] = mapped_column(String(10))
    """When the pause began that lasts after this step."""
    resolved_on: Mapped[str | None] = mapped_column(String(10))
    field_code: Mapped[str] = mapped_column(String(16))
    procedure_code: Mapped[str] = mapped_column(String(64))
    channel: Mapped[int]

    dossier: Mapped[Dossier] = relationship(back_populates="steps")
    agency: Mapped[Agency | None] = relationship(lazy="joined")


class Agency(Base):
    """Who works on dossiers behind the hall (*cơ quan, phòng chuyên môn*)."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    """Whose it is; it serves this office and every office below."""
    code: Mapped[str] = mapped_column(String(32))
    names: Mapped[Names] = mapped_column(JSON)
    head_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Who answers for it (*người đứng đầu*), and is reminded before its share is used up."""
    head_email: Mapped[str] = mapped_column(String(200), default="", server_default="")
    valid_from: Mapped[str] = mapped_column(String(10), default="")
    valid_to: Mapped[str] = mapped_column(String(10), default="")

    office: Mapped[Office] = relationship(lazy="select")


class DossierPart(Base):
    """An agency's share of an interlinked (*liên thông*) dossier's work."""

    __tablename__ = "dossier_part"
    __table_args__ = (UniqueConstraint("dossier_id", "agency_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    position: Mapped[int]
    """Order; parts with the same position go on beside each other."""
    share: Mapped[int]
    """Its share of the time, in the dossier's unit."""
    handed_over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency: Mapped[Agency] = relationship(lazy="joined")


class DayOff(Base):
    """A day off or a make-up day that an office or the installation adds to the calendar."""

    __tablename__ = "day_off"
    __table_args__ = (UniqueConstraint("office_id", "day", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    """Where it holds, with every office below; none: everywhere."""
    day: Mapped[str] = mapped_column(String(10))
    working: Mapped[bool]
    names: Mapped[Names] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(500))
    """The decision that says so; never empty."""
    certainty: Mapped[str] = mapped_column(String(16))
    valid_from: Mapped[str] = mapped_column(String(10), default="")
    """Dossiers received before this date are not judged by it; empty: always."""
    valid_to: Mapped[str] = mapped_column(String(10), default="")


class CodeSeries(Base):
    """How an office, and those below without one of their own, makes its dossier codes."""

    __tablename__ = "code_series"
    __table_args__ = (UniqueConstraint("office_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    agency: Mapped[str] = mapped_column(String(24))
    digits: Mapped[int] = mapped_column(default=4)
    valid_from: Mapped[str] = mapped_column(String(10), default="")
    valid_to: Mapped[str] = mapped_column(String(10), default="")


class DayCodes(Base):
    """The last number given to a dossier of an agency identifier on a day."""

    __tablename__ = "day_codes"

    agency: Mapped[str] = mapped_column(String(24), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


def _never(_mapper: object, _connection: object, step: DossierStep) -> None:
    raise RuntimeError(f"step {step.id} of a dossier is history: add a correction instead")


event.listen(DossierStep, "before_update", _never)
event.listen(DossierStep, "before_delete", _never)
