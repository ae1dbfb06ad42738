"""Debian's Chromium for tests, as a hall's PCs run it."""

from __future__ import annotations

import atexit
import functools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WITH_SOUND = "--autoplay-policy=no-user-gesture-required"
"""A board is started with this, so that it may speak before anybody has touched it."""


@functools.cache
def _playwright() -> Playwright:
    """One for the whole test process: a second one beside it is refused."""
    started = sync_playwright().start()
    atexit.register(started.stop)
    return started


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A browser with more ``flags``; the test is skipped where Chromium is not installed."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed")
    browser = _playwright().chromium.launch(executable_path=found, args=[*FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()


def hears_keys(page: Page) -> None:
    """Wait until a page that has just been drawn listens as well: that comes after the frame."""
    page.evaluate("() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 150)))")
