"""The QR code of a citizen card (*căn cước*), read to be forgotten.

``number|old number or empty|name|born ddmmyyyy|Nam or Nữ|address|issued ddmmyyyy``, seven fields or
more. No text of a card is ever part of a ``repr``, so that no log and no traceback can show it.

The number's structure (province, century and sex, year of birth) refuses nobody: a card that reads
cleanly counts even where it disagrees, as after a correction in the register. It is asked only when
something had to be repaired, in place of the check digit that the number lacks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

FIELDS = 7
PROVINCES = range(1, 97)
"""Province codes of citizen numbers: 001 to 096."""

_NUMBER = re.compile(r"\d{12}")
_OLD_NUMBER = re.compile(r"\d{9}")
_SEXES = {"nam": "Nam", "nữ": "Nữ"}


@dataclass(frozen=True, slots=True, repr=False)
class CitizenCard:
    """What a card says. Reading one proves nothing about who holds it."""

    number: str
    """Twelve digits."""
    old_number: str
    """The identity card number from before, nine digits; or empty."""
    name: str
    """In capitals, as on the card."""
    born: date
    sex: str
    """``Nam`` or ``Nữ``."""
    address: str
    issued: date | None

    def age_on(self, day: date) -> int:
        """Completed years on ``day``; who is born on 29 February completes one on 1 March."""
        birthday_to_come = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - birthday_to_come

    @property
    def consistent(self) -> bool:
        """Whether the number's structure agrees with the date of birth and the sex."""
        return number_agrees(self.number, self.born, self.sex)

    def __repr__(self) -> str:
        return "CitizenCard(…)"


@dataclass(frozen=True, slots=True)
class CardScan:
    """A citizen card was scanned."""

    card: CitizenCard


def read_card(text: str) -> CitizenCard | None:
    """The card whose text this is, nothing before it and no piece lost; none otherwise."""
    fields = [field.strip() for field in unicodedata.normalize("NFC", text).strip().split("|")]
    if len(fields) < FIELDS:
        return None
    number, old_number, name, born_at, sex_words, address, issued_at = fields[:FIELDS]
    born, issued = _day(born_at), _day(issued_at)
    sex = _sex(sex_words, number)
    if not _NUMBER.fullmatch(number) or not number.isascii() or born is None or not sex:
        return None
    if old_number and not (_OLD_NUMBER.fullmatch(old_number) and old_number.isascii()):
        return None
    if not name or any(character.isdigit() for character in name):
        return None
    if issued is None and issued_at:
        return None
    if issued is not None and issued < born:
        return None
    if sex_words.swapcase() in _SEXES.values():  # CapsLock was on
        address = address.swapcase()
    card = CitizenCard(number, old_number, name.upper(), born, sex, address, issued)
    clean = _SEXES.get(sex_words.lower()) == sex
    return card if clean or card.consistent else None


def number_agrees(number: str, born: date, sex: str) -> bool:
    """Whether a citizen number belongs to somebody born then, of that sex.

    Province (three digits), then one digit for century and sex (0 a man, 1 a woman of the 20th
    century, 2 and 3 of the 21st …), then the year of birth (two digits).
    """
    century = 2 * (born.year // 100 - 19) + (sex == "Nữ")
    return (
        int(number[:3]) in PROVINCES
        and int(number[3]) == century
        and int(number[4:6]) == born.year % 100
    )


def _day(text: str) -> date | None:
    if re.fullmatch(r"\d{8}", text) is None or not text.isascii():
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


def _sex(words: str, number: str) -> str:
    """``Nam`` or ``Nữ``; of a ``Nữ`` whose letter the scanner cannot type (``N?``, ``Nu``), the
    number says the rest. Empty when it is neither."""
    known = _SEXES.get(words.lower(), "")
    if known:
        return known
    spoiled = re.fullmatch(r"n\W{0,4}|nu", words.lower()) is not None
    woman = number[3:4].isdigit() and int(number[3]) % 2 == 1
    return "Nữ" if spoiled and woman else ""
