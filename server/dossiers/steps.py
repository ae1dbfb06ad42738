"""Which step is allowed in which status, and how a dossier stands after it. Pure.

The statuses are the national portal's ten. ``NEW`` is what a dossier is before its first step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.dossiers.deadlines import Pause
from server.errors import StepRefused
from server.offices.models import Names

NEW = 0
REGISTERED, ACCEPTED, REFUSED, PROCESSING, SUPPLEMENT = 1, 2, 3, 4, 5
PAYMENT, WITHDRAWN, STOPPED, FINISHED, RETURNED = 6, 7, 8, 9, 10

STATUSES: dict[int, Names] = {
    REGISTERED: {"vi": "Mới đăng ký", "en": "Registered"},
    ACCEPTED: {"vi": "Được tiếp nhận", "en": "Accepted"},
    REFUSED: {"vi": "Không được tiếp nhận", "en": "Not accepted"},
    PROCESSING: {"vi": "Đang xử lý", "en": "In process"},
    SUPPLEMENT: {"vi": "Yêu cầu bổ sung giấy tờ", "en": "Papers are missing"},
    PAYMENT: {"vi": "Yêu cầu thực hiện nghĩa vụ tài chính", "en": "Payment is due"},
    WITHDRAWN: {"vi": "Công dân yêu cầu rút hồ sơ", "en": "Withdrawn"},
    STOPPED: {"vi": "Dừng xử lý", "en": "Stopped"},
    FINISHED: {"vi": "Đã xử lý xong", "en": "Result ready"},
    RETURNED: {"vi": "Đã trả kết quả", "en": "Result collected"},
}
"""The portal's own words; the English ones are ours."""

PAUSING = frozenset({SUPPLEMENT, PAYMENT, STOPPED})
"""In these the clock stands still, once the dossier has been accepted."""

OVER = frozenset({REFUSED, WITHDRAWN, RETURNED})

STEPS: dict[str, dict[int, int]] = {
    # step: {status it is allowed in: status it leads to}
    "register": {NEW: REGISTERED},
    "accept": {NEW: ACCEPTED, REGISTERED: ACCEPTED, SUPPLEMENT: ACCEPTED},
    "refuse": {NEW: REFUSED, REGISTERED: REFUSED, SUPPLEMENT: REFUSED},
    "ask-supplement": {
        NEW: SUPPLEMENT,
        REGISTERED: SUPPLEMENT,
        ACCEPTED: SUPPLEMENT,
        PROCESSING: SUPPLEMENT,
    },
    "supplement": {SUPPLEMENT: PROCESSING},
    "ask-payment": {ACCEPTED: PAYMENT, PROCESSING: PAYMENT},
    "pay": {PAYMENT: PROCESSING},
    "process": {ACCEPTED: PROCESSING},
    "stop": {ACCEPTED: STOPPED, PROCESSING: STOPPED},
    "continue": {STOPPED: PROCESSING},
    "apologise": {
        status: status for status in (ACCEPTED, PROCESSING, SUPPLEMENT, PAYMENT, STOPPED)
    },
    "hand-over": {ACCEPTED: PROCESSING, PROCESSING: PROCESSING},
    "take-over": {PROCESSING: PROCESSING},
    "part-done": {PROCESSING: PROCESSING},
    "finish": {ACCEPTED: FINISHED, PROCESSING: FINISHED},
    "return": {FINISHED: RETURNED},
    "withdraw": dict.fromkeys(
        (REGISTERED, ACCEPTED, PROCESSING, SUPPLEMENT, PAYMENT, STOPPED), WITHDRAWN
    ),
    "note": {status: status for status in STATUSES},
}

BEFORE_ACCEPTANCE = frozenset({"register", "accept", "refuse"})
AFTER_ACCEPTANCE = frozenset({"supplement", "apologise"})
RESOLVING = frozenset({"finish", "withdraw"})
TIMING = frozenset(
    "accept ask-supplement supplement ask-payment pay stop continue finish withdraw".split()
)
"""The steps after which a dossier may be judged otherwise than before; no other moves its dates."""

EVENTS = {
    "register": "dossier.registered",
    "accept": "dossier.accepted",
    "refuse": "dossier.refused",
    "ask-supplement": "dossier.supplement_asked",
    "supplement": "dossier.supplemented",
    "ask-payment": "dossier.payment_asked",
    "pay": "dossier.paid",
    "process": "dossier.processing",
    "stop": "dossier.stopped",
    "continue": "dossier.continued",
    "apologise": "dossier.apologised",
    "hand-over": "dossier.handed_over",
    "take-over": "dossier.taken_over",
    "part-done": "dossier.part_done",
    "finish": "dossier.finished",
    "return": "dossier.returned",
    "withdraw": "dossier.withdrawn",
    "note": "dossier.noted",
    "correct": "dossier.corrected",
    "edit": "dossier.edited",
}
"""The journal's word for everything that can happen to a dossier."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a dossier stands after a step. Moments are in the office's time zone."""

    status: int = NEW
    received_at: datetime | None = None
    due_at: datetime | None = None
    promised_at: datetime | None = None
    paused_at: datetime | None = None
    resolved_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    """Those that have ended."""


Due = Callable[[datetime, Sequence[Pause]], datetime]
"""Reckons the due date from the reception and the ended pauses."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, as its row has it."""

    kind: str
    at: datetime
    status: int
    due_at: datetime | None
    promised_at: datetime | None


def allowed(standing: Standing) -> list[str]:
    """The steps a dossier that stands so may take."""
    return [step for step in STEPS if _is_allowed(standing, step)]


def _is_allowed(standing: Standing, step: str) -> bool:
    accepted = standing.received_at is not None
    return standing.status in STEPS[step] and not (
        (step in BEFORE_ACCEPTANCE and accepted) or (step in AFTER_ACCEPTANCE and not accepted)
    )


def take(
    standing: Standing,
    step: str,
    at: datetime,
    due: Due,
    *,
    promised: datetime | None = None,
) -> Standing:
    """How the dossier stands after ``step`` at the moment ``at``.

    Args:
        standing: before the step.
        step: its name.
        at: when it happens, in the office's time zone; never before the step before it.
        due: reckons the due date.
        promised: the new date an apology names; the due date stays as it is.

    Raises:
        StepRefused: the status forbids the step; names the allowed ones.
    """
    if not _is_allowed(standing, step):
        raise StepRefused(
            "This dossier's status does not allow that step.", allowed=allowed(standing)
        )
    # One new standing and no copies of copies: an import takes a hundred thousand steps.
    status, received = STEPS[step][standing.status], standing.received_at
    due_at, promised_at, paused_at = standing.due_at, standing.promised_at, standing.paused_at
    pauses, resolved_at = standing.pauses, standing.resolved_at
    if step == "accept":
        received = at
        due_at = promised_at = due(at, ())
    if step == "apologise":
        promised_at = promised
    if received is not None:
        if paused_at is None and status in PAUSING:
            paused_at = at
        elif paused_at is not None and status not in PAUSING:
            # The clock goes on: the due date is reckoned anew, the promise never lies before it.
            pauses = ended_pauses(standing, at)
            paused_at, due_at = None, due(received, pauses)
            promised_at = max(promised_at or due_at, due_at)
        if step in RESOLVING:
            resolved_at = at
    return Standing(status, received, due_at, promised_at, paused_at, resolved_at, pauses)


def ended_pauses(standing: Standing, at: datetime) -> tuple[Pause, ...]:
    """The pauses that have ended when the clock goes on at the moment ``at``."""
    if standing.paused_at is None:
        return standing.pauses
    return (*standing.pauses, Pause(standing.paused_at, at))


def standing_of(history: Iterable[Taken]) -> Standing:
    """How a dossier stands after the steps in force, in their order, as they were recorded."""
    standing = Standing()
    for step in history:
        accepted = step.kind == "accept" or standing.received_at is not None
        paused = accepted and step.status in PAUSING
        began, pauses = standing.paused_at, standing.pauses
        if began is not None and not paused:
            pauses = (*pauses, Pause(began, step.at))
        standing = Standing(
            status=step.status,
            received_at=step.at if step.kind == "accept" else standing.received_at,
            due_at=step.due_at,
            promised_at=step.promised_at,
            paused_at=(began or step.at) if paused else None,
            resolved_at=step.at if accepted and step.kind in RESOLVING else standing.resolved_at,
            pauses=pauses,
        )
    return standing
