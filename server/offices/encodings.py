"""What a spreadsheet may have saved instead of text in UTF-8, told by its first bytes."""

from __future__ import annotations

WORKBOOK, UTF_16 = "workbook", "utf-16"


def wrong_kind(beginning: bytes) -> str:
    """What a file is that begins so and is no UTF-8: a workbook or UTF-16; empty when it may be.

    Old eight-bit encodings (Windows-1258, TCVN3) show only where they are no UTF-8.
    """
    if beginning.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return WORKBOOK
    if (
        beginning.startswith((b"\xff\xfe", b"\xfe\xff"))
        or beginning[1:4:2] == b"\0\0"
        or beginning[:1] == b"\0"
    ):
        return UTF_16
    return ""
