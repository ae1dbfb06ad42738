"""The agencies of an interlinked procedure in one cell: ``phong-tnmt:12 | thue:5 + cong-an:3``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from server.offices.models import AgencyShare

_SHARE = re.compile(r"(?P<agency>[a-z0-9][a-z0-9-]{0,31}) ?: ?(?P<share>[1-9][0-9]{0,3})")
ALLOWED = (
    'codes of agencies with their time, like "phong-tnmt:12 | chi-cuc-thue:5"; '
    '" + " between two that work at the same time'
)


def read_agencies(cell: str) -> list[AgencyShare]:
    """The agencies in their order.

    Raises:
        ValueError: the cell is written otherwise; says what is allowed.
    """
    found: list[AgencyShare] = []
    if not cell:
        return found
    for position, turn in enumerate(cell.split("|"), start=1):
        for part in turn.split("+"):
            match = _SHARE.fullmatch(part.strip())
            if match is None:
                raise ValueError(f'"{part.strip()}" will not do; allowed: {ALLOWED}')
            if any(one["agency"] == match["agency"] for one in found):
                raise ValueError(f'names "{match["agency"]}" twice; once is allowed')
            found.append(
                {"agency": match["agency"], "position": position, "share": int(match["share"])}
            )
    return found


def written_agencies(agencies: Iterable[AgencyShare]) -> str:
    """The cell that :func:`read_agencies` reads as these."""
    turns = groupby(agencies, key=lambda one: one["position"])
    return " | ".join(
        " + ".join(f"{one['agency']}:{one['share']}" for one in turn) for _, turn in turns
    )


def longest(agencies: Iterable[AgencyShare]) -> int:
    """How long they take together: the longest of those beside each other, summed."""
    turns = groupby(agencies, key=lambda one: one["position"])
    return sum(max(one["share"] for one in turn) for _, turn in turns)
