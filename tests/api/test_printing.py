"""Print jobs over HTTP: what an agent asks for, and what staff do about a slip."""

from __future__ import annotations

from typing import Any

import pytest

from server.offices import sample
from server.printing.leasing import LEASE_S
from tests.api.conftest import Asking, House

DEVICES = f"/offices/{sample.SLUG}/devices"


@pytest.fixture
def agent(house: House) -> Asking:
    return house.client("agent")


@pytest.fixture
def staff(house: House) -> Asking:
    return house.client("staff")


def leased(agent: Asking) -> Any:
    answer = agent.post("/print-jobs/lease")
    assert answer.status_code == 200, answer.text
    return answer.json


def told(agent: Asking, job: Any, state: str, *reasons: str, **more: Any) -> int:
    body = {"state": state, "reasons": list(reasons), "attempt": job["attempt"], **more}
    return agent.post(f"/print-jobs/{job['id']}/outcome", body).status_code


def slip_of(anyone: Asking, ticket: Any) -> Any:
    return anyone.get(f"/tickets/{ticket['token']}").json["slip"]


def test_an_agent_leases_a_slip_prints_it_and_says_so(
    kiosk: Asking, agent: Asking, anyone: Asking
) -> None:
    ticket = kiosk.take()
    job = leased(agent)
    assert job["slip"]["number"] == ticket["number"]
    assert job["slip"]["url"].endswith(f"/t/{ticket['token']}")
    assert told(agent, job, "processing") == 200
    assert told(agent, job, "printed") == 200
    assert slip_of(anyone, ticket)["state"] == "printed"
    assert agent.post("/print-jobs/lease").status_code == 204


def test_the_attempt_need_not_be_named(kiosk: Asking, agent: Asking, anyone: Asking) -> None:
    ticket = kiosk.take()
    job = leased(agent)
    answer = agent.post(f"/print-jobs/{job['id']}/outcome", {"state": "printed"})
    assert answer.json["state"] == "printed"
    assert slip_of(anyone, ticket)["state"] == "printed"


def test_a_lease_that_is_not_confirmed_comes_back_after_its_time(
    house: House, kiosk: Asking, agent: Asking
) -> None:
    kiosk.take()
    job = leased(agent)
    house.clock.forward(seconds=LEASE_S + 1)
    again = leased(agent)
    assert again["id"] == job["id"]


def test_who_has_no_lease_speaks_for_no_job(
    house: House, kiosk: Asking, agent: Asking, anyone: Asking
) -> None:
    ticket = kiosk.take()
    job = leased(agent)
    assert told(agent, job | {"attempt": 7}, "printed") == 409
    assert told(agent, job | {"id": 4711}, "printed") == 404
    assert slip_of(anyone, ticket)["state"] == "processing"


@pytest.mark.parametrize(
    "body",
    [
        {"state": "finished"},
        {"state": "printed", "reasons": ["<b>"]},
        {"state": "printed", "reasons": "paper-out"},
        {"state": "printed", "attempt": 0},
        {"state": "printed", "more": 1},
        {},
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused(
    kiosk: Asking, agent: Asking, body: dict[str, Any]
) -> None:
    kiosk.take()
    job = leased(agent)
    answer = agent.post(f"/print-jobs/{job['id']}/outcome", body)
    assert answer.status_code == 422
    assert answer.json["errors"]


PRINTING = (
    ("POST", "/print-jobs/lease", {"agent"}),
    ("POST", "/print-jobs/1/outcome", {"agent"}),
    ("POST", "/print-jobs/1/reprint", {"staff"}),
    ("POST", "/print-jobs/1/confirm", {"staff"}),
    ("POST", "/print-jobs/1/cancel", {"staff"}),
    ("POST", "/printers/1/test", {"staff"}),
    ("POST", "/devices/heartbeat", {"kiosk", "display", "agent"}),
    ("GET", DEVICES, {"staff"}),
)


@pytest.mark.parametrize("who", ["", "kiosk", "display", "agent", "counter", "reports", "staff"])
@pytest.mark.parametrize(("method", "path", "allowed"), PRINTING)
def test_only_who_may_does(
    house: House, kiosk: Asking, method: str, path: str, allowed: set[str], who: str
) -> None:
    kiosk.take()
    asker = house.client(who)
    body = {"state": "printed"} if path.endswith("outcome") else {}
    answer = asker.get(path) if method == "GET" else asker.post(path, body)
    if who in allowed:
        assert answer.status_code not in (401, 403), answer.text
    else:
        assert answer.status_code == (403 if who else 401), answer.text


def test_staff_see_what_may_be_missing_and_print_it_again(
    kiosk: Asking, agent: Asking, staff: Asking, anyone: Asking
) -> None:
    ticket = kiosk.take()
    job = leased(agent)
    told(agent, job, "processing")
    told(agent, job, "unknown", "timeout")
    (doubt,) = staff.get(DEVICES).json["slips"]
    assert (doubt["number"], doubt["state"], doubt["reasons"]) == (
        ticket["number"],
        "unknown",
        ["timeout"],
    )
    again = staff.post(f"/print-jobs/{doubt['id']}/reprint")
    assert again.status_code == 201
    assert again.json["reprint_of"] == doubt["id"]
    assert staff.get(DEVICES).json["slips"] == []
    marked = leased(agent)
    assert marked["slip"]["reprint"] is True
    told(agent, marked, "printed")
    assert slip_of(anyone, ticket)["state"] == "printed"


def test_a_slip_still_to_come_is_not_printed_twice(
    kiosk: Asking, agent: Asking, staff: Asking
) -> None:
    kiosk.take()
    job = leased(agent)
    answer = staff.post(f"/print-jobs/{job['id']}/reprint", Accept_Language="en")
    assert answer.status_code == 409
    assert "still to come" in answer.json["detail"]


def test_staff_have_a_test_slip_printed(agent: Asking, staff: Asking) -> None:
    (printer,) = staff.get(DEVICES).json["printers"]
    assert staff.post(f"/printers/{printer['id']}/test").status_code == 201
    job = leased(agent)
    assert job["slip"]["number"] == "0000"
    assert staff.get(DEVICES).json["latest"][0]["number"] is None


def test_nobody_else_s_hall(house: House, kiosk: Asking) -> None:
    """A sign-in for another office sees and does nothing here."""
    from server.people.accounts import add_token
    from server.web import office_or_404

    kiosk.take()
    with house.parts.database.transaction() as session:
        other = office_or_404(session, "kien-giang")
        below = [office for office in [other] if office.parent_id is None]
        assert below, "the province stands above the hall"
        elsewhere = hall_beside(session, other)
        token = add_token(session, "x", scope="admin", office=elsewhere, now=house.clock())
    stranger = Asking(house.app.test_client(), token)
    assert stranger.get(DEVICES).status_code == 403
    assert stranger.post("/print-jobs/1/reprint").status_code == 403
    assert stranger.post("/printers/1/test").status_code == 403


def hall_beside(session: Any, parent: Any) -> Any:
    from tests.conftest import make_office

    office = make_office("beside", parent_id=parent.id)
    session.add(office)
    session.flush()
    return office


def test_a_device_says_that_it_is_there(house: House, staff: Asking) -> None:
    kiosk = house.client("kiosk")
    before = {device["name"]: device for device in staff.get(DEVICES).json["devices"]}
    assert (before["kiosk"]["alive"], before["kiosk"]["seen_at"]) == (False, None)
    said = {"page": "kiosk", "screen": "1080×1920"}
    answer = kiosk.post("/devices/heartbeat", {"said": said})
    assert answer.status_code == 200
    seen = {device["name"]: device for device in staff.get(DEVICES).json["devices"]}["kiosk"]
    assert seen["alive"] and seen["said"] == said
    house.clock.forward(seconds=91)
    seen = {device["name"]: device for device in staff.get(DEVICES).json["devices"]}["kiosk"]
    assert not seen["alive"]
    assert seen["seen_at"].startswith("2026-11-25T09:00:00")


def test_an_agent_says_how_its_printer_is(house: House, agent: Asking, staff: Asking) -> None:
    def condition() -> tuple[str, str]:
        (printer,) = staff.get(DEVICES).json["printers"]
        return printer["condition"], printer["detail"]

    for reasons, word in (
        (["paper-near-end"], "paper-near-end"),
        (["cover-open", "paper-near-end"], "cover-open"),
        (["something-new"], "offline"),
        ([], "ok"),
    ):
        detail = "; ".join(reasons)
        heartbeat = {"said": {}, "printer": {"reasons": reasons, "detail": detail}}
        assert agent.post("/devices/heartbeat", heartbeat).status_code == 200
        assert condition() == (word, detail)
    revision = house.revision()
    agent.post("/devices/heartbeat", {"said": {}, "printer": {"reasons": [], "detail": ""}})
    assert house.revision() == revision, "nothing new, nobody is told"


def test_a_kiosk_says_nothing_about_printers(house: House, kiosk: Asking, staff: Asking) -> None:
    (before,) = staff.get(DEVICES).json["printers"]
    kiosk.post("/devices/heartbeat", {"said": {}, "printer": {"reasons": ["offline"]}})
    (after,) = staff.get(DEVICES).json["printers"]
    assert after == before


@pytest.mark.parametrize(
    "said",
    [
        {"UPPER": "x"},
        {"page": "x" * 201},
        {"page": 5},
        {f"n{'abcdefghij'[n]}": "x" for n in range(9)},
        "kiosk",
    ],
)
def test_a_heartbeat_is_short_words_by_name(kiosk: Asking, said: Any) -> None:
    assert kiosk.post("/devices/heartbeat", {"said": said}).status_code == 422


def test_a_revoked_agent_prints_nothing(house: House, kiosk: Asking, agent: Asking) -> None:
    from server.people.models import AccessToken

    kiosk.take()
    with house.parts.database.transaction() as session:
        token = session.query(AccessToken).filter_by(scope="agent").one()
        token.revoked_at = house.clock()
    assert agent.post("/print-jobs/lease").status_code == 401


def test_an_agent_without_a_printer_is_told_so(house: House) -> None:
    from server.people.accounts import add_token
    from server.web import office_or_404

    with house.parts.database.transaction() as session:
        office = office_or_404(session, sample.SLUG)
        token = add_token(session, "lonely", scope="agent", office=office, now=house.clock())
    lonely = Asking(house.app.test_client(), token)
    answer = lonely.post("/print-jobs/lease", Accept_Language="en")
    assert answer.status_code == 403
    assert "no printer" in answer.json["detail"]
