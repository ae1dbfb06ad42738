"""A clerk works with the queue over HTTP, and what the others may see of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.offices.models import Counter
from server.people.accounts import add_person
from server.people.models import Person
from server.web import sign_in_stamp

OFFICE = "/offices/vinh-thuan"


def test_a_clerk_calls_serves_and_finishes(kiosk: Any, clerk: Any, counter: int) -> None:
    number = kiosk.take()["number"]
    called = clerk.post(f"/counters/{counter}/call-next")
    assert called.status_code == 200
    assert (called.json["number"], called.json["status"]) == (number, "called")
    assert called.json["counter"] == "1"
    path = f"/tickets/{called.json['id']}"
    assert clerk.post(f"{path}/serve").json["status"] == "serving"
    assert clerk.post(f"{path}/finish").json["status"] == "done"


def test_nobody_waits(clerk: Any, counter: int) -> None:
    assert clerk.post(f"/counters/{counter}/call-next").status_code == 204


def test_a_clerk_never_sees_the_holders_token(kiosk: Any, clerk: Any, counter: int) -> None:
    kiosk.take()
    called = clerk.post(f"/counters/{counter}/call-next").json
    assert not {"token", "lookup_url"} & called.keys()


def test_a_press_sent_twice_calls_one_person(kiosk: Any, clerk: Any, counter: int) -> None:
    kiosk.take()
    kiosk.take()
    path = f"/counters/{counter}/call-next"
    first = clerk.post(path, Idempotency_Key="press")
    again = clerk.post(path, Idempotency_Key="press")
    assert again.json["number"] == first.json["number"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert clerk.post(path, Idempotency_Key="another").json["number"] != first.json["number"]


def test_every_press_is_done_once_however_often_it_is_sent(
    kiosk: Any, clerk: Any, anyone: Any, counter: int
) -> None:
    kiosk.take()
    ticket = clerk.post(f"/counters/{counter}/call-next").json
    recall = f"/tickets/{ticket['id']}/recall"
    for _ in range(3):
        assert clerk.post(recall, Idempotency_Key="recall").status_code == 200
    [call] = anyone.get(f"{OFFICE}/board").json["calls"]
    assert call["repeat"] == 1
    finish = f"/tickets/{ticket['id']}/finish"
    assert clerk.post(finish, Idempotency_Key="finish").json["status"] == "done"
    again = clerk.post(finish, Idempotency_Key="finish")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert clerk.post(finish, Idempotency_Key="recall").status_code == 422


def test_a_step_the_status_forbids_names_the_allowed_ones(
    kiosk: Any, clerk: Any, house: Any, counter: int
) -> None:
    kiosk.take()
    ticket = clerk.post(f"/counters/{counter}/call-next").json
    clerk.post(f"/tickets/{ticket['id']}/finish")
    before = house.revision()
    answer = clerk.post(f"/tickets/{ticket['id']}/recall")
    assert answer.status_code == 409
    assert answer.json["allowed"] == []
    assert house.revision() == before
    kiosk.take()
    waiting = clerk.post(f"/counters/{counter}/call-next").json
    answer = clerk.post(f"/tickets/{waiting['id']}/resume")
    assert set(answer.json["allowed"]) == {
        "recall", "serve", "finish", "no-show", "park", "transfer", "cancel"
    }  # fmt: skip


def test_a_missed_citizen_comes_back_by_scanning_the_slip(
    kiosk: Any, clerk: Any, counter: int
) -> None:
    slip = kiosk.take()["lookup_url"]
    ticket = clerk.post(f"/counters/{counter}/call-next").json
    assert clerk.post(f"/tickets/{ticket['id']}/no-show").json["status"] == "no_show"
    back = kiosk.post(f"{OFFICE}/check-in", {"token": slip})
    assert back.status_code == 200
    assert back.json["status"] == "waiting"


def test_a_parked_citizen_keeps_the_place(kiosk: Any, clerk: Any, counter: int) -> None:
    kiosk.take()
    kiosk.take()
    first = clerk.post(f"/counters/{counter}/call-next").json
    parked = clerk.post(f"/tickets/{first['id']}/park", {"reason": "Sửa tờ khai"})
    assert parked.json["status"] == "parked"
    clerk.post(f"/tickets/{first['id']}/resume")
    assert clerk.post(f"/counters/{counter}/call-next").json["number"] == first["number"]


def test_a_transfer_keeps_the_number(kiosk: Any, clerk: Any, counter: int) -> None:
    number = kiosk.take()["number"]
    ticket = clerk.post(f"/counters/{counter}/call-next").json
    moved = clerk.post(f"/tickets/{ticket['id']}/transfer", {"service": "dat-dai"}).json
    assert (moved["number"], moved["service"], moved["status"]) == (number, "dat-dai", "waiting")


def test_the_last_press_can_be_taken_back(kiosk: Any, clerk: Any, house: Any, counter: int) -> None:
    kiosk.take()
    clerk.post(f"/counters/{counter}/call-next")
    undone = clerk.post(f"/counters/{counter}/undo")
    assert undone.json["status"] == "waiting"
    assert house.client().get(f"{OFFICE}/board").json["calls"] == []
    clerk.post(f"/counters/{counter}/call-next")
    house.clock.forward(seconds=10)
    assert clerk.post(f"/counters/{counter}/undo").status_code == 409


def test_a_holder_follows_and_cancels(kiosk: Any, anyone: Any, clerk: Any, counter: int) -> None:
    kiosk.take()
    token = kiosk.take()["token"]
    followed = anyone.get(f"/tickets/{token}").json
    assert (followed["status"], followed["ahead"], followed["dossiers"]) == ("waiting", 1, [])
    assert anyone.delete(f"/tickets/{token}").status_code == 204
    assert anyone.get(f"/tickets/{token}").json["status"] == "cancelled"
    first = clerk.post(f"/counters/{counter}/call-next").json
    assert first["number"] == "A001"


def test_a_holder_cannot_cancel_once_called(
    kiosk: Any, anyone: Any, clerk: Any, counter: int
) -> None:
    token = kiosk.take()["token"]
    clerk.post(f"/counters/{counter}/call-next")
    assert anyone.delete(f"/tickets/{token}").status_code == 409
    assert anyone.get(f"/tickets/{token}").json["status"] == "called"


@pytest.mark.parametrize("token", ["no-token", "x" * 400, "%00", "../../etc/passwd"])
def test_a_token_that_is_no_token_is_not_found(anyone: Any, token: str) -> None:
    for answer in (anyone.get(f"/tickets/{token}"), anyone.delete(f"/tickets/{token}")):
        assert answer.status_code == 404


def test_the_board_shows_the_call_and_nothing_personal(
    kiosk: Any, clerk: Any, anyone: Any, counter: int
) -> None:
    ticket = kiosk.take(priority="elderly")
    clerk.post(f"/counters/{counter}/call-next")
    answer = anyone.get(f"{OFFICE}/board")
    [call] = answer.json["calls"]
    assert (call["number"], call["counter"], call["repeat"]) == ("A001", "1", 0)
    assert ticket["token"] not in answer.text
    assert "priority" not in answer.text


def test_a_recall_is_a_new_call_of_the_same_number(
    kiosk: Any, clerk: Any, anyone: Any, counter: int
) -> None:
    kiosk.take()
    ticket = clerk.post(f"/counters/{counter}/call-next").json
    [first] = anyone.get(f"{OFFICE}/board").json["calls"]
    clerk.post(f"/tickets/{ticket['id']}/recall")
    [again] = anyone.get(f"{OFFICE}/board").json["calls"]
    assert again["number"] == first["number"]
    assert again["id"] > first["id"]
    assert again["repeat"] == 1


@pytest.mark.parametrize("step", ["call", "recall", "serve", "finish", "no-show", "park",
                                  "resume", "cancel"])  # fmt: skip
def test_steps_are_for_clerks_of_this_hall(house: Any, kiosk: Any, step: str) -> None:
    kiosk.take()
    assert house.client().post(f"/tickets/1/{step}").status_code == 401
    assert house.client("kiosk").post(f"/tickets/1/{step}").status_code == 403
    assert house.client().post(f"/tickets/999/{step}").status_code == 401


def test_a_grant_of_the_province_holds_in_its_halls(house: Any, kiosk: Any, counter: int) -> None:
    kiosk.take()
    answer = house.client("province").post(f"/counters/{counter}/call-next")
    assert answer.status_code == 200


def test_a_counter_opens_pauses_and_closes(clerk: Any, anyone: Any, counter: int) -> None:
    def seen() -> str:
        return anyone.get(f"{OFFICE}/board").json["counters"][0]["status"]

    assert clerk.post(f"/counters/{counter}/open").json["status"] == "open"
    assert seen() == "open"
    assert clerk.post(f"/counters/{counter}/pause", {"reason": "Họp"}).json["status"] == "paused"
    assert seen() == "paused"
    clerk.post(f"/counters/{counter}/close")
    assert seen() == "closed"


def test_the_office_tells_what_it_offers(kiosk: Any, anyone: Any) -> None:
    kiosk.take()
    office = anyone.get(OFFICE).json
    assert office["open"] is True
    assert office["hours"]["mon"] == [["07:00", "11:00"], ["13:00", "17:00"]]
    first = office["services"][0]
    assert (first["code"], first["waiting"], first["open"]) == ("ho-tich", 1, True)
    assert set(first["names"]) == {"vi", "en", "km"}
    assert len(office["services"]) == 9
    assert len(office["counters"]) == 6
    assert anyone.get("/offices/nowhere").status_code == 404


def test_fees_that_the_province_sets_are_not_called_free(anyone: Any) -> None:
    listed = anyone.get(f"{OFFICE}/fees?service=ho-tich").json["procedures"]
    unknown = [fee for fee in listed if fee["fee_vnd"] is None]
    assert unknown
    assert all("nghị quyết của HĐND tỉnh" in fee["fee_note"] for fee in unknown)
    assert anyone.get(f"{OFFICE}/fees?service=nothing").status_code == 404


def test_a_qr_code_can_be_photographed(kiosk: Any, anyone: Any) -> None:
    token = kiosk.take()["token"]
    answer = anyone.get(f"/tickets/{token}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert b"<path" in answer.data


def test_the_api_describes_itself(anyone: Any) -> None:
    described = anyone.get("/openapi.json").json
    path = described["paths"]["/api/v1/offices/{office}/tickets"]["post"]
    assert path["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith(
        "TakeTicket"
    )
    page = anyone.get("/docs")
    assert "/api/v1/counters/{counter_id}/call-next" in page.text


def test_people_sign_in_by_cookie_and_need_the_pages_own_token(house: Any, kiosk: Any) -> None:
    ticket = kiosk.take()
    browser = house.app.test_client()
    with house.parts.database.read() as session:
        lan = session.scalars(select(Person).where(Person.name == "lan")).one()
    with browser.session_transaction() as cookie:
        cookie["person"], cookie["since"] = lan.id, house.clock().timestamp()
        cookie["stamp"] = sign_in_stamp(lan)
    assert browser.post(f"/api/v1/tickets/{ticket['id']}/call").status_code == 400


@pytest.mark.parametrize(
    "path", ["/counters/99999999999999999999999/call-next", "/tickets/9999999999999/finish"]
)
def test_ids_that_no_database_has_are_not_found(clerk: Any, path: str) -> None:
    assert clerk.post(path).status_code == 404


def test_a_new_password_ends_the_sign_ins_of_the_old_one(house: Any) -> None:
    def signed_in() -> bool:
        return (
            browser.post("/api/v1/counters/1/open").status_code == 400
        )  # the page's own token is missing, but the cookie counts

    browser = house.app.test_client()
    with house.parts.database.read() as session:
        lan = session.scalars(select(Person).where(Person.name == "lan")).one()
    with browser.session_transaction() as cookie:
        cookie["person"], cookie["since"] = lan.id, house.clock().timestamp()
        cookie["stamp"] = sign_in_stamp(lan)
    assert signed_in()
    with house.parts.database.transaction() as session:
        add_person(
            session, "lan", "another horse", role="clerk", office=lan.office, now=house.clock()
        )
    assert not signed_in()


@pytest.fixture
def counter(house: Any) -> int:
    """The id of counter 1."""
    with house.parts.database.read() as session:
        return session.scalars(select(Counter.id).where(Counter.number == "1")).one()
