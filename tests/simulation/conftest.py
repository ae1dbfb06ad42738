"""A scenario of tens of dossiers, made from the one that comes with the product."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from server.simulation.scenario import OfficePart, Scenario, default_text, parse_scenario

SECRET = "the installation's secret"


def small(**figures: int) -> Scenario:
    """Three weeks of June 2019: a district office and two communes.

    The figures of the district may be given: ``on_time``, ``not_due``, ``late``.
    """
    whole = parse_scenario(default_text())
    district, town, commune = whole.office[:3]
    offices = [
        _of(district, **({"on_time": 23, "not_due": 6, "late": 4} | figures)),
        _of(town, on_time=17),
        _of(commune, on_time=9),
    ]
    days = {"begin": date(2019, 6, 10), "end": date(2019, 6, 30), "until": date(2019, 7, 10)}
    return whole.model_copy(update={"office": offices, **days})


def _of(office: OfficePart, **figures: Any) -> OfficePart:
    return office.model_copy(update={"on_time": 0, "not_due": 0, "late": 0} | figures)


@pytest.fixture
def scenario() -> Scenario:
    """:func:`small` as it is."""
    return small()
