"""The control sheet (*phiếu kiểm soát quá trình giải quyết hồ sơ*): who had the dossier when."""

from __future__ import annotations

from datetime import date

from server.dossiers.forms.circulars import Form
from server.dossiers.forms.heading import headed
from server.dossiers.forms.paper import Field, Hand, Hop, Hops, Row, Sheet
from server.dossiers.forms.reading import AgencyPart, Facts, Happened
from server.dossiers.forms.wording import moment_words, short_moment, time_words
from server.dossiers.judging import EARLY, LATE, NOT_DUE, ON_TIME, judge

OUTCOMES = {EARLY: "Trước hạn", ON_TIME: "Đúng hạn", LATE: "Quá hạn", NOT_DUE: "Chưa đến hạn"}


def control_sheet(facts: Facts, accepted: Happened, form: Form, today: date) -> Sheet:
    """The chain of hand-overs with times, both persons, outcome and note."""
    unit, count, afternoon_rule = facts.terms
    agencies = list(dict.fromkeys(part.agency for part in facts.parts))
    return headed(
        facts,
        form,
        accepted.at,
        Field("Nội dung yêu cầu giải quyết", facts.procedure),
        Row(
            (
                Field("Hồ sơ của", facts.applicant.name),
                Field(
                    "Thời gian giải quyết", time_words(unit, count, afternoon_rule=afternoon_rule)
                ),
            )
        ),
        Field("Thời gian hẹn trả kết quả", _due(facts), strong=True),
        Field("Cơ quan phối hợp giải quyết", "; ".join(agencies)),
        Hops(tuple(_hops(facts, accepted, today))),
        signatures=(),
        notes=("Chỗ trống để ký, ghi rõ họ tên và thời gian khi giao, nhận hồ sơ giấy.",),
    )


def _hops(facts: Facts, accepted: Happened, today: date) -> list[Hop]:
    """Citizen to office, office to each agency and back, office to citizen."""
    parts = {part.id: part for part in facts.parts}
    hops = [
        Hop(
            Hand("Người nộp hồ sơ", facts.applicant.name, short_moment(accepted.at)),
            Hand(facts.unit, accepted.by, short_moment(accepted.at)),
            note=accepted.note,
        )
    ]
    for place, step in enumerate(facts.steps):
        part = parts.get(step.data.get("part", 0))
        if step.kind == "hand-over" and part:
            taken = _next(facts.steps[place + 1 :], "take-over", part)
            hops.append(_to_agency(facts, part, step, taken, today))
        if step.kind == "part-done" and part:
            hops.append(_back(facts, part, step, today))
        if step.kind == "return":
            hops.append(_to_citizen(facts, step, today))
    return hops


def _to_agency(
    facts: Facts, part: AgencyPart, given: Happened, taken: Happened | None, today: date
) -> Hop:
    receiver = Hand(part.agency)
    if taken:
        receiver = Hand(part.agency, taken.by, short_moment(taken.at))
    late = part.done_at is None and _judged(part, today) == LATE
    return Hop(
        Hand(facts.unit, given.by, short_moment(given.at)),
        receiver,
        outcome=OUTCOMES[LATE] if late else "",
        note=_joined(given.note, taken.note if taken else ""),
    )


def _back(facts: Facts, part: AgencyPart, done: Happened, today: date) -> Hop:
    return Hop(
        Hand(part.agency, done.by, short_moment(done.at)),
        Hand(facts.unit),
        outcome=OUTCOMES[_judged(part, today)],
        note=done.note,
    )


def _to_citizen(facts: Facts, returned: Happened, today: date) -> Hop:
    finished = facts.last("finish")
    judged = judge(
        returned.due_at.date() if returned.due_at else None,
        resolved=(finished or returned).at.date(),
        asked=today,
    )
    return Hop(
        Hand(facts.unit, returned.by, short_moment(returned.at)),
        Hand(
            "Người nhận kết quả",
            facts.collector or facts.applicant.name,
            short_moment(returned.at),
        ),
        outcome=OUTCOMES[judged],
        note=returned.note,
    )


def _judged(part: AgencyPart, today: date) -> str:
    return judge(
        part.due_at.date() if part.due_at else None,
        resolved=part.done_at.date() if part.done_at else None,
        asked=today,
    )


def _next(steps: tuple[Happened, ...], kind: str, part: AgencyPart) -> Happened | None:
    mine = (step for step in steps if step.data.get("part") == part.id)
    return next((step for step in mine if step.kind == kind), None)


def _due(facts: Facts) -> str:
    """The date that holds now, pauses and apologies included."""
    promised = facts.steps[-1].promised_at
    return moment_words(promised) if promised else ""


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
