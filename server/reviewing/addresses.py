"""Addresses of the report pages: each figure is a link, and a link can be sent to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for

from server.reports.behind import SCOPES, Figure
from server.reports.settlement import Period
from server.reviewing.periods import asked_period


def of_period(period: Period) -> dict[str, Any]:
    """What stands behind the question mark for a period."""
    named: dict[str, Any] = {"from": period.begin.isoformat(), "to": period.end.isoformat()}
    if period.known is not None:
        named["known"] = period.known.isoformat()
    return named


def report_address(office: str, period: Period, **more: Any) -> str:
    """The report page of an office."""
    return url_for("reviewing.report", office=office, **of_period(period), **more)


def figure_address(office: str, period: Period, figure: Figure, scope: str = "own") -> str:
    """The page of the dossiers behind a figure."""
    named = {
        "report": figure.report,
        "class": figure.which,
        "field": figure.field,
        "procedure": figure.procedure,
        "agency": figure.agency,
        "cause": figure.cause,
        "scope": scope if scope != "own" else "",
    }
    if figure.received is not None:
        named["first"] = figure.received.begin.isoformat()
        named["last"] = figure.received.end.isoformat()
    given: dict[str, Any] = {
        name: value for name, value in named.items() if value not in ("", None)
    }
    return url_for("reviewing.dossiers", office=office, **of_period(period), **given)


def asked_figure(values: Mapping[str, str], today: date) -> tuple[Figure, str]:
    """The figure and the scope that an address asks for.

    Raises:
        Invalid: there is no such figure, or a day is none.
    """
    agency = values.get("agency", "")
    received = None
    if values.get("first"):
        first = values["first"]
        received = asked_period({"from": first, "to": values.get("last", first)}, today)
    figure = Figure(
        values.get("class", "received"),
        values.get("report", "settlement"),
        field=values.get("field", ""),
        procedure=values.get("procedure", ""),
        agency=int(agency) if agency.isdecimal() and len(agency) < 10 else None,
        cause=values.get("cause", ""),
        received=received,
    )
    scope = values.get("scope", "own")
    return figure, scope if scope in SCOPES else "own"
