"""Picking a counter and sitting down there."""

from __future__ import annotations

import re

from server.offices.models import Office as OfficeRow
from server.queueing.tickets import issue
from server.web import office_or_404
from tests.counter.conftest import Clerk, Office


def signed_in(office: Office, name: str = "lan") -> Clerk:
    clerk = office.browser()
    assert clerk.sign_in(name).status_code == 303
    return clerk


def sit_down(office: Office, clerk: Clerk, number: str) -> str:
    """Sit down at a counter; the desk's address."""
    answer = clerk.send(f"/counter/{office.counter(number)['id']}")
    assert answer.status_code == 303, answer.text
    return answer.location or ""


def places(clerk: Clerk) -> list[tuple[str, str]]:
    """The counters on the list in their order: number and what is said about it."""
    page = clerk.get("/counter/?lang=en").text
    found = re.findall(
        r'place-number">Counter (\w+)</p>\s*<p class="place-status[^>]*>(.*?)</p>', page, re.DOTALL
    )
    return [(number, re.sub(r"<[^>]+>", "", words).strip()) for number, words in found]


def test_the_list_says_which_counters_are_free_and_whose_the_others_are(office: Office) -> None:
    sit_down(office, signed_in(office, "hung"), "2")
    assert places(signed_in(office))[:3] == [
        ("1", "Available"),
        ("2", "Lê Văn Hùng"),
        ("3", "Available"),
    ]


def test_sitting_down_opens_the_counter_for_this_clerk(office: Office) -> None:
    location = sit_down(office, signed_in(office), "3")
    counter = office.counter("3")
    assert location == f"/counter/{counter['id']}"
    assert (counter["status"], counter["clerk"]) == ("open", "lan")


def test_my_counter_comes_first_and_can_be_gone_back_to(office: Office) -> None:
    clerk = signed_in(office)
    sit_down(office, clerk, "4")
    assert places(clerk)[0] == ("4", "Yours")
    assert f'href="/counter/{office.counter("4")["id"]}"' in clerk.get("/counter/").text


def test_the_counter_this_computer_stood_at_comes_first_for_the_next_clerk(
    office: Office,
) -> None:
    clerk = signed_in(office)
    sit_down(office, clerk, "5")
    clerk.send("/counter/sign-out")
    clerk.sign_in("hung")
    assert places(clerk)[0] == ("5", "Available")


def test_moving_to_another_counter_closes_the_one_left_behind(office: Office) -> None:
    clerk = signed_in(office)
    sit_down(office, clerk, "1")
    sit_down(office, clerk, "2")
    assert office.counter("1")["status"] == "closed"
    assert (office.counter("2")["status"], office.counter("2")["clerk"]) == ("open", "lan")


def test_a_counter_where_somebody_still_stands_is_not_closed_behind_their_back(
    office: Office,
) -> None:
    clerk = signed_in(office)
    sit_down(office, clerk, "1")
    with office.parts.database.transaction() as session:
        hall: OfficeRow = office_or_404(session, "vinh-thuan")
        issue(
            session,
            hall.id,
            "ho-tich",
            priority="none",
            language="vi",
            now=office.now,
            actor="test",
        )
    token = re.search(r'csrf-token" content="([^"]+)"', clerk.get("/counter/").text)
    assert token
    called = clerk.client.post(
        f"/api/v1/counters/{office.counter('1')['id']}/call-next",
        headers={"X-CSRF-Token": token[1]},
    )
    assert called.status_code == 200, called.text
    sit_down(office, clerk, "2")
    assert office.counter("1")["status"] == "open"


def test_taking_over_makes_the_counter_mine(office: Office) -> None:
    sit_down(office, signed_in(office, "hung"), "2")
    sit_down(office, signed_in(office), "2")
    assert office.counter("2")["clerk"] == "lan"


def test_looking_at_a_desk_changes_nothing(office: Office) -> None:
    clerk = signed_in(office)
    before = office.revision()
    page = clerk.get(f"/counter/{office.counter('1')['id']}")
    assert page.status_code == 200
    assert 'data-me="lan"' in page.text
    assert (office.counter("1")["status"], office.revision()) == ("closed", before)


def test_sitting_down_needs_the_token(office: Office) -> None:
    clerk = signed_in(office)
    answer = clerk.client.post(f"/counter/{office.counter('1')['id']}")
    assert answer.status_code == 400
    assert office.counter("1")["status"] == "closed"


def test_a_clerk_of_another_office_is_refused(office: Office) -> None:
    mai = signed_in(office, "mai")
    place = office.counter("1")["id"]
    assert places(mai) == [("77", "Available")]
    assert mai.get(f"/counter/{place}").status_code == 403
    assert mai.send(f"/counter/{place}").status_code == 403
    assert office.counter("1")["status"] == "closed"


def test_whoever_is_not_signed_in_neither_sees_a_desk_nor_sits_down(office: Office) -> None:
    nobody = office.browser()
    place = office.counter("1")["id"]
    for answer in (nobody.get(f"/counter/{place}"), nobody.client.post(f"/counter/{place}")):
        assert (answer.status_code, answer.location) == (303, f"/counter/?counter={place}")
    assert office.counter("1")["status"] == "closed"


def test_there_is_no_such_counter(office: Office) -> None:
    clerk = signed_in(office)
    assert clerk.get("/counter/999999").status_code == 404
    assert clerk.send("/counter/999999").status_code == 404
