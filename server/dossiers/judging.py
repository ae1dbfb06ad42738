"""Early, on time, late or not yet due: by **dates**, in the office's own time zone.

Chosen once, for every unit: a result on the due date is on time whatever the clock says, one
before it is early, one after it late. The due time printed on a receipt is for the citizen's
convenience. A dossier whose clock stands still (statuses 5, 6 and 8) is past due only if it was so
when the pause began. An apology moves the promised date and is not seen here at all.
"""

from __future__ import annotations

from datetime import date

EARLY, ON_TIME, LATE, NOT_DUE = "early", "on_time", "late", "not_due"


def judge(
    due: date | None,
    *,
    resolved: date | None,
    asked: date,
    paused: date | None = None,
) -> str:
    """How a dossier stands on the day asked.

    Args:
        due: the due date; none when the procedure has no time set.
        resolved: when the result was ready (or the dossier withdrawn), if it was by then.
        asked: the day asked about.
        paused: when the pause began that lasts on that day.

    Returns:
        ``early``, ``on_time`` or ``late`` for a resolved dossier; ``not_due`` or ``late`` for an
        open one.
    """
    if resolved is not None:
        if due is not None and resolved > due:
            return LATE
        return EARLY if due is not None and resolved < due else ON_TIME
    return LATE if due is not None and (paused or asked) > due else NOT_DUE


def settle(
    due: date | None, *, resolved: date | None, asked: date, paused: date | None = None
) -> str:
    """The same in the three classes of the settlement report: early counts as on time."""
    judged = judge(due, resolved=resolved, asked=asked, paused=paused)
    return ON_TIME if judged == EARLY else judged
