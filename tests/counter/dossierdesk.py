"""A clerk who works on dossiers at a real counter, for the browser tests of the dossier work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Page
from playwright.sync_api import expect as usually

from server.database import Database, migrate
from server.dossiers.agencies import set_agency
from server.dossiers.numbering import set_pattern
from server.offices import hallfile, sample
from server.offices.procedures import load_procedures
from server.people.accounts import add_person, add_token
from server.settings import load_settings
from server.web import office_or_404
from tests.product import Product

expect = type(usually)()
"""Waits longer than usual: a page that asks the server twice has its time on a busy machine too."""
expect.set_options(timeout=15_000)

CARD = "091090000123|370123456|NGUYEN VAN MAU|05021990|Nam|Ap Mau, Vinh Thuan|12052021"
OTHER_CARD = "091305000456||DANH THI BE|17082005|Nu|Ap Mau, Vinh Phong|30112022"
MAU = {"name": "NGUYỄN VĂN MẪU", "phone": "0912345678", "identity_number": "091090000123"}
PASSWORD = "correct horse"

STATUS, LAND, UNKNOWN, COPY = "1.004873", "1.012784", "1.010803", "2.000815"
AGENCIES = {"tnmt": "Phòng Tài nguyên và Môi trường", "thue": "Chi cục Thuế"}
CATALOGUE = """\
field_code,field_vi,code,name_vi,days,unit,fee_vnd,fee_note,interlinked,valid_from,papers,agencies
HT,Hộ tịch,1.004873,Cấp Giấy xác nhận tình trạng hôn nhân,3,working_day,15000,,false,2026-01-01,\
Tờ khai theo mẫu | Trích lục ly hôn | Giấy tờ cư trú,
DD,Đất đai,1.012784,Tách thửa hoặc hợp thửa đất,12,working_day,,,true,2026-01-01,\
Đơn đề nghị | Giấy chứng nhận,tnmt:7 | thue:5
"""


@dataclass
class DossierHall:
    """The running product with the sample catalogue, a clerk, a manager, and a program's token."""

    product: Product
    token: str
    taken: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Ask the API as a program; what it answered."""
        answer = requests.request(
            method,
            f"{self.product.url}/api/v1{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            json=body or None,
            timeout=20,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def take(self, service: str = "ho-tich") -> dict[str, Any]:
        """Somebody takes a number."""
        self.taken.append(
            self.ask("POST", f"/offices/{sample.SLUG}/tickets", service=service, language="vi")
        )
        return self.taken[-1]

    def receive(self, procedure: str = STATUS, **more: Any) -> dict[str, Any]:
        """A dossier that somebody received before."""
        body = {"procedure": procedure, "applicant": MAU} | more
        found: dict[str, Any] = self.ask("POST", f"/offices/{sample.SLUG}/dossiers", **body)
        return found

    def step(self, code: str, step: str, **more: Any) -> dict[str, Any]:
        """A step that somebody else takes."""
        found: dict[str, Any] = self.ask("POST", f"/dossiers/{code}/steps", step=step, **more)
        return found

    def look(self, code: str) -> dict[str, Any]:
        """A dossier as it is stored."""
        found: dict[str, Any] = self.ask("GET", f"/dossiers/{code}")
        return found

    def open(self) -> list[str]:
        """The codes of the open dossiers."""
        rows = self.ask("GET", f"/offices/{sample.SLUG}/dossiers")["dossiers"]
        return [row["code"] for row in rows]

    def empty(self) -> None:
        """Nobody waits and nobody is served any more."""
        for ticket in self.taken:
            for step in ("cancel", "finish"):
                requests.post(
                    f"{self.product.url}/api/v1/tickets/{ticket['id']}/{step}",
                    headers={"Authorization": f"Bearer {self.token}"},
                    timeout=20,
                )
        self.taken.clear()


def furnish(data: Path) -> str:
    """Everything a hall needs to receive dossiers; returns the program's token.

    In this process: seven commands of their own would take longer than the tests.
    """
    url, now = load_settings(data).sqlalchemy_url, datetime.now(UTC)
    migrate(url)
    database = Database(url)
    with database.transaction() as session:
        text = sample.hall_text(always_open=True)
        hallfile.load(session, text, file=sample.HALL_FILE, now=now)
        for words in (sample.procedures_text(), CATALOGUE):
            load_procedures(session, words, file="procedures.csv")
        office = office_or_404(session, sample.SLUG)
        set_pattern(session, office, "H33.14", now=now, actor="admin")
        for code, name in AGENCIES.items():
            set_agency(session, office, code, {"vi": name}, now=now, actor="admin")
        for person, role in (("lan", "clerk"), ("sep", "manager")):
            add_person(session, person, PASSWORD, role=role, office=office, now=now)
        token = add_token(session, "t", scope="counter", office=office, now=now)
    database.close()
    return token


class DossierDesk:
    """A clerk at counter 1 with the desk on the screen."""

    def __init__(self, hall: DossierHall, page: Page) -> None:
        self.hall = hall
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into the field that has the focus, as a person does."""
        self.page.keyboard.insert_text(text)

    def scan(self, text: str) -> None:
        """Scan a code or a card: its keys come at once, however busy this machine is."""
        self.page.evaluate(
            "keys => keys.forEach((key) => document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})))",
            [*text, "Enter"],
        )
        self.page.wait_for_timeout(600)  # until then an Enter is taken for the scanner's second one

    def serve(self, service: str = "ho-tich") -> dict[str, Any]:
        """Take a number for somebody and call it."""
        ticket = self.hall.take(service)
        expect(self.page.locator(".rows-queue .row")).to_have_count(1)
        self.press("Space")
        self.expect_serving(ticket)
        return ticket

    def expect_serving(self, ticket: dict[str, Any]) -> None:
        """This number is in front."""
        number = self.page.locator(".now-held .number")
        expect(number).to_have_attribute("aria-label", " ".join(ticket["number"]))

    def begin(self, words: str) -> None:
        """Open the reception and choose a procedure by a few letters."""
        self.press("h")
        expect(self.page.locator("#procedure")).to_be_focused()
        self.type(words)
        expect(self.page.locator(".procedure-list li")).to_have_count(1)
        self.press("Enter")
        expect(self.page.locator("#applicant-name")).to_be_focused()
        expect(self.page.locator(".promise").get_by_role("heading").first).to_be_visible()

    def received(self, before: str = "") -> str:
        """The code that has just been given; another one than ``before``."""
        code = self.page.locator(".received-code")
        if before:
            expect(code).not_to_have_text(before)
        expect(code).to_have_text(re.compile(r"^H33\.14-\d{6}-\d{4}$"))
        return code.inner_text()

    def kept(self) -> str:
        """All that this browser keeps beyond the page."""
        return str(
            self.page.evaluate(
                "JSON.stringify([location.href, Object.entries(localStorage),"
                " Object.entries(sessionStorage), history.state, document.cookie])"
            )
        )
