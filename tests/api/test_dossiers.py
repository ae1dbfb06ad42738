"""Dossiers over HTTP: for the clerk, for the province's program, for the holder with a proof."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from server.dossiers.agencies import set_agency
from server.dossiers.models import Dossier, DossierStep
from server.dossiers.numbering import set_pattern
from server.journal import JournalEntry
from server.people.accounts import add_token
from server.web import office_or_404

DOSSIERS = "/offices/vinh-thuan/dossiers"
STATUS_PROCEDURE = "1.004873"  # three working days
MAU = {"name": "NGUYỄN VĂN MẪU", "phone": "0912345678", "identity_number": "091090000123"}


@pytest.fixture(autouse=True)
def patterns(house: Any) -> None:
    """The sample office has a code pattern and an agency; a manager's program and a neighbour."""
    with house.parts.database.transaction() as session:
        now = house.clock.now
        office = office_or_404(session, "vinh-thuan")
        set_pattern(session, office, "H33.14", now=now, actor="admin")
        set_agency(session, office, "tp", {"vi": "Phòng Tư pháp"}, now=now, actor="admin")


def body(**more: Any) -> dict[str, Any]:
    return {"procedure": STATUS_PROCEDURE, "applicant": MAU, **more}


def accept(asking: Any, **more: Any) -> dict[str, Any]:
    answer = asking.post(DOSSIERS, body(**more))
    assert answer.status_code == 201, answer.text
    return answer.json


def step(asking: Any, dossier: dict[str, Any], name: str, **more: Any) -> Any:
    return asking.post(f"/dossiers/{dossier['code']}/steps", {"step": name, **more})


def count(house: Any, what: Any) -> int:
    with house.parts.database.read() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def test_a_clerk_accepts_a_dossier_and_the_citizen_follows_it(clerk: Any, anyone: Any) -> None:
    made = accept(clerk)
    assert made["code"] == "H33.14-261125-0001"
    assert made["due_at"] == "2026-11-30T09:00:00+07:00"
    assert made["applicant"]["name"] == "NGUYỄN VĂN MẪU"
    followed = anyone.get(f"/dossiers/{made['code']}?proof=5678")
    assert followed.status_code == 200
    assert followed.json["status"] == 2
    assert step(clerk, made, "finish").json["status"] == 9
    timeline = anyone.get("/dossiers/h33.14 261125 0001?proof=0123").json["timeline"]
    assert [one["kind"] for one in timeline] == ["accept", "finish"]


def test_a_phone_gets_no_name_address_or_number(clerk: Any, anyone: Any) -> None:
    made = accept(clerk, applicant={**MAU, "address": "Ấp Mẫu"}, note="bà MẪU gọi lại")
    shown = anyone.get(f"/dossiers/{made['code']}?proof=5678").text
    for secret in ("MẪU", "Mẫu", "Ấp", "0912345678", "091090000123", "counter:counter"):
        assert secret not in shown


def test_a_wrong_code_and_a_wrong_proof_are_answered_alike(clerk: Any, anyone: Any) -> None:
    made = accept(clerk)
    wrong = [
        anyone.get(f"/dossiers/{code}?proof={proof}")
        for code, proof in (
            (made["code"], "9999"),
            ("H33.14-261125-4711", "5678"),
            ("nothing", "5678"),
            (made["code"], ""),
        )
    ]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.data for answer in wrong}) == 1
    headers = [
        {name: value for name, value in answer.headers if name != "Date"} for answer in wrong
    ]
    for answer in headers:
        answer.pop("Content-Security-Policy", None)  # its nonce differs every time
    assert all(answer == headers[0] for answer in headers)


def test_the_digits_cannot_be_found_by_trying(clerk: Any, anyone: Any, house: Any) -> None:
    made = accept(clerk)
    path = f"/dossiers/{made['code']}?proof="
    answers = [anyone.get(f"{path}{guess:04}").status_code for guess in range(1000, 1040)]
    assert answers == [404] * 30 + [429] * 10
    assert anyone.get(f"{path}5678").status_code == 429
    # A code that does not exist is no different.
    assert anyone.get("/dossiers/H33.14-261125-4711?proof=1").status_code == 429
    house.clock.forward(minutes=61)
    assert anyone.get(f"{path}5678").status_code == 200


def test_nor_by_trying_from_many_places(clerk: Any, house: Any) -> None:
    path = f"/api/v1/dossiers/{accept(clerk)['code']}?proof="

    def guess(place: int, proof: str) -> int:
        asking = house.app.test_client()
        answer = asking.get(path + proof, environ_overrides={"REMOTE_ADDR": f"10.0.0.{place}"})
        status: int = answer.status_code
        return status

    assert [guess(place, "0000") for place in range(31)] == [404] * 30 + [429]
    assert guess(99, "5678") == 429


def test_one_place_does_not_try_many_codes(clerk: Any, anyone: Any) -> None:
    made = accept(clerk)
    for number in range(30):
        assert anyone.get(f"/dossiers/H33.14-200101-{number:04}?proof=1234").status_code == 404
    assert anyone.get(f"/dossiers/{made['code']}?proof=5678").status_code == 429


def test_a_holder_may_look_as_often_as_they_like(clerk: Any, anyone: Any) -> None:
    path = f"/dossiers/{accept(clerk)['code']}?proof=5678"
    assert {anyone.get(path).status_code for _ in range(60)} == {200}


def test_the_same_key_and_body_make_one_dossier(clerk: Any, house: Any) -> None:
    first = clerk.post(DOSSIERS, body(), Idempotency_Key="a")
    again = clerk.post(DOSSIERS, body(), Idempotency_Key="a")
    assert (again.status_code, again.json["code"]) == (201, first.json["code"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert clerk.post(DOSSIERS, body(sets=2), Idempotency_Key="a").status_code == 422
    assert count(house, Dossier) == 1


def test_sent_twenty_times_at_once_it_is_received_once(house: Any) -> None:
    def send(_: int) -> str:
        return house.client("counter").post(DOSSIERS, body(), Idempotency_Key="one").json["code"]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(20))) == {"H33.14-261125-0001"}
    assert count(house, Dossier) == 1


def test_a_step_sent_twice_is_taken_once(clerk: Any, house: Any) -> None:
    made = accept(clerk)
    path = f"/dossiers/{made['code']}/steps"
    for _ in range(2):
        answer = clerk.post(path, {"step": "finish"}, Idempotency_Key="done")
        assert (answer.status_code, answer.json["status"]) == (200, 9)
    assert count(house, DossierStep) == 2


def test_every_step_can_be_taken_over_http(clerk: Any, house: Any) -> None:
    program = house.client("dossiers")
    made = accept(clerk, shares=[{"agency": "tp", "share": 2}])
    for name, more, status in (
        ("process", {}, 4),
        ("ask-supplement", {"missing": ["Ảnh 3x4"]}, 5),
        ("supplement", {}, 4),
        ("ask-payment", {}, 6),
        ("pay", {}, 4),
        ("hand-over", {"agency": "tp"}, 4),
        ("take-over", {"agency": "tp"}, 4),
        ("part-done", {"agency": "tp", "note": "xong"}, 4),
        ("stop", {"reason": "Chờ"}, 8),
        ("continue", {}, 4),
        ("apologise", {"promised_on": "2026-12-10", "reason": "Chờ xác minh"}, 4),
        ("note", {"note": "đã gọi"}, 4),
        ("finish", {}, 9),
        ("return", {"collector": {"name": "THỊ MẪU"}}, 10),
    ):
        answer = step(clerk, made, name, **more)
        assert (answer.status_code, answer.json["status"]) == (200, status), answer.text
    assert answer.json["collector"]["name"] == "THỊ MẪU"
    last = answer.json["steps"][-1]
    back = step(program, made, "take-back", corrects=last["id"], reason="chưa trả")
    assert back.json["status"] == 9
    finish = next(one for one in back.json["steps"] if one["kind"] == "finish")
    at = finish["at"]
    fixed = step(program, made, "correct-time", corrects=finish["id"], at=at, reason="sửa")
    assert fixed.status_code == 200, fixed.text
    again = accept(clerk, outcome="register", channel=2)
    assert step(clerk, again, "refuse", reason="Sai nơi").json["status"] == 3
    third = accept(clerk, outcome="register")
    assert step(clerk, third, "accept").json["status"] == 2
    assert step(clerk, third, "withdraw").json["status"] == 7


def test_outcomes_other_than_acceptance(clerk: Any) -> None:
    asked = accept(clerk, outcome="ask-supplement", missing=["Ảnh"])
    refused = accept(clerk, outcome="refuse", reason="Sai nơi")
    assert (asked["status"], asked["due_at"], refused["status"]) == (5, None, 3)
    for wrong in ({"outcome": "refuse"}, {"outcome": "ask-supplement"}):
        assert clerk.post(DOSSIERS, body(**wrong)).status_code == 422


def test_a_forbidden_step_names_the_allowed_ones(clerk: Any) -> None:
    answer = step(clerk, accept(clerk), "return")
    assert answer.status_code == 409
    assert "finish" in answer.json["allowed"]
    assert answer.json["detail"] == "Trạng thái hồ sơ không cho phép bước này."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"applicant": {"name": ""}}, "applicant.name"),
        ({"applicant": {**MAU, "phone": "gọi sau"}}, "applicant.phone"),
        ({"applicant": {**MAU, "card": "x"}}, "applicant.card"),
        ({"channel": 4}, "channel"),
        ({"channel": "1"}, "channel"),
        ({"sets": 0}, "sets"),
        ({"outcome": "lose"}, "outcome"),
        ({"due_at": "2020-01-01"}, "due_at"),
        ({"papers": [{"name": "A", "kind": "napkin"}]}, "papers.0.kind"),
        ({"shares": [{"agency": "tp", "share": 0}]}, "shares.0.share"),
    ],
)
def test_a_wrong_body_is_refused_by_its_field(
    clerk: Any, house: Any, wrong: dict[str, Any], field: str
) -> None:
    answer = clerk.post(DOSSIERS, body(**wrong))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert count(house, Dossier) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"step": "vanish"},
        {"step": "ask-supplement"},
        {"step": "stop"},
        {"step": "finish", "reason": "x"},
        {"step": "apologise", "promised_on": "10/12/2026", "reason": "Chờ"},
        {"step": "take-back", "corrects": 1},
        {"step": "correct-time", "corrects": 1, "reason": "x", "at": "2026-11-25T09:00:00"},
        {"step": "note", "note": " "},
        {"step": "ask-supplement", "missing": ["a\0b"]},
        {"step": "correct-time", "corrects": 1, "reason": "x", "at": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_wrong_step_is_refused(clerk: Any, wrong: dict[str, Any]) -> None:
    made = accept(clerk)
    answer = clerk.post(f"/dossiers/{made['code']}/steps", wrong)
    assert answer.status_code == 422, answer.text
    assert answer.json["errors"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"procedure": "9.999999"}, 404),
        ({"procedure": "khai sinh"}, 404),
        ({"ticket": 4711}, 404),
        ({"shares": [{"agency": "nobody", "share": 1}]}, 404),
        ({"shares": [{"agency": "tp", "share": 4}]}, 422),
    ],
)
def test_what_does_not_exist_is_refused(clerk: Any, wrong: dict[str, Any], status: int) -> None:
    assert clerk.post(DOSSIERS, body(**wrong)).status_code == status


def test_who_may_do_what(house: Any, clerk: Any) -> None:
    made = accept(clerk)
    path = f"/dossiers/{made['code']}"
    by_scope = {
        scope: (
            house.client(scope).post(DOSSIERS, body()).status_code,
            house.client(scope).get(path).status_code,
            house.client(scope).post(f"{path}/steps", {"step": "note", "note": "x"}).status_code,
            house.client(scope).patch(path, {"sets": 2}).status_code,
        )
        for scope in ("", "kiosk", "display", "reports", "counter", "dossiers")
    }
    assert by_scope == {
        "": (401, 401, 401, 401),
        "kiosk": (403, 403, 403, 403),
        "display": (403, 403, 403, 403),
        "reports": (403, 403, 403, 403),
        "counter": (201, 200, 200, 200),
        "dossiers": (201, 200, 200, 200),
    }
    assert house.client("counter").get("/dossiers/H33.14-261125-4711").status_code == 404
    assert house.client().get("/dossiers/H33.14-261125-4711").status_code == 401


def test_a_clerk_does_not_correct_history(clerk: Any) -> None:
    made = accept(clerk)
    first = made["steps"][0]["id"]
    answer = step(clerk, made, "take-back", corrects=first, reason="nhầm")
    assert answer.status_code == 403


def test_another_offices_clerk_sees_nothing(house: Any, clerk: Any) -> None:
    made = accept(clerk)
    with house.parts.database.transaction() as session:
        above = office_or_404(session, "kien-giang")
        from server.offices.models import Office

        other = Office(slug="other", names={"vi": "Nơi khác"}, parent_id=above.id)
        session.add(other)
        session.flush()
        house.tokens["other"] = add_token(
            session, "other", scope="dossiers", office=other, now=house.clock.now
        )
    assert house.client("other").get(f"/dossiers/{made['code']}").status_code == 403


def test_the_applicants_phone_is_put_right(clerk: Any, anyone: Any, house: Any) -> None:
    made = accept(clerk)
    answer = clerk.patch(f"/dossiers/{made['code']}", {"phone": "0987650000"})
    assert answer.json["applicant"]["phone"] == "0987650000"
    assert answer.json["applicant"]["name"] == "NGUYỄN VĂN MẪU"
    assert anyone.get(f"/dossiers/{made['code']}?proof=0000").status_code == 200
    assert clerk.patch(f"/dossiers/{made['code']}", {"status": 9}).status_code == 422
    assert clerk.patch(f"/dossiers/{made['code']}", {"name": ""}).status_code == 422
    with house.parts.database.read() as session:
        written = json.dumps([one.data for one in session.scalars(select(JournalEntry))])
    assert "0987650000" not in written


def test_what_will_be_late_is_seen_before(clerk: Any, house: Any) -> None:
    first = accept(clerk, shares=[{"agency": "tp", "share": 2}])  # due on Monday 30
    waits = accept(clerk)
    step(clerk, waits, "ask-supplement", missing=["Ảnh"])
    house.clock.forward(days=1)
    second = accept(clerk)
    done = accept(clerk)
    step(clerk, done, "finish")
    shown = clerk.get(DOSSIERS).json["dossiers"]
    assert [(one["code"], one["left"]) for one in shown] == [
        (first["code"], 2),
        (second["code"], 3),
        (waits["code"], None),
    ]
    assert "MẪU" not in str(shown)
    step(clerk, first, "hand-over", agency="tp")
    house.clock.forward(days=5)
    (held,) = clerk.get("/offices/vinh-thuan/agencies/tp/dossiers").json["dossiers"]
    assert (held["code"], held["accepted"], held["left"]) == (first["code"], False, -1)
    assert clerk.get(DOSSIERS).json["dossiers"][0]["left"] == -1
    step(clerk, first, "take-over", agency="tp")
    step(clerk, first, "part-done", agency="tp")
    assert clerk.get("/offices/vinh-thuan/agencies/tp/dossiers").json["dossiers"] == []
    assert clerk.get("/offices/vinh-thuan/agencies/nobody/dossiers").status_code == 404
    for path in (DOSSIERS, "/offices/vinh-thuan/agencies/tp/dossiers"):
        assert house.client().get(path).status_code == 401
        assert house.client("kiosk").get(path).status_code == 403


def test_the_whole_of_it_is_described(anyone: Any) -> None:
    paths = anyone.get("/openapi.json").json["paths"]
    described = {path: set(methods) for path, methods in paths.items() if "dossier" in path}
    assert (
        described.items()
        >= {
            "/api/v1/offices/{office}/dossiers": {"get", "post"},
            "/api/v1/offices/{office}/agencies/{agency}/dossiers": {"get"},
            "/api/v1/dossiers/{code}": {"get", "patch"},
            "/api/v1/dossiers/{code}/steps": {"post"},
            "/api/v1/reports/settlement/dossiers": {"get"},
        }.items()
    )


def test_the_counter_sees_the_due_date_before_it_accepts(clerk: Any) -> None:
    shown = clerk.post(f"{DOSSIERS}/preview", {"procedure": STATUS_PROCEDURE})
    assert shown.status_code == 200, shown.text
    assert shown.json["due_at"] == accept(clerk)["due_at"]
    assert shown.json["fee"]["vnd"] is None
    unknown = clerk.post(f"{DOSSIERS}/preview", {"procedure": "9.999999"})
    assert unknown.status_code == 404


def test_a_dossier_is_found_for_the_clerk_alone(clerk: Any, anyone: Any, house: Any) -> None:
    made = accept(clerk)
    found = clerk.post(f"{DOSSIERS}/find", {"words": "nguyen van"})
    assert [row["code"] for row in found.json["dossiers"]] == [made["code"]]
    assert found.headers["Cache-Control"] == "no-store"
    assert clerk.post(f"{DOSSIERS}/find", {"status": 9}).json == {"dossiers": []}
    for path in ("find", "preview"):
        asked = {"words": "x"} if path == "find" else {"procedure": STATUS_PROCEDURE}
        assert anyone.post(f"{DOSSIERS}/{path}", asked).status_code == 401
        assert house.client("kiosk").post(f"{DOSSIERS}/{path}", asked).status_code == 403


def test_a_wrong_press_is_undone_by_who_made_it_and_sending_it_again_is_safe(
    clerk: Any, house: Any
) -> None:
    made = accept(clerk)
    step(clerk, made, "finish")
    path = f"/dossiers/{made['code']}/undo"
    undone = [clerk.post(path, {}, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert [answer.json["status"] for answer in undone] == [2, 2]
    assert undone[1].headers["Idempotent-Replayed"] == "true"
    step(clerk, made, "finish")
    house.clock.forward(seconds=60)
    late = clerk.post(path, {})
    assert (late.status_code, late.json["type"].rpartition("/")[2]) == (409, "refused")
