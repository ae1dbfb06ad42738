"""An officer at work in a real browser against a real server: what is theirs, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from server.offices import sample
from tests.browser import chromium
from tests.product import Product, motcua, served

PASSWORD = "correct horse"
LAND = "1.012796"
OFFICE = sample.SLUG


@dataclass
class Town:
    """A served office with two agencies, and a program that keeps its dossiers."""

    product: Product
    token: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            method,
            f"{self.product.url}/api/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )
        assert answer.ok, answer.text
        return answer.json()

    def accept(self) -> str:
        """A new dossier that both agencies work on; its code."""
        shares = [
            {"agency": "tnmt", "position": 1, "share": 5},
            {"agency": "thue", "position": 2, "share": 2},
        ]
        body = {"procedure": LAND, "applicant": {"name": "NGUYỄN VĂN MẪU"}, "shares": shares}
        return str(self.ask("POST", f"/offices/{OFFICE}/dossiers", body)["code"])

    def step(self, code: str, step: str, **more: Any) -> Any:
        return self.ask("POST", f"/dossiers/{code}/steps", {"step": step, **more})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("agencies")
    (data / "hall.toml").write_text(sample.hall_text(always_open=True), "utf-8")
    (data / "procedures.csv").write_text(sample.procedures_text(), "utf-8")
    motcua(data, "hall", "load", str(data / "hall.toml"))
    motcua(data, "procedures", "load", str(data / "procedures.csv"))
    motcua(data, "dossiers", "codes", "H33.14", "--office", OFFICE)
    for code, name in (("tnmt", "Phòng Tài nguyên"), ("thue", "Chi cục Thuế")):
        motcua(data, "dossiers", "agency", code, name, "--office", OFFICE)
    for name, more in (
        ("phuong", ("--role", "officer", "--agency", "tnmt", "--office", OFFICE)),
        ("quy", ("--role", "manager", "--office", OFFICE)),
        ("lan", ("--role", "clerk", "--office", OFFICE)),
    ):
        motcua(data, "user", "add", name, *more, "--password-stdin", stdin=f"{PASSWORD}\n")
    token = motcua(data, "token", "add", "desk", "--scope", "counter", "--office", OFFICE)
    with served(data) as product:
        yield Town(product, token)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def sign_in(browser: Browser, town: Town, name: str) -> Page:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{town.product.url}/agency/")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def asked(town: Town, name: str) -> requests.Session:
    """A signed-in session that can change things as a page does."""
    session = requests.Session()
    form = session.get(f"{town.product.url}/counter/", timeout=10).text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert csrf is not None
    session.headers["X-CSRF-Token"] = csrf[1]
    data = {"csrf_token": csrf[1], "name": name, "password": PASSWORD}
    answer = session.post(f"{town.product.url}/counter/sign-in", data=data, timeout=10)
    page = re.search(r'name="csrf-token" content="([^"]+)"', answer.text)
    if page is not None:
        session.headers["X-CSRF-Token"] = page[1]
    return session


def test_an_officer_sees_it_come_takes_it_over_and_gives_it_back(
    browser: Browser, town: Town
) -> None:
    page = sign_in(browser, town, "phuong")
    expect(page).to_have_url(re.compile(rf"/agency/{OFFICE}/tnmt$"))
    expect(page.get_by_text("No dossier is with you.")).to_be_visible()
    code = town.accept()
    town.step(code, "hand-over", agency="tnmt")  # the page is told
    card = page.get_by_role("listitem").filter(has_text=code)
    expect(card.get_by_text("5 working days left")).to_be_visible()
    card.get_by_role("button", name="We have it").click()
    done = card.get_by_role("button", name="Our part is done")
    expect(done).to_be_visible()
    card.get_by_text("Who had it, and how long").click()
    expect(card.get_by_text("Chi cục Thuế")).to_be_visible()
    expect(card.get_by_text("not yet handed over")).to_be_visible()
    done.click()
    page.get_by_label("Note for the reception office").fill("Đủ điều kiện")
    card.get_by_role("button", name="Give it back: done").click()
    expect(page.get_by_text("1 of 1 within the time given.")).to_be_visible()
    kept = town.ask("GET", f"/dossiers/{code}")
    last = kept["steps"][-1]
    assert (last["kind"], last["actor"], last["note"]) == (
        "part-done",
        "officer:phuong",
        "Đủ điều kiện",
    )
    page.context.close()


def test_while_papers_are_awaited_the_clock_stands_still_in_words(
    browser: Browser, town: Town
) -> None:
    code = town.accept()
    town.step(code, "hand-over", agency="tnmt")
    town.step(code, "ask-supplement", missing=["Bản vẽ"])
    page = sign_in(browser, town, "phuong")
    card = page.get_by_role("listitem").filter(has_text=code)
    expect(card.get_by_text("The clock stands still: papers are awaited")).to_be_visible()
    expect(card.get_by_role("button", name="We have it")).to_be_disabled()
    page.context.close()


def test_a_manager_sees_all_agencies_with_their_counts(browser: Browser, town: Town) -> None:
    page = sign_in(browser, town, "quy")
    expect(page).to_have_url(re.compile(r"/agency/$"))
    expect(page.get_by_role("link", name="Chi cục Thuế")).to_be_visible()
    page.get_by_role("link", name="Phòng Tài nguyên").click()
    expect(page.get_by_role("heading", name="Phòng Tài nguyên")).to_be_visible()
    page.context.close()


def test_an_officer_may_do_the_own_agency_s_work_and_nothing_else(town: Town) -> None:
    officer, api = asked(town, "phuong"), f"{town.product.url}/api/v1"
    code = town.accept()

    def step(name: str, **more: str) -> int:
        body = {"step": name, **more}
        return officer.post(f"{api}/dossiers/{code}/steps", json=body, timeout=10).status_code

    assert officer.get(f"{api}/dossiers/{code}", timeout=10).status_code == 403, "not given to it"
    town.step(code, "hand-over", agency="tnmt")
    assert officer.get(f"{api}/dossiers/{code}", timeout=10).status_code == 200
    assert step("finish") == 403
    assert step("hand-over", agency="thue") == 403
    assert step("take-over", agency="tnmt") == 200
    assert step("part-done", agency="tnmt") == 200
    town.step(code, "hand-over", agency="thue")
    assert step("take-over", agency="thue") == 403, "another agency's"
    for path in ("/agency/vinh-thuan/thue", "/admin/devices/vinh-thuan", "/counter/1"):
        assert officer.get(town.product.url + path, timeout=10).status_code == 403
    took = officer.post(f"{api}/offices/{OFFICE}/dossiers", json={}, timeout=10)
    assert took.status_code in (403, 422)
    listed = officer.get(f"{api}/offices/{OFFICE}/dossiers", timeout=10)
    assert listed.status_code == 403
    home = officer.get(f"{town.product.url}/counter/", timeout=10)
    assert home.url.endswith(f"/agency/{OFFICE}/tnmt"), "no counter is theirs"


def test_a_clerk_has_no_agency(town: Town) -> None:
    clerk = asked(town, "lan")
    assert clerk.get(f"{town.product.url}/agency/vinh-thuan/tnmt", timeout=10).status_code == 403
    assert "Phòng Tài nguyên" not in clerk.get(f"{town.product.url}/agency/", timeout=10).text


@pytest.mark.parametrize(
    "more",
    [
        ("--role", "officer", "--office", OFFICE),
        ("--role", "clerk", "--office", OFFICE, "--agency", "tnmt"),
        ("--role", "officer", "--agency", "tnmt"),
    ],
)
def test_an_officer_has_an_agency_and_nobody_else_has_one(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    with pytest.raises(AssertionError, match="agency"):
        motcua(tmp_path, "user", "add", "x", *more, "--password-stdin", stdin=f"{PASSWORD}\n")
