"""Puts the browser's and the printer's parts where the product looks for them.

``npm ci`` brings whole packages into ``node_modules``; ``python -m server.vendor`` picks the few
files that are served or drawn with and writes them to git-ignored folders:

- ``server/static/vendor/``: ES modules, the icons as one sprite, the web fonts, the licences;
- ``hardware/fonts/``: whole fonts for the slips (web fonts are subsets and will not do there);
- ``tests/vendor/``: axe-core for the accessibility tests, when it was installed.

Nothing is done when the lock file and this file are those of the last run.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATIC = ROOT / "server" / "static" / "vendor"
PRINTER_FONTS = ROOT / "hardware" / "fonts"
TEST_PARTS = ROOT / "tests" / "vendor"
STAMP = STATIC / ".stamp"

SCRIPTS = {
    "htm-preact.js": "htm/preact/standalone.module.js",
    "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
    "uplot.js": "uplot/dist/uPlot.esm.js",
}

SHEETS = {"uplot.css": "uplot/dist/uPlot.min.css"}
"""Style sheets that belong to a script."""

ICONS = """
    accessibility arrow-left arrow-right arrow-right-left baby bell bell-off bell-ring
    briefcase building-2
    bus calendar-check calendar-clock calendar-x check check-check chevron-left chevron-right
    circle-help circle-parking clock coffee copy file-check file-text hand-heart hard-hat
    heart-handshake hourglass house id-card inbox info keyboard landmark languages layout-grid
    list log-in log-out map medal megaphone monitor moon pause person-standing play plus printer
    printer-check qr-code receipt rotate-ccw scale scan-line school search smartphone stamp ticket
    tractor triangle-alert undo-2 user-check user-round user-x users volume-2 volume-x wallet
    wifi-off x calendar-range chart-line download
""".split()
"""Lucide icons of the sprite. Shown with ``<use href="…/icons.svg#name">``; add yours here."""

WEB_FONTS = {
    # Vietnamese last: where ranges overlap the last one is taken, and one file does for a page.
    "be-vietnam-pro": ((400, 500, 600, 700, 800), ("latin-ext", "latin", "vietnamese")),
    "noto-sans-khmer": ((400, 600, 700), ("khmer",)),
}
"""Package under @fontsource: (weights, subsets). Every subset keeps its unicode-range."""

DRAWN_FONTS = {
    "BeVietnamPro-Regular.ttf": "be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf",
    "BeVietnamPro-Medium.ttf": "be-vietnam-pro/500Medium/BeVietnamPro_500Medium.ttf",
    "BeVietnamPro-SemiBold.ttf": "be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf",
    "BeVietnamPro-Bold.ttf": "be-vietnam-pro/700Bold/BeVietnamPro_700Bold.ttf",
    "BeVietnamPro-ExtraBold.ttf": "be-vietnam-pro/800ExtraBold/BeVietnamPro_800ExtraBold.ttf",
    "NotoSansKhmer-Regular.ttf": "noto-sans-khmer/400Regular/NotoSansKhmer_400Regular.ttf",
    "NotoSansKhmer-Bold.ttf": "noto-sans-khmer/700Bold/NotoSansKhmer_700Bold.ttf",
    # Who hands the fonts on hands on their licence.
    "LICENSE-BeVietnamPro.txt": "be-vietnam-pro/LICENSE_FONT",
    "LICENSE-NotoSansKhmer.txt": "noto-sans-khmer/LICENSE_FONT",
}

LICENSED = (
    "@fontsource/be-vietnam-pro",
    "@fontsource/noto-sans-khmer",
    "htm",
    "lucide-static",
    "socket.io-client",
    "uplot",
)

_FACE = re.compile(r"/\* (?P<name>[a-z0-9-]+) \*/\s*@font-face \{.*?\n\}", re.DOTALL)
_WOFF2 = re.compile(r"url\(\./files/(?P<file>[\w-]+\.woff2)\) format\('woff2'\)")
_SVG = re.compile(r"<svg[^>]*>(?P<inside>.*)</svg>", re.DOTALL)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*\n?", re.MULTILINE)


class MissingPart(Exception):
    """A file that should have come with ``npm ci`` is not there."""


def fingerprint() -> str:
    """What the vendored files depend on, as one hash: the lock file and this file."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    # The accessibility tests' part comes with the test packages only, so its arrival counts too.
    digest.update(b"axe" if _axe().exists() else b"")
    return digest.hexdigest()


def gather() -> None:
    """Writes all parts. Raises ``MissingPart`` and writes no stamp when one is not installed."""
    for folder in (STATIC, PRINTER_FONTS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for name, source in SCRIPTS.items():
        # The maps are not served; a browser's console would only complain about them.
        script = _SOURCE_MAP.sub("", _part(source).read_text("utf-8"))
        (STATIC / name).write_text(script, "utf-8")
    for name, source in SHEETS.items():
        shutil.copyfile(_part(source), STATIC / name)
    (STATIC / "icons.svg").write_text(_sprite(), "utf-8")
    (STATIC / "fonts.css").write_text(_web_fonts(), "utf-8")
    (STATIC / "LICENSES.txt").write_text(_licences(), "utf-8")
    for name, source in DRAWN_FONTS.items():
        shutil.copyfile(_part(f"@expo-google-fonts/{source}"), PRINTER_FONTS / name)
    if _axe().exists():
        TEST_PARTS.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_axe(), TEST_PARTS / "axe.min.js")
    STAMP.write_text(fingerprint() + "\n", "utf-8")


def main() -> int:
    """The command: 0 when the parts are in place, 1 with one line on standard error if not."""
    if STAMP.exists() and STAMP.read_text("utf-8").strip() == fingerprint():
        return 0
    try:
        gather()
    except MissingPart as missing:
        print(f"vendor: {missing}. Run `npm ci`, then `python -m server.vendor`.", file=sys.stderr)
        return 1
    return 0


def _part(path: str) -> Path:
    """A file under node_modules; raises ``MissingPart`` when it is not there."""
    found = MODULES / path
    if not found.is_file():
        raise MissingPart(f"{path} is missing from node_modules")
    return found


def _axe() -> Path:
    return MODULES / "axe-core" / "axe.min.js"


def _sprite() -> str:
    """All of ``ICONS`` as symbols of one SVG, drawn in the colour of the text around them."""
    drawn = (
        'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round"'
    )
    symbols = []
    for name in ICONS:
        match = _SVG.search(_part(f"lucide-static/icons/{name}.svg").read_text("utf-8"))
        if match is None:
            raise MissingPart(f"lucide-static/icons/{name}.svg holds no drawing")
        inside = " ".join(line.strip() for line in match["inside"].split("\n")).strip()
        symbols.append(f'<symbol id="{name}" {drawn}>{inside}</symbol>')
    body = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n'


def _web_fonts() -> str:
    """Copies the woff2 files and returns the style sheet that names them."""
    target = STATIC / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    faces = []
    for package, (weights, subsets) in WEB_FONTS.items():
        for weight in weights:
            sheet = _part(f"@fontsource/{package}/{weight}.css").read_text("utf-8")
            found = {match["name"]: match[0] for match in _FACE.finditer(sheet)}
            for subset in subsets:
                name = f"{package}-{subset}-{weight}-normal"
                file = _WOFF2.search(found.get(name, ""))
                if file is None:
                    raise MissingPart(f"@fontsource/{package}/{weight}.css has no {name}")
                source = _part(f"@fontsource/{package}/files/{file['file']}")
                shutil.copyfile(source, target / file["file"])
                woff2 = f"src: url(fonts/{file['file']}) format('woff2');"
                faces.append(re.sub(r"src: [^;]*;", woff2, found[name]))
    return "\n".join(faces) + "\n"


def _licences() -> str:
    """The licence texts of what is served, each under its package's name."""
    texts = []
    for package in LICENSED:
        files = sorted((MODULES / package).glob("LICENSE*"))
        if not files:
            raise MissingPart(f"{package} came without its licence")
        texts += [f"==== {package} ====\n\n{file.read_text('utf-8').strip()}\n" for file in files]
    return "\n".join(texts)


if __name__ == "__main__":
    sys.exit(main())
