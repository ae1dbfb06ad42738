"""What agencies did with their parts of interlinked dossiers, as the recorded steps tell it.

A part begins with its hand-over, is confirmed by a take-over and ends with ``part-done``, or when
the citizen withdraws the dossier. The last day of its share stands in the steps themselves (see
:func:`server.dossiers.interlinked.written`), so no calendar is asked: days off that are entered
later move nothing. The last step that names it counts, also when that was taken after the period: a
pause that begins later moves only a share that is not used up by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.dossiers.daysoff import local
from server.dossiers.interlinked import MOMENTS
from server.dossiers.models import Dossier, DossierPart, DossierStep
from server.offices.models import Office
from server.reports.settlement import Period
from server.reports.states import in_force, states

KINDS = tuple(MOMENTS)

AT_ONCE = 500
"""How many ids go into one statement: SQLite takes no more than a thousand in some versions."""


@dataclass(frozen=True, slots=True)
class Part:
    """One agency's part of one dossier, as it stood when a period ended. Days are ISO dates."""

    dossier_id: int
    office_id: int
    agency_id: int
    handed_over_on: str
    share_due_on: str | None
    """The last day of its share; none where nobody knows."""
    taken_over_on: str | None = None
    done_on: str | None = None
    withdrawn_on: str | None = None
    """When the citizen took the dossier back while the agency had it."""
    paused_on: str | None = None
    """When the pause began that lasts at the end; what stands still does not become late."""

    def is_in(self, period: Period) -> bool:
        """Whether the agency had it on a day of the period."""
        ended = self.done_on or self.withdrawn_on
        return ended is None or ended >= period.begin.isoformat()

    def judged(self, period: Period) -> frozenset[str]:
        """The figures of the period that it counts in: of :data:`server.reports.agencies.COUNTED`.

        It came in by one of ``carried_over`` and ``handed_over``, and is in exactly one of
        ``done_within``, ``done_beyond``, ``held_within``, ``held_beyond`` and ``withdrawn``.
        """
        begin, due = period.begin.isoformat(), self.share_due_on
        came = {"handed_over" if self.handed_over_on >= begin else "carried_over"}
        if self.taken_over_on is not None:
            came.add("taken_over")
            if due is None or self.taken_over_on <= due:
                came.add("taken_over_in_time")
        if self.withdrawn_on is not None and self.done_on is None:
            return frozenset({*came, "withdrawn"})
        asked = self.done_on or self.paused_on or period.end.isoformat()
        held = "done" if self.done_on else "held"
        beyond = due is not None and asked > due
        return frozenset({*came, f"{held}_{'beyond' if beyond else 'within'}"})


def parts_of(session: Session, offices: Iterable[int], period: Period) -> list[Part]:
    """The parts that agencies had in a period, of the dossiers of the offices with these ids."""
    offices = list(offices)
    step = aliased(DossierStep)
    state = states(offices, period.end, known=period.known)
    rows = session.execute(
        select(
            step.dossier_id,
            step.office_id,
            step.agency_id,
            step.kind,
            step.on_day,
            step.data,
            state.c.resolved_on,
            state.c.paused_on,
        )
        .join(state, state.c.dossier_id == step.dossier_id)
        .where(
            step.office_id.in_(offices),
            step.kind.in_(KINDS),
            step.on_day <= period.end.isoformat(),
            *in_force(step, period.known),
        )
        .order_by(step.dossier_id, step.seq, step.id)
    )
    found: dict[int, Part] = {}
    for row in rows:
        which = (row.data or {}).get("part")
        if which is None or row.agency_id is None:
            continue
        if row.kind == "hand-over":
            found[which] = Part(
                row.dossier_id,
                row.office_id,
                row.agency_id,
                row.on_day,
                None,
                withdrawn_on=row.resolved_on,
                paused_on=row.paused_on,
            )
        elif which in found:
            name = "taken_over_on" if row.kind == "take-over" else "done_on"
            found[which] = replace(found[which], **{name: row.on_day})
    present = {which: part for which, part in found.items() if part.is_in(period)}
    ends = _ends_of_shares(session, present, period)
    return [replace(part, share_due_on=ends.get(which)) for which, part in present.items()]


def _ends_of_shares(
    session: Session, parts: Mapping[int, Part], period: Period
) -> dict[int, str | None]:
    """The last day of the share of each part, by the id of the part."""
    ends: dict[int, str | None] = {}
    dossiers = sorted({part.dossier_id for part in parts.values()})
    for start in range(0, len(dossiers), AT_ONCE):
        step = aliased(DossierStep)
        for data in session.scalars(
            select(step.data)
            .where(
                step.dossier_id.in_(dossiers[start : start + AT_ONCE]),
                *in_force(step, period.known),
            )
            .order_by(step.id)
        ):
            ends |= {int(which): day for which, day in (data or {}).get("shares", {}).items()}
    lacking = [which for which in parts if which not in ends]
    return _remembered(session, lacking) | ends


def _remembered(session: Session, parts: Sequence[int]) -> dict[int, str | None]:
    """For hand-overs from before steps named the end of a share: what the part remembers."""
    found: dict[int, str | None] = {}
    for start in range(0, len(parts), AT_ONCE):
        for which, due, timezone in session.execute(
            select(DossierPart.id, DossierPart.due_at, Office.timezone)
            .join(Dossier, Dossier.id == DossierPart.dossier_id)
            .join(Office, Office.id == Dossier.office_id)
            .where(DossierPart.id.in_(parts[start : start + AT_ONCE]))
        ):
            found[which] = local(due, timezone).date().isoformat() if due else None
    return found


def days_held(part: Part) -> tuple[date, date] | None:
    """From when to when the agency had a part that it has finished."""
    if part.done_on is None:
        return None
    return date.fromisoformat(part.handed_over_on), date.fromisoformat(part.done_on)
