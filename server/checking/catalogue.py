"""Does the catalogue say what procedures cost and how long they take?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.checking.findings import Finding, named
from server.offices.models import Office, Procedure
from server.offices.procedures import procedure_on


def check_catalogue(session: Session, offices: Sequence[Office], today: date) -> Iterator[Finding]:
    """Fees and times of the procedures in force today."""
    codes = session.scalars(select(Procedure.code).distinct().order_by(Procedure.code)).all()
    holding = [one for code in codes if (one := procedure_on(session, code, today))]
    if not holding:
        yield Finding(
            "attention", "The catalogue has no procedures. Load them: motcua procedures load."
        )
        return
    lacking = {
        "fee": [one.code for one in holding if one.fee_vnd is None],
        "time": [one.code for one in holding if one.days is None and one.unit != "same_day"],
    }
    for what, which in lacking.items():
        if which:
            yield Finding(
                "attention",
                f"The {what} of {len(which)} of {len(holding)} procedures is not entered: "
                f"{named(which)}. Enter it: motcua procedures load.",
            )
    if not any(lacking.values()):
        yield Finding("ok", f"All {len(holding)} procedures have a fee and a time.")
