"""Requests that may be sent again: a retry is answered as the first time and changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from server.database import is_postgresql
from server.errors import Invalid
from server.queueing.models import RememberedRequest

KEPT_H = 48
"""How many hours a key is remembered at least: longer than any device keeps trying."""


def recall_answer(session: Session, asker: str, key: str, digest: str) -> RememberedRequest | None:
    """What this request was answered before; none when it is new.

    Args:
        session: of the transaction that would carry it out, its office locked.
        asker: who sends it.
        key: its ``Idempotency-Key``.
        digest: SHA-256 of method, path and body.

    Raises:
        Invalid: the key was used for another request.
    """
    earlier = session.get(RememberedRequest, (asker, key))
    if earlier is not None and earlier.digest != digest:
        raise _other_request()
    return earlier


def remember(
    session: Session,
    asker: str,
    key: str,
    digest: str,
    ticket_id: int | None,
    now: datetime,
    *,
    about: str | None = None,
) -> None:
    """Remember that this request was answered with ``ticket_id`` (none: there was no ticket).

    ``about`` names what it was answered with instead, for example a dossier's code.

    Raises:
        Invalid: the same key has just been used for a request to another office.
    """
    session.flush()
    insert = postgresql_insert if is_postgresql(session) else sqlite_insert
    kept = session.execute(
        insert(RememberedRequest)
        .values(asker=asker, key=key, digest=digest, ticket_id=ticket_id, about=about, at=now)
        .on_conflict_do_nothing()
        .returning(RememberedRequest.key)
    ).first()
    if kept is None:
        raise _other_request()


def forget(session: Session, now: datetime) -> None:
    """Forget the keys that are older than :data:`KEPT_H` hours; for the server's clock."""
    old = now - timedelta(hours=KEPT_H)
    session.execute(delete(RememberedRequest).where(RememberedRequest.at < old))


def _other_request() -> Invalid:
    return Invalid("This Idempotency-Key was already used for another request.")
