"""The service worker: it knows every file of the page, and renews itself when one changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kiosk import shell
from tests.kiosk.conftest import STATIC, Hall

SHARED = STATIC.parents[1] / "server" / "static" / "js"


def listed(script: str) -> list[str]:
    """The addresses that the worker keeps."""
    found = re.search(r"^const SHELL = (\[.*\]);$", script, re.MULTILINE)
    assert found, "the worker has no list"
    addresses: list[str] = json.loads(found[1])
    return addresses


def test_the_worker_may_rule_over_every_kiosk_and_is_asked_for_anew_each_time(hall: Hall) -> None:
    answer = hall.browser.get("/kiosk/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/kiosk/"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_everything_it_keeps_is_there(hall: Hall) -> None:
    browser = hall.browser
    # One missing address and the worker would not install at all.
    missing = [
        address
        for address in listed(browser.get("/kiosk/sw.js").text)
        if browser.get(address).status_code != 200
    ]
    assert missing == []


def test_it_keeps_every_module_that_the_page_imports(hall: Hall) -> None:
    kept = listed(hall.browser.get("/kiosk/sw.js").text)
    modules = [*STATIC.glob("*.js"), *SHARED.glob("*.js")]
    needed = set()
    for module in modules:
        for name in re.findall(r'from "([^"]+)"', module.read_text("utf-8")):
            if name.startswith("./"):
                room = "/kiosk/static/" if module.parent == STATIC else "/static/js/"
                needed.add(room + name.removeprefix("./"))
            elif name.startswith("motcua/"):
                needed.add("/static/js/" + name.removeprefix("motcua/"))
    assert "/static/js/live.js" in needed
    assert needed - set(kept) == set()


def test_it_changes_when_a_file_does(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    style = tmp_path / "kiosk.css"
    style.write_text("a {}")
    monkeypatch.setattr(shell, "ROOMS", {"/kiosk/static/": (tmp_path, ("*.css",))})
    before = shell.shell_version()
    assert shell.shell_version() == before
    style.write_text("a { color: red }")
    assert shell.shell_version() != before
    assert "/kiosk/static/kiosk.css" in shell.shell_addresses()
