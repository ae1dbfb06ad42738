"""What the addresses of printers have in common: ``scheme://WHERE?option=value``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from hardware.printers.interface import PrinterError

STATUS = ("strict", "process-id", "none")
"""``?status=none``: for a printer that answers nothing. What it took counts as printed.
``?status=process-id``: for a model that confirms each slip by a number (GS ( H)."""


class Address(NamedTuple):
    """The parts of a printer's address."""

    where: str
    """Between ``://`` and ``?``, decoded."""
    options: dict[str, str]
    """Every option there is, with its usual value where the address names none."""

    @property
    def confirms(self) -> bool:
        """Whether the printer is to be asked, before a slip and after."""
        return self.options["status"] != "none"

    @property
    def process_ids(self) -> bool:
        """Whether the printer confirms each slip by a number of its own."""
        return self.options["status"] == "process-id"


def read_address(
    uri: str, example: str, options: Mapping[str, Sequence[str]] | None = None
) -> Address:
    """The parts of ``uri``. ``options`` has the allowed values of each option but ``status``, the
    usual one first; a sequence of one begins a list without end (it is the caller's to check).

    Raises ``PrinterError`` for an address without a place, and for an option there is not.
    """
    _, slashes, rest = uri.partition("://")
    where, _, query = rest.partition("?")
    if not slashes or not where.strip("/") or "#" in rest or not unquote(where).isprintable():
        raise PrinterError(f"{uri!r} names no printer; {example}")
    allowed = {"status": STATUS, **(options or {})}
    given = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in given.items():
        values = allowed.get(name)
        if values is None or (len(values) > 1 and value not in values):
            raise PrinterError(f"{uri!r}: the options are {_listed(allowed)}; {example}")
    return Address(unquote(where), {name: values[0] for name, values in allowed.items()} | given)


def _listed(allowed: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(
        f"{name}={' or '.join(values) if len(values) > 1 else values[0]}"
        for name, values in allowed.items()
    )
