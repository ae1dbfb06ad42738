"""The pictures of the README, from the running product: `make screenshots`."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from server.demo import PASSWORD  # noqa: E402
from server.offices.sample import SLUG  # noqa: E402
from tests.browser import chromium  # noqa: E402
from tests.product import Product, motcua, served  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MORNING = ("ho-tich", "chung-thuc", "chung-thuc", "cu-tru", "dat-dai", "ho-tich", "tra-ket-qua")
"""Who has come before the pictures are taken."""


def main() -> None:
    """Serve the sample hall with some people in it, and photograph every screen."""
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), "demo") as product,
        chromium() as browser,
    ):
        token = motcua(product.data, "token", "add", "t", "--scope", "counter", "--office", SLUG)
        photograph(product, browser, token)


def photograph(product: Product, browser: Browser, token: str) -> None:
    """All the pictures, in the order of a morning."""

    def api(path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{product.url}/api/v1{path}"
        answer = requests.post(url, json=body or {}, headers=headers, timeout=10)
        return answer.json() if answer.content else None

    def open_page(path: str, width: int, height: int, scale: float = 1) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale, locale="vi"
        )
        page = context.new_page()
        page.goto(product.url + path)
        page.wait_for_load_state("networkidle")
        return page

    def shoot(page: Page, name: str) -> None:
        page.wait_for_timeout(800)  # what moved has come to rest
        page.screenshot(path=IMAGES / f"{name}.png")

    desk = open_page("/counter/", 1280, 720)
    desk.fill("#name", "clerk1")
    desk.fill("#password", PASSWORD)
    desk.keyboard.press("Enter")
    desk.locator(".place form button").first.click()
    expect(desk.locator(".now")).to_be_visible()
    for number in (2, 3, 4):
        api(f"/counters/{number}/open")
    for turn, service in enumerate(MORNING):
        priority = "elderly" if turn == 5 else "none"
        api(f"/offices/{SLUG}/tickets", {"service": service, "priority": priority})
    for counter in (4, 3, 2):
        api(f"/counters/{counter}/call-next")
    desk.keyboard.press("Space")
    expect(desk.locator(".now .number")).to_be_visible()
    kiosk = open_page(f"/kiosk/{SLUG}", 1080, 1920, 0.5)
    shoot(kiosk, "kiosk")
    kiosk.locator('[data-service="ho-tich"] button').first.click()
    expect(kiosk.locator('.issued[data-stage="printed"]')).to_be_visible(timeout=15_000)
    shoot(kiosk, "kiosk-number")
    source = kiosk.locator("img.code").get_attribute("src") or ""
    holder = re.search(r"/tickets/([^/]+)/qr", source)
    assert holder is not None, source
    phone = open_page(f"/t/{holder[1]}", 360, 740)
    shoot(phone, "phone")
    shoot(open_page(f"/display/{SLUG}", 1920, 1080, 2 / 3), "board")
    desk.wait_for_timeout(5500)  # the bar that offers to take the press back has gone
    shoot(desk, "counter")
    while phone.locator("#page").get_attribute("data-tone") != "called":
        desk.keyboard.press("Space")
        desk.wait_for_timeout(600)
    shoot(phone, "phone-called")
    shutil.copyfile(sorted((product.data / "slips").glob("*.png"))[-1], IMAGES / "slip.png")
    dossiers(product, desk, phone, open_page, api, shoot)


def dossiers(
    product: Product, desk: Page, phone: Page, open_page: Any, api: Any, shoot: Any
) -> None:
    """What becomes of the person in front: received, at an agency, on the phone, in the report."""
    land = {"procedure": "1.012787", "applicant": {"name": "A", "phone": "0912345678"}}
    for share, steps in ((2, ()), (6, ("take-over",)), (1, ("take-over",))):
        part = {"agency": "tnmt", "position": 1, "share": share}
        code = api(f"/offices/{SLUG}/dossiers", land | {"shares": [part]})["code"]
        for step in ("hand-over", *steps):
            api(f"/dossiers/{code}/steps", {"step": step, "agency": "tnmt"})
    desk.keyboard.press("s")
    desk.keyboard.press("h")
    expect(desk.locator("#procedure")).to_be_focused()
    desk.keyboard.insert_text("tinh trang hon nhan")
    expect(desk.locator(".procedure-list li")).to_have_count(1)
    desk.keyboard.press("Enter")
    desk.locator("#applicant-name").fill("Danh Thị Mẫu")
    desk.locator("#applicant-phone").fill("0912 345 678")
    expect(desk.locator(".promise-day")).to_be_visible()
    shoot(desk, "dossier")
    desk.keyboard.press("Control+Enter")
    code = desk.locator(".received-code").inner_text()
    api(f"/dossiers/{code}/steps", {"step": "ask-supplement", "missing": ["Giấy tờ cư trú"]})
    api(f"/dossiers/{code}/steps", {"step": "supplement"})
    expect(phone.locator(".dossier-steps li")).to_have_count(3)
    phone.wait_for_timeout(500)  # it has been redrawn
    phone.locator(".dossier").scroll_into_view_if_needed()
    shoot(phone, "phone-dossier")
    for who, path, name in (("officer1", "/agency/", "agency"), ("manager", "/reports/", "report")):
        page = open_page(path, 1280, 800)
        page.fill("#name", who)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.locator("main h1").wait_for()
        shoot(page, name)


if __name__ == "__main__":
    main()
