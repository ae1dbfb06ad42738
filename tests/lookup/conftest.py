"""The phone page asked as a phone asks; the app and its clock are those of the API's tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.offices import sample
from server.queueing.models import Ticket
from tests.api.conftest import Asking, House, anyone, clerk, furnished, house, kiosk

__all__ = ["anyone", "clerk", "furnished", "house", "kiosk"]

UNSEEN = {"script", "style", "template", "title", "noscript"}
ALONE = {"meta", "link", "img", "input", "br", "use"}


class Words(HTMLParser):
    """The words of a page that somebody without scripts reads, and its headings by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.read: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more element; those that are hidden hide what they hold."""
        names = dict(attrs)
        if tag in ("h1", "h2"):
            self.headings.append("")
        if tag in ALONE:
            return
        hidden = tag in UNSEEN or "hidden" in names or names.get("aria-hidden") == "true"
        self.open.append((tag, hidden or (bool(self.open) and self.open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        """It ends, with all that its author forgot to close."""
        while self.open and tag not in ALONE:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Words, if they are seen."""
        if self.open and self.open[-1][1]:
            return
        self.read.append(data)
        if any(tag in ("h1", "h2") for tag, _ in self.open):
            self.headings[-1] += data


def words_of(page: str) -> str:
    """What can be read on a page, in one line."""
    reader = Words()
    reader.feed(page)
    return re.sub(r"\s+", " ", " ".join(reader.read)).strip()


@dataclass
class Holder:
    """Somebody with a number and a phone."""

    house: House
    ticket: dict[str, Any]
    by: Asking

    @property
    def address(self) -> str:
        """What the QR code leads to, without the host."""
        return f"/t/{self.ticket['token']}"

    def look(self, query: str = "", **headers: str) -> TestResponse:
        """Open the page, as a new phone that has chosen nothing."""
        answer: TestResponse = self.house.app.test_client().get(
            self.address + query, headers={"Accept": "text/html"} | headers
        )
        return answer

    def reads(self, query: str = "") -> str:
        """What the page says."""
        answer = self.look(query)
        assert answer.status_code == 200
        return words_of(answer.text)

    def step(self, name: str, **body: Any) -> None:
        """A clerk does something with the ticket."""
        answer = self.by.post(f"/tickets/{self.ticket['id']}/{name}", body)
        assert answer.status_code == 200, answer.text

    def called(self, counter: str = "1") -> None:
        """A clerk calls the ticket."""
        counters = self.by.get(f"/offices/{sample.SLUG}/board").json["counters"]
        (chosen,) = (one["id"] for one in counters if one["number"] == counter)
        self.step("call", counter=chosen)

    def stored(self) -> Ticket:
        """The ticket as it is stored."""
        with self.house.parts.database.read() as session:
            return session.get_one(Ticket, self.ticket["id"])


@pytest.fixture
def holder(house: House, clerk: Asking) -> Holder:
    """Somebody who has just taken a number for civil status, in English."""
    return Holder(house, clerk.take(language="en"), clerk)
