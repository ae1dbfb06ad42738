"""Writing the procedure catalogue in the form that loading it gives back byte for byte."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.offices.models import Procedure
from server.offices.procedureagencies import written_agencies
from server.offices.procedurefile import COLUMNS

WRITTEN = tuple(column for column in COLUMNS if column != "remark")
"""All columns but ``remark``, which is not kept."""


def export_procedures(session: Session) -> str:
    """The whole catalogue as CSV: UTF-8, commas, a line feed a row, in the order of the board."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(WRITTEN)
    rows = session.scalars(
        select(Procedure).order_by(Procedure.position, Procedure.code, Procedure.valid_from)
    )
    for row in rows:
        writer.writerow([_cell(row, column) for column in WRITTEN])
    return page.getvalue()


def _cell(row: Procedure, column: str) -> str:
    what, _, language = column.rpartition("_")
    if what == "field" and language in ("vi", "en", "km"):
        return row.field_names.get(language, "")
    if what == "name":
        return row.names.get(language, "")
    if column == "papers":
        return " | ".join(row.papers)
    if column == "agencies":
        return written_agencies(row.agencies)
    value = getattr(row, column)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
