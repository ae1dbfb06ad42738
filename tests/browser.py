"""Debian's Chromium for tests, as a hall's PCs run it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

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


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A browser with more ``flags``; the test is skipped where Chromium is not installed."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*FLAGS, *flags])
        yield browser
        browser.close()
