"""What requests about dossiers may contain."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, RootModel, StringConstraints

from server.api.bodies import NO_NUL, Body, Code, Line

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=NO_NUL)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=NO_NUL)]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=NO_NUL),
]
Phone = Annotated[str, StringConstraints(max_length=20, pattern=r"^(\+?[0-9][0-9 .-]*)?$")]
Identity = Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9A-Z]*$")]
Email = Annotated[str, StringConstraints(max_length=200, pattern=r"^([^@\s\x00]+@[^@\s\x00]+)?$")]
MissingLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_NUL)
]
Missing = Annotated[list[MissingLine], Field(min_length=1, max_length=30)]
Moment = Annotated[
    AwareDatetime,
    # Beyond, a moment may not exist in another time zone, and no dossier is that old.
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
]
Channels = Annotated[
    list[Literal["email", "message", "push"]],
    Field(max_length=3, description="How the applicant wants to be told of news; none: never."),
]
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ApplicantBody(Body):
    """Who hands it in. The last four digits of card and phone are the second proof."""

    name: Annotated[Name, StringConstraints(min_length=1)]
    phone: Phone = ""
    identity_number: Identity = ""
    address: Annotated[str, StringConstraints(max_length=300, pattern=NO_NUL)] = ""
    email: Email = ""


class PaperBody(Body):
    """One kind of paper that was handed in."""

    name: Name
    kind: Literal["original", "copy", "certified", "electronic"] = "copy"
    count: int = Field(1, ge=1, le=999)


class ShareBody(Body):
    """An agency's share of an interlinked dossier."""

    agency: Code
    position: int = Field(1, ge=1, le=99, description="Order; equal positions go in parallel.")
    share: int = Field(ge=1, le=999, description="Time, in the procedure's unit.")


class ReceiveDossier(Body):
    """A dossier is handed in."""

    procedure: Code = Field(description="The procedure's code; a portal's suffix is forgiven.")
    outcome: Literal["accept", "ask-supplement", "refuse", "register"] = "accept"
    applicant: ApplicantBody
    channel: Literal[1, 2, 3] = Field(1, description="1 direct, 2 online, 3 public post.")
    papers: list[PaperBody] = Field(default_factory=list, max_length=50)
    sets: int = Field(1, ge=1, le=99)
    ticket: Id | None = Field(None, description="The id of the ticket being served.")
    count: int | None = Field(
        None, ge=1, le=999, description="The time, where the catalogue does not say."
    )
    shares: list[ShareBody] | None = Field(
        None, max_length=30, description="Which agencies work on it; left out: the catalogue's."
    )
    missing: list[Line] = Field(
        default_factory=list, max_length=30, description="With ask-supplement: shown on the phone."
    )
    reason: Text = Field("", description="With refuse: shown on the phone.")
    note: Text = ""
    notices: Channels = Field(default_factory=list)


class EditDossier(Body):
    """What may be put right without a step."""

    name: Annotated[Name, StringConstraints(min_length=1)] = ""
    phone: Phone = ""
    identity_number: Identity = ""
    address: Annotated[str, StringConstraints(max_length=300, pattern=NO_NUL)] = ""
    email: Email = ""
    papers: list[PaperBody] = Field(default_factory=list, max_length=50)
    sets: int = Field(1, ge=1, le=99)
    notices: Channels = Field(default_factory=list)


class PlainStep(Body):
    """A step that needs nothing but a note."""

    step: Literal[
        "accept", "supplement", "ask-payment", "pay", "process", "continue", "finish", "withdraw"
    ]
    note: Text = ""


class AskSupplement(Body):
    """Papers are missing; the clock stands still."""

    step: Literal["ask-supplement"]
    missing: Missing
    note: Text = ""


class WithReason(Body):
    """Not accepted, or stopped."""

    step: Literal["refuse", "stop"]
    reason: Reason
    note: Text = ""


class Apologise(Body):
    """It will be late: a new date is promised, the judgement stays."""

    step: Literal["apologise"]
    promised_on: date
    reason: Reason
    note: Text = ""


class Collector(Body):
    """Somebody who collects for the applicant."""

    name: Annotated[Name, StringConstraints(min_length=1)]
    identity_number: Identity = ""


class Return(Body):
    """The result is collected: by the applicant unless somebody else is named."""

    step: Literal["return"]
    collector: Collector | None = None
    note: Text = ""


class AgencyStep(Body):
    """Handed over to an agency, confirmed by it, done by it."""

    step: Literal["hand-over", "take-over", "part-done"]
    agency: Code
    note: Text = ""


class Note(Body):
    """Something to remember."""

    step: Literal["note"]
    note: Reason


class CorrectTime(Body):
    """A step happened at another time than was recorded."""

    step: Literal["correct-time"]
    corrects: Id
    at: Moment
    reason: Reason


class TakeBack(Body):
    """A step never happened."""

    step: Literal["take-back"]
    corrects: Id
    reason: Reason


AnyStep = (
    PlainStep
    | AskSupplement
    | WithReason
    | Apologise
    | Return
    | AgencyStep
    | Note
    | CorrectTime
    | TakeBack
)


class TakeStep(RootModel[Annotated[AnyStep, Field(discriminator="step")]]):
    """One step of a dossier; each kind has its own fields."""


class HolderQuery(BaseModel):
    """How a holder shows that a dossier is theirs."""

    proof: str | None = Field(
        None, description="The last four digits of the card or phone number given at reception."
    )
