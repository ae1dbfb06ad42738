"""The form with a procedure's terms: from what is stored to fields, and from fields to cells.

The cells are those of a catalogue's file, so that one set of rules reads both. A form only has
other ways to say some of them: one paper a line, an agency's turn and time side by side, an amount
with dots, and who sets it where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from server.errors import FieldProblem, marked
from server.offices.models import Names, Procedure
from server.offices.procedures import FEE_OF_PROVINCE

Form = Mapping[str, str]

PLAIN = (
    "code name_vi name_en name_km field_code days unit fee_note charge_note level certainty source "
    "valid_from valid_to"
).split()
"""Fields that are cells as they stand."""

_WITH_DOTS = re.compile(r"[0-9]{1,3}([. \u00a0][0-9]{3})*")


def filled(terms: Procedure | None, valid_from: str) -> dict[str, str]:
    """The fields for terms that are to be followed by others; empty ones for a new procedure."""
    if terms is None:
        return {
            "unit": "working_day",
            "fee_how": "amount",
            "charge_how": "none",
            "certainty": "certain",
            "valid_from": valid_from,
        }
    form = {name: getattr(terms, name) for name in PLAIN if hasattr(terms, name)}
    form |= {f"name_{language}": words for language, words in terms.names.items()}
    form |= {
        "days": _number(terms.days if terms.unit != "same_day" else None),
        "valid_from": valid_from,
        "valid_to": "",
        "afternoon_rule": "on" if terms.afternoon_rule else "",
        "interlinked": "on" if terms.interlinked else "",
        "fee_how": "province" if terms.fee_vnd is None else "amount",
        "fee_vnd": _number(terms.fee_vnd),
        "charge_how": "amount",
        "charge_vnd": _number(terms.charge_vnd),
        "papers": "\n".join(terms.papers),
    }
    if terms.charge_vnd is None:
        form["charge_how"] = "province" if terms.charge_note else "none"
    for agency in terms.agencies:
        form[f"turn-{agency['agency']}"] = str(agency["position"])
        form[f"share-{agency['agency']}"] = str(agency["share"])
    return form


def cells_of(form: Form, fields: Mapping[str, Names]) -> tuple[dict[str, str], list[FieldProblem]]:
    """The cells that a form says, and what is wrong with it that no cell can say.

    Args:
        form: the fields as they were sent.
        fields: the names of the fields (*lĩnh vực*) that there are, by code.
    """
    cells = {name: form.get(name, "") for name in PLAIN}
    names = fields.get(cells["field_code"], {})
    cells |= {f"field_{language}": words for language, words in names.items()}
    problems: list[FieldProblem] = []
    for what in ("fee", "charge"):
        cells |= _price(form, what, problems)
    cells["afternoon_rule"] = "true" if form.get("afternoon_rule") else "false"
    papers = [line.strip() for line in form.get("papers", "").splitlines()]
    cells["papers"] = " | ".join(line for line in papers if line)
    cells["agencies"] = _agencies(form)
    cells["interlinked"] = "true" if form.get("interlinked") or cells["agencies"] else "false"
    return cells, problems


def _price(form: Form, what: str, problems: list[FieldProblem]) -> dict[str, str]:
    amount, note = form.get(f"{what}_vnd", "").strip(), form.get(f"{what}_note", "").strip()
    how = form.get(f"{what}_how", "")
    if how == "amount":
        if not amount:
            message = marked("Please write the amount: 0 if it is free of charge.")
            problems.append(FieldProblem(f"{what}_vnd", message))
        return {f"{what}_vnd": _without_dots(amount)}
    if amount:
        message = marked("There is an amount here. Choose it on the left, or delete it.")
        problems.append(FieldProblem(f"{what}_vnd", message))
    if how == "none":
        if note:
            message = marked("There is a note here and no charge. Choose one above, or delete it.")
            problems.append(FieldProblem(f"{what}_note", message))
        return {f"{what}_vnd": "", f"{what}_note": ""}
    if FEE_OF_PROVINCE.lower() not in note.lower():
        note = f"{FEE_OF_PROVINCE}; {note}" if note else FEE_OF_PROVINCE
    return {f"{what}_vnd": "", f"{what}_note": note}


def _without_dots(amount: str) -> str:
    """``20.000 đ`` as people write it is ``20000``; anything else stays as it is."""
    plain = amount.removesuffix("đ").removesuffix("đồng").strip()
    return re.sub(r"[. \u00a0]", "", plain) if _WITH_DOTS.fullmatch(plain) else amount


def _agencies(form: Form) -> str:
    """The cell for the agencies whose turn or time is written; see ``procedureagencies``."""
    taking_part = []
    for name, turn in form.items():
        agency = name.removeprefix("turn-")
        share = form.get(f"share-{agency}", "").strip()
        if agency != name and (turn.strip() or share):
            taking_part.append((turn.strip() or "?", agency, share or "?"))
    if any(not re.fullmatch("[1-9][0-9]?", turn, re.ASCII) for turn, _, _ in taking_part):
        return "?"  # no cell says that: the agencies are refused as a whole
    taking_part.sort(key=lambda one: int(one[0]))
    turns = groupby(taking_part, key=lambda one: one[0])
    return " | ".join(
        " + ".join(f"{agency}:{share}" for _, agency, share in turn) for _, turn in turns
    )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
