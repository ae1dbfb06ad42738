"""The phone page's button in Chromium, against the served product: pressed, told, shown, ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import chromium
from tests.notices.standins import Phone, Receiver, receiver, soon
from tests.notices.test_served import MAU, OFFICE, ask, finish, furnish_dossiers
from tests.product import Product, served

FAKE = """
(() => {
  // Chromium here reaches no push service: what it would answer is given by the test.
  let kept = null;
  const make = (key) => ({
    endpoint: %(endpoint)s,
    options: { applicationServerKey: key.buffer || key },
    toJSON: () => ({ endpoint: %(endpoint)s, keys: %(keys)s }),
    unsubscribe: () => { kept = null; return Promise.resolve(true); },
  });
  PushManager.prototype.getSubscription = () => Promise.resolve(kept);
  PushManager.prototype.subscribe = (wish) => {
    if (%(fails)s) return Promise.reject(new Error("no push service"));
    window.wish = wish;
    kept = make(wish.applicationServerKey);
    return Promise.resolve(kept);
  };
})();
"""


@dataclass
class Citizen:
    """Somebody with a ticket, a dossier, and its page open."""

    product: Product
    token: str
    ticket: dict[str, Any]
    code: str
    page: Page


@pytest.fixture(scope="module")
def gateway() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture(scope="module")
def served_office(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, gateway: Receiver
) -> Iterator[tuple[Product, str]]:
    """An office whose push service is the test's."""
    data = tmp_path_factory.mktemp("phones")
    database = data / "motcua.db"
    database.write_bytes(_sqlite_template.read_bytes())
    token = furnish_dossiers(f"sqlite:///{database}")
    with served(data, MOTCUA_PUSH_SERVICES=gateway.url) as product:
        yield product, token


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """A phone of 360 by 740 points that allows notices."""
    with chromium() as browser:
        yield browser.new_context(
            viewport={"width": 360, "height": 740},
            is_mobile=True,
            has_touch=True,
            permissions=["notifications"],
        )


def citizen(
    served_office: tuple[Product, str],
    context: BrowserContext,
    gateway: Receiver,
    phone: Phone,
    *,
    fails: bool = False,
    query: str = "?lang=en",
) -> Citizen:
    product, token = served_office
    ticket = ask(product, token, f"/offices/{OFFICE}/tickets", {"service": "ho-tich"})
    body = {"procedure": "1.004873", "applicant": MAU, "ticket": ticket["id"]}
    code = ask(product, token, f"/offices/{OFFICE}/dossiers", body)["code"]
    page = context.new_page()
    gaps = {"endpoint": f"{gateway.url}/phone/{ticket['id']}", "keys": phone.keys, "fails": fails}
    page.add_init_script(FAKE % {name: json.dumps(value) for name, value in gaps.items()})
    page.goto(f"{product.url}/t/{ticket['token']}{query}")
    return Citizen(product, token, ticket, code, page)


def test_a_press_and_the_phone_shows_the_news(
    served_office: tuple[Product, str], context: BrowserContext, gateway: Receiver
) -> None:
    phone = Phone()
    mau = citizen(served_office, context, gateway, phone)
    section = mau.page.locator("#notices")
    section.get_by_role("button", name="Tell me when the result is ready").click()
    expect(section.get_by_text("Notices are on")).to_be_visible()
    assert mau.page.evaluate("wish.userVisibleOnly") is True
    assert mau.page.evaluate("wish.applicationServerKey.length") == 65
    finish(mau.product, mau.token, mau.code)
    mine = f"/phone/{mau.ticket['id']}"
    soon(lambda: any(one.path == mine for one in gateway.requests))
    (got,) = [one for one in gateway.requests if one.path == mine]
    said = phone.read(got.body)
    assert said["title"] == f"The result of dossier {mau.code} is ready"
    show(mau.page, mau.product.url, said)
    shown = "navigator.serviceWorker.ready.then((one) => one.getNotifications())"
    soon(lambda: mau.page.evaluate(f"{shown}.then((all) => all.length)") == 1)
    fields = mau.page.evaluate(f"{shown}.then(([one]) => [one.title, one.body, one.tag, one.data])")
    assert fields == [said["title"], said["body"], mau.code, said["url"]]
    assert said["url"] == f"{mau.product.url}/t/{mau.ticket['token']}"
    mau.page.close()


def show(page: Page, origin: str, said: dict[str, Any]) -> None:
    """The browser's push service hands its service worker what came for it."""
    wire = page.context.new_cdp_session(page)
    versions: list[dict[str, Any]] = []
    wire.on("ServiceWorker.workerVersionUpdated", lambda told: versions.extend(told["versions"]))
    wire.send("ServiceWorker.enable")
    soon(lambda: page.evaluate("1") == 1 and bool(versions))
    wire.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": origin,
            "registrationId": versions[-1]["registrationId"],
            "data": json.dumps(said),
        },
    )


def test_it_stays_on_when_the_page_is_drawn_anew_and_ends_at_a_press(
    served_office: tuple[Product, str], context: BrowserContext, gateway: Receiver
) -> None:
    mau = citizen(served_office, context, gateway, Phone())
    section = mau.page.locator("#notices")
    section.get_by_role("button", name="Tell me when the result is ready").click()
    expect(section.get_by_text("Notices are on")).to_be_visible()
    mau.page.get_by_role("link", name="Tiếng Việt").click()  # the page is drawn anew
    expect(section.get_by_text("Đã bật thông báo")).to_be_visible()
    section.get_by_role("button", name="Không nhận thông báo nữa").click()
    expect(section.get_by_role("button", name="Báo cho tôi khi có kết quả")).to_be_focused()
    finish(mau.product, mau.token, mau.code)
    shown = ask(mau.product, mau.token, f"/dossiers/{mau.code}/steps", {"step": "return"})
    assert shown["notices"] == {"channels": [], "told": []}
    mau.page.close()


def test_a_browser_without_a_push_service_says_that_it_did_not_work(
    served_office: tuple[Product, str], context: BrowserContext, gateway: Receiver
) -> None:
    mau = citizen(served_office, context, gateway, Phone(), fails=True)
    section = mau.page.locator("#notices")
    section.get_by_role("button", name="Tell me when the result is ready").click()
    expect(section.get_by_role("alert")).to_have_text("That did not work. Please try again.")
    expect(section.get_by_role("button", name="Tell me when the result is ready")).to_be_enabled()
    mau.page.close()


def test_where_notices_are_not_possible_there_is_no_button(
    served_office: tuple[Product, str], context: BrowserContext, gateway: Receiver
) -> None:
    context.add_init_script("delete window.PushManager;")
    mau = citizen(served_office, context, gateway, Phone())
    expect(mau.page.get_by_text(mau.code)).to_be_visible()
    expect(mau.page.locator("#notices")).to_be_hidden()
    mau.page.close()
