"""What is on a slip (*phiếu số thứ tự*), as plain data. Nothing is drawn here.

Words arrive in the citizen's language already; this side does not translate. The three marks below
are the exception: they speak to the staff, who read Vietnamese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

REPRINT_MARK = "IN LẠI"
"""On a slip that was printed before: the number may be in somebody else's hand already."""
DEMO_MARK = "PHIẾU MẪU"
"""On a slip of the sample hall: worth nothing at a counter."""

PAPERS_MM = (80, 58)
"""Widths of paper there are, in millimetres; the first one is usual."""

LONGEST_TEXT = 300
"""Characters of one text; more than that could not be read on a slip anyhow."""
LONGEST_URL = 280
"""Bytes that fit a QR code of five dots a module on the narrow paper (version 12, level M)."""

# Khmer separates words with a zero-width space and some syllables with (non-)joiners.
_KEPT_FORMAT = frozenset("\u200b\u200c\u200d")
# A no-break space is meant: "30 phút" stays together.
_SPACE = re.compile(r"[^\S\u00a0]")
_SPACES = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class Slip:
    """Everything that is drawn, in the order of the paper. An empty text takes no room.

    Texts are cleaned when the slip is made (see :func:`clean`) and cut to ``LONGEST_TEXT``. Raises
    ``ValueError`` for a width of paper there is not, for a slip without a number and for an address
    longer than ``LONGEST_URL``.
    """

    number: str
    """The ticket's number, for example ``A012``."""
    organisation: str = ""
    """The authority above the office, for example *UBND huyện Vĩnh Thuận*."""
    office: str = ""
    service: str = ""
    priority: str = ""
    """Why this ticket goes first, for example *Ưu tiên: Người cao tuổi*; empty for nobody."""
    ahead: str = ""
    """How many wait before this ticket, as a sentence."""
    printed_at: str = ""
    """Local date and time as they are to be read."""
    url: str = ""
    """Where the QR code leads; empty for a slip without one."""
    qr_caption: str = ""
    """What the QR code is for."""
    missed: str = ""
    """What to do when the number has passed."""
    thanks: str = ""
    language: str = "vi"
    reprint: bool = False
    demo: bool = False
    paper_mm: int = PAPERS_MM[0]
    logo: str = ""
    """The office's logo: a PNG of at most 192 × 96 dots in Base64 (see ``hardware.logos``). It is
    in the slip because whoever draws may have nothing else at hand."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                cleaned = clean(value)
                if field.name not in ("url", "logo"):
                    cleaned = cleaned[:LONGEST_TEXT]
                object.__setattr__(self, field.name, cleaned)
        check(self.paper_mm, self.url)
        if not self.number:
            raise ValueError("a slip without a number")

    @property
    def marks(self) -> tuple[str, ...]:
        """What must not be overlooked, for the band across the top."""
        return marks_of(demo=self.demo, reprint=self.reprint)

    def to_dict(self) -> dict[str, Any]:
        """The slip as JSON keeps it."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Slip:
        """A slip from :meth:`to_dict`. Unknown names are skipped and missing ones are default.

        A job may wait in the outbox while the product is updated, in either direction.
        Raises ``ValueError`` when there is no number.
        """
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        return cls(**{"number": "", **values})


def check(paper_mm: int, url: str) -> None:
    """Raises ``ValueError`` for a width of paper there is not and for an address too long."""
    if paper_mm not in PAPERS_MM:
        raise ValueError(f"no paper of {paper_mm} mm; there is {PAPERS_MM}")
    if len(url.encode()) > LONGEST_URL:
        raise ValueError(f"an address of more than {LONGEST_URL} bytes: {url[:80]}…")


def marks_of(*, demo: bool, reprint: bool) -> tuple[str, ...]:
    """The marks of a slip, in their order."""
    marks = {DEMO_MARK: demo, REPRINT_MARK: reprint}
    return tuple(mark for mark, shown in marks.items() if shown)


def clean(text: str) -> str:
    """``text`` in composed form (NFC), on one line, without what cannot be seen on paper.

    White space of any kind becomes one space; a no-break space stays one. Dropped are control
    characters (a printer would obey them), marks of writing direction, private and unassigned code
    points and halves of pairs.
    """
    seen = "".join(sign for sign in _SPACE.sub(" ", text) if _visible(sign))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", seen).strip(" \u00a0\u200b"))


def sample_slip(url: str, *, printed_at: str = "", paper_mm: int = PAPERS_MM[0]) -> Slip:
    """The slip of ``motcua printer test``: every kind of text a real one has, and no real number.

    ``url`` is what its QR code holds. The words show stacked Vietnamese marks and Khmer subscripts,
    which is what goes wrong first on a printer.
    """
    return Slip(
        number="0000",
        organisation="Một Cửa",
        office="Phiếu in thử · Test slip · សំបុត្រ",
        service="Chứng thực, hộ tịch, đất đai",
        ahead="Ắ Ằ Ẳ Ẵ Ặ Ế Ề Ể Ễ Ệ Ố Ồ Ổ Ỗ Ộ ắ ệ ộ ữ ỵ",
        printed_at=printed_at,
        url=url,
        qr_caption="Quét mã để kiểm tra",
        missed="ស្ត្រីមានផ្ទៃពោះ · សូមជ្រើសរើសសេវាកម្ម",
        thanks="Nếu đọc được mọi dòng, máy in đã sẵn sàng.",
        demo=True,
        paper_mm=paper_mm,
    )


def _visible(sign: str) -> bool:
    return sign in _KEPT_FORMAT or not unicodedata.category(sign).startswith("C")
