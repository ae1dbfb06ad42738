"""What is on the slip of a dossier's form (receipt, request for papers, refusal …), as plain data.

The words come filled in and in Vietnamese, as the law has them; nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hardware.slips import PAPERS_MM, check, clean, marks_of

LONGEST_VALUE = 1200
"""Characters of one value: a reason may be long, and none of it may be missing on paper."""


@dataclass(frozen=True, slots=True)
class FormPart:
    """A label with its value, a label with numbered lines, or (without a label) a paragraph."""

    label: str = ""
    value: str = ""
    lines: tuple[str, ...] = ()
    strong: bool = False
    """What the citizen looks for first."""
    by_hand: bool = False
    """A line is left to write on."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Where somebody signs, with the name below if it is known."""

    role: str
    how: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class FormSlip:
    """Everything that is drawn, in the order of the paper. An empty text takes no room.

    Texts are cleaned when the slip is made. Raises ``ValueError`` for a width of paper there is
    not, for a form without a title and for an address longer than ``LONGEST_URL``.
    """

    title: str
    code: str = ""
    """The dossier's."""
    mark: str = ""
    """Which form of which circular."""
    copy: str = ""
    """Which copy this is, for example *Liên 2: giao người nộp*."""
    agency: str = ""
    unit: str = ""
    number: str = ""
    motto: tuple[str, ...] = ()
    place_and_date: str = ""
    addressee: str = ""
    parts: tuple[FormPart, ...] = ()
    signatures: tuple[Signature, ...] = ()
    notes: tuple[str, ...] = ()
    url: str = ""
    """Where the QR code leads; empty for a slip without one."""
    qr_caption: str = ""
    reprint: bool = False
    demo: bool = False
    paper_mm: int = PAPERS_MM[0]

    def __post_init__(self) -> None:
        check(self.paper_mm, self.url)
        if not self.title:
            raise ValueError("a form without a title")

    @property
    def marks(self) -> tuple[str, ...]:
        """What must not be overlooked, for the band across the top."""
        return marks_of(demo=self.demo, reprint=self.reprint)

    def to_dict(self) -> dict[str, Any]:
        """The slip as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> FormSlip:
        """A slip from :meth:`to_dict`; unknown names are skipped, as for ticket slips."""
        values = _known(cls, stored) | {
            "parts": tuple(_part(FormPart, one) for one in stored.get("parts", ())),
            "signatures": tuple(_part(Signature, one) for one in stored.get("signatures", ())),
        }
        return cls(**{"title": "", **values})


def _part(kind: type[Any], stored: Mapping[str, Any]) -> Any:
    return kind(**_known(kind, stored))


def _known(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _cleaned(value)
        for name, value in stored.items()
        if name in kind.__dataclass_fields__ and name not in ("parts", "signatures")
    }


def _cleaned(value: Any) -> Any:
    """Without what a printer would obey; see :func:`hardware.slips.clean`."""
    if isinstance(value, str):
        return clean(value)[:LONGEST_VALUE]
    if isinstance(value, list | tuple):
        return tuple(_cleaned(one) for one in value)
    return value
