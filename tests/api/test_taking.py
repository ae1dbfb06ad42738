"""A citizen takes a number: over HTTP, as the contract says."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from server.printing.models import PrintJob
from server.queueing.models import Ticket

TICKETS = "/offices/vinh-thuan/tickets"


def test_a_citizen_takes_a_number(kiosk: Any) -> None:
    answer = kiosk.post(TICKETS, {"service": "ho-tich"})
    assert answer.status_code == 201
    ticket = answer.json
    assert ticket["number"] == "A001"
    assert ticket["status"] == "waiting"
    assert ticket["ahead"] == 0
    assert ticket["lookup_url"] == f"http://hall.example/t/{ticket['token']}"
    assert len(ticket["token"]) >= 22  # 128 bits
    assert datetime.fromisoformat(ticket["issued_at"]).utcoffset() is not None


def test_numbers_go_up_by_one_for_each_letter(kiosk: Any) -> None:
    taken = [kiosk.take(service)["number"] for service in ("ho-tich", "chung-thuc", "ho-tich")]
    assert taken == ["A001", "B001", "A002"]


def test_the_slip_is_written_with_the_ticket(kiosk: Any, house: Any) -> None:
    ticket = kiosk.take(language="en", priority="elderly")
    with house.parts.database.read() as session:
        slip = session.scalars(select(PrintJob.slip)).one()
    assert slip["number"] == ticket["number"]
    assert slip["url"] == ticket["lookup_url"]
    assert slip["service"] == "Civil status, adoption"
    assert "Elderly" in slip["priority"]


def test_the_same_key_and_body_give_the_same_ticket(kiosk: Any, house: Any) -> None:
    first = kiosk.post(TICKETS, {"service": "ho-tich"}, Idempotency_Key="a-tap")
    again = kiosk.post(TICKETS, {"service": "ho-tich"}, Idempotency_Key="a-tap")
    assert again.status_code == 201
    assert again.json["token"] == first.json["token"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert _tickets(house) == 1


def test_the_same_key_with_another_body_is_refused(kiosk: Any, house: Any) -> None:
    kiosk.post(TICKETS, {"service": "ho-tich"}, Idempotency_Key="a-tap")
    other = kiosk.post(TICKETS, {"service": "dat-dai"}, Idempotency_Key="a-tap")
    assert other.status_code == 422
    assert other.mimetype == "application/problem+json"
    assert _tickets(house) == 1


def test_a_tap_sent_twenty_times_at_once_gives_one_number(house: Any) -> None:
    def tap(_: int) -> tuple[int, str]:
        answer = house.client("kiosk").post(
            TICKETS, {"service": "ho-tich"}, Idempotency_Key="one-tap"
        )
        return answer.status_code, answer.json.get("number")

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(tap, range(20)))
    assert answers == {(201, "A001")}
    assert _tickets(house) == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (TICKETS, {"service": "no-such-service"}, 404),
        ("/offices/nowhere/tickets", {"service": "ho-tich"}, 404),
        (TICKETS, {"service": "ho-tich", "language": "xx"}, 422),
        (TICKETS, {"service": "ho-tich", "priority": "vip"}, 422),
        (TICKETS, {"service": "ho-tich", "colour": "red"}, 422),
        (TICKETS, {"service": 7}, 422),
        (TICKETS, {}, 422),
        (TICKETS, [], 422),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    kiosk: Any, house: Any, path: str, body: Any, status: int
) -> None:
    before = house.revision()
    answer = kiosk.post(path, body)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) >= {"type", "title", "status", "detail"}
    assert answer.json["status"] == status
    assert answer.json["detail"]
    assert (house.revision(), _tickets(house)) == (before, 0)


def test_an_unknown_field_is_named(kiosk: Any) -> None:
    answer = kiosk.post(TICKETS, {"service": "ho-tich", "colour": "red"})
    assert [error["field"] for error in answer.json["errors"]] == ["colour"]


def test_text_that_is_no_json_is_refused(kiosk: Any, house: Any) -> None:
    answer = kiosk.flask.post(f"/api/v1{TICKETS}", data="service=ho-tich", headers=kiosk.headers)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert _tickets(house) == 0


def test_a_body_over_64_kib_is_refused(kiosk: Any, house: Any) -> None:
    body = json.dumps({"service": "ho-tich", "language": "v" * 70_000})
    answer = kiosk.flask.post(f"/api/v1{TICKETS}", data=body, headers=kiosk.headers)
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"
    assert _tickets(house) == 0


@pytest.mark.parametrize(("scope", "status"), [("", 401), ("display", 403), ("reports", 403)])
def test_only_kiosks_and_clerks_take_numbers(house: Any, scope: str, status: int) -> None:
    answer = house.client(scope).post(TICKETS, {"service": "ho-tich"})
    assert answer.status_code == status
    assert _tickets(house) == 0


def test_a_closed_hall_gives_no_numbers_and_says_when_it_opens(kiosk: Any, house: Any) -> None:
    house.clock.forward(hours=12)  # 21:00
    answer = kiosk.post(TICKETS, {"service": "ho-tich"})
    assert answer.status_code == 409
    assert "06:30" in answer.json["detail"]
    assert _tickets(house) == 0


def test_a_paused_service_gives_no_numbers(kiosk: Any, clerk: Any) -> None:
    paused = clerk.post("/offices/vinh-thuan/services/ho-tich/pause", {"reason": "Mất mạng"})
    assert paused.json["closed_because"] == "paused"
    assert kiosk.post(TICKETS, {"service": "ho-tich"}).status_code == 409
    clerk.post("/offices/vinh-thuan/services/ho-tich/resume")
    assert kiosk.post(TICKETS, {"service": "ho-tich"}).status_code == 201


def test_a_refusal_speaks_the_language_that_was_asked_for(kiosk: Any) -> None:
    def said(language: str) -> str:
        answer = kiosk.flask.post(
            f"/api/v1{TICKETS}",
            json={"service": "no-such-service"},
            headers=kiosk.headers | {"Accept-Language": language},
        )
        return answer.json["detail"]

    assert said("en") != said("vi")
    assert said("xx") == said("vi")


def _tickets(house: Any) -> int:
    with house.parts.database.read() as session:
        return session.scalar(select(func.count()).select_from(Ticket)) or 0
