"""What no single value of a hall file can tell: things named twice, named but not there, at odds.

These look at the raw data and skip what has the wrong shape, so that they find their problems also
in a file in which the schema has found others: all are reported at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from server.offices.halllines import Path
from server.offices.hallproblems import Problem
from server.offices.hallvalues import did_you_mean, quoted
from server.offices.hours import WEEKDAYS

Table = dict[str, Any]


def tables(raw: Table, key: str, path: Path = ()) -> Iterator[tuple[Path, Table]]:
    """The tables under ``key``, each with its path."""
    found = raw.get(key)
    for index, table in enumerate(found if isinstance(found, list) else ()):
        if isinstance(table, dict):
            yield (*path, key, index), table


def texts(raw: Table, key: str, field: str) -> list[str]:
    """What the tables under ``key`` have in ``field``, where that is text."""
    values = [table.get(field) for _, table in tables(raw, key)]
    return [value for value in values if isinstance(value, str)]


def file_checks(raw: Table, parents: Mapping[str, str | None]) -> Iterator[Problem]:
    """Everything wrong with the file as a whole.

    Args:
        raw: the data of the file.
        parents: slugs of the offices loaded before, with the slug of the one above.
    """
    offices = list(tables(raw, "office"))
    yield from _twice(offices, "slug", "office")
    yield from _tree(offices, parents)
    people = [person for path, office in offices for person in tables(office, "person", path)]
    yield from _twice(people, "name", "person")
    for path, office in offices:
        for check in OFFICE_CHECKS:
            yield from check(office, path)


def _twice(found: list[tuple[Path, Table]], key: str, noun: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, table in found:
        value = table.get(key)
        if not isinstance(value, str):
            continue
        if value in seen:
            yield Problem(
                (*path, key), f'"{value}" is taken by another {noun}; each needs its own {key}'
            )
        seen.add(value)


def _tree(offices: list[tuple[Path, Table]], loaded: Mapping[str, str | None]) -> Iterator[Problem]:
    above: dict[str, Any] = dict(loaded)
    above |= {str(office.get("slug")): office.get("parent") for _, office in offices}
    for path, office in offices:
        parent = office.get("parent")
        if not isinstance(parent, str):
            continue
        if parent not in above:
            yield Problem(
                (*path, "parent"),
                f'"{parent}" is neither an office of this file nor loaded before.'
                f"{did_you_mean(parent, above)} Allowed: {quoted(sorted(above))}",
            )
            continue
        way = [str(office.get("slug"))]
        while isinstance(parent, str) and parent in above and parent not in way:
            way.append(parent)
            parent = above[parent]
        if parent == way[0]:
            yield Problem(
                (*path, "parent"),
                f"goes round in a circle ({' → '.join([*way, way[0]])}); "
                "an office cannot be above itself",
            )


def _names_twice(office: Table, path: Path) -> Iterator[Problem]:
    yield from _twice(list(tables(office, "service", path)), "code", "service")
    yield from _twice(list(tables(office, "service", path)), "letter", "service")
    yield from _twice(list(tables(office, "counter", path)), "number", "counter")
    yield from _twice(list(tables(office, "printer", path)), "name", "printer")


def _counters(office: Table, path: Path) -> Iterator[Problem]:
    codes = list(dict.fromkeys(texts(office, "service", "code")))
    served: set[str] = set()
    for at, counter in tables(office, "counter", path):
        here: set[str] = set()
        for where, code in _tier_codes(counter, at):
            if code not in codes:
                allowed = f"Allowed: {quoted(codes)}" if codes else "This office has no services"
                yield Problem(
                    where,
                    f'"{code}" is no service of this office.{did_you_mean(code, codes)} {allowed}',
                )
            elif code in here:
                yield Problem(where, f'"{code}" stands here twice; write it once')
            here.add(code)
        served |= here
    for at, service in tables(office, "service", path):
        if service.get("code") in codes and (code := str(service["code"])) not in served:
            yield Problem(
                (*at, "code"),
                f'no counter serves "{code}", so nobody would call its numbers; add it to the '
                "services of a [[office.counter]]",
            )


def _counters_printers(office: Table, path: Path) -> Iterator[Problem]:
    names = list(dict.fromkeys(texts(office, "printer", "name")))
    for at, counter in tables(office, "counter", path):
        printer = counter.get("printer")
        if isinstance(printer, str) and printer not in names:
            allowed = f"Allowed: {quoted(names)}" if names else "This office has no printers"
            meant = did_you_mean(printer, names)
            yield Problem(
                (*at, "printer"), f'"{printer}" is no printer of this office.{meant} {allowed}'
            )


def _tier_codes(counter: Table, path: Path) -> Iterator[tuple[Path, str]]:
    tiers = counter.get("services")
    for index, tier in enumerate(tiers if isinstance(tiers, list) else ()):
        place = (*path, "services", index)
        if isinstance(tier, str):
            yield place, tier
        for inner, code in enumerate(tier if isinstance(tier, list) else ()):
            if isinstance(code, str):
                yield (*place, inner), code


def _hours(office: Table, path: Path) -> Iterator[Problem]:
    hours = office.get("hours")
    week = hours if isinstance(hours, dict) else {}
    if not any(week.values()) and next(tables(office, "service", path), None):
        yield Problem(
            (*path, "hours"),
            'an office with services needs opening hours, like mon = [["07:00", "11:00"]]',
        )
    issuing = office.get("issuing")
    windows = issuing.get("windows") if isinstance(issuing, dict) else None
    for day in WEEKDAYS:
        if isinstance(windows, dict) and windows.get(day) and not week.get(day):
            yield Problem(
                (*path, "issuing", "windows", day),
                f"the office is closed on {day}, so no numbers can be given out; allowed on: "
                f"{', '.join(name for name in WEEKDAYS if week.get(name)) or 'no day yet'}",
            )


def _closures(office: Table, path: Path) -> Iterator[Problem]:
    for at, closure in tables(office, "closure", path):
        first, last = closure.get("from"), closure.get("to")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            yield Problem(
                (*at, "to"), f"{last} is before {first}; allowed is {first} or a later day"
            )
        if not closure.get("hours") and "reason" not in closure:
            yield Problem(
                (*at, "reason"),
                'is missing; say why it is closed, like [office.closure.reason] vi = "Nghỉ Tết"',
            )


def _spoken(office: Table, path: Path) -> Iterator[Problem]:
    voice, shown = office.get("voice"), office.get("languages", ["vi"])
    spoken = voice.get("languages") if isinstance(voice, dict) else None
    if not isinstance(spoken, list) or not isinstance(shown, list):
        return
    for index, language in enumerate(spoken):
        if language not in shown:
            yield Problem(
                (*path, "voice", "languages", index),
                f'"{language}" is not a language of this office; allowed: {quoted(shown)}',
            )


OFFICE_CHECKS: tuple[Callable[[Table, Path], Iterator[Problem]], ...] = (
    _names_twice,
    _counters,
    _counters_printers,
    _hours,
    _closures,
    _spoken,
)
