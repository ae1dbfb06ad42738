"""The hall file as it is written: one model a table, every field with its meaning.

``docs/hall-file.md`` is made from these descriptions (:mod:`server.offices.hallguide`). What needs
more than one field to be judged is in :mod:`server.offices.hallchecks`.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from server.offices.hallvalues import (
    apart,
    brand_colour,
    clock,
    code_like,
    counter_number,
    each_once,
    field_code,
    icon_name,
    printer_uri,
    priority_rule,
    service_letter,
    sign_in_name,
    time_zone,
    with_vietnamese,
)
from server.offices.logos import office_logo

Language = Literal["vi", "en", "km"]
Priority = Literal["elderly", "disability", "pregnancy", "small_child", "merit", "appointment"]
Tint = Literal["red", "amber", "green", "teal", "blue", "indigo", "violet", "rose", "brown"]


def _tidy(text: str) -> str:
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise ValueError("is empty; leave the whole line out, or write some words")
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValueError("holds a line break or a control character; write one line of words")
    return text


def _composed(value: object) -> object:
    """Letters and their marks as one sign, however the keyboard wrote them."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


Line = Annotated[str, Field(max_length=300), AfterValidator(_tidy)]
Slug = Annotated[str, Field(max_length=64), AfterValidator(code_like)]
ServiceCode = Annotated[str, Field(max_length=32), AfterValidator(code_like)]
Clock = Annotated[str, AfterValidator(clock)]
Span = Annotated[list[Clock], Field(min_length=2, max_length=2)]
Day = Annotated[list[Span], AfterValidator(apart)]
Minutes = Annotated[float, Field(gt=0, le=1440)]
Tier = Annotated[
    list[ServiceCode],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
]
"""Services that a counter takes alike; a code alone is a tier of one."""


class Part(BaseModel):
    """What all tables share: nothing unknown, nothing converted in silence."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class Words(Part):
    """The same words in each language; a missing language shows the Vietnamese."""

    vi: Line = Field(description="The words in Vietnamese.")
    en: Line | None = Field(default=None, description="The same in English.")
    km: Line | None = Field(default=None, description="The same in Khmer.")


class Lines(Part):
    """Lists of lines in each language."""

    vi: list[Line] = Field(min_length=1, description="The lines in Vietnamese.")
    en: list[Line] = Field(default=[], description="The same in English.")
    km: list[Line] = Field(default=[], description="The same in Khmer.")


class Week(Part):
    """Sessions by weekday; a weekday without sessions is closed."""

    mon: Day = Field(default=[], description="Sessions on Mondays.")
    tue: Day = Field(default=[], description="Sessions on Tuesdays.")
    wed: Day = Field(default=[], description="Sessions on Wednesdays.")
    thu: Day = Field(default=[], description="Sessions on Thursdays.")
    fri: Day = Field(default=[], description="Sessions on Fridays.")
    sat: Day = Field(default=[], description="Sessions on Saturdays.")
    sun: Day = Field(default=[], description="Sessions on Sundays.")


class Windows(Part):
    """When numbers are given out, by weekday, in place of the two rules above."""

    mon: Day | None = Field(default=None, description="Windows on Mondays.")
    tue: Day | None = Field(default=None, description="Windows on Tuesdays.")
    wed: Day | None = Field(default=None, description="Windows on Wednesdays.")
    thu: Day | None = Field(default=None, description="Windows on Thursdays.")
    fri: Day | None = Field(default=None, description="Windows on Fridays.")
    sat: Day | None = Field(default=None, description="Windows on Saturdays.")
    sun: Day | None = Field(default=None, description="Windows on Sundays.")


class IssuingPart(Part):
    """When the kiosk gives out numbers."""

    before_minutes: float = Field(
        default=15,
        ge=0,
        le=720,
        description="Numbers are given out this long before a session opens.",
    )
    stop_minutes: float = Field(
        default=0, ge=0, le=720, description="Numbers stop this long before a session ends."
    )
    windows: Windows | None = Field(
        default=None,
        description="Windows instead of the two rules. A weekday that is not named, and a day "
        "with other hours, follows the rules; an empty list gives out no numbers that day.",
    )

    @model_validator(mode="after")
    def _some_windows(self) -> IssuingPart:
        if self.windows == Windows():
            self.windows = None
        return self


class ClosurePart(Part):
    """Days closed, or with other hours: a holiday, a make-up Saturday, an early end."""

    from_: date = Field(alias="from", description="The first day.")
    to: date | None = Field(default=None, description="The last day; without it, one day only.")
    hours: Day = Field(default=[], description="Sessions of these days in place of the usual ones.")
    reason: Words | None = Field(
        default=None, description="Why, as people read it; needed on days without hours."
    )

    @model_validator(mode="after")
    def _one_day(self) -> ClosurePart:
        if self.to == self.from_:
            self.to = None
        return self


class RulesPart(Part):
    """Who is next, and what happens when somebody misses the call."""

    priority: Annotated[str, AfterValidator(priority_rule)] = Field(
        default="2:1",
        description="`N:M` calls N priority numbers, then M others in the order they came; "
        "`strict` calls priority numbers first; `none` makes no difference.",
    )
    priorities: Annotated[list[Priority], AfterValidator(each_once)] = Field(
        default=["elderly", "disability", "pregnancy", "small_child", "merit"],
        description="The reasons for priority that the kiosk offers, in this order.",
    )
    elderly_age: int = Field(
        default=60,
        ge=1,
        le=120,
        description="From this age on a citizen card that is scanned at the kiosk offers the "
        "priority `elderly`. Sixty is the age of the Law on the Elderly (39/2009/QH12).",
    )
    overdue_after_minutes: Minutes = Field(
        default=60,
        description="Who has waited this long goes before the services a counter prefers.",
    )
    no_show_return_minutes: float = Field(
        default=30,
        ge=0,
        le=1440,
        description="How long somebody who missed the call may come back.",
    )
    no_show_return_places: int = Field(
        default=3, ge=0, le=99, description="How many people then stay in front of them."
    )
    stop_when_full: bool = Field(
        default=True,
        description="Stop giving out numbers of a service when the rest of the day is not long "
        "enough to serve another one.",
    )
    show_left_below: int = Field(
        default=20,
        ge=0,
        le=9999,
        description="The kiosk says how many numbers are left from this count down.",
    )
    idle_seconds: int = Field(
        default=30,
        ge=5,
        le=600,
        description="How long without a touch before the kiosk goes back to its start.",
    )


class VoicePart(Part):
    """How calls are spoken."""

    languages: Annotated[list[Language], AfterValidator(each_once)] = Field(
        default=["vi"], description="Spoken in these languages, in this order."
    )
    whole_numbers: bool = Field(
        default=False,
        description="`true` reads 25 as “hai mươi lăm”; `false` reads “không, hai, năm”.",
    )
    link: Annotated[Literal["lẻ", "linh"], BeforeValidator(_composed)] = Field(
        default="lẻ",
        description="How whole numbers say the missing tens of 105: “một trăm lẻ năm” in the "
        "south, “một trăm linh năm” in the north.",
    )
    times: Literal[1, 2] = Field(
        default=2,
        description="How often each call is said; once while many others wait to be called.",
    )


class ServicePart(Part):
    """What a citizen chooses at the kiosk (*lĩnh vực*). In the file's order on the screen."""

    code: ServiceCode = Field(
        description="The service's name in this file and to programs; never changes."
    )
    letter: Annotated[str, AfterValidator(service_letter)] = Field(
        description="The letter that begins its numbers: `A` gives A001."
    )
    kind: Literal["service", "results"] = Field(
        default="service", description="`results` for the return of results (*trả kết quả*)."
    )
    fields: Annotated[
        list[Annotated[str, AfterValidator(field_code)]], AfterValidator(each_once)
    ] = Field(
        default=[],
        description="Fields of the procedure catalogue that belong here (`field_code`).",
    )
    icon: Annotated[str, AfterValidator(icon_name)] = Field(
        default="file-text", description="The drawing on its tile, a Lucide name."
    )
    tint: Tint = Field(default="red", description="The colour of its letter.")
    daily_cap: Annotated[int, Field(ge=1, le=9999)] | None = Field(
        default=None, description="Most numbers a day."
    )
    typical_minutes: Minutes | None = Field(
        default=None,
        description="How long one citizen takes, for likely waits until times are measured.",
    )
    limit_minutes: Minutes | None = Field(
        default=None, description="Serving for longer turns the clerk's clock amber."
    )
    names: Words = Field(description="Its name, as on the tile.")
    papers: Lines | None = Field(default=None, description="What to bring, a line each.")


class CounterPart(Part):
    """A desk (*quầy*) where a clerk calls and serves."""

    number: Annotated[str, AfterValidator(counter_number)] = Field(
        description="The number over the desk, as text."
    )
    services: Annotated[list[Tier], Field(min_length=1)] = Field(
        description="Codes of its services in order of preference; codes in one inner list are "
        'equal: `[["ho-tich"], ["chung-thuc", "cu-tru"]]`.'
    )
    printer: Slug | None = Field(
        default=None,
        description="Name of the printer below that prints its forms; without one they are "
        "printed from the browser.",
    )
    names: Words | None = Field(
        default=None, description="What the sign at the desk says under its number."
    )


class PrinterPart(Part):
    """A printer for slips; the first one serves kiosks that name no other."""

    name: Slug = Field(description="The printer's name in this office.")
    uri: Annotated[str, Field(max_length=300), AfterValidator(printer_uri)] = Field(
        description="How it is reached: `network://10.0.0.9`, `usb://04b8:0e15`, `virtual:slips` …"
    )
    paper_mm: Literal[58, 80] = Field(default=80, description="Width of the paper.")


class PersonPart(Part):
    """Somebody who works here. The password is set with `motcua user add`, never in a file."""

    name: Annotated[str, AfterValidator(sign_in_name)] = Field(
        description="The name to sign in with; one person in the whole installation."
    )
    role: Literal["clerk", "manager"] = Field(description="What they may do here.")
    display_name: Line | None = Field(
        default=None, description="Their name as others see it; without it, the name above."
    )

    @model_validator(mode="after")
    def _own_name(self) -> PersonPart:
        if self.display_name == self.name:
            self.display_name = None
        return self


class OfficePart(Part):
    """A reception office, or an office above it that only gives the tree its shape."""

    slug: Slug = Field(description="The office's name in addresses; never changes.")
    parent: Slug | None = Field(
        default=None, description="Slug of the office above, in this file or loaded before."
    )
    languages: Annotated[
        list[Language], AfterValidator(each_once), AfterValidator(with_vietnamese)
    ] = Field(default=["vi"], description="Languages its screens offer, in this order.")
    timezone: Annotated[str, AfterValidator(time_zone)] = Field(
        default="Asia/Ho_Chi_Minh", description="Time zone of its hours and business day."
    )
    brand: Annotated[str, AfterValidator(brand_colour)] = Field(
        default="#9B1B1E", description="Colour of its screens; white text must be readable on it."
    )
    logo: Annotated[str, AfterValidator(office_logo)] | None = Field(
        default=None, description="Its logo on slips, at most 24 × 12 mm, in black and white."
    )
    names: Words = Field(description="Its name.")
    organisation: Words | None = Field(
        default=None, description="The authority above its name on slips."
    )
    hours: Week = Field(default=Week(), description="Opening hours by weekday, local time.")
    issuing: IssuingPart = Field(default=IssuingPart(), description="When numbers are given out.")
    closure: list[ClosurePart] = Field(
        default=[],
        description="Holidays and days with other hours. Where two cover a day, the last holds.",
    )
    rules: RulesPart = Field(default=RulesPart(), description="Who is next.")
    voice: VoicePart = Field(default=VoicePart(), description="How calls are spoken.")
    ticker: list[Words] = Field(default=[], description="Lines that run along the hall's board.")
    park: list[Words] = Field(
        default=[], description="Usual reasons to send somebody off to fix something."
    )
    service: list[ServicePart] = Field(default=[], description="Its services.")
    counter: list[CounterPart] = Field(default=[], description="Its counters.")
    printer: list[PrinterPart] = Field(default=[], description="Its printers.")
    person: list[PersonPart] = Field(
        default=[], description="Who works here. Nobody is removed by leaving them out."
    )


class HallFile(Part):
    """The whole file: one or more offices, in any order."""

    office: Annotated[list[OfficePart], Field(min_length=1)] = Field(
        description="The offices of this file."
    )
