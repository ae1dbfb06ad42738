"""Why results were late, in the words of the apologies (form 04)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.dossiers.models import Applicant, DossierStep
from server.dossiers.views import cleared
from server.reports.settlement import Period
from server.reports.states import in_force

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason, and the dossiers it was given for."""

    words: str
    """As it was written most often; without what is known of the applicants."""
    key: str
    """What differs only by capitals, spaces, accents composed otherwise or the full stop is one."""
    dossiers: frozenset[int]


def causes(session: Session, offices: Iterable[int], period: Period) -> list[Cause]:
    """The reasons given in a period, of the offices with these ids; the most frequent first."""
    step = aliased(DossierStep)
    rows = session.execute(
        select(step.dossier_id, step.data)
        .where(
            step.office_id.in_(list(offices)),
            step.kind == "apologise",
            step.on_day.between(period.begin.isoformat(), period.end.isoformat()),
            *in_force(step, period.known),
        )
        .order_by(step.id)
    ).all()
    people = _people(session, sorted({row.dossier_id for row in rows}))
    words: dict[str, Counter[str]] = {}
    dossiers: dict[str, set[int]] = {}
    for row in rows:
        said = cleared((row.data or {}).get("reason", ""), people.get(row.dossier_id, ())).strip()
        key = key_of(said)
        words.setdefault(key, Counter())[said] += 1
        dossiers.setdefault(key, set()).add(row.dossier_id)
    found = [
        Cause(words[key].most_common(1)[0][0], key, frozenset(ids)) for key, ids in dossiers.items()
    ]
    return sorted(found, key=lambda one: (-len(one.dossiers), one.key))


def key_of(words: str) -> str:
    """What makes two reasons one."""
    return " ".join(unicodedata.normalize("NFC", words).casefold().split()).rstrip(".")


def _people(session: Session, dossiers: list[int]) -> dict[int, list[str]]:
    """What must not be repeated, by dossier."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(dossiers), AT_ONCE):
        for person in session.scalars(
            select(Applicant).where(Applicant.dossier_id.in_(dossiers[start : start + AT_ONCE]))
        ):
            secrets = (person.name, person.address, person.identity_number, person.phone)
            found.setdefault(person.dossier_id, []).extend(secrets)
    return found
