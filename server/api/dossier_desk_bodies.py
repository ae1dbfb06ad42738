"""What the counter's questions about dossiers may contain."""

from __future__ import annotations

from pydantic import Field

from server.api.bodies import Body, Code, Line
from server.api.dossier_bodies import Id


class PreviewDossier(Body):
    """A dossier that might be accepted now."""

    procedure: Code = Field(description="The procedure's code; a portal's suffix is forgiven.")
    count: int | None = Field(
        None, ge=1, le=999, description="The time, where the catalogue does not say."
    )


class FindDossiers(Body):
    """Which dossiers are looked for; ``ticket`` before ``status`` before ``words``."""

    words: Line = Field(
        "", repr=False, description="A code, or parts of a name, phone or card number."
    )
    ticket: Id | None = Field(None, description="Handed in at the visit with this ticket.")
    status: int | None = Field(None, ge=1, le=10, description="Those that stand so.")
