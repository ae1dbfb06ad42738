"""Every icon that a page asks for is in the sprite."""

from __future__ import annotations

import re
from pathlib import Path

from server.vendor import ICONS, STATIC

ROOT = Path(__file__).parents[2]
ASKED = re.compile(r"""(?:\bicon\(|\bIcon\}? name=)["'](?P<name>[a-z][a-z0-9-]+)["']""")


def asked_for() -> dict[str, str]:
    """Icon names with one file that asks for each."""
    found = {}
    for room in ("server", "kiosk", "display", "counter"):
        for suffix in ("*.html", "*.js"):
            for path in (ROOT / room).rglob(suffix):
                if "vendor" not in path.parts:
                    for match in ASKED.finditer(path.read_text("utf-8")):
                        found[match["name"]] = str(path.relative_to(ROOT))
    return found


def test_every_icon_is_in_the_list() -> None:
    asked = asked_for()
    assert len(asked) > 10, "the pages ask for icons in another way than this test knows"
    assert {name: path for name, path in asked.items() if name not in ICONS} == {}


def test_every_icon_of_the_list_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    assert [name for name in ICONS if f'id="{name}"' not in sprite] == []
