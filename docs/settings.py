"""Writes docs/settings.md from the settings class, so that the two cannot drift apart."""

from __future__ import annotations

from pathlib import Path

from server.settings import Settings

PAGE = Path(__file__).with_name("settings.md")

HEAD = """# Settings

Values come from the environment or from `motcua.env` in the data folder (`NAME=value`, a line
each); the environment wins. Made by `docs/settings.py`; a test sees that it is true.

| variable | meaning | default |
|---|---|---|
"""


def page() -> str:
    """The page as it should be."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `MOTCUA_{name.upper()}` | {field.description} | {default} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
