"""What the kiosk keeps on its own disk, so that a restart without a network still shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from server.web import LANGUAGES

ROOMS = {
    # address prefix: folder and the patterns of the files below it that the page needs
    "/kiosk/static/": (Path(__file__).parent / "static", ("*.js", "*.css", "*.svg")),
    "/static/": (
        Path(__file__).parent.parent / "server" / "static",
        ("js/*.js", "css/*.css", "vendor/*.js", "vendor/*.svg", "vendor/*.css", "vendor/fonts/*"),
    ),
}
WORKER = "sw.js"
"""Served from ``/kiosk/sw.js``: a worker rules over the folder of its address and no other."""


def shell_files() -> list[tuple[str, Path]]:
    """Address and file of everything the page is made of, in a fixed order."""
    return sorted(_files())


def shell_addresses() -> list[str]:
    """Every address that the service worker fetches when it is installed."""
    return [address for address, _ in shell_files()] + [f"/words/{code}.json" for code in LANGUAGES]


def shell_version() -> str:
    """Changes whenever one of the files does: the worker then renews itself and its page."""
    digest = hashlib.sha256()
    for address, path in [*shell_files(), (WORKER, worker_file())]:
        stat = path.stat()
        digest.update(f"{address} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def worker_file() -> Path:
    """The service worker's script, without the list it works from."""
    return Path(__file__).parent / "static" / WORKER


def _files() -> Iterator[tuple[str, Path]]:
    for prefix, (folder, patterns) in ROOMS.items():
        for pattern in patterns:
            for path in folder.glob(pattern):
                if path.name != WORKER and path.is_file():
                    yield prefix + quote(path.relative_to(folder).as_posix()), path
