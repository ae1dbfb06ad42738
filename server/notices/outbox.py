"""The outbox: what is to be told is written down first, then sent, then marked as sent.

At least once: whoever dies between sending and marking leaves the row to another, and it is sent
again with the same ``ref``. Never by two at once: who sends a row has moved its ``next_at`` to the
end of a lease, under a lock that others skip.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from server.errors import Invalid, NotFound
from server.notices.backoff import GIVE_UP_AFTER, next_try
from server.notices.models import Notice

LEASE = timedelta(minutes=5)
"""How long whoever has claimed rows may take; longer than :data:`AT_ONCE` slow receivers need."""

AT_ONCE = 8
"""So many rows are claimed together."""

KEPT = timedelta(days=90)
"""How long one can look up what became of a notice."""

OPEN = ("waiting", "sending", "failed")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something was not sent."""

    problem: str
    """In words for staff, as a message id."""
    detail: str = ""
    """For the technician: what the other side said."""
    final: bool = False
    """It can never be sent, so it is not tried again."""
    gone: bool = False
    """There is no such receiver any more, as far as it can be told."""
    everyone: bool = True
    """The way is closed: others on the same lane would fail as well, so they wait too."""
    not_before_s: float = 0
    """The receiver asked not to be tried sooner, in seconds."""


def put(session: Session, notice: Notice, now: datetime) -> Notice:
    """Write down what is to be told; the same ``key`` again changes nothing.

    Returns:
        the row, or the one that was there.
    """
    there = session.scalar(select(Notice).where(Notice.key == notice.key))
    if there is not None:
        return there
    add(session, notice, now)
    session.flush()
    return notice


def add(session: Session, notice: Notice, now: datetime) -> None:
    """As :func:`put`, for whoever knows that the ``key`` is new."""
    notice.ref = f"msg_{secrets.token_urlsafe(16)}"
    notice.state, notice.next_at, notice.created_at = "waiting", now, now
    session.add(notice)


def send_mail(
    session: Session,
    to: str,
    subject: str,
    text: str,
    *,
    key: str,
    now: datetime,
    office_id: int | None = None,
) -> Notice:
    """Send an e-mail to somebody of the staff, once for each ``key``.

    It is written in the caller's transaction and sent after the commit. Without a mail server
    (``MOTCUA_SMTP_URL``) it waits, and is given up after three days.

    Args:
        session: of one ``transaction()``.
        to: the address.
        subject: in the reader's language, one line.
        text: in the reader's language, plain.
        key: what it is about, at most 120 characters: ``reminder:17:2026-11-26``.
        now: this moment.
        office_id: whose list of notices shows it.

    Raises:
        Invalid: the address is none, or the subject has several lines.
    """
    if "@" not in to.strip("@") or any(sign.isspace() for sign in to) or not to.isprintable():
        raise Invalid("This is not an e-mail address.")
    if not subject.isprintable():
        raise Invalid("A subject is one line.")
    wanted = Notice(
        key=f"mail:{key}",
        lane="email",
        kind="mail",
        office_id=office_id,
        recipient=to,
        subject=subject,
        text=text,
    )
    return put(session, wanted, now)


def due_lanes(session: Session, now: datetime) -> list[str]:
    """The lanes on which something is to be sent now."""
    return list(session.scalars(select(Notice.lane).where(Notice.next_at <= now).distinct()))


def claim(session: Session, lane: str, now: datetime) -> list[Notice]:
    """Take up to :data:`AT_ONCE` due rows of a lane, fresh ones before those that have failed.

    They are the caller's until the lease ends; :func:`settle` says what became of each.
    """
    rows = session.scalars(
        select(Notice)
        .where(Notice.lane == lane, Notice.next_at <= now)
        .order_by(Notice.attempts, Notice.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.state = "sending"
        row.attempts += 1
        row.next_at = now + LEASE
    session.flush()
    return list(rows)


def settle(
    session: Session,
    notice_id: int,
    attempt: int,
    now: datetime,
    *,
    failure: Failure | None = None,
    chance: float = 0.5,
) -> Notice | None:
    """Say what became of a claimed row; none when the lease has ended and it is another's.

    Args:
        session: of one ``transaction()``.
        notice_id: the row's.
        attempt: its ``attempts`` when it was claimed.
        now: this moment.
        failure: why it was not sent; none: it was.
        chance: a random number from 0 up to 1, for the pause before the next try.
    """
    row = session.get(Notice, notice_id, with_for_update=True)
    if row is None or row.state != "sending" or row.attempts != attempt:
        return None
    if failure is None:
        _end(row, "sent", now)
        row.problem = row.detail = ""
        return row
    row.problem, row.detail = failure.problem, failure.detail[:300]
    again = next_try(row.created_at, now, row.attempts, chance, not_before_s=failure.not_before_s)
    if failure.final or again is None:
        _end(row, "given-up", now)
        return row
    row.state, row.next_at = "failed", again
    return row


def drop(session: Session, notice_id: int, attempt: int, why: str, now: datetime) -> None:
    """End a claimed row without sending it: it is no longer true, or no longer wanted."""
    row = session.get(Notice, notice_id, with_for_update=True)
    if row is not None and row.state == "sending" and row.attempts == attempt:
        _end(row, "not-needed", now)
        row.problem = why


def hand_back(session: Session, notices: Iterable[Notice], now: datetime) -> None:
    """Give claimed rows back untried."""
    for claimed in notices:
        row = session.get(Notice, claimed.id, with_for_update=True)
        if row is not None and row.state == "sending" and row.attempts == claimed.attempts:
            row.attempts -= 1
            row.state = "failed" if row.attempts else "waiting"
            row.next_at = now


def give_up_old(session: Session, lane: str, failure: Failure, now: datetime) -> int:
    """End what has waited on a closed lane for too long, tried or not; how much that was."""
    old = update(Notice).where(
        Notice.lane == lane,
        Notice.next_at <= now,
        Notice.created_at <= now - GIVE_UP_AFTER,
        Notice.state != "sending",
    )
    ended = session.execute(
        old.values(
            state="given-up",
            next_at=None,
            ended_at=now,
            problem=failure.problem,
            detail=failure.detail[:300],
        )
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]


def release_all(session: Session, now: datetime) -> None:
    """What a crash has left is due at once: for a database that no other process can send from."""
    session.execute(update(Notice).where(Notice.state == "sending").values(next_at=now))


def retry(session: Session, notice_id: int, now: datetime) -> Notice:
    """Try again now what has failed or was given up; it has three days once more.

    Raises:
        NotFound: there is no such notice, or it was sent.
    """
    row = session.get(Notice, notice_id, with_for_update=True)
    if row is None or row.state not in ("failed", "given-up", "waiting"):
        raise NotFound("There is no such notice that could be sent again.")
    row.state, row.next_at, row.created_at, row.ended_at = "failed", now, now, None
    return row


def failed_notices(session: Session) -> list[int]:
    """Ids of all that have failed or were given up."""
    return list(
        session.scalars(
            select(Notice.id).where(Notice.state.in_(("failed", "given-up"))).order_by(Notice.id)
        )
    )


def listed(states: Iterable[str] = ()) -> Select[Notice]:
    """The statement for notices in ``states`` (all without), the newest first."""
    chosen = list(states)
    every = select(Notice).order_by(Notice.id.desc())
    return every.where(Notice.state.in_(chosen)) if chosen else every


def counts(session: Session) -> dict[str, int]:
    """How many notices there are in each state."""
    rows = session.execute(select(Notice.state, func.count()).group_by(Notice.state))
    return dict(rows.all())


def forget(session: Session, now: datetime) -> None:
    """Throw away what ended long ago."""
    session.execute(delete(Notice).where(Notice.ended_at < now - KEPT))


def _end(row: Notice, state: str, now: datetime) -> None:
    row.state, row.next_at, row.ended_at = state, None, now
