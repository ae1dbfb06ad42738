"""Documents that could drift from the product do not."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_settings_page_lists_the_settings() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "settings.py"))
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == made["page"]()


def test_the_voice_page_lists_what_to_record() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "voice.py"))
    document = (ROOT / "docs" / "voice.md").read_text("utf-8")
    assert document == made["page"](document)


def test_links_and_pictures_of_the_documents_exist() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    missing = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]
    assert missing == []


def test_every_make_target_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        name
        for page in ("README.md", "README.vi.md", "CONTRIBUTING.md")
        for name in re.findall(r"`?make ([a-z-]+)", (ROOT / page).read_text("utf-8"))
    }
    assert named <= targets
