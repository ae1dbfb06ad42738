"""What a first load sends to a phone, measured on the answers as they are sent."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import Asking, House
from tests.lookup.conftest import Holder

BUDGET_BYTES = 60 * 1024
"""Before fonts: the page, its style, its scripts and its pictures."""

OURS = Path(__file__).parents[2] / "server" / "lookup" / "static"
LIVE = Path(__file__).parents[2] / "server" / "static" / "js" / "live.js"

_NAMED = {
    "text/html": r'(?:href|src)="([^"#]+\.(?:css|js|svg))[#"]',
    "text/css": r'url\("?([^")]+\.svg)"?\)',
    "text/javascript": r'from\s*"([^"]+)"',
}


def load(phone: FlaskClient, address: str, seen: dict[str, int]) -> None:
    """Ask for ``address`` and for all it needs; ``seen`` gets the bytes that were sent."""
    if address in seen:
        return
    answer = phone.get(address, headers={"Accept-Encoding": "gzip", "Accept": "text/html"})
    assert answer.status_code == 200, address
    seen[address] = len(answer.data) + sum(len(f"{k}: {v}\r\n") for k, v in answer.headers)
    plain = phone.get(address, headers={"Accept": "text/html"}).text
    for found in re.findall(_NAMED.get(answer.mimetype, "$^"), plain):
        load(phone, urljoin(address, found), seen)


@pytest.mark.parametrize("language", ["vi", "en", "km"])
@pytest.mark.parametrize("called", [False, True])
def test_a_first_load_is_small(house: House, clerk: Asking, language: str, called: bool) -> None:
    for _ in range(40):
        clerk.take()
    holder = Holder(house, clerk.take(language=language), clerk)
    if called:
        holder.called()
    seen: dict[str, int] = {}
    load(house.app.test_client(), holder.address, seen)
    for part in ("socket.io.js", "live.js", "phone.js", "base.css", "phone.css", "icons.svg"):
        assert any(address.endswith(part) for address in seen), f"{part} was not counted"
    assert sum(seen.values()) <= BUDGET_BYTES, seen


@pytest.mark.parametrize("script", [*sorted(OURS.glob("*.js")), LIVE], ids=lambda path: path.name)
def test_scripts_are_read_by_browsers_of_2019(script: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", script.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"//[^\n]*", "", text)
    assert "function" in text or "=>" in text
    newer = {
        "optional chaining": r"\?\.(?!\d)",
        "nullish": r"\?\?",
        "dynamic import": r"\bimport\s*\(",
        "private field": r"this\.#|^\s+#\w+",
        "replaceAll": r"\.replaceAll\(",
        "at()": r"\.at\(",
        "top-level await": r"^await ",
        "AbortSignal.timeout": r"AbortSignal\.timeout",
        "replaceChildren": r"\.replaceChildren\(",
    }
    used = [name for name, found in newer.items() if re.search(found, text, re.MULTILINE)]
    assert not used
