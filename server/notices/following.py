"""From the journal to the outbox: what has happened and is to be told is written down, once.

The journal is read office by office in the order of its revisions, which have no gaps, from a
cursor that moves in the transaction that writes the notices. So a crash at any moment loses nothing
and repeats nothing, and the commands of the dossiers know nothing of all this.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from server.database import is_postgresql
from server.dossiers.daysoff import local
from server.dossiers.models import Dossier, DossierStep
from server.journal import JournalEntry
from server.notices.backoff import GIVE_UP_AFTER
from server.notices.models import Notice, NoticeConsent, NoticeCursor, PushSubscription, Webhook
from server.notices.outbox import add
from server.notices.texts import KINDS, Kind, mail_text, say
from server.notices.webhooks import deliver, listening
from server.offices.models import Office

BATCH = 50
"""Entries that are read in one transaction: an import of 30,000 must not hold up the hall."""

SAVE_EVERY = 1000
"""The cursor is written at least every so many revisions in which nothing is to be told."""

OURS = "dossier."
"""The events that are told begin with this."""


def positions(session: Session) -> dict[int, tuple[int, int]]:
    """For each office the revision it is at, and up to which its journal was read."""
    rows = session.execute(
        select(Office.id, Office.revision, func.coalesce(NoticeCursor.revision, 0)).outerjoin(
            NoticeCursor, NoticeCursor.office_id == Office.id
        )
    )
    return {office_id: (now, read) for office_id, now, read in rows}


def next_of_interest(session: Session, office_id: int, after: int) -> int | None:
    """The first revision after ``after`` that may have to be told; none so far."""
    hooks = listening(session, session.get_one(Office, office_id))
    first = _of_interest(office_id, after, hooks).limit(1)
    return session.scalar(first.with_only_columns(JournalEntry.revision))


def follow(session: Session, office_id: int, upto: int, now: datetime, *, public_url: str) -> int:
    """Write down what is to be told of the office's entries, at most :data:`BATCH` of them.

    Args:
        session: of one ``transaction()``.
        office_id: whose journal.
        upto: the last revision to read.
        now: this moment.
        public_url: where phones find this installation.

    Returns:
        the revision that has been read up to now; the caller goes on from there.
    """
    cursor = _cursor(session, office_id)
    if cursor.revision >= upto:
        return cursor.revision
    office = session.get_one(Office, office_id)
    hooks = listening(session, office)
    unread = _of_interest(office_id, cursor.revision, hooks).where(JournalEntry.revision <= upto)
    entries = session.scalars(unread.limit(BATCH)).all()
    wishes = _wishes(session, [entry.subject for entry in entries if entry.event in KINDS])
    for entry in entries:
        for hook in hooks:
            deliver(session, hook, office, entry, now)
        kind, wish = KINDS.get(entry.event), wishes.get(entry.subject)
        if kind and wish and now - entry.at < GIVE_UP_AFTER:
            _tell(session, office, entry, kind, wish, now, public_url)
    cursor.revision = entries[-1].revision if len(entries) == BATCH else upto
    return cursor.revision


def _of_interest(office_id: int, after: int, hooks: Sequence[Webhook]) -> Select[JournalEntry]:
    every = (
        select(JournalEntry)
        .where(
            JournalEntry.office_id == office_id,
            JournalEntry.revision > after,
            JournalEntry.event.startswith(OURS),
        )
        .order_by(JournalEntry.revision)
    )
    if hooks:
        return every
    # Only applicants are to be told, and few of them ask for it: the database finds those, so that
    # half a year that was loaded at once is passed over in a moment.
    return (
        every.where(JournalEntry.event.in_(KINDS))
        .join(Dossier, Dossier.code == JournalEntry.subject)
        .join(NoticeConsent, NoticeConsent.dossier_id == Dossier.id)
    )


def _cursor(session: Session, office_id: int) -> NoticeCursor:
    """The office's cursor, locked: of two processes one reads, the other finds nothing left."""
    insert = postgresql_insert if is_postgresql(session) else sqlite_insert
    fresh = insert(NoticeCursor).values(office_id=office_id, revision=0)
    session.execute(fresh.on_conflict_do_nothing())
    return session.get_one(NoticeCursor, office_id, with_for_update=True)


def _wishes(session: Session, codes: Sequence[str]) -> dict[str, tuple[Dossier, NoticeConsent]]:
    if not codes:
        return {}
    rows = session.execute(
        select(Dossier, NoticeConsent)
        .join(NoticeConsent, NoticeConsent.dossier_id == Dossier.id)
        .where(Dossier.code.in_(codes))
    )
    return {dossier.code: (dossier, wish) for dossier, wish in rows if wish.channels}


def _tell(
    session: Session,
    office: Office,
    entry: JournalEntry,
    kind: Kind,
    wish: tuple[Dossier, NoticeConsent],
    now: datetime,
    public_url: str,
) -> None:
    dossier, consent = wish
    if dossier.status not in kind.while_in:
        return  # taken back, or gone on, while nobody was reading the journal
    link = link_to(dossier, public_url)
    step = session.get(DossierStep, entry.data.get("step", 0))
    promised = step.promised_at if step else None
    date = f"{local(promised, office.timezone):%d/%m/%Y}" if promised else ""

    def notice(channel: str, language: str, to: str = "") -> Notice:
        place = office.names.get(language) or office.names["vi"]
        subject, text = say(kind, language, code=dossier.code, office=place, link=link, date=date)
        return Notice(
            key=f"{entry.event}:{office.id}:{entry.revision}:{channel}{to}",
            lane=channel,
            kind=kind.name,
            office_id=office.id,
            dossier_id=dossier.id,
            language=language,
            subject=subject,
            text=mail_text(text, language) if channel == "email" else text,
            link=link,
        )

    for channel in consent.channels:
        if channel != "push":
            add(session, notice(channel, consent.language), now)
            continue
        for phone in _phones(session, dossier):
            one = notice("push", phone.language, f":{phone.id}")
            one.subscription_id = phone.id
            add(session, one, now)


def link_to(dossier: Dossier, public_url: str) -> str:
    """The page that shows the dossier: its ticket's, else the one that asks for a second proof."""
    path = f"/t/{dossier.ticket.token}" if dossier.ticket else f"/lookup?code={dossier.code}"
    return public_url.rstrip("/") + path


def _phones(session: Session, dossier: Dossier) -> Sequence[PushSubscription]:
    mine = select(PushSubscription).where(PushSubscription.ticket_id == dossier.ticket_id)
    return session.scalars(mine.order_by(PushSubscription.id)).all()
