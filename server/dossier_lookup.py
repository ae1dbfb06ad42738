"""Finding a dossier by its code and a second proof: for the API and for the page ``/lookup``."""

from __future__ import annotations

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import web
from server.dossiers.agencies import works_on
from server.dossiers.codes import normalise
from server.dossiers.models import Dossier
from server.dossiers.proofs import proves
from server.errors import NotFound, TooManyTries
from server.people.access import Asker, require, require_somebody

TRIES_OF_CODE = 30
"""Wrong proofs an hour for one code, from everywhere together: weeks for all four digits."""

TRIES_OF_PLACE = 30
"""Wrong proofs an hour from one address, for all codes together."""


def find_dossier(session: Session, code: str) -> Dossier | None:
    """The dossier with this code, however it was typed."""
    meant = normalise(code)
    return session.scalar(select(Dossier).where(Dossier.code == (meant or "")))


def kept_dossier(
    session: Session,
    code: str,
    asker: Asker,
    permission: str = "keep-dossiers",
    *,
    agency: str | None = None,
) -> Dossier:
    """The dossier with this code, for whoever keeps it; nobody learns whether there is one.

    Args:
        session: an open one.
        code: however it was typed.
        asker: who wants it.
        permission: what is needed in its office.
        agency: the officers of this agency may have it as well, once it was handed over to it;
            with an empty one those of any agency it was handed over to.

    Raises:
        Unauthenticated, Forbidden: the asker may not do this with the dossiers of its office.
        NotFound: there is none.
    """
    found = find_dossier(session, code)
    if found is None:
        require_somebody(asker)
        raise NotFound("There is no such dossier.")
    if agency is None or not works_on(asker, found, agency):
        require(session, asker, permission, found.office)
    return found


def proven_dossier(session: Session, code: str, proof: str) -> Dossier:
    """The dossier whose holder knows the proof; every refusal is the same, and as slow.

    Raises:
        NotFound: the code or the proof is wrong.
        TooManyTries: it has been tried too often.
    """
    tries, now = web.installation().tries, web.now()
    meant = normalise(code) or code[:40]
    of_code, of_place = f"code:{meant}", f"place:{request.remote_addr}"
    if tries.spent(of_code, TRIES_OF_CODE, now) or tries.spent(of_place, TRIES_OF_PLACE, now):
        raise TooManyTries("Too many tries. Please wait a moment.")
    found = find_dossier(session, code)
    kept = (found.identity_proof, found.phone_proof) if found else (None, None)
    if not proves(installation_secret(), meant, kept, proof[:40]) or found is None:
        tries.failed(of_code, now)
        tries.failed(of_place, now)
        raise NotFound("There is no dossier with this code and these digits.")
    return found


def installation_secret() -> str:
    """The key of this installation; made at its first start."""
    secret = web.settings().secret_key
    assert secret is not None
    return secret
