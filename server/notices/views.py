"""What became of notices, as plain data for those who keep dossiers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.models import Dossier
from server.notices.models import Notice
from server.offices.hours import iso


def told_of(session: Session, dossier: Dossier) -> list[dict[str, Any]]:
    """What the applicant was or will be told of a dossier, the oldest first; no address in it.

    ``problem`` is a message id: why it was not sent so far, or is not sent at all.
    """
    rows = session.scalars(
        select(Notice).where(Notice.dossier_id == dossier.id).order_by(Notice.id)
    )
    return [
        {
            "kind": row.kind,
            "channel": row.lane,
            "state": row.state,
            "at": iso(row.ended_at or row.created_at, dossier.office),
            "problem": row.problem,
        }
        for row in rows
    ]
