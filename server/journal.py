"""The append-only record of every change, and the revision number it gives each office.

Every command writes at least one entry in its own transaction. The entries of an office, read in
the order of their revisions, replay to the state of its queue
(:func:`server.queueing.history.replay`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, UtcDateTime
from server.errors import NotFound
from server.offices.models import Office

CHANGED = "motcua.changed_offices"
"""Key in ``Session.info`` under which a transaction collects the ids of the offices it changed."""

LOCKED = "motcua.locked_offices"
"""Key in ``Session.info`` of the transaction and the ids of the offices it has locked."""


class JournalEntry(Base):
    """One change: what happened, to what, by whom, and the values it set."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("office_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    revision: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(32))
    """A past participle with its noun, for example ``ticket.issued``."""
    subject: Mapped[str] = mapped_column(String(64), default="")
    actor: Mapped[str] = mapped_column(String(80), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def lock_office(session: Session, office_id: int) -> Office:
    """The office, fresh and locked until the transaction ends, so that its commands are in line.

    Everything the session has read before is forgotten: while this command waited, another may
    have changed it. Locking again in the same transaction costs nothing.

    Raises:
        NotFound: there is no such office.
    """
    session.connection()
    transaction = session.get_transaction()
    within, locked = session.info.get(LOCKED, (None, set()))
    if within is not transaction:
        locked = set()
        session.info[LOCKED] = (transaction, locked)
    if office_id in locked:
        return session.get_one(Office, office_id)
    session.flush()
    session.expire_all()
    # Not FOR UPDATE: that would also hold up everybody whose rows merely refer to the office.
    office = session.scalars(
        select(Office).where(Office.id == office_id).with_for_update(key_share=True)
    ).one_or_none()
    if office is None:
        raise NotFound("There is no such office.")
    locked.add(office_id)
    return office


def record(
    session: Session,
    office: Office,
    event: str,
    *,
    subject: str = "",
    actor: str = "",
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> int:
    """Append an entry and return the office's new revision.

    The caller holds the office's lock (:func:`lock_office`) or has just created it.
    """
    if office in session.new:
        session.flush()  # it has no id yet
    office.revision = (office.revision or 0) + 1
    session.add(
        JournalEntry(
            office_id=office.id,
            revision=office.revision,
            at=at or datetime.now(UTC),
            event=event,
            subject=subject,
            actor=actor,
            data=data or {},
        )
    )
    session.info.setdefault(CHANGED, set()).add(office.id)
    return office.revision


def changed_offices(session: Session) -> set[int]:
    """Ids of the offices this session's transaction has changed."""
    changed: set[int] = session.info.get(CHANGED, set())
    return changed
