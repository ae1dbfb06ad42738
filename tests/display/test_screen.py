"""What the wall shows, in every state and on every size of screen: large, legible, complete.

The page comes from the app in this process; states that a hall seldom has are fed to it in the
place of the live view.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from server.offices import sample
from tests.display.conftest import Hall
from tests.display.states import STATES, busy, closed

PLACE = "http://wall.test"
LANDSCAPE, UPRIGHT = (1920, 1080), (1080, 1920)
SIZES = [LANDSCAPE, (1366, 768), (3840, 2160), UPRIGHT, (1280, 1024)]
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"

LIVE = """
export function watch(query, on) {
  globalThis.feed = (state) => on.onState(state, 1);
  globalThis.connection = (up) => on.onConnection(up);
  return { sync() {}, stop() {} };
}
"""

LOOK = r"""() => {
  // Every text that is drawn: its size, its contrast, and whether all of it is on the screen.
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([red, green, blue]) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92
      : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [red, green, blue, alpha = 1] = channels(getComputedStyle(at).backgroundColor);
      if (alpha === 1) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  // A line's box has room for marks and tails, which figures and capitals do not have.
  const ink = (text, { left, top, right, bottom }, size) => {
    const spare = /^[\d\p{Lu}:]+$/u.test(text) ? 0.25 * size : 0;
    return [left, top + spare, right, bottom - spare];
  };
  const seen = [];
  const walker = document.createTreeWalker(document.getElementById("board"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: element, data } = walker.currentNode;
    if (!data.trim() || element.closest(".visually-hidden")) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || element.checkVisibility() === false) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const [one, other] = [light(channels(style.color)), light(ground(element))];
    // What is cut off by its own box, or by one around it.
    let cut = 0;
    for (let at = element; at && at.id !== "board"; at = at.parentElement) {
      const around = getComputedStyle(at);
      if (around.overflowX === "visible" || at.matches(".fitted")) continue;
      const frame = at.getBoundingClientRect();
      cut = Math.max(cut, box.right - frame.right, frame.left - box.left,
        box.bottom - frame.bottom, frame.top - box.top);
    }
    seen.push({
      text: data.trim(),
      size: Number.parseFloat(style.fontSize),
      contrast: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
      outside: Math.max(-box.left, -box.top, box.right - innerWidth, box.bottom - innerHeight),
      cut,
      ink: ink(data.trim(), box, Number.parseFloat(style.fontSize)),
    });
  }
  // Letters over letters: two boxes that share more than the room a line leaves around them.
  for (const [place, one] of seen.entries()) {
    for (const other of seen.slice(place + 1)) {
      const wide = Math.min(one.ink[2], other.ink[2]) - Math.max(one.ink[0], other.ink[0]);
      const high = Math.min(one.ink[3], other.ink[3]) - Math.max(one.ink[1], other.ink[1]);
      if (wide > 1 && high > 0.4 * Math.min(one.size, other.size)) one.over = other.text;
    }
  }
  return seen;
}"""


@pytest.fixture
def wall(hall: Hall, browser: Browser) -> Iterator[Page]:
    """A screen with the sample hall's board on it; ``feed(page, state)`` changes what it shows."""
    with board_of(hall, browser) as page:
        yield page


@contextmanager
def board_of(hall: Hall, browser: Browser, script: str = "") -> Iterator[Page]:
    """The board's page, served by the app in this process; a script that fails fails the test.

    ``script`` runs before those of the page.
    """
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.add_init_script(script)
    client = hall.browser
    problems: list[str] = []

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE)
        if path == "/static/js/live.js":
            route.fulfill(body=LIVE, content_type="text/javascript")
            return
        answer = client.get(path)
        headers = {name: value for name, value in answer.headers if name != "Content-Length"}
        route.fulfill(status=answer.status_code, headers=headers, body=answer.data)

    page.route(f"{PLACE}/**", serve)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"{PLACE}/display/{sample.SLUG}")
    expect(page.locator(".frame")).to_be_visible()
    page.evaluate("document.fonts.ready")
    yield page
    page.close()
    assert not [problem for problem in problems if "404" not in problem]


def first_state(page: Page) -> dict[str, Any]:
    """The state that came with the page."""
    state: dict[str, Any] = json.loads(page.locator("#state").text_content() or "")["state"]
    return state


def feed(page: Page, state: dict[str, Any]) -> None:
    """Show a state, and wait until its fonts and its one movement are done."""
    page.evaluate("(state) => feed(state)", state)
    page.evaluate("document.fonts.ready")
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_text_is_large_enough_legible_and_on_the_screen(
    wall: Page, size: tuple[int, int]
) -> None:
    width, height = size
    # Upright, the width is what is short: 3 % of it is larger on the wall than 2.5 % lying.
    smallest = 0.025 * height if width > height else 0.03 * width
    wall.set_viewport_size({"width": width, "height": height})
    given = first_state(wall)
    wrong = []
    for name, state in STATES.items():
        for lost in (False, True):
            wall.evaluate("(up) => connection(up)", not lost)
            feed(wall, state(given))
            texts = wall.evaluate(LOOK)
            assert len(texts) > 15, f"{name}: the board is empty"
            for text in texts:
                # A line's box is a little higher than the letters in it.
                for what, is_wrong in (
                    ("too small", text["size"] < smallest - 0.1),
                    ("too pale", text["contrast"] < 7),
                    ("outside the screen", text["outside"] > 0),
                    ("cut off", text["cut"] > 0.12 * text["size"]),
                    ("over another", "over" in text),
                ):
                    if is_wrong:
                        over = text.get("over", "")
                        wrong.append(f"{name}, lost={lost}: {text['text']} is {what} {over}")
    assert wrong == []


@pytest.mark.parametrize("size", [LANDSCAPE, (1366, 768), (3840, 2160)], ids=str)
def test_the_number_is_a_third_of_the_screen_high_and_the_counter_half_of_it(
    wall: Page, size: tuple[int, int]
) -> None:
    wall.set_viewport_size({"width": size[0], "height": size[1]})
    feed(wall, busy(first_state(wall)))
    drawn = wall.evaluate("""() => {
      const height = (selector, text) => {
        const style = getComputedStyle(document.querySelector(selector));
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        return canvas.measureText(text).actualBoundingBoxAscent / innerHeight;
      };
      return [height(".call-number .number-digits", "0"), height(".call-counter b", "3")];
    }""")
    assert drawn[0] >= 0.30
    assert drawn[1] >= drawn[0] / 2
    left = wall.locator(".stage").bounding_box()
    assert left is not None
    assert left["width"] / size[0] == pytest.approx(2 / 3, abs=0.01)


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(wall: Page, name: str) -> None:
    feed(wall, STATES[name](first_state(wall)))
    wall.evaluate(AXE.read_text("utf-8"))
    found = wall.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_a_call_moves_once_for_less_than_400_ms(wall: Page) -> None:
    state = busy(first_state(wall))
    movements = arrival(wall, state)
    assert movements, "nothing draws the eye"
    for movement in movements:
        assert movement["duration"] <= 400
        assert movement["iterations"] == 1


def test_nothing_moves_for_those_who_asked_for_that(wall: Page) -> None:
    wall.emulate_media(reduced_motion="reduce")
    assert [each for each in arrival(wall, busy(first_state(wall))) if each["duration"] > 1] == []


def arrival(page: Page, state: dict[str, Any]) -> list[dict[str, Any]]:
    """What moves when a new call comes."""
    feed(page, state)
    news = copy.deepcopy(state)
    call = news["calls"][1] | {"id": 99, "number": "A099", "called_at": state["now"]}
    news["calls"].insert(0, call | {"status": "called"})
    moving: list[dict[str, Any]] = page.evaluate(
        """(state) => {
          feed(state);
          const stage = document.querySelector(".stage");
          return stage.getAnimations({ subtree: true }).map((each) => {
            const { duration, iterations } = each.effect.getTiming();
            return { duration, iterations };
          });
        }""",
        news,
    )
    expect(page.locator(".call-number .number")).to_have_attribute("aria-label", "A 0 9 9")
    return moving


def test_the_number_is_spelled_for_those_who_do_not_see_it(wall: Page) -> None:
    feed(wall, busy(first_state(wall)))
    expect(wall.get_by_role("img", name="A 0 1 9").first).to_be_visible()
    expect(wall.locator("main [aria-live]")).to_have_text("Xin mời số A 0 1 9 đến quầy số 4")


def test_each_status_of_a_counter_has_its_word_and_its_icon(wall: Page) -> None:
    state = busy(first_state(wall), calls=0)
    feed(wall, state)
    for place, word in ((1, "Sẵn sàng"), (2, "Tạm nghỉ"), (3, "Đóng")):
        counter = wall.locator(f".counters li:nth-child({place})")
        expect(counter).to_contain_text(word)
        expect(counter.locator(".icon")).to_be_visible()


def test_a_closed_hall_says_why_and_when_it_opens(wall: Page) -> None:
    feed(wall, closed(first_state(wall)))
    stage = wall.locator(".stage")
    for words in (
        "Ngoài giờ làm việc",
        "Outside working hours",
        "Nghỉ Ngày Văn hóa Việt Nam",
        "07:00",
        "Thứ Năm, 26/11",
    ):
        expect(stage).to_contain_text(words)


def test_the_clock_is_the_servers_in_the_halls_zone(wall: Page) -> None:
    expect(wall.locator(".clock-time")).to_have_text("09:00")
    expect(wall.locator(".clock-day")).to_have_text("Thứ Tư, 25/11")


def test_the_notices_change_by_themselves_and_stop_when_asked_to(hall: Hall, wall: Page) -> None:
    wall.clock.install()
    wall.reload()
    line = wall.locator(".ticker-line")
    first = line.text_content()
    wall.clock.run_for(8_500)
    expect(line).not_to_have_text(first or "")
    second = line.text_content() or ""
    wall.keyboard.press("p")
    wall.clock.run_for(30_000)
    expect(line).to_have_text(second)
    wall.get_by_role("button", name="Tiếp tục").click()
    wall.clock.run_for(8_500)
    expect(line).not_to_have_text(second)


def test_a_long_notice_comes_in_pieces_and_loses_no_word(wall: Page) -> None:
    notice = " ".join(f"chữ{place}" for place in range(60))
    pieces = wall.evaluate(
        """async (notice) => {
          const { lines } = await import("/display/static/ticker.js");
          return lines([{ vi: notice, en: "short" }], ["vi", "en"]);
        }""",
        notice,
    )
    vietnamese = [piece["text"] for piece in pieces if piece["code"] == "vi"]
    assert len(vietnamese) > 2
    assert all(len(piece) <= 112 for piece in vietnamese)
    assert " ".join(vietnamese).replace(" …", "") == notice
    assert pieces[-1] == {"code": "en", "text": "short"}


def test_the_board_shifts_by_a_few_pixels_and_no_edge_shows(wall: Page) -> None:
    wall.clock.install()
    wall.reload()
    places = set()
    for _ in range(12):
        wall.clock.run_for(60_000)
        box = wall.locator(".frame").bounding_box()
        assert box is not None
        assert box["x"] <= 0 and box["y"] <= 0
        assert box["x"] + box["width"] >= 1920 and box["y"] + box["height"] >= 1080
        places.add((box["x"], box["y"]))
    assert len(places) > 6
