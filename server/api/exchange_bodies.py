"""What requests of other systems may say about their files."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class ImportQuery(BaseModel):
    """How a file is meant."""

    source: str = Field("", max_length=80, description="The system it comes from.")
    reference: str = Field("", max_length=80, description="How that system names the message.")
    all_or_nothing: bool = Field(False, description="Nothing goes in if one row would be refused.")
    format: Literal["csv", "jsonl"] | None = Field(
        None, description="Where Content-Type does not say it."
    )
