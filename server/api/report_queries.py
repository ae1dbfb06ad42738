"""What may stand behind the question mark of a report's address."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from server.reports.behind import FIGURES


class RegisterQuery(BaseModel):
    """Which office and which days a report is about."""

    office: str = Field(description="The office's slug.")
    begin: date = Field(alias="from", description="The first day.")
    end: date = Field(alias="to", description="The last day; what is later is not seen.")


class ReportQuery(RegisterQuery):
    """The same, with the offices below and as it was known at a moment."""

    children: bool = Field(False, description="Also the offices below.")
    known: AwareDatetime | None = Field(
        None, description="Leave out what was written down after this moment."
    )


class SettlementQuery(ReportQuery):
    """The settlement also comes as a file."""

    format: Literal["json", "xlsx"] = "json"


class _Behind(ReportQuery):
    field: str = Field("", description="Only of this field.")
    procedure: str = Field("", description="Only of this procedure.")
    scope: Literal["own", "below", "all"] = Field(
        "own", description="The office's own dossiers, those of all offices below, or both."
    )
    after: str = Field("", description="The last code of the page before.")


class BehindQuery(_Behind):
    """Which figure's dossiers are wanted."""

    which: Literal["received", "on_time", "not_due", "late", "resolved"] = Field(
        "received", alias="class"
    )


class BehindProcessingQuery(_Behind):
    """Which figure's dossiers are wanted."""

    which: str = Field("total", alias="class", description=", ".join(FIGURES["processing"]))


class BehindAgenciesQuery(_Behind):
    """Which figure's dossiers are wanted, and of which agency."""

    which: str = Field("total", alias="class", description=", ".join(FIGURES["agencies"]))
    agency: int | None = Field(None, description="The agency's id in the report; none: all.")
