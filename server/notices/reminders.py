"""Reminders to the head of an agency, before a dossier's share of time is used up and on its day.

One e-mail for each agency and working day, and none on a day on which nothing falls due: a head who
gets a mail every morning reads none of them. Its board (``/agency/``) shows the same all day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.agencyboard import agency_board
from server.dossiers.daysoff import calendar_of, local
from server.dossiers.models import Agency
from server.errors import marked
from server.notices.outbox import send_mail
from server.words import translate

BEGINS = time(7)
"""From this time on, on the office's clock: heads find it when they begin to work."""

LANGUAGE = "vi"
"""Heads of agencies are written to in the language of the office's papers."""

SUBJECT = marked("%(agency)s: %(today)s dossiers due today, %(next)s on the next working day")
TODAY = marked("To be done today:")
NEXT = marked("To be done on the next working day:")
OVER = marked("Time used up:")
BOARD = marked("Where each of them stands: %(link)s")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail to the head of an agency."""

    key: str
    """Of the agency and the day, so that it is written once."""
    office_id: int
    to: str
    subject: str
    text: str


def reminders(session: Session, now: datetime, public_url: str) -> list[Reminder]:
    """What is to be said this morning, and to whom; read only.

    Args:
        session: an open one.
        now: this moment.
        public_url: where the pages are.
    """
    found = []
    headed = select(Agency).where(Agency.head_email != "").order_by(Agency.id)
    for agency in session.scalars(headed):
        clock = local(now, agency.office.timezone)
        if clock.time() < BEGINS:
            continue
        if not calendar_of(session, agency.office, clock.date()).is_working(clock.date()):
            continue
        board = agency_board(session, agency, now)
        rows = board["coming"] + board["here"]
        if not any(row["left"] in (0, 1) for row in rows):
            continue
        link = f"{public_url.rstrip('/')}/agency/{agency.office.slug}/{agency.code}"
        subject, text = worded(agency.names["vi"], rows, link)
        key = f"reminder:{agency.id}:{clock.date()}"
        found.append(Reminder(key, agency.office_id, agency.head_email, subject, text))
    return found


def remind(session: Session, found: Iterable[Reminder], now: datetime) -> None:
    """Write the mails of a morning; those written before are not written again.

    Args:
        session: of one ``transaction()``.
        found: by :func:`reminders`.
        now: this moment.
    """
    for one in found:
        send_mail(
            session, one.to, one.subject, one.text, key=one.key, now=now, office_id=one.office_id
        )


def worded(agency: str, rows: Sequence[Row], link: str) -> tuple[str, str]:
    """Subject and text of a reminder.

    Args:
        agency: its name.
        rows: of its board; those with more time left are not in the mail.
        link: to the board.
    """
    today = [row for row in rows if row["left"] == 0]
    following = [row for row in rows if row["left"] == 1]
    over = [row for row in rows if row["left"] is not None and row["left"] < 0]
    subject = translate(LANGUAGE, SUBJECT, agency=agency, today=len(today), next=len(following))
    parts = [
        "\n".join([translate(LANGUAGE, title), *map(_line, found)])
        for title, found in ((OVER, over), (TODAY, today), (NEXT, following))
        if found
    ]
    return subject, "\n\n".join([*parts, translate(LANGUAGE, BOARD, link=link)]) + "\n"


def _line(row: Row) -> str:
    due = datetime.fromisoformat(row["share_due_at"])
    return f"- {row['code']} · {row['procedure_names']['vi']} · {due:%H:%M %d/%m/%Y}"
