"""A keyboard-wedge scanner for tests: real keys in Chromium, with the page's clock in our hands."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

SYMBOLS = {
    ":": "Shift+Semicolon",
    "|": "Shift+Backslash",
    "?": "Shift+Slash",
    "_": "Shift+Minus",
    "=": "Equal",
    "/": "Slash",
    "-": "Minus",
    ".": "Period",
    ",": "Comma",
    " ": "Space",
}


def chord(character: str) -> str:
    """The keys that write ``character`` on a US keyboard, as Playwright names them."""
    if character.isupper() and character.isascii():
        return f"Shift+{character}"
    return SYMBOLS.get(character, character)


class Scanner:
    """Types into ``page``; its clock must have been installed and paused."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def type(self, text: str, gap: int = 5, end: str | None = "Enter") -> None:
        """Type ``text`` with ``gap`` milliseconds between the keys, then press ``end``."""
        for character in text:
            self.page.keyboard.press(chord(character))
            if gap:
                self.wait(gap)
        if end:
            self.page.keyboard.press(end)

    def wait(self, milliseconds: int) -> None:
        """Let time pass on the page."""
        self.page.clock.run_for(milliseconds)

    def keys(self, *events: dict[str, Any], gap: int = 5) -> None:
        """Keys that a test's own keyboard cannot make: an input method's, another layout's."""
        for event in events:
            self.page.evaluate(
                "(e) => document.activeElement.dispatchEvent(new KeyboardEvent(e.type ?? 'keydown',"
                " {bubbles: true, cancelable: true, ...e}))",
                event,
            )
            self.wait(gap)
