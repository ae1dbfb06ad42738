"""From a row of the outbox to what a notifier sends, or the reason not to send it any more."""

from __future__ import annotations

from sqlalchemy.orm import Session

from server.dossiers.models import Dossier
from server.errors import marked
from server.notices.consents import channels_of
from server.notices.models import Notice
from server.notices.notifier import Notifier, Parcel
from server.notices.texts import kind_named
from server.notices.ways import Program, open_way
from server.settings import Settings


class NotNeeded(Exception):
    """It is no longer true, or no longer wanted; says which, as a message id for staff."""


def pack(session: Session, row: Notice) -> Parcel:
    """The parcel of a row; a citizen's address is looked up now and kept nowhere else.

    Raises:
        NotNeeded: it should not be sent any more.
    """
    to, keys, code = row.recipient, ("", ""), ""
    if row.webhook is not None:
        to = row.webhook.url
    elif row.dossier is not None:
        code = row.dossier.code
        _check(session, row, row.dossier)
        if row.lane == "push":
            if row.subscription is None:
                raise NotNeeded(marked("The phone takes no more notices."))
            to = row.subscription.endpoint
            keys = (row.subscription.p256dh, row.subscription.auth)
        else:
            to = _address(row.dossier, row.lane)
            if not to:
                raise NotNeeded(marked("There is no address any more."))
    return Parcel(
        ref=row.ref,
        kind=row.kind,
        to=to,
        subject=row.subject,
        text=row.text,
        link=row.link,
        code=code,
        language=row.language,
        keys=keys,
    )


def notifier_of(session: Session, row: Notice, settings: Settings) -> Notifier:
    """Who sends a row.

    Raises:
        NotSent: its channel is not set up.
        NotNeeded: its webhook was removed.
    """
    if row.webhook is None:
        return open_way(row.lane, settings)
    if not row.webhook.active:
        raise NotNeeded(marked("The webhook was removed."))
    return Program(row.webhook.url, row.webhook.secret)


def _address(dossier: Dossier, channel: str) -> str:
    """Empty where it is no longer known: what is known of people can be erased."""
    people = [person for person in dossier.people if person.role == "applicant"]
    if not people:
        return ""
    return people[0].email if channel == "email" else people[0].phone


def _check(session: Session, row: Notice, dossier: Dossier) -> None:
    kind = kind_named(row.kind)
    if kind is not None and dossier.status not in kind.while_in:
        raise NotNeeded(marked("The dossier has gone on meanwhile."))
    if row.lane not in channels_of(session, dossier.id):
        raise NotNeeded(marked("The applicant wants no more notices this way."))
