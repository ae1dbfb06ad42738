"""A program changes the catalogue and the calendar, by the same rules as a manager's hand."""

from __future__ import annotations

from typing import Any

import pytest

from server.offices import sample
from tests.api.conftest import Asking, House

COPY = "2.000815"
CALENDAR = f"/offices/{sample.SLUG}/calendar"
DAY = {
    "day": "2026-11-26",
    "kind": "off",
    "names": {"vi": "Nghỉ lụt", "en": "Flood"},
    "source": "Công văn 12/UBND",
    "valid_from": "2026-11-25",
}


@pytest.fixture
def staff(house: House) -> Asking:
    return house.client("staff")


def terms(seen: str, **more: Any) -> dict[str, Any]:
    return {
        "seen": seen,
        "valid_from": "2026-11-26",
        "source": "NQ 05/2026/NQ-HĐND",
        "names": {"vi": "Bản sao", "en": "Copy"},
        "field": "CT",
        "unit": "same_day",
        "afternoon_rule": True,
        "fee_vnd": 3000,
        "charge_vnd": 500,
        "papers": ["Bản chính", "Bản sao"],
    } | more


def seen_of(asking: Asking, code: str = COPY) -> str:
    return str(asking.get(f"/procedures/{code}").json["seen"])


def test_new_terms_begin_tomorrow_and_the_fees_follow(house: House, staff: Asking) -> None:
    answer = staff.post(f"/procedures/{COPY}/terms", terms(seen_of(staff)))
    assert answer.status_code == 201, answer.text
    latest, first = answer.json["terms"]
    assert (latest["valid_from"], latest["fee_vnd"], latest["charge_vnd"]) == (
        "2026-11-26",
        3000,
        500,
    )
    assert (latest["papers"], latest["field_names"]) == (
        ["Bản chính", "Bản sao"],
        first["field_names"],
    )
    assert first["valid_to"] == "2026-11-25"

    def fee() -> int:
        listed = staff.get(f"/offices/{sample.SLUG}/fees").json["procedures"]
        (found,) = (one["fee_vnd"] for one in listed if one["code"] == COPY)
        return int(found)

    assert fee() == 2000
    house.clock.forward(days=1)
    assert fee() == 3000


def test_agencies_papers_and_times_come_back_as_they_were_sent(staff: Asking) -> None:
    code = "1.012784"
    agencies = [
        {"agency": "thue", "position": 2, "share": 5},
        {"agency": "tnmt", "position": 1, "share": 7},
    ]
    more = {"field": "DD", "unit": "working_day", "days": 12, "afternoon_rule": False}
    body = terms(seen_of(staff, code), interlinked=True, agencies=agencies, **more)
    answer = staff.post(f"/procedures/{code}/terms", body)
    assert answer.status_code == 201, answer.text
    assert answer.json["terms"][0]["agencies"] == agencies[::-1]
    assert answer.json["terms"][0]["days"] == 12


def test_who_was_too_late_is_told(staff: Asking) -> None:
    seen = seen_of(staff)
    assert staff.post(f"/procedures/{COPY}/terms", terms(seen)).status_code == 201
    late = staff.post(f"/procedures/{COPY}/terms", terms(seen, fee_vnd=9))
    assert late.status_code == 409
    assert late.json["type"].endswith("changed-meanwhile")
    assert staff.post(f"/procedures/{COPY}/terms", terms("", fee_vnd=9)).status_code == 409


def test_each_wrong_field_is_named_in_the_language_asked_for(staff: Asking) -> None:
    body = terms(seen_of(staff), source=" ", valid_from="2026-11-24", field="XX", days=3)
    answer = staff.post(f"/procedures/{COPY}/terms", body, Accept_Language="vi")
    assert answer.status_code == 422
    told = {one["field"]: one["detail"] for one in answer.json["errors"]}
    assert told["source"] == "Xin ghi văn bản hoặc trang quy định."
    assert set(told) == {"source", "valid_from", "field", "days"}
    assert len(staff.get(f"/procedures/{COPY}").json["terms"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"fee_vnd": -1},
        {"fee_vnd": "2.000"},
        {"charge_vnd": 10**12},
        {"valid_from": "tomorrow"},
        {"unit": "year"},
        {"names": {"en": "Copy"}},
        {"names": {"vi": "a\0b"}},
        {"unknown": 1},
    ],
)
def test_what_is_no_terms_at_all_is_refused(staff: Asking, wrong: dict[str, Any]) -> None:
    answer = staff.post(f"/procedures/{COPY}/terms", terms("", **wrong))
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_a_procedure_is_added_and_ends(house: House, staff: Asking) -> None:
    body = terms("", names={"vi": "Thủ tục mới"})
    added = staff.post("/procedures/1.000001/terms", body)
    assert added.status_code == 201, added.text
    end = {"seen": added.json["seen"], "last_day": "2026-12-31"}
    ended = staff.post("/procedures/1.000001/last-day", end)
    assert ended.json["terms"][0]["valid_to"] == "2026-12-31"
    assert staff.post("/procedures/1.000001/last-day", end).status_code == 409
    assert staff.get("/procedures/9.999999").status_code == 404
    assert staff.post("/procedures/9.999999/last-day", end).status_code == 404


def test_a_day_off_is_entered_changed_and_seen_with_its_source(staff: Asking) -> None:
    answer = staff.post(CALENDAR, DAY)
    assert answer.status_code == 201, answer.text
    (day,) = (one for one in answer.json["days"] if one["day"] == "2026-11-26")
    assert (day["kind"], day["names"], day["office"], day["valid_from"]) == (
        "off",
        {"vi": "Nghỉ lụt", "en": "Flood"},
        sample.SLUG,
        "2026-11-25",
    )
    nameless = staff.post(CALENDAR, DAY | {"names": {"vi": " "}, "day": "2026-12-24"})
    assert [one["field"] for one in nameless.json["errors"]] == ["names.vi"]
    again = staff.post(CALENDAR, DAY)
    assert again.status_code == 422
    assert again.json["errors"][0]["field"] == "day"
    changed = staff.post(CALENDAR, DAY | {"kind": "work", "seen": day["seen"]})
    assert changed.status_code == 201
    assert staff.post(CALENDAR, DAY | {"seen": day["seen"]}).status_code == 409


def test_a_year_of_the_calendar_and_where_another_source_disagrees(staff: Asking) -> None:
    year = staff.get(f"{CALENDAR}?year=2026").json
    assert [one["day"] for one in year["differences"]] == ["2026-01-02", "2026-01-10"]
    assert year["known"]
    unknown = staff.get(f"{CALENDAR}?year=2031").json
    assert (unknown["known"], unknown["days"], unknown["differences"]) == (False, [], [])


@pytest.mark.parametrize("scope", ["", "kiosk", "counter", "dossiers", "reports"])
def test_nobody_else_may(house: House, scope: str) -> None:
    asking = house.client(scope)
    status = 403 if scope else 401
    assert asking.get(f"/procedures/{COPY}").status_code == status
    assert asking.post(f"/procedures/{COPY}/terms", terms("")).status_code == status
    assert asking.get(CALENDAR).status_code == status
    assert asking.post(CALENDAR, DAY).status_code == status


def test_the_description_names_these_routes(staff: Asking) -> None:
    paths = staff.get("/openapi.json").json["paths"]
    for path in ("/procedures/{code}/terms", "/offices/{office}/calendar"):
        assert "post" in paths[f"/api/v1{path}"]
