"""What becomes of a row: by the same rules as a clerk's steps, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from server.dossiers.calendar import Calendar
from server.dossiers.deadlines import Hours, Pause, Terms, reckon
from server.dossiers.interlinked import MOMENTS, Share, check_shares, part_for
from server.dossiers.lifecycle import promise
from server.dossiers.models import Agency, DossierPart
from server.dossiers.reception import terms_of
from server.dossiers.steps import Standing, take
from server.errors import Invalid, Refused, StepRefused, marked
from server.exchange.history import Happened, Recorded, RowRefused, happened, still_new
from server.exchange.rows import PERSON_FIELDS, Row
from server.offices.models import Procedure

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, REFUSED)


class Place(Protocol):
    """What the rules ask of the office a row is about."""

    id: int
    zone: Any
    hours: Hours

    def calendar(self, on: date) -> Calendar:
        """The calendar that holds for dossiers received on a day."""

    def procedure(self, code: str, on: date) -> Procedure | None:
        """The terms of a procedure that hold on a day."""

    def agency(self, code: str, on: date) -> Agency:
        """The agency that serves the office on a day; raises ``NotFound``."""


@dataclass(slots=True)
class Known:
    """A dossier with this code that is here already."""

    id: int
    office_id: int
    columns: dict[str, Any]
    """Terms and the like, as in its row."""
    history: list[Recorded]
    """Steps in force."""
    standing: Standing
    seq: int
    """Of the last step in force."""
    parts: list[DossierPart]
    applicant: dict[str, str]


@dataclass(slots=True)
class NewStep:
    """A step to be written down."""

    kind: str
    at: datetime
    after: Standing
    note: str
    data: dict[str, Any]
    part: DossierPart | None = None


@dataclass(slots=True)
class Decision:
    """A row that goes in, with all there is to write."""

    number: int
    row: Row
    outcome: str
    known: Known | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    """Of a new dossier: its terms."""
    parts: list[DossierPart] = field(default_factory=list)
    steps: list[NewStep] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)
    changes: dict[str, Any] = field(default_factory=dict)
    """Of a known dossier: what else is put right, as in ``server.dossiers.editing``."""


def decide(number: int, row: Row, place: Place, known: Known | None, now: datetime) -> Decision:
    """What is to be done with a row.

    Args:
        number: of the row.
        row: as it was read.
        place: the office it names.
        known: the dossier with this code, if it is here.
        now: this moment.

    Raises:
        RowRefused: the rules do not allow it; names the field.
    """
    steps = happened(row, place.zone, now.astimezone(place.zone))
    if known is None:
        decision = _new(number, row, place, steps[0].at.date())
        new, complete = steps, True
    else:
        decision = _again(number, row, place, known)
        new = still_new(steps, known.history)
        complete = bool(new) or _ends(steps[-1], known)
    terms = Terms(
        decision.columns["unit"], decision.columns["count"], decision.columns["afternoon_rule"]
    )
    for step in new:
        decision.steps.append(_taken(decision, step, place, terms))
        decision.standing = decision.steps[-1].after
    if complete:
        _check(row, decision.standing)
    if known is None:
        decision.outcome = CREATED
    elif new or decision.changes:
        decision.outcome = UPDATED
    return decision


def _new(number: int, row: Row, place: Place, day: date) -> Decision:
    procedure = place.procedure(row.procedure, day)
    if procedure is None:
        raise RowRefused("procedure", marked("There is no such procedure in force."))
    try:
        columns = terms_of(procedure, row.count)
    except Invalid as error:
        raise RowRefused("count", error.detail, **error.params) from None
    decision = Decision(number, row, CREATED, columns=columns)
    if row.parts:
        shares = [Share(part.agency, part.position, part.share) for part in row.parts]
        try:
            check_shares(shares, columns["count"])
            for share in shares:
                agency = place.agency(share.agency, day)
                part = DossierPart(agency=agency, agency_id=agency.id)
                part.position, part.share = share.position, share.share
                decision.parts.append(part)
        except Refused as error:
            raise RowRefused("parts", error.detail, **error.params) from None
        decision.parts.sort(key=lambda part: part.position)
    return decision


def _again(number: int, row: Row, place: Place, known: Known) -> Decision:
    if known.office_id != place.id:
        raise RowRefused("code", marked("is a dossier of another office"))
    if known.columns["procedure_code"] != row.procedure:
        raise RowRefused(
            "procedure",
            marked("was received here for %(procedure)s"),
            procedure=known.columns["procedure_code"],
        )
    changes: dict[str, Any] = {}
    for name in PERSON_FIELDS:
        told = getattr(row.applicant, name) if row.applicant else ""
        if told and told != known.applicant.get(name):
            changes[name] = told
    papers = papers_of(row)
    if papers and papers != known.columns["papers"]:
        changes["papers"] = papers
    if row.sets is not None and row.sets != known.columns["sets"]:
        changes["sets"] = row.sets
    return Decision(
        number,
        row,
        UNCHANGED,
        known=known,
        columns=known.columns,
        parts=known.parts,
        standing=known.standing,
        changes=changes,
    )


def papers_of(row: Row) -> list[dict[str, Any]]:
    """The papers as a dossier's column keeps them."""
    return [{"name": paper.name, "kind": paper.kind, "count": paper.count} for paper in row.papers]


def _ends(last: Happened, known: Known) -> bool:
    """Whether the row's history ends where ours does, notes apart."""
    mine = [one for one in known.history if one.kind != "note" or last.event.kind == "note"]
    return bool(mine) and (mine[-1].kind, mine[-1].at) == (last.event.kind, last.at)


def _taken(decision: Decision, step: Happened, place: Place, terms: Terms) -> NewStep:
    event, before = step.event, decision.standing
    received = (before.received_at or step.at).date()

    def due(accepted: datetime, pauses: Sequence[Pause]) -> datetime:
        calendar = place.calendar(accepted.date())
        return reckon(terms, accepted, calendar, pauses=pauses, hours=place.hours).at

    made = NewStep(event.kind, step.at, before, event.note, {"by": event.by} if event.by else {})
    try:
        promised = _told(made, step, decision, place.calendar(received))
        made.after = take(before, event.kind, step.at, due, promised=promised)
        if event.kind in MOMENTS:
            made.part = part_for(decision.parts, event.agency, event.kind)
            setattr(made.part, MOMENTS[event.kind], step.at)
            if event.kind == "hand-over":
                share = Terms(terms.unit, made.part.share)
                calendar = place.calendar(received)
                made.part.due_at = reckon(share, step.at, calendar, hours=place.hours).at
    except StepRefused as error:
        words = marked("“%(step)s” is not possible there; possible are: %(allowed)s")
        allowed = ", ".join(error.allowed)
        raise RowRefused(step.field, words, step=event.kind, allowed=allowed) from None
    except Refused as error:
        raise RowRefused(step.field, error.detail, **error.params) from None
    return made


def _told(made: NewStep, step: Happened, decision: Decision, calendar: Calendar) -> datetime | None:
    """What a step has to say, put into its data; an apology's promise is given back."""
    event = step.event
    if event.kind in ("refuse", "stop", "apologise"):
        if not event.reason:
            raise RowRefused(f"{step.field}.reason", marked("is missing"))
        made.data["reason"] = event.reason
    if event.kind == "ask-supplement":
        if not event.missing:
            raise RowRefused(f"{step.field}.missing", marked("is missing"))
        made.data["missing"] = event.missing
    if event.kind == "return":
        other = decision.row.collector is not None and decision.row.collector.name
        made.data["collected_by"] = "other" if other else "applicant"
    if event.kind == "note" and not event.note:
        raise RowRefused(f"{step.field}.note", marked("is missing"))
    if event.kind == "finish" and any(part.done_at is None for part in decision.parts):
        raise Refused("An agency has not finished its part of this dossier.")
    if event.kind != "apologise":
        return None
    if event.promised_on is None:
        raise RowRefused(f"{step.field}.promised_on", marked("is missing"))
    moment, was = promise(decision.standing, event.promised_on, step.at.date(), calendar)
    made.data["was"] = was.isoformat()
    return moment


def _check(row: Row, standing: Standing) -> None:
    """What the other system says of itself must come out of the steps as well."""
    if row.status is not None and row.status != standing.status:
        raise RowRefused(
            "status",
            marked("is %(theirs)s there, and %(ours)s by the steps"),
            theirs=row.status,
            ours=standing.status,
        )
    if row.due_on is None:
        return
    received = standing.received_at.date() if standing.received_at else None
    if received is not None and row.due_on < received:
        raise RowRefused(
            "due_on",
            marked("is before the day of acceptance (%(received)s)"),
            received=received.isoformat(),
        )
    due = standing.due_at.date() if standing.due_at else None
    if row.due_on != due:
        raise RowRefused(
            "due_on",
            marked("is %(theirs)s there, and %(ours)s by the steps and our calendar"),
            theirs=row.due_on.isoformat(),
            ours=due.isoformat() if due else "–",
        )
