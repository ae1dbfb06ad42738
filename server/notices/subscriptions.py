"""Phones that take notices: the holder of a ticket subscribes its page's browser to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.dossiers.models import Dossier
from server.errors import Invalid
from server.journal import lock_office
from server.notices.models import Notice, NoticeConsent, PushSubscription
from server.notices.ways import CHANNELS, takes_push
from server.notices.webpush import readable_keys
from server.queueing.models import Ticket

KEPT = timedelta(days=400)
"""How long a browser is remembered; no procedure of the catalogue takes a year."""

MOST = 5
"""Browsers for one ticket; the oldest makes room for one more."""


def subscribe(
    session: Session,
    ticket: Ticket,
    endpoint: str,
    keys: tuple[str, str],
    language: str,
    now: datetime,
    *,
    services: Sequence[str],
) -> PushSubscription:
    """Let a browser be told of all the ticket's dossiers; pressing the button is the consent.

    The same browser again only renews its keys and its language.

    Raises:
        Invalid: the address is none of a push service's, or the keys are none.
    """
    if not takes_push(endpoint, list(services)):
        raise Invalid(
            "This browser's push service is not one that this office sends to.",
            errors=[{"field": "endpoint", "detail": "not a push service"}],
        )
    if not readable_keys(*keys):
        raise Invalid(
            "These are not the keys of a subscription.",
            errors=[{"field": "keys", "detail": "p256dh, auth"}],
        )
    lock_office(session, ticket.office_id)
    kept = _find(session, ticket.id, endpoint)
    if kept is None:
        _make_room(session, ticket.id)
        kept = PushSubscription(ticket_id=ticket.id, endpoint=endpoint, created_at=now)
        session.add(kept)
    kept.p256dh, kept.auth = keys
    kept.language = language
    for dossier in _dossiers(session, ticket.id):
        wish = session.get(NoticeConsent, dossier.id)
        if wish is None:
            wish = NoticeConsent(dossier_id=dossier.id, channels=[])
            wish.language, wish.given_at, wish.actor = language, now, "holder"
            session.add(wish)
        if "push" not in wish.channels:
            wish.channels = [one for one in CHANNELS if one in (*wish.channels, "push")]
            wish.given_at, wish.actor = now, "holder"
    session.flush()
    return kept


def unsubscribe(session: Session, ticket: Ticket, endpoint: str) -> None:
    """A browser wants no more; with the last one the wish to be told this way ends."""
    lock_office(session, ticket.office_id)
    kept = _find(session, ticket.id, endpoint)
    if kept is not None:
        remove(session, kept)


def remove(session: Session, kept: PushSubscription) -> None:
    """Forget a browser: it wants no more, or its push service no longer knows it."""
    ticket_id = kept.ticket_id
    _forget(session, [kept.id])
    mine = select(func.count()).where(PushSubscription.ticket_id == ticket_id)
    if session.scalar(mine):
        return
    for dossier in _dossiers(session, ticket_id):
        wish = session.get(NoticeConsent, dossier.id)
        if wish is not None and "push" in wish.channels:
            wish.channels = [one for one in wish.channels if one != "push"]


def forget_phones(session: Session, now: datetime) -> None:
    """Forget the browsers that asked so long ago that their dossier must have come to its end."""
    old = select(PushSubscription.id).where(PushSubscription.created_at < now - KEPT)
    _forget(session, session.scalars(old).all())


def _find(session: Session, ticket_id: int, endpoint: str) -> PushSubscription | None:
    return session.scalar(
        select(PushSubscription).where(
            PushSubscription.ticket_id == ticket_id, PushSubscription.endpoint == endpoint
        )
    )


def _make_room(session: Session, ticket_id: int) -> None:
    mine = select(PushSubscription).where(PushSubscription.ticket_id == ticket_id)
    kept = session.scalars(mine.order_by(PushSubscription.id.desc())).all()
    _forget(session, [old.id for old in kept[MOST - 1 :]])


def _forget(session: Session, ids: Sequence[int]) -> None:
    of_them = update(Notice).where(Notice.subscription_id.in_(ids))
    session.execute(of_them.values(subscription_id=None))
    session.execute(delete(PushSubscription).where(PushSubscription.id.in_(ids)))


def _dossiers(session: Session, ticket_id: int) -> Sequence[Dossier]:
    return session.scalars(select(Dossier).where(Dossier.ticket_id == ticket_id)).all()
