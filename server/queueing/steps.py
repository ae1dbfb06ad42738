"""Which step is allowed in which status: the one table."""

from __future__ import annotations

from server.errors import StepRefused

STATUSES = ("waiting", "called", "serving", "parked", "done", "no_show", "cancelled")

PRIORITIES = (
    "none",
    "elderly",
    "disability",
    "pregnancy",
    "small_child",
    "merit",
    "appointment",
)

STEPS: dict[str, dict[str, str]] = {
    # step: {status it is allowed in: status it leads to}
    "call": {"waiting": "called", "parked": "called", "no_show": "called"},
    "recall": {"called": "called"},
    "serve": {"called": "serving"},
    "finish": {"called": "done", "serving": "done"},
    "no-show": {"called": "no_show"},
    "park": {"called": "parked", "serving": "parked"},
    "resume": {"parked": "waiting", "no_show": "waiting"},
    "transfer": {
        "waiting": "waiting",
        "called": "waiting",
        "serving": "waiting",
        "parked": "waiting",
    },
    "cancel": {
        "waiting": "cancelled",
        "called": "cancelled",
        "parked": "cancelled",
        "no_show": "cancelled",
    },
}

EVENTS = {
    "issue": "ticket.issued",
    "call": "ticket.called",
    "call-next": "ticket.called",
    "recall": "ticket.recalled",
    "serve": "ticket.serving",
    "finish": "ticket.finished",
    "no-show": "ticket.missed",
    "park": "ticket.parked",
    "resume": "ticket.resumed",
    "transfer": "ticket.transferred",
    "cancel": "ticket.cancelled",
    "name-dossier": "ticket.dossier_named",
    "undo": "press.undone",
    "open-counter": "counter.opened",
    "pause-counter": "counter.paused",
    "close-counter": "counter.closed",
    "pause-service": "service.paused",
    "resume-service": "service.resumed",
    "close-day": "day.closed",
}
"""The journal's word for everything that can happen to a queue."""


def allowed(status: str) -> list[str]:
    """The steps a ticket with this status may take."""
    return [step for step, table in STEPS.items() if status in table]


def next_status(status: str, step: str) -> str:
    """The status after ``step``.

    Raises:
        StepRefused: the table forbids the step in this status; names the allowed ones.
    """
    status_after = STEPS[step].get(status)
    if status_after is None:
        raise _refusal(status)
    return status_after


def _refusal(status: str) -> StepRefused:
    """What the clerk is told: mostly somebody else has acted on the number meanwhile."""
    steps = allowed(status)
    match status:
        case "waiting":
            return StepRefused("This number is waiting. Call it first.", allowed=steps)
        case "called":
            return StepRefused("This number has been called to a counter.", allowed=steps)
        case "serving":
            return StepRefused("This number is being served at a counter.", allowed=steps)
        case "parked":
            return StepRefused("This number is set aside until its holder is back.", allowed=steps)
        case "no_show":
            return StepRefused("This number was called and nobody came.", allowed=steps)
        case "cancelled":
            return StepRefused("This number has been cancelled.", allowed=steps)
        case _:
            return StepRefused("This number has been served already.", allowed=steps)
