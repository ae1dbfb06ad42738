"""Undo at the counter: the step just pressed by mistake is taken back by who pressed it.

It is a correction like any other: a new row, nothing deleted. What is older, or somebody else's, is
a manager's to correct (:mod:`server.dossiers.correcting`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.dossiers.correcting import take_back
from server.dossiers.models import DossierStep
from server.dossiers.recording import recording
from server.errors import Refused, marked

UNDO_S = 10
"""How long after a step it may be undone, in seconds: five are shown, the rest is the way there."""

REASON = marked("Undone at the counter at once")


def undo(session: Session, dossier_id: int, now: datetime, actor: str) -> DossierStep:
    """Take back the last step of a dossier, a moment after it was recorded.

    Raises:
        NotFound: there is no such dossier.
        Refused: somebody else took it, or too long ago, or it is the first.
    """
    work = recording(session, dossier_id, now, actor)
    last = work.steps[-1]
    fresh = now - last.recorded_at <= timedelta(seconds=UNDO_S)
    if last.kind == "void" or last.corrects_id is not None or last.actor != actor or not fresh:
        raise Refused("This step can no longer be undone here. A manager can correct it.")
    if last.kind == "return" and last.data.get("collected_by") == "other":
        session.delete([one for one in work.dossier.people if one.role == "collector"][-1])
    return take_back(session, dossier_id, last.id, REASON, now, actor)
