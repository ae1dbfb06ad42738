"""How dossiers are being processed, in the layout of QĐ 766/QĐ-TTg.

Received: carried over, and in the period by channel; done in the period: early, on time, late; at
its end in process or paused (statuses 5, 6 and 8), each in time or overdue. What came in is what
was done and what is left: the three groups make up the total exactly.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, or_, select
from sqlalchemy.orm import Session

from server.offices.models import Office
from server.reports.settlement import Period, share
from server.reports.states import below, not_late, past_due, states

CHANNELS = {"direct": 1, "online": 2, "post": 3}


def processing(
    session: Session, office: Office, period: Period, *, children: bool = False
) -> dict[str, Any]:
    """The report of an office; with ``children`` one for each office below as well."""
    tree = below(session, office) if children else {}
    ids = {office.id} | {one.id for group in tree.values() for one in group}
    found = _figures(session, ids, period)
    return _of_office(office, period, found, tree)


def _of_office(
    office: Office,
    period: Period,
    found: dict[int, dict[str, int]],
    tree: dict[int, list[Office]],
) -> dict[str, Any]:
    count = found.get(office.id, dict.fromkeys(COUNTED, 0))
    came = {name: count[name] for name in CHANNELS}
    done = {name: count[name] for name in ("early", "on_time", "late")}
    return {
        "office": office.slug,
        "names": office.names,
        "from": period.begin.isoformat(),
        "to": period.end.isoformat(),
        "received": {
            "total": count["carried_over"] + sum(came.values()),
            "carried_over": count["carried_over"],
            "in_period": sum(came.values()),
            **came,
        },
        "done": {
            "total": sum(done.values()),
            **done,
            "share_in_time": share(done["early"] + done["on_time"], sum(done.values())),
        },
        "in_process": _pair(count, "process"),
        "paused": _pair(count, "paused"),
        "children": [_of_office(child, period, found, tree) for child in tree.get(office.id, ())],
    }


def _pair(count: dict[str, int], which: str) -> dict[str, int]:
    pair = {name: count[f"{which}_{name}"] for name in ("in_time", "overdue")}
    return {"total": sum(pair.values()), **pair}


COUNTED = (
    "carried_over",
    *CHANNELS,
    "early",
    "on_time",
    "late",
    "process_in_time",
    "process_overdue",
    "paused_in_time",
    "paused_overdue",
)


GROUPS: dict[str, tuple[str, ...]] = {
    "total": COUNTED[:4],
    "in_period": tuple(CHANNELS),
    "done": ("early", "on_time", "late"),
    "in_process": ("process_in_time", "process_overdue"),
    "paused": ("paused_in_time", "paused_overdue"),
}
"""Figures that are the sum of others."""


def conditions(state: FromClause, period: Period) -> dict[str, ColumnElement[bool]]:
    """Which dossiers each figure counts, of those that :func:`concerned` names."""
    begin = period.begin.isoformat()
    done, paused = state.c.resolved_on.is_not(None), state.c.paused_on.is_not(None)
    late, in_time = past_due(state, period.end), not_late(state, period.end)
    early = and_(done, state.c.resolved_on < state.c.due_on)
    return {
        "carried_over": state.c.received_on < begin,
        **{
            name: and_(state.c.received_on >= begin, state.c.channel == channel)
            for name, channel in CHANNELS.items()
        },
        "early": early,
        "on_time": and_(done, in_time, or_(state.c.due_on.is_(None), ~early)),
        "late": and_(done, late),
        "process_in_time": and_(~done, ~paused, in_time),
        "process_overdue": and_(~done, ~paused, late),
        "paused_in_time": and_(~done, paused, in_time),
        "paused_overdue": and_(~done, paused, late),
    }


def concerned(state: FromClause, period: Period) -> ColumnElement[bool]:
    """The dossiers that were under way in the period: all but those resolved before it."""
    return or_(state.c.resolved_on.is_(None), state.c.resolved_on >= period.begin.isoformat())


def _figures(session: Session, offices: set[int], period: Period) -> dict[int, dict[str, int]]:
    state = states(offices, period.end, known=period.known)
    counted = conditions(state, period)
    rows = session.execute(
        select(
            state.c.office_id,
            *(func.sum(case((counted[name], 1), else_=0)) for name in COUNTED),
        )
        .where(concerned(state, period))
        .group_by(state.c.office_id)
    )
    return {row[0]: dict(zip(COUNTED, row[1:], strict=True)) for row in rows}
