"""What requests about procedures and the calendar may contain.

Texts are read by the same rules as the cells of a catalogue's file and the fields of a form, which
say in words what is wrong with them; here they are only kept within bounds.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from server.api.bodies import NO_NUL, Body, Code
from server.api.dossier_bodies import ShareBody
from server.offices.procedureagencies import written_agencies

Text = Annotated[str, StringConstraints(max_length=1000, pattern=NO_NUL)]
Day = Annotated[str, StringConstraints(max_length=10, pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
Amount = Annotated[int, Field(ge=0, le=999_999_999)]
Seen = Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9a-f]*$")]


FIELDS = {
    "field_code": "field",
    "field_vi": "field",
    "name": "names.vi",
    "name_vi": "names.vi",
    "name_en": "names.en",
    "name_km": "names.km",
}
"""How a body here calls what a cell or a form calls otherwise."""


class NamesBody(Body):
    """Words by language."""

    vi: Text
    en: Text = ""
    km: Text = ""


class TermsBody(Body):
    """Terms of a procedure that begin today or later."""

    seen: Seen = Field("", description="As it was answered with the terms; empty: a new procedure.")
    valid_from: Day
    valid_to: Day = ""
    source: Text = Field(description="The decision or page that says so.")
    certainty: Literal["certain", "partial", "uncertain", ""] = "certain"
    names: NamesBody
    field: Code = Field(description="Code of a field that the catalogue has.")
    level: Text = ""
    days: int | None = Field(None, ge=0, le=999_999_999)
    unit: Literal["working_day", "calendar_day", "hour", "same_day"]
    afternoon_rule: bool = Field(False, description="Received after 15:00: the next working day.")
    fee_vnd: Amount | None = Field(None, description="đồng; null where the province sets it.")
    fee_note: Text = ""
    charge_vnd: Amount | None = Field(
        None, description="đồng; null where there is none, or where `charge_note` says who sets it."
    )
    charge_note: Text = ""
    papers: list[Text] = Field(default_factory=list, max_length=50)
    interlinked: bool = False
    agencies: list[ShareBody] = Field(default_factory=list, max_length=30)

    def cells(self, code: str, field_names: dict[str, str]) -> dict[str, str]:
        """The same as the cells of a catalogue's file."""
        shares = sorted((one.model_dump() for one in self.agencies), key=lambda x: x["position"])
        plain = "valid_from valid_to source certainty level unit fee_note charge_note".split()
        return (
            {name: getattr(self, name) for name in plain}
            | {name: _number(getattr(self, name)) for name in ("days", "fee_vnd", "charge_vnd")}
            | {name: str(getattr(self, name)).lower() for name in ("afternoon_rule", "interlinked")}
            | {f"name_{language}": words for language, words in self.names.model_dump().items()}
            | {f"field_{language}": words for language, words in field_names.items()}
            | {
                "code": code,
                "field_code": self.field,
                "papers": " | ".join(self.papers),
                "agencies": written_agencies(shares),  # type: ignore[arg-type]  # of ShareBody
            }
        )


class LastDay(Body):
    """The last day on which a procedure's latest terms hold; empty: until others begin."""

    seen: Seen
    last_day: Day


class DayBody(Body):
    """A day off or made up, for dossiers received from a date on."""

    seen: Seen = Field("", description="As it was answered with the day; empty: a day not there.")
    day: Day
    kind: Literal["off", "work"]
    names: NamesBody
    source: Text = Field(description="The decision that says so.")
    certainty: Literal["verified", "law", "decided", "assumed"] = "verified"
    valid_from: Day
    everywhere: bool = Field(False, description="In every office, not only here and below.")

    def cells(self) -> dict[str, str]:
        """The same as the fields of a form."""
        plain = "day kind source certainty valid_from".split()
        return {name: getattr(self, name) for name in plain} | {
            "name": self.names.vi,
            "name_en": self.names.en,
        }


class YearQuery(BaseModel):
    """Which year of the calendar is wanted."""

    year: int | None = Field(None, description="This year by default.")


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
