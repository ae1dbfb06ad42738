"""Changing one procedure of the catalogue by hand: new terms from a day on, or a last day.

Terms that have begun before today are history. New ones begin today or later and end those before
them, exactly as a row of a file does; what has not begun yet, or began today, may be put right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import FieldProblem, FieldsRefused, NotFound, marked
from server.journal import lock_office, record
from server.offices.hours import business_day
from server.offices.models import Office, Procedure
from server.offices.procedures import store_rows
from server.offices.procedureterms import ProcedureRow, read_terms
from server.offices.procedureversions import day_before
from server.seen import require_unchanged

_root = select(Office.id).where(Office.parent_id.is_(None)).order_by(Office.id).limit(1)

TERMS = tuple(
    column.key for column in Procedure.__table__.columns if column.key not in ("id", "position")
)
"""All that one version of a procedure says."""


def versions(session: Session, code: str) -> list[Procedure]:
    """Every version of a procedure, the newest first; none for an unknown code."""
    found = select(Procedure).where(Procedure.code == code).order_by(Procedure.valid_from.desc())
    return list(session.scalars(found))


def catalogue_day(session: Session, now: datetime) -> date:
    """Today by the clock of the office above all, whose day the catalogue turns with."""
    zone = session.scalar(_root.with_only_columns(Office.timezone))
    return business_day(now, zone or "Asia/Ho_Chi_Minh")


def state_of(found: Sequence[Procedure]) -> list[dict[str, Any]]:
    """Versions as plain data, for :mod:`server.seen`."""
    return [{name: getattr(one, name) for name in TERMS} for one in found]


def set_terms(
    session: Session,
    cells: Mapping[str, str],
    *,
    seen: str,
    today: date,
    now: datetime,
    actor: str,
    already: Sequence[FieldProblem] = (),
) -> str:
    """Let new terms of a procedure begin, or put right those that begin today or later.

    Args:
        session: of an open transaction.
        cells: as the columns of a file name them; ``code``, ``valid_from`` and ``source`` too.
        seen: the digest of the versions that were shown; of none for a new procedure.
        today: the hall's day.
        now: this moment, for the journal.
        actor: who does it.
        already: problems that were found while the cells were made.

    Returns:
        The procedure's code.

    Raises:
        FieldsRefused: cells that will not do.
        ChangedMeanwhile: the versions are no longer what was shown.
    """
    place = _lock(session)
    row, wrong = read_terms(cells)
    problems = [*already, *(FieldProblem(one.column, one.message, one.params) for one in wrong)]
    code = row.code if row else cells.get("code", "")
    existing = versions(session, code)
    problems += _refused(cells, row, existing, today.isoformat())
    if problems or row is None:
        raise FieldsRefused(problems)
    require_unchanged(seen, state_of(existing))
    if store_rows(session, [row], file=code):
        data = {"valid_from": row.valid_from}
        record(session, place, "procedure.set", subject=code, actor=actor, data=data, at=now)
    return code


def set_last_day(
    session: Session,
    code: str,
    last_day: str,
    *,
    seen: str,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Let a procedure end, or go on without an end where ``last_day`` is empty.

    Raises:
        NotFound: there is no such procedure.
        FieldsRefused: the day will not do.
        ChangedMeanwhile: the versions are no longer what was shown.
    """
    place = _lock(session)
    existing = versions(session, code)
    if not existing:
        raise NotFound("There is no such procedure.")
    last = existing[0]
    earliest = max(today.isoformat(), last.valid_from)
    if last_day and not (_is_day(last_day) and last_day >= earliest):
        message = marked("Please choose %(date)s or a later day.")
        raise FieldsRefused([FieldProblem("last_day", message, {"date": _said(earliest)})])
    if last.valid_to and last.valid_to < today.isoformat():
        message = marked("This procedure has ended. Let new terms begin instead.")
        raise FieldsRefused([FieldProblem("last_day", message)])
    require_unchanged(seen, state_of(existing))
    if last.valid_to != last_day:
        last.valid_to = last_day
        data = {"last_day": last_day}
        record(session, place, "procedure.set", subject=code, actor=actor, data=data, at=now)


def withdraw_terms(
    session: Session,
    code: str,
    valid_from: str,
    *,
    seen: str,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Take back terms that have not begun; those before them go on in their place.

    Nobody has been asked for anything under them, so no history is lost; the journal has them.

    Raises:
        NotFound: there are no such terms to come.
        ChangedMeanwhile: the versions are no longer what was shown.
    """
    place = _lock(session)
    existing = versions(session, code)
    to_come = [one for one in existing if one.valid_from > today.isoformat()]
    gone = next((one for one in to_come if one.valid_from == valid_from), None)
    if gone is None:
        raise NotFound("There are no such terms to come.")
    require_unchanged(seen, state_of(existing))
    before = next((one for one in existing if one.valid_from < valid_from), None)
    if before and before.valid_to == day_before(valid_from):
        before.valid_to = gone.valid_to
    (data,) = state_of([gone])
    session.delete(gone)
    record(session, place, "procedure.withdrawn", subject=code, actor=actor, data=data, at=now)


def _refused(
    cells: Mapping[str, str], row: ProcedureRow | None, existing: Sequence[Procedure], today: str
) -> list[FieldProblem]:
    """What a file may say and a hand may not."""
    problems = []
    if not cells.get("source", "").strip():
        message = marked("Please name the decision or page that says so.")
        problems.append(FieldProblem("source", message))
    begins = cells.get("valid_from", "").strip()
    if not begins:
        problems.append(FieldProblem("valid_from", marked("Please write the first day.")))
    elif _is_day(begins) and begins < today:
        message = marked("What has begun stays as it is: please choose today or a later day.")
        problems.append(FieldProblem("valid_from", message))
    following = [one.valid_from for one in existing if one.valid_from > begins]
    if row and row.valid_to and following and row.valid_to >= following[-1]:
        message = marked("The next terms begin on %(date)s. Leave this empty, or end before.")
        problems.append(FieldProblem("valid_to", message, {"date": _said(following[-1])}))
    return problems


def _lock(session: Session) -> Office:
    """The office above all, locked: who changes the catalogue, which is everybody's, is in line."""
    return lock_office(session, session.scalar(_root) or 0)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _said(iso: str) -> str:
    """A day as people here write it: 25/11/2026."""
    return f"{date.fromisoformat(iso):%d/%m/%Y}"
