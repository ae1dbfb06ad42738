"""A dossier's code (*mã hồ sơ*), from the barcode of a receipt or typed by hand."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

DOSSIER_CODE = r"(\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(\.\d{1,3})*-\d{6}-\d{4,6}"
"""Agency, date ``YYMMDD``, number of the day: ``000.17.22.H56-210531-0001``,
``H56.14-240823-0001``. Codes seen in the provinces' systems; an office may have another pattern."""

_DASHES = re.compile(r"\s*[\u002d\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d_]\s*")
_IN_ADDRESS = re.compile(r"^https?://[^\s?]*/\w+/?\?(?:[^#]*&)?\w+=([^&#\s]+)(?:[&#].*)?$", re.I)


@dataclass(frozen=True, slots=True)
class DossierScan:
    """A dossier; ``code`` in its usual form: capitals, plain dashes, no spaces."""

    code: str


def normal_code(text: str, pattern: str = DOSSIER_CODE) -> str | None:
    """The code that ``text`` means, in its usual form; none when it is not one.

    Forgives case, spaces and any kind of dash. Does not guess at missing pieces.
    """
    code = _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip()).upper()
    code = "".join(code.split())
    if len(code) > 64 or not code.isascii() or re.fullmatch(pattern, code) is None:
        return None
    return code if _has_date(code) else None


def read_dossier(text: str, pattern: str = DOSSIER_CODE) -> DossierScan | None:
    """The dossier that a barcode, or the address of the lookup page on a receipt, names.

    The names in the address do not count: an input method makes ``lôkup`` of ``lookup``.
    """
    found = _IN_ADDRESS.match(text.strip())
    code = normal_code(found[1].replace("%2D", "-") if found else text, pattern)
    return DossierScan(code) if code else None


def _has_date(code: str) -> bool:
    """Whether the six digits in the middle are a day, where the code has such a part."""
    found = re.search(r"-(\d{2})(\d{2})(\d{2})-", code)
    if found is None:
        return True  # an office's own pattern
    try:
        date(2000 + int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True
