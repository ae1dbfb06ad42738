"""What requests of other systems may say about their files."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from server.exchange.exporting import MOST


class ImportQuery(BaseModel):
    """How a file is meant."""

    source: str = Field("", max_length=80, description="The system it comes from.")
    reference: str = Field("", max_length=80, description="How that system names the message.")
    all_or_nothing: bool = Field(False, description="Nothing goes in if one row would be refused.")
    format: Literal["csv", "jsonl"] | None = Field(
        None, description="Where Content-Type does not say it."
    )


class ExportQuery(BaseModel):
    """Which dossiers are wanted."""

    office: str = Field(description="The office's slug.")
    children: bool = Field(False, description="Also the offices below.")
    after: str = Field("", description="What `Next-After` of the export before said.")
    limit: int = Field(10_000, ge=1, le=MOST, description="At most so many.")
    format: Literal["csv", "jsonl"] = Field("jsonl", description="Or `Accept: text/csv`.")
