"""What a clerk may put right without a step: how to reach the applicant, and the papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.dossiers.models import Applicant, Dossier
from server.dossiers.proofs import proof_of
from server.dossiers.recording import recording

OF_THE_APPLICANT = ("name", "phone", "identity_number", "address", "email")
OF_THE_DOSSIER = ("papers", "sets")


def edit(
    session: Session,
    dossier_id: int,
    changes: Mapping[str, Any],
    now: datetime,
    actor: str,
    secret: str,
) -> Dossier:
    """Change the fields of :data:`OF_THE_APPLICANT` or :data:`OF_THE_DOSSIER`.

    The journal is told which fields changed, never what they say. No figure depends on any of them.

    Raises:
        NotFound: there is no such dossier.
    """
    work = recording(session, dossier_id, now, actor)
    dossier = work.dossier
    applicant = applicant_of(dossier)
    changed = []
    for name in OF_THE_APPLICANT + OF_THE_DOSSIER:
        subject: Any = applicant if name in OF_THE_APPLICANT else dossier
        if name in changes and getattr(subject, name) != changes[name]:
            setattr(subject, name, changes[name])
            changed.append(name)
    if changed:
        dossier.identity_proof = proof_of(secret, dossier.code, applicant.identity_number)
        dossier.phone_proof = proof_of(secret, dossier.code, applicant.phone)
        work.journal("edit", work.steps[-1], fields=changed)
    return dossier


def applicant_of(dossier: Dossier) -> Applicant:
    """Who handed the dossier in."""
    return next(person for person in dossier.people if person.role == "applicant")
