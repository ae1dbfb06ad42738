"""At the kiosk somebody types a few letters, sees the fee, and is led to the service's number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.product import Product, served
from tests.served.conftest import OFFICE

SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}
TOUCH_PX = 64
"""What a gloved or old finger hits; SCREENS: the reach zone is the lower two thirds."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with served(tmp_path_factory.mktemp("hall"), "demo") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(params=SIZES)
def kiosk(product: Product, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A kiosk with the letters in front of somebody."""
    width, height = SIZES[request.param]
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{product.url}/kiosk/{OFFICE}?lang=vi")
    page.locator(".quiet-act").last.click()
    page.locator(".bar-find").click()
    yield page
    page.close()
    assert problems == []


def write(page: Page, words: str) -> None:
    for sign in words:
        key = page.locator(".key-space") if sign == " " else letter(page, sign)
        key.click()


def letter(page: Page, sign: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("button", name=sign.upper(), exact=True)


def test_khai_sinh_leads_to_a_number_for_civil_status(kiosk: Page) -> None:
    write(kiosk, "khai sinh")
    expect(kiosk.locator(".finder-typed")).to_have_text("KHAI SINH")
    first = kiosk.locator(".result").first
    expect(first).to_contain_text("Thủ tục đăng ký khai sinh")
    expect(first).to_contain_text("Miễn phí")
    expect(first).to_contain_text("Trong ngày")
    first.locator(".result-take").click()
    expect(kiosk.locator(".head-title")).to_have_text("Hộ tịch, nuôi con nuôi")
    kiosk.locator(".bar-take").click()
    expect(kiosk.locator(".issued-number")).to_contain_text("A0")


def test_back_returns_to_what_was_found_then_to_the_board_then_to_the_start(kiosk: Page) -> None:
    write(kiosk, "dat")
    kiosk.locator(".result-take").first.click()
    kiosk.locator(".bar-back").click()
    expect(kiosk.locator(".finder-typed")).to_have_text("DAT")
    kiosk.locator(".bar-back").click()
    expect(kiosk.locator(".fee-board")).to_be_visible()
    kiosk.locator(".bar-back").click()
    expect(kiosk.locator(".tiles")).to_be_visible()


def test_it_searches_all_services_at_once(kiosk: Page) -> None:
    write(kiosk, "dang ky")
    services = set(kiosk.locator(".result-take b").all_inner_texts())
    assert len(services) > 2


def test_a_letter_too_many_is_taken_back_and_all_of_them_cleared(kiosk: Page) -> None:
    write(kiosk, "khaiz")
    expect(kiosk.locator(".fees-none")).to_contain_text("Không tìm thấy")
    kiosk.get_by_role("button", name="Xóa", exact=True).click()
    expect(kiosk.locator(".finder-typed")).to_have_text("KHAI")
    expect(kiosk.locator(".result").first).to_be_visible()
    kiosk.get_by_role("button", name="Xóa hết", exact=True).click()
    expect(kiosk.locator(".finder-typed")).to_have_count(0)
    expect(kiosk.locator(".result")).to_have_count(0)


def test_a_hand_that_trembles_types_a_letter_once(kiosk: Page) -> None:
    letter(kiosk, "k").dblclick()
    expect(kiosk.locator(".finder-typed")).to_have_text("K")


def test_keys_can_be_pressed_without_a_pointer(kiosk: Page) -> None:
    letter(kiosk, "d").focus()
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator(".finder-typed")).to_have_text("D")


def test_keys_are_large_in_reach_and_wholly_on_the_screen(kiosk: Page) -> None:
    write(kiosk, "khai")
    size = kiosk.viewport_size
    assert size
    keys = [key.bounding_box() for key in kiosk.locator(".key").all()]
    assert len(keys) == 26 + 3
    for box in keys:
        assert box
        assert box["width"] >= TOUCH_PX
        assert box["height"] >= TOUCH_PX
        assert box["y"] >= size["height"] / 3
        assert box["y"] + box["height"] <= size["height"]
    found = kiosk.locator(".finder .scroller-box").bounding_box()
    assert found
    assert found["height"] >= 0.2 * size["height"], "room for what was found"
