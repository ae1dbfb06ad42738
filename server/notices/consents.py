"""Whether an applicant wants to be told, and how. Nobody is told who has not asked for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.editing import applicant_of
from server.dossiers.models import Dossier
from server.dossiers.recording import recording
from server.errors import Invalid, marked
from server.notices.models import NoticeConsent, PushSubscription
from server.notices.ways import CHANNELS

NEEDED = {
    "email": ("email", marked("Notices by e-mail need the applicant's e-mail address.")),
    "message": ("phone", marked("Notices by message need the applicant's phone number.")),
}
"""What a channel needs to know of the applicant."""


def consent(
    session: Session,
    dossier: Dossier,
    channels: Iterable[str],
    now: datetime,
    actor: str,
    *,
    offered: Collection[str],
) -> None:
    """Keep how the applicant wants to be told of this dossier; it replaces what was kept before.

    A phone that takes notices for the dossier's ticket already is asked no second time.

    Args:
        session: of the transaction in which the dossier was received or its office locked.
        dossier: which one.
        channels: some of :data:`server.notices.ways.CHANNELS`; none: nothing is sent any more.
        now: this moment.
        actor: who writes it down.
        offered: the channels that this installation has.

    Raises:
        Invalid: a channel is not offered here, or lacks the address or ticket it needs.
    """
    wished = set(channels)
    for channel in sorted(wished):
        _check(dossier, channel, offered)
    kept = session.get(NoticeConsent, dossier.id)
    if kept is None:
        # The phone page's button was pressed before this dossier was there.
        if dossier.ticket_id is not None and _has_phone(session, dossier.ticket_id):
            wished.add("push")
        if not wished:
            return
        kept = NoticeConsent(dossier_id=dossier.id)
    kept.channels = [channel for channel in CHANNELS if channel in wished]
    kept.language = dossier.ticket.language if dossier.ticket else "vi"
    kept.given_at, kept.actor = now, actor
    session.add(kept)
    session.flush()


def change_consent(
    session: Session,
    dossier: Dossier,
    channels: Iterable[str],
    now: datetime,
    actor: str,
    *,
    offered: Collection[str],
) -> None:
    """As :func:`consent` for a dossier that is there already, with an entry in the journal.

    Raises:
        NotFound: there is no such dossier.
        Invalid: as for :func:`consent`.
    """
    work = recording(session, dossier.id, now, actor)
    before = channels_of(session, dossier.id)
    consent(session, work.dossier, channels, now, actor, offered=offered)
    if channels_of(session, dossier.id) != before:
        work.journal("edit", work.steps[-1], fields=["notices"])


def channels_of(session: Session, dossier_id: int) -> list[str]:
    """How the applicant wants to be told; empty: not at all."""
    kept = session.get(NoticeConsent, dossier_id)
    return list(kept.channels) if kept else []


def _check(dossier: Dossier, channel: str, offered: Collection[str]) -> None:
    if channel not in offered:
        raise _wrong(marked("Notices are not sent this way here."), channel)
    if channel == "push" and dossier.ticket_id is None:
        raise _wrong(
            marked("Notices on a phone need a ticket, whose page the phone shows."), channel
        )
    field, problem = NEEDED.get(channel, ("", ""))
    if field and not getattr(applicant_of(dossier), field):
        raise _wrong(problem, channel)


def _wrong(problem: str, channel: str) -> Invalid:
    return Invalid(problem, errors=[{"field": "notices", "detail": channel}])


def _has_phone(session: Session, ticket_id: int) -> bool:
    found = select(PushSubscription.id).where(PushSubscription.ticket_id == ticket_id).limit(1)
    return session.scalar(found) is not None
