"""Writes the lists of docs/voice.md from the voice itself, so that the two cannot drift apart."""

from __future__ import annotations

from pathlib import Path

from hardware.voice.pack import recordings
from hardware.voice.phrases import FRAMES

PAGE = Path(__file__).with_name("voice.md")
BEGIN = "<!-- lists: made by `python docs/voice.py`, do not edit -->"
END = "<!-- end of lists -->"
NAMES = {"vi": "Vietnamese", "en": "English", "km": "Khmer"}


def lists() -> str:
    """The recordings of each language, a table each."""
    parts = []
    for language in FRAMES:
        wanted = recordings(language)
        parts.append(f"### {NAMES[language]}: `clips/{language}/`, {len(wanted)} files\n")
        parts.append("| file | say |\n|---|---|")
        parts.extend(f"| `{each.name}.wav` | {each.words} |" for each in wanted)
        parts.append("")
    return "\n".join(parts)


def page(document: str) -> str:
    """``document`` with its lists made anew."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{lists()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), encoding="utf-8")
