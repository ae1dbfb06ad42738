"""A board becomes one of the hall's devices, so that somebody notices when it goes dark."""

from __future__ import annotations

import pytest

from server.offices import sample
from server.people.accounts import add_token
from server.web import DEVICE_COOKIE, office_or_404
from tests.display.conftest import OTHER, Hall

PAGE = f"/display/{sample.SLUG}"


def token(hall: Hall, scope: str, slug: str = sample.SLUG) -> str:
    with hall.database.transaction() as session:
        office = office_or_404(session, slug)
        return add_token(session, "wall", scope=scope, office=office, now=hall.now)


def test_a_board_is_set_up_once_and_stays_so(hall: Hall) -> None:
    browser = hall.browser
    assert "data-enrolled" not in browser.get(PAGE).text
    assert "motcua device add display" in browser.get(f"{PAGE}/device").text
    secret = token(hall, "display")
    answer = browser.post(f"{PAGE}/device", data={"token": f" {secret}\n"})
    assert (answer.status_code, answer.location) == (303, PAGE)
    page = browser.get(PAGE).text
    assert "data-enrolled" in page
    assert secret not in page


@pytest.mark.parametrize(("scope", "slug"), [("kiosk", sample.SLUG), ("display", OTHER)])
def test_a_token_that_is_not_this_board_s_is_refused(hall: Hall, scope: str, slug: str) -> None:
    browser = hall.browser
    answer = browser.post(f"{PAGE}/device", data={"token": token(hall, scope, slug)})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert browser.get_cookie(DEVICE_COOKIE) is None


def test_a_board_nobody_has_set_up_shows_its_calls_all_the_same(hall: Hall) -> None:
    assert hall.browser.get(PAGE).status_code == 200
