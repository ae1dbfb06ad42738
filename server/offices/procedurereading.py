"""From a file on the disk to text: what a spreadsheet may have saved instead of CSV in UTF-8."""

from __future__ import annotations

from pathlib import Path

from server.offices.encodings import UTF_16, WORKBOOK, wrong_kind
from server.offices.procedurefile import ProcedureFileError

MAX_BYTES = 16 * 1024 * 1024
"""The national catalogue has about 3 MB. More is not read into memory at all."""

SAVE_AS = "save it as “CSV UTF-8”"


def read_catalogue(path: Path) -> str:
    """The text of a catalogue.

    Raises:
        ProcedureFileError: it is too large, no text, or not in UTF-8; says what to do.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    return decoded(data, str(path))


def decoded(data: bytes, file: str) -> str:
    """``data`` as text, with or without a byte order mark.

    Raises:
        ProcedureFileError: as :func:`read_catalogue`.
    """
    if len(data) > MAX_BYTES:
        raise ProcedureFileError(
            [f"{file}: larger than {MAX_BYTES // 1024 // 1024} MB; no catalogue is, nothing read"]
        )
    kind = wrong_kind(data[:4])
    if kind == WORKBOOK:
        raise ProcedureFileError([f"{file}: is a workbook of a spreadsheet, no CSV; {SAVE_AS}"])
    if kind == UTF_16:
        raise ProcedureFileError([f"{file}: is in UTF-16 (“Unicode text”); {SAVE_AS}"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProcedureFileError(
            [
                f"{file}:{line}: file: is not in UTF-8 but perhaps in Windows-1258 or another old "
                f"encoding; open it in the spreadsheet and {SAVE_AS}"
            ]
        ) from None
