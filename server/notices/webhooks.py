"""Programs that are told of what happens to dossiers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.dossiers.daysoff import chain
from server.dossiers.steps import EVENTS
from server.errors import Invalid, NotFound
from server.journal import JournalEntry
from server.notices.models import Notice, Webhook
from server.notices.outbox import OPEN, add
from server.notices.signing import key_of
from server.offices.hours import iso
from server.offices.models import Office

TEST = "motcua.test"
"""The event with which a program is tried out."""


def add_webhook(
    session: Session,
    url: str,
    secret: str,
    now: datetime,
    *,
    events: Sequence[str] = (),
    office: Office | None = None,
) -> Webhook:
    """Have a program told of events from now on.

    Args:
        session: of one ``transaction()``.
        url: where it listens. It may lie in the hall's own network, where gateways usually are:
            only a technician can set it.
        secret: what its requests are signed with.
        now: this moment; what happened before is not told.
        events: names of events of the journal; none: all that happens to dossiers.
        office: whose events, with the offices below; none: all offices.

    Raises:
        Invalid: the address is none, an event is unknown, or the secret is not well formed.
    """
    parts = urlsplit(url)
    fitting = parts.scheme in ("http", "https") and parts.hostname and not parts.fragment
    if not fitting or len(url) > 500 or not url.isascii() or not url.isprintable() or " " in url:
        raise Invalid("A webhook's address begins with https:// or http:// and names a host.")
    unknown = [name for name in events if name not in EVENTS.values()]
    if unknown:
        raise Invalid(
            "There is no event %(name)s. Known are: %(known)s",
            name=unknown[0],
            known=", ".join(sorted(EVENTS.values())),
        )
    key_of(secret)
    hook = Webhook(
        url=url,
        secret=secret,
        events=sorted(set(events)),
        office_id=office.id if office else None,
        created_at=now,
    )
    session.add(hook)
    session.flush()
    return hook


def remove_webhook(session: Session, webhook_id: int, now: datetime) -> None:
    """Tell a program no more, not even what is still waiting.

    Raises:
        NotFound: there is no such webhook.
    """
    hook = webhook_of(session, webhook_id)
    hook.active = False
    waiting = update(Notice).where(Notice.webhook_id == hook.id, Notice.state.in_(OPEN))
    session.execute(waiting.values(state="not-needed", next_at=None, ended_at=now))


def webhook_of(session: Session, webhook_id: int) -> Webhook:
    """The webhook with this id.

    Raises:
        NotFound: there is none, or it was removed.
    """
    hook = session.get(Webhook, webhook_id)
    if hook is None or not hook.active:
        raise NotFound("There is no such webhook.")
    return hook


def active_webhooks(session: Session) -> list[Webhook]:
    """All programs that are told of something."""
    every = select(Webhook).where(Webhook.active).order_by(Webhook.id)
    return list(session.scalars(every))


def listening(session: Session, office: Office) -> list[Webhook]:
    """The programs that are told of this office's events, or of some of them."""
    above = {one.id for one in chain(session, office)}
    every = active_webhooks(session)
    return [hook for hook in every if hook.office_id is None or hook.office_id in above]


def deliver(
    session: Session, hook: Webhook, office: Office, entry: JournalEntry, now: datetime
) -> None:
    """Write down that a program is to be told of an entry, if it wants to know of such."""
    if (hook.events and entry.event not in hook.events) or entry.at < hook.created_at:
        return
    data = {
        "office": office.slug,
        "dossier": entry.subject,
        "revision": entry.revision,
        "actor": entry.actor.partition(":")[0],
        **{name: entry.data[name] for name in TOLD if name in entry.data},
    }
    wanted = Notice(
        key=f"webhook:{hook.id}:{office.id}:{entry.revision}",
        lane=f"webhook:{hook.id}",
        kind=entry.event,
        office_id=office.id,
        webhook_id=hook.id,
        text=body_of(entry.event, iso(entry.at, office), data),
    )
    add(session, wanted, now)


TOLD = ("status", "due_on", "fields", "was")
"""What a program is told of an entry's values: nothing of it is personal."""


def body_of(event: str, at: str | None, data: dict[str, Any]) -> str:
    """The JSON that is signed and sent, to the letter."""
    return json.dumps({"type": event, "timestamp": at, "data": data}, ensure_ascii=False)
