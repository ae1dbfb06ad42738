"""``python -m bench [STORY …] [--document]``: the table of ratios; exit code 1 when one is missed.

``--document`` also writes the table into docs/performance.md.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import bench
from bench.table import Ratio, machine, table, verdict

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN = "<!-- table: made by `python -m bench --document`, do not edit -->"
END = "<!-- end of table -->"

FRAME = ("table", "watching", "filling", "__main__")
"""Modules that measure nothing."""


def stories() -> list[str]:
    """The modules that measure something, by name."""
    return [found.name for found in pkgutil.iter_modules(bench.__path__) if found.name not in FRAME]


def run(names: list[str]) -> int:
    """Measure, print the table, and say with the exit code whether all limits were kept."""
    document = "--document" in names
    chosen = [name for name in names if name != "--document"] or stories()
    unknown = sorted(set(chosen) - set(stories()))
    if unknown or (document and set(chosen) != set(stories())):
        wrong = f"no such story: {', '.join(unknown)}" if unknown else "--document needs them all"
        print(f"{wrong}; there are: {', '.join(stories())}", file=sys.stderr)
        return 2
    measured: list[Ratio] = []
    for name in chosen:
        print(f"measuring {name} …", file=sys.stderr)
        measured += importlib.import_module(f"bench.{name}").ratios()
    print(table(measured))
    if document:
        write(measured)
    return verdict(measured)


def write(measured: list[Ratio]) -> None:
    """Put the table into the document."""
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    made = f"{BEGIN}\n\n{table(measured)}\n\n{machine()}.\n\n{END}"
    DOCUMENT.write_text(f"{before}{made}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
