"""The public fee board of an office in words: what procedures cost and how long they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from server.offices.hours import business_day
from server.offices.models import Names, Office
from server.offices.procedures import FEE_OF_PROVINCE, fees
from server.offices.searching import search

FREE = "Miễn phí"
"""As catalogues write it; shown in the reader's language."""


@dataclass(frozen=True, slots=True)
class Price:
    """One thing to pay: the fee (*phí*) or the charge (*lệ phí*)."""

    label: str
    """Which of the two; empty where nothing else is to be paid."""
    words: str
    is_note: bool
    """Whether ``words`` are the catalogue's own Vietnamese sentence."""
    note: str
    """How it is counted and who is exempt, in Vietnamese; empty where the price says all."""


@dataclass(frozen=True, slots=True)
class Line:
    """A procedure as it is posted."""

    code: str
    names: Names
    time: str
    afternoon: str
    """When the result is due of what is received after 15:00; empty where that is no different."""
    prices: list[Price]
    level: str
    papers: list[str]


@dataclass(frozen=True, slots=True)
class Group:
    """The procedures of a field (*lĩnh vực*)."""

    code: str
    names: Names
    lines: list[Line]


def fee_page(session: Session, office: Office, now: datetime, query: str = "") -> dict[str, Any]:
    """Everything the fee board shows, in the locale that is in force.

    Args:
        session: an open one.
        office: whose services are meant.
        now: the moment whose terms hold.
        query: only what fits these words, the best first, as one group without a field.
    """
    every = _once(fees(session, office, now=now))
    found = search(query, every) if query else every
    return {
        "groups": [Group("", {}, [_line(one) for one in found])] if query else _groups(every),
        "count": len(found),
        "every": len(every),
        "day": f"{business_day(now, office.timezone):%d/%m/%Y}",
    }


def time_words(days: int | None, unit: str) -> str:
    """The statutory time: "Same day", "3 working days"; says so where none is known."""
    if unit == "same_day":
        return str(_("Same day"))
    if days is None:
        return str(_("No time is set"))
    if unit == "working_day":
        return str(ngettext("%(n)s working day", "%(n)s working days", days, n=days))
    if unit == "hour":
        return str(ngettext("%(n)s hour", "%(n)s hours", days, n=days))
    return str(ngettext("%(n)s day", "%(n)s days", days, n=days))


def afternoon_words(afternoon_rule: bool) -> str:
    """What people must know who come after 15:00; empty without the rule."""
    return str(_("received after 15:00: due the next working day")) if afternoon_rule else ""


def prices(one: Mapping[str, Any]) -> list[Price]:
    """What is to be paid for a procedure; the label stands there only where one is needed.

    Args:
        one: with ``fee_vnd``, ``fee_note``, ``charge_vnd`` and ``charge_note``.
    """
    charge = one["charge_vnd"] is not None or one["charge_note"]
    # Free of a fee is no news to whoever pays a charge.
    fee = not charge or one["fee_vnd"] != 0 or one["fee_note"] not in ("", FREE)
    found = []
    if fee:
        found.append(_price(str(_("Fee:")) if charge else "", one["fee_vnd"], one["fee_note"]))
    if charge:
        found.append(_price(str(_("Charge:")), one["charge_vnd"], one["charge_note"]))
    return found


def _price(label: str, amount: int | None, note: str) -> Price:
    words, beside = price_words(amount, note)
    return Price(label, words, amount is None and words == note, beside)


def price_words(amount: int | None, note: str) -> tuple[str, str]:
    """A price and what is to be said beside it; never 0 đ where nobody has entered one.

    Args:
        amount: in đồng; none where the province sets it.
        note: how it is counted and who is exempt, as the catalogue has it.
    """
    if amount is None:
        usual = note in ("", FEE_OF_PROVINCE)
        return (str(_("Set by the province's People's Council")) if usual else note), ""
    price = str(_("Free of charge")) if amount == 0 else dong(amount)
    return price, "" if note in (FREE, price) else note


def dong(amount: int) -> str:
    """An amount with Vietnamese thousands: ``2.000 đ``."""
    return f"{amount:,}".replace(",", ".") + " đ"


def _once(procedures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each procedure once, though several services may receive its field."""
    return list({one["code"]: one for one in reversed(procedures)}.values())[::-1]


def _groups(procedures: list[dict[str, Any]]) -> list[Group]:
    found: dict[str, Group] = {}
    for one in procedures:
        group = found.setdefault(one["field"], Group(one["field"], one["field_names"], []))
        group.lines.append(_line(one))
    return list(found.values())


def _line(one: dict[str, Any]) -> Line:
    return Line(
        code=one["code"],
        names=one["names"],
        time=time_words(one["days"], one["unit"]),
        afternoon=afternoon_words(one["afternoon_rule"]),
        prices=prices(one),
        level=one["level"],
        papers=one["papers"],
    )
