"""What one script imports from another is really there: a missing name would blank a screen."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "server" / "static"
IMPORT = re.compile(r"import\s*\{(?P<names>[^}]*)\}\s*from\s*[\"'](?P<source>[^\"']+)[\"']")
EXPORT = re.compile(
    r"export\s+(?:async\s+)?(?:function\*?|class|const|let)\s+(?P<name>\w+)"
    r"|export\s*\{(?P<list>[^}]*)\}"
)
MAP = {"preact": STATIC / "vendor" / "htm-preact.js"}
"""The import map of base.html; ``motcua/`` stands for ``server/static/js/``."""


def scripts() -> list[Path]:
    """The scripts of all rooms but the vendored ones."""
    return [
        path
        for room in ("server", "kiosk", "display", "counter")
        for path in (ROOT / room).rglob("*.js")
        if "vendor" not in path.parts
    ]


def exports(script: Path) -> set[str]:
    """The names a script gives to others."""
    found: set[str] = set()
    for match in EXPORT.finditer(script.read_text("utf-8")):
        names = match["name"] or match["list"]
        found |= {name.split(" as ")[-1].strip() for name in names.split(",") if name.strip()}
    return found


def where(source: str, importer: Path) -> Path:
    """The file behind an import."""
    if source in MAP:
        return MAP[source]
    if source.startswith("motcua/"):
        return STATIC / "js" / source.removeprefix("motcua/")
    if source.startswith("/"):
        room, _, rest = source.strip("/").partition("/static/")
        home = {"lookup": ROOT / "server" / "lookup"}.get(room, ROOT / room)
        return STATIC / source.removeprefix("/static/") if not rest else home / "static" / rest
    return (importer.parent / source).resolve()


def test_every_imported_name_is_exported() -> None:
    missing, seen = [], 0
    for script in scripts():
        for match in IMPORT.finditer(script.read_text("utf-8")):
            file = where(match["source"], script)
            given = exports(file) if file.is_file() else set()
            for name in match["names"].split(","):
                wanted = name.split(" as ")[0].strip()
                seen += bool(wanted)
                if wanted and wanted not in given:
                    missing.append(f"{script.relative_to(ROOT)}: {wanted} of {match['source']}")
    assert seen > 50, "the scripts import in another way than this test knows"
    assert missing == []


def test_the_import_map_is_the_one_that_is_served() -> None:
    page = (ROOT / "server" / "templates" / "base.html").read_text("utf-8")
    served = dict(
        re.findall(r"\"([\w./]+)\": \"\{\{ url_for\('static', filename='([^']+)'\)", page)
    )
    assert served == {"preact": "vendor/htm-preact.js", "motcua/": "js/"}
