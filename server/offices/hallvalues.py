"""What a single value of the hall file may be. Each function returns the value or says, in one
line of plain English, what is wrong with it and what is allowed."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from difflib import get_close_matches

from server.vendor import ICONS

PRINTER_SCHEMES = ("network", "usb", "serial", "file", "cups", "win32", "virtual")
TEXT_CONTRAST = 4.5
"""Least contrast of white text on the office's colour: WCAG 2.2, 1.4.3."""

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")
_RATIO = re.compile(r"([1-9]\d?):([1-9]\d?)")


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """`` Did you mean “…”?`` with the nearest known word, or nothing."""
    spelt = {word.lower(): word for word in known}
    near = get_close_matches(wrong.lower(), list(spelt), n=1, cutoff=0.6)
    return f" Did you mean “{spelt[near[0]]}”?" if near else ""


def quoted(values: Iterable[object]) -> str:
    """The values as a technician would type them: ``"red", "amber"``."""
    return ", ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values)


def code_like(value: str) -> str:
    """A slug or a code."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        raise ValueError(
            f'"{value}" will not do; allowed are small letters a–z, digits and single dashes '
            'between them, like "ho-tich"'
        )
    return value


def service_letter(value: str) -> str:
    """The letter of a service."""
    if not re.fullmatch(r"[A-Z]", value):
        raise ValueError(f'"{value}" will not do; allowed is one capital letter, "A" to "Z"')
    return value


def counter_number(value: str) -> str:
    """The number over a desk."""
    if not re.fullmatch(r"[1-9]\d{0,2}[A-Z]?", value):
        raise ValueError(
            f'"{value}" will not do; allowed are "1" to "999", with a capital letter behind if '
            'need be, like "3" or "3B"'
        )
    return value


def field_code(value: str) -> str:
    """A field of the procedure catalogue."""
    if not re.fullmatch(r"[A-Z]{1,16}", value):
        raise ValueError(
            f'"{value}" will not do; allowed is a field_code of procedures.csv, capital letters '
            'like "HT"'
        )
    return value


def sign_in_name(value: str) -> str:
    """A name to sign in with; as :mod:`server.people.accounts` wants it."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", value):
        raise ValueError(
            f'"{value}" will not do; allowed are small letters a–z, digits, dots, dashes and '
            "underscores, at most 64"
        )
    return value


def clock(value: str) -> str:
    """A time of day."""
    if not _CLOCK.fullmatch(value):
        raise ValueError(f'"{value}" is no time of day; write hours and minutes like "07:30"')
    return value


def apart(day: list[list[str]]) -> list[list[str]]:
    """The sessions of a day: each ends after it begins, none reaches into the next."""
    for start, end in day:
        if end <= start:
            raise ValueError(
                f"{start}–{end} ends before it begins; write the earlier time first, and end a "
                'day with "24:00"'
            )
    for (start, end), (later, last) in zip(sorted(day), sorted(day)[1:], strict=False):
        if later < end:
            raise ValueError(f"{start}–{end} and {later}–{last} overlap; make one of them")
    return sorted(day)


def each_once(values: list[str]) -> list[str]:
    """A list that names nothing twice."""
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f'"{value}" stands here twice; write it once')
    return values


def with_vietnamese(languages: list[str]) -> list[str]:
    """The languages of an office; Vietnamese is what all others fall back to."""
    if "vi" not in languages:
        raise ValueError('"vi" is missing; it must be among the languages, add "en" and "km" to it')
    return languages


def time_zone(value: str) -> str:
    """A name of the IANA time zone database."""
    known = zoneinfo.available_timezones()
    if value not in known:
        raise ValueError(
            f'"{value}" is no time zone.{did_you_mean(value, known)} Allowed are names like '
            '"Asia/Ho_Chi_Minh"'
        )
    return value


def icon_name(value: str) -> str:
    """A drawing that the product has."""
    if value not in ICONS:
        raise ValueError(
            f'"{value}" is not among the icons.{did_you_mean(value, ICONS)} Allowed are '
            f"{', '.join(ICONS)}"
        )
    return value


def priority_rule(value: str) -> str:
    """How priority numbers and others take turns."""
    if value not in ("strict", "none") and not _RATIO.fullmatch(value):
        raise ValueError(
            f'"{value}" is no priority rule; allowed are "2:1" (any two numbers from 1 to 99), '
            '"strict" and "none"'
        )
    return value


def printer_uri(value: str) -> str:
    """Where a printer is."""
    scheme, colon, rest = value.partition(":")
    known = colon and scheme in PRINTER_SCHEMES and rest.strip("/")
    if not known or not value.isprintable() or value != value.strip():
        raise ValueError(
            f'"{value}" is no printer; allowed are network://HOST, usb://VID:PID, '
            "serial:///dev/ttyS0?baudrate=19200, file:///dev/usb/lp0, cups://QUEUE, win32://NAME "
            "and virtual:FOLDER"
        )
    return value


def brand_colour(value: str) -> str:
    """A colour on which white text can be read."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError(f'"{value}" is no colour; write # and six digits like "#9B1B1E"')
    contrast = contrast_with_white(value)
    if contrast < TEXT_CONTRAST:
        raise ValueError(
            f'white text on "{value}" has a contrast of {contrast:.1f}:1; needed is at least '
            f"{TEXT_CONTRAST}:1, so choose a darker colour"
        )
    return value.upper()


def contrast_with_white(colour: str) -> float:
    """Contrast ratio of ``#RRGGBB`` and white, 1 to 21, as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    ]
    red, green, blue = linear
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
