"""The scenario: which offices, how many dossiers, of which procedures, in which time.

A TOML file; docs/simulation.md explains its fields. The one of 2019 comes with the product.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from server.errors import Invalid
from server.offices.models import AgencyShare
from server.offices.procedureagencies import read_agencies

DEFAULT = "half-year.toml"
"""January to June 2019 of Vĩnh Thuận, beside this module."""

FATES = ("on_time", "not_due", "late")
"""How a dossier stands at the end of the period: the three classes of the settlement."""

Kind = Literal["district", "commune"]
Many = Annotated[int, Field(ge=0, le=1_000_000)]


def _agencies(cell: str) -> str:
    read_agencies(cell)
    return cell


class Part(BaseModel):
    """What all tables share: nothing unknown, nothing converted in silence."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AgencyPart(Part):
    """Who works on interlinked dossiers; serves the first office and all below it."""

    code: str
    name: str


class OfficePart(Part):
    """An office and how its dossiers end."""

    slug: str
    name: str = ""
    """Of the place, for example *xã Bình Minh*; the sample hall has words of its own."""
    kind: Kind
    codes: str
    """The agency identifier in its dossier codes."""
    on_time: Many = 0
    not_due: Many = 0
    late: Many = 0

    @property
    def received(self) -> int:
        """All dossiers it receives in the period."""
        return self.on_time + self.not_due + self.late


class Work(Part):
    """One procedure as offices of a kind have it at their counters."""

    at: Kind
    procedure: str
    often: Annotated[float, Field(gt=0)]
    """How often it comes, compared with the others of the kind."""
    minutes: Annotated[float, Field(gt=0, le=60)]
    """How long one dossier takes at the counter, about."""
    count: Annotated[int, Field(ge=0)] | None = None
    """Its time, where the catalogue does not say."""
    agencies: Annotated[str, AfterValidator(_agencies)] = ""
    """Who works on it, written as in the catalogue: ``vpdk:6 | thue:2``."""
    papers: list[str] = []
    """What is handed in; the last one is what is missing when something is."""

    @property
    def shares(self) -> list[AgencyShare]:
        """The agencies with their turn and time."""
        return read_agencies(self.agencies)


class Scenario(Part):
    """A whole scenario."""

    begin: date
    end: date
    """The last day of the period, at whose end the figures hold."""
    until: date
    """What is left by then is worked on and collected up to this day."""
    seed: int
    together: dict[Kind, Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=1)]]
    """By kind of office: how often one, two, three … dossiers are handed in at one visit."""
    agency: list[AgencyPart] = []
    office: Annotated[list[OfficePart], Field(min_length=1)]
    """The first is the parent of the others."""
    work: Annotated[list[Work], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> Scenario:
        if not self.begin <= self.end <= self.until:
            raise ValueError("begin, end and until must follow each other")
        slugs = [office.slug for office in self.office]
        if len(set(slugs)) != len(slugs):
            raise ValueError("two offices have the same slug")
        if self.office[0].kind != "district" or any(
            office.kind != "commune" or not office.name for office in self.office[1:]
        ):
            raise ValueError("the first office is the district's, the others are named communes")
        known = {agency.code for agency in self.agency}
        named = {share["agency"] for work in self.work for share in work.shares}
        if named - known:
            raise ValueError(f"no such agency: {', '.join(sorted(named - known))}")
        return self

    @property
    def received(self) -> int:
        """All dossiers of all offices."""
        return sum(office.received for office in self.office)

    def works(self, kind: str) -> list[Work]:
        """What offices of a kind do."""
        return [work for work in self.work if work.at == kind]


def default_text() -> str:
    """The scenario of 2019."""
    return files(__package__).joinpath(DEFAULT).read_text("utf-8")


def read_scenario(path: Path | None = None) -> Scenario:
    """The scenario in a file, or the one that comes with the product.

    Raises:
        Invalid: there are problems; each named with its place in the file.
    """
    text = path.read_text("utf-8") if path else default_text()
    return parse_scenario(text, str(path) if path else DEFAULT)


def parse_scenario(text: str, file: str = DEFAULT) -> Scenario:
    """Read a scenario from TOML.

    Raises:
        Invalid: as :func:`read_scenario`.
    """
    try:
        return Scenario.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Invalid("%(file)s: %(problem)s", file=file, problem=error) from None
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(place) for place in one['loc']) or 'scenario'}: {one['msg']}"
            for one in error.errors()
        )
        raise Invalid("%(file)s: %(problem)s", file=file, problem=problems) from None
