"""What is on a form, as plain data, in the order of the paper. Nothing is drawn here.

Each kind of part says its ``shape``, by which a template or a drawing knows what to do with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")

RECEIPT_COPIES = ("Liên 1: lưu", "Liên 2: giao người nộp")


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value."""

    shape: ClassVar[str] = "field"
    label: str
    value: str
    strong: bool = False
    """What the citizen looks for first: the due date."""
    by_hand: bool = False
    """Where there is no value, a line is left to write on."""


@dataclass(frozen=True, slots=True)
class Row:
    """Fields that stand beside each other where there is room."""

    shape: ClassVar[str] = "row"
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A label with numbered lines."""

    shape: ClassVar[str] = "items"
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    shape: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True, slots=True)
class Hand:
    """One side of a hand-over."""

    unit: str
    person: str = ""
    """Empty: not recorded, to be signed."""
    moment: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One hand-over (*giao, nhận*) of a control sheet."""

    giver: Hand
    receiver: Hand
    outcome: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hops:
    """The chain of hand-overs, first to last."""

    shape: ClassVar[str] = "hops"
    hops: tuple[Hop, ...]


Part = Field | Row | Items | Words | Hops


@dataclass(frozen=True, slots=True)
class Signature:
    """Where somebody signs."""

    role: str
    name: str = ""
    """Printed below; empty where the person writes it."""
    how: str = "(Ký và ghi rõ họ tên)"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form, filled in."""

    kind: str
    mark: str
    """*Mẫu số 01 (Thông tư …)*."""
    title: str
    paper: str
    code: str
    """The dossier's, *mã hồ sơ*; what the QR code leads to."""
    agency: str
    """The authority above the reception unit; may be empty."""
    unit: str
    number: str
    """*Số: 12/TNHS*."""
    place_and_date: str
    addressee: str
    """*Kính gửi*; empty for forms that are no letters."""
    parts: tuple[Part, ...]
    signatures: tuple[Signature, ...]
    notes: tuple[str, ...] = ()


def copy_marks(kind: str, copies: int) -> tuple[str, ...]:
    """What stands on each copy, so that nobody mistakes one for another.

    A single receipt is the citizen's. A single copy of another form needs no mark.
    """
    if kind == "receipt":
        first, second = RECEIPT_COPIES
        return (second,) if copies == 1 else (first, *(second,) * (copies - 1))
    if copies == 1:
        return ("",)
    return tuple(f"Bản {number}/{copies}" for number in range(1, copies + 1))


def usual_copies(kind: str) -> int:
    """How many copies a form has: two of a receipt, one of the others."""
    return len(RECEIPT_COPIES) if kind == "receipt" else 1
