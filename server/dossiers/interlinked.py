"""Interlinked dossiers (*liên thông*): which agency holds it, and how much of its share is left.

Parts with the same position go on beside each other; a part is handed over when all before it are
done. An agency's share counts from the hand-over, in the dossier's unit; it stands still when the
dossier's clock does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from server.dossiers.agencies import agency_of
from server.dossiers.calendar import Calendar
from server.dossiers.daysoff import hours_of, local
from server.dossiers.deadlines import Pause, Terms, reckon
from server.dossiers.models import Dossier, DossierPart, DossierStep
from server.dossiers.recording import Recording, recording
from server.errors import Invalid, NotFound, Refused
from server.offices.models import Office

MOMENTS = {"hand-over": "handed_over_at", "take-over": "accepted_at", "part-done": "done_at"}
"""Which moment of an agency's part a step sets."""


@dataclass(frozen=True, slots=True)
class Share:
    """What an agency is planned to do."""

    agency: str
    """Its code."""
    position: int
    share: int
    """In the dossier's unit."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a dossier."""

    agency: str
    since: datetime
    accepted: bool
    """Whether the agency has confirmed that it has it."""
    due: datetime
    left: int
    """Working days of its share that are left after today; below 0: used up so long ago."""


def holders(
    parts: Iterable[DossierPart], today: date, calendar: Calendar, timezone: str
) -> list[Holding]:
    """The agencies that hold a dossier now; nobody in the list: the reception office has it."""
    found = []
    for part in parts:
        if part.handed_over_at is None or part.due_at is None or part.done_at is not None:
            continue
        found.append(
            Holding(
                agency=part.agency.code,
                since=part.accepted_at or part.handed_over_at,
                accepted=part.accepted_at is not None,
                due=part.due_at,
                left=calendar.left(today, local(part.due_at, timezone).date()),
            )
        )
    return found


def longest(shares: Sequence[Share]) -> int:
    """How long the shares take together: the longest of those beside each other, summed."""
    ordered = sorted(shares, key=lambda share: share.position)
    groups = groupby(ordered, key=lambda share: share.position)
    return sum(max(share.share for share in group) for _, group in groups)


def check_shares(shares: Sequence[Share], count: int) -> None:
    """See that the agencies' shares fit into ``count`` of the procedure's unit.

    Raises:
        Invalid: an agency has no time, or they have more than there is.
    """
    if any(share.share < 1 for share in shares) or longest(shares) > max(count, 0):
        raise Invalid("The agencies' shares do not fit into the time of the procedure.")


def plan(session: Session, office: Office, dossier: Dossier, shares: Sequence[Share]) -> None:
    """Write down which agency has which share; for a new dossier.

    Raises:
        NotFound: the office knows no such agency.
        Invalid: an agency has no time, or they have more than there is.
    """
    check_shares(shares, dossier.count)
    for share in shares:
        agency = agency_of(session, office, share.agency, dossier.created_at.date())
        dossier.parts.append(DossierPart(agency=agency, position=share.position, share=share.share))
    session.flush()


def hand_over(
    session: Session, dossier_id: int, agency: str, now: datetime, actor: str, *, note: str = ""
) -> DossierStep:
    """Hand the dossier over to an agency: its share begins.

    Raises:
        NotFound: no such dossier, or the agency has no part in it.
        Refused: a part before it is not done, or the agency has it already.
        StepRefused: the dossier's status forbids it.
    """
    work = recording(session, dossier_id, now, actor)
    part = part_for(work.dossier.parts, agency, "hand-over")
    return _step(work, "hand-over", part, note)


def take_over(
    session: Session, dossier_id: int, agency: str, now: datetime, actor: str, *, note: str = ""
) -> DossierStep:
    """The agency confirms that it has the dossier.

    Raises:
        NotFound: no such dossier, or the agency has no part in it.
        Refused: it was not handed over, or the agency has confirmed it already.
        StepRefused: the dossier's status forbids it.
    """
    work = recording(session, dossier_id, now, actor)
    part = part_for(work.dossier.parts, agency, "take-over")
    return _step(work, "take-over", part, note)


def finish_part(
    session: Session, dossier_id: int, agency: str, now: datetime, actor: str, *, note: str = ""
) -> DossierStep:
    """The agency has done its part and gives the dossier back.

    Raises:
        NotFound: no such dossier, or the agency has no part in it.
        Refused: the agency does not have it.
        StepRefused: the dossier's status forbids it.
    """
    work = recording(session, dossier_id, now, actor)
    part = part_for(work.dossier.parts, agency, "part-done")
    return _step(work, "part-done", part, note)


def part_for(parts: Sequence[DossierPart], agency: str, kind: str) -> DossierPart:
    """The part that a step of :data:`MOMENTS` at an agency is about.

    Raises:
        NotFound: the agency has no part in it.
        Refused: a part before it is not done, or the agency does not have the dossier in such a
            way.
    """
    own = [part for part in parts if part.agency.code == agency]
    if not own:
        raise NotFound("That agency has no part in this dossier.")
    for part in own:
        state = (part.handed_over_at, part.accepted_at, part.done_at)
        if {
            "hand-over": state[0] is None,
            "take-over": state[0] is not None and state[1] is None and state[2] is None,
            "part-done": state[1] is not None and state[2] is None,
        }[kind]:
            break
    else:
        raise Refused("The dossier is not with that agency in such a way.")
    before = [one for one in parts if one.position < part.position]
    if kind == "hand-over" and any(one.done_at is None for one in before):
        raise Refused("An agency before this one has not finished its part.")
    return part


def _step(work: Recording, kind: str, part: DossierPart, note: str) -> DossierStep:
    data: dict[str, Any] = {"part": part.id}
    if kind == "hand-over":
        data |= written({part.id: _share_due(work, part, work.moment, ())})
    step = work.take(kind, note=note, agency_id=part.agency_id, data=data)
    mark(work, part, kind, work.local(step.at))
    return step


def mark(work: Recording, part: DossierPart, kind: str, at: datetime | None) -> None:
    """Let a part remember when a step about it was taken; none: it never was.

    Raises:
        Refused: the agency has gone on since, so that the step cannot be taken back.
    """
    if at is None:
        later = {"hand-over": part.accepted_at, "take-over": part.done_at}.get(kind)
        if later is not None:
            raise Refused("The agency has gone on with it since; take that back first.")
    setattr(part, MOMENTS[kind], at)
    if kind == "hand-over":
        part.due_at = _share_due(work, part, at, ()) if at else None


def reckon_shares(
    work: Recording, pauses: Sequence[Pause], *, done: bool = False
) -> dict[int, datetime]:
    """When the agencies' shares end, by part: while the clock stands still, none is used up.

    Args:
        work: the command under way.
        pauses: of the dossier, those that have ended.
        done: count anew also what is done, because a correction has changed the past.
    """
    ends = {}
    for part in work.dossier.parts:
        if part.handed_over_at is not None and (done or part.done_at is None):
            begins = work.local(part.handed_over_at)
            until = work.local(part.done_at) if part.done_at else work.now
            held = [one for one in pauses if begins <= one.begin < until]
            ends[part.id] = _share_due(work, part, begins, held)
    return ends


def keep_shares(work: Recording, ends: Mapping[int, datetime]) -> None:
    """Let the parts remember when their shares end."""
    for part in work.dossier.parts:
        part.due_at = ends.get(part.id, part.due_at)


def written(ends: Mapping[int, datetime]) -> dict[str, Any]:
    """The ends of shares as a step keeps them: the last day of each part's, by its id.

    They are written down with the step that sets them, so that a report of a past period asks no
    calendar: days off that are entered later change no figure.
    """
    return {"shares": {str(part): end.date().isoformat() for part, end in ends.items()}}


def _share_due(
    work: Recording, part: DossierPart, at: datetime, pauses: Sequence[Pause]
) -> datetime:
    terms = Terms(work.dossier.unit, part.share)
    calendar = work.calendar(work.local(work.dossier.accepted_at or at))
    return reckon(terms, at, calendar, pauses=pauses, hours=hours_of(work.office.hours)).at
