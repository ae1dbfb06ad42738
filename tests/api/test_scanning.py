"""POST /offices/<office>/scan: what a scan means here, and that nothing of it stays."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import structlog

from server.api import offices as office_routes
from server.logs import configure
from server.offices import sample
from server.settings import load_settings
from server.web import office_or_404
from tests.api.conftest import Asking, House
from tests.hardware.input_method import typed

OFFICE = f"/offices/{sample.SLUG}"
SCAN = f"{OFFICE}/scan"
OLD = "091045000123|370123456|NGUYỄN VĂN MẪU|05021945|Nam|Ấp Mẫu, Vĩnh Thuận|12052021"
YOUNG = "091305000456||DANH THỊ MẪU|17082005|Nữ|Ấp Mẫu, Vĩnh Phong|30112022"
CODE = "H33.14-261124-0007"


def scan(who: Asking, text: str, **more: str) -> dict[str, Any]:
    answer = who.post(SCAN, {"text": text, **more})
    assert answer.status_code == 200, answer.text
    return answer.json


def born(day: str, number: str) -> str:
    return f"{number}||TRẦN VĂN MẪU|{day}|Nam|Ấp Mẫu|12052021"


def test_a_slip_says_how_its_number_stands(kiosk: Asking) -> None:
    kiosk.take()
    ticket = kiosk.take()
    found = scan(kiosk, ticket["lookup_url"])
    assert found["kind"] == "ticket"
    assert (found["number"], found["status"], found["ahead"]) == (ticket["number"], "waiting", 1)
    assert found["service"]["code"] == "ho-tich"
    assert found["token"] == ticket["token"]
    assert not found["can_check_in"]


def test_a_slip_of_somebody_called_names_the_counter(kiosk: Asking, clerk: Asking) -> None:
    ticket = kiosk.take()
    counter = clerk.get(OFFICE).json["counters"][0]
    clerk.post(f"/tickets/{ticket['id']}/call", {"counter": counter["id"]})
    found = scan(kiosk, ticket["lookup_url"])
    assert (found["status"], found["counter"]) == ("called", counter["number"])
    assert scan(clerk, ticket["lookup_url"])["allowed"][0] == "recall"


def test_who_was_parked_or_missed_the_call_in_time_can_check_in(
    house: House, kiosk: Asking, clerk: Asking
) -> None:
    counter = clerk.get(OFFICE).json["counters"][0]["id"]
    parked, missed = kiosk.take(), kiosk.take()
    for ticket, step in ((parked, "park"), (missed, "no-show")):
        clerk.post(f"/tickets/{ticket['id']}/call", {"counter": counter})
        clerk.post(f"/tickets/{ticket['id']}/{step}")
        assert scan(kiosk, ticket["lookup_url"])["can_check_in"]
    house.clock.forward(minutes=31)
    assert scan(kiosk, parked["lookup_url"])["can_check_in"]
    assert not scan(kiosk, missed["lookup_url"])["can_check_in"]
    answer = kiosk.post(f"{OFFICE}/check-in", {"token": missed["token"]})
    assert answer.status_code == 409, "and what the scan says is what check-in does"


@pytest.mark.parametrize("method", ["telex", "vni"])
def test_a_slip_garbled_by_an_input_method_finds_its_ticket_among_the_days(
    kiosk: Asking, method: str
) -> None:
    taken = [kiosk.take() for _ in range(20)]
    understood = 0
    for ticket in taken:
        found = scan(kiosk, typed(ticket["lookup_url"], method))
        if found["kind"] == "ticket":
            assert found["number"] == ticket["number"]
            understood += 1
    assert understood >= 17


def test_capslock_and_a_scan_doubled_find_the_ticket_too(kiosk: Asking) -> None:
    ticket = kiosk.take()
    url = ticket["lookup_url"]
    for text in (url.swapcase(), url.upper(), url + url, f"{url}/\r\n"):
        assert scan(kiosk, text)["number"] == ticket["number"], text


def test_the_keys_places_count_where_the_letters_do_not(kiosk: Asking) -> None:
    ticket = kiosk.take()
    assert scan(kiosk, "ហត្តប", by_place=ticket["lookup_url"])["number"] == ticket["number"]
    assert scan(kiosk, "ហត្តប", by_place="nothing") == {"kind": "unknown"}


def test_a_slip_cut_short_or_made_up_is_unknown(kiosk: Asking) -> None:
    url = kiosk.take()["lookup_url"]
    for text in (url[:-11], url[:-1] + ("8" if url[-1] != "8" else "9"), "http://hall.example/t/"):
        assert scan(kiosk, text) == {"kind": "unknown"}, text


def test_a_slip_from_yesterday_is_shown_as_that(house: House, kiosk: Asking) -> None:
    ticket = kiosk.take()
    house.clock.forward(days=1)
    kiosk.take()
    found = scan(kiosk, ticket["lookup_url"])
    assert (found["number"], found["today"], found["allowed"]) == (ticket["number"], False, [])


def test_a_receipt_leads_to_the_return_of_results(kiosk: Asking) -> None:
    wanted = {"kind": "dossier", "code": CODE, "service": "tra-ket-qua"}
    for text in (CODE, CODE.lower(), f"http://hall.example/lookup?code={CODE}"):
        assert scan(kiosk, text) == wanted


def test_an_office_without_return_of_results_says_so(house: House, kiosk: Asking) -> None:
    with house.parts.database.transaction() as session:
        for service in office_or_404(session, sample.SLUG).services:
            if service.kind == "results":
                service.active = False
    assert scan(kiosk, CODE) == {"kind": "dossier", "code": CODE, "service": None}


def test_a_card_gives_a_kiosk_nothing_but_whether_the_age_counts(kiosk: Asking) -> None:
    assert scan(kiosk, OLD) == {"kind": "card", "age_priority": True}
    assert scan(kiosk, YOUNG) == {"kind": "card", "age_priority": False}


def test_a_card_fills_the_form_at_a_counter(clerk: Asking) -> None:
    found = scan(clerk, unicodedata.normalize("NFD", OLD))
    assert found["age_priority"]
    assert found["fields"] == {
        "number": "091045000123",
        "old_number": "370123456",
        "name": "NGUYỄN VĂN MẪU",
        "born": "1945-02-05",
        "sex": "Nam",
        "address": "Ấp Mẫu, Vĩnh Thuận",
        "issued": "2021-05-12",
    }


def test_the_age_is_the_office_s_own_rule(house: House, kiosk: Asking) -> None:
    # Today is 25 November 2026 in the hall.
    turned, not_yet = born("25111966", "091066000001"), born("26111966", "091066000001")
    assert scan(kiosk, turned)["age_priority"]
    assert not scan(kiosk, not_yet)["age_priority"]
    house.edit(rules={"elderly_age": 75})
    assert not scan(kiosk, turned)["age_priority"]
    assert scan(kiosk, OLD)["age_priority"]
    house.edit(rules={"priorities": ["disability"]})
    assert not scan(kiosk, OLD)["age_priority"], "the kiosk offers no such priority"
    house.edit(rules={"priority": "none"})
    assert not scan(kiosk, OLD)["age_priority"], "priority makes no difference here"


def test_the_day_that_counts_is_the_hall_s(house: House, kiosk: Asking) -> None:
    house.clock.forward(hours=15, minutes=30)  # 17:30 in UTC, half past midnight of the 26th there
    assert scan(kiosk, born("26111966", "091066000001"))["age_priority"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("kiosk", 200), ("counter", 200), ("province", 200), ("display", 403), ("reports", 403),
     ("", 401)],
)  # fmt: skip
def test_who_may_scan(house: House, who: str, status: int) -> None:
    answer = house.client(who).post(SCAN, {"text": OLD})
    assert answer.status_code == status
    assert ("fields" in (answer.json or {})) == (who in ("counter", "province"))


def test_a_kiosk_scans_in_its_own_office_only(house: House, kiosk: Asking) -> None:
    assert kiosk.post("/offices/kien-giang/scan", {"text": OLD}).status_code == 403
    assert kiosk.post("/offices/nowhere/scan", {"text": OLD}).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": 7}, {"text": OLD, "card": OLD}, {"text": "x" * 2001}]
)
def test_other_bodies_are_refused_without_repeating_them(kiosk: Asking, body: Any) -> None:
    answer = kiosk.post(SCAN, body)
    assert answer.status_code == 422
    assert "091045000123" not in answer.text
    assert "MẪU" not in json.dumps(answer.json, ensure_ascii=False)


def test_a_body_too_large_is_refused(kiosk: Asking) -> None:
    assert kiosk.post(SCAN, {"text": "x" * 70_000}).status_code == 413


def test_answers_about_people_are_kept_by_no_browser(kiosk: Asking) -> None:
    assert kiosk.post(SCAN, {"text": OLD}).headers["Cache-Control"] == "no-store"


def test_any_text_is_answered(kiosk: Asking) -> None:
    for text in ("\x00", "|" * 1999, "😀" * 200, "/t/" + "\u0301" * 500, "-".join("1" * 900)):
        assert scan(kiosk, text) == {"kind": "unknown"}


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_card_is_in_no_log_not_even_when_something_breaks(
    house: House,
    kiosk: Asking,
    clerk: Asking,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    log_format: str,
) -> None:
    lines = io.StringIO()
    configure(load_settings(tmp_path, log_format=log_format))
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(lines))
    caplog.set_level(logging.DEBUG)
    house.app.testing = False
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        for text in (OLD, YOUNG, OLD[:-1], OLD + "|"):
            kiosk.post(SCAN, {"text": text})
            clerk.post(SCAN, {"text": text})

        def broken(*args: Any, **more: Any) -> None:
            raise RuntimeError("broken on purpose")

        monkeypatch.setattr(office_routes, "meaning_of", broken)
        assert kiosk.post(SCAN, {"text": OLD}).status_code == 500
    finally:
        structlog.reset_defaults()
    written = lines.getvalue() + caplog.text
    assert "broken on purpose" in written, "the log was really listened to"
    for secret in (*OLD.split("|"), *YOUNG.split("|")):
        assert not secret or secret in ("Nam", "Nữ") or secret not in written


def test_a_card_is_nowhere_in_the_database(house: House, kiosk: Asking, clerk: Asking) -> None:
    revision = house.revision()
    for text in (OLD, YOUNG):
        kiosk.post(SCAN, {"text": text})
        clerk.post(SCAN, {"text": text})
    assert house.revision() == revision, "looking changes nothing"
    house.parts.database.close()
    stored = sqlite3.connect(house.parts.settings.data / "motcua.db")
    dump = "\n".join(stored.iterdump())
    stored.close()
    assert "INSERT INTO" in dump
    for secret in ("091045000123", "NGUYỄN VĂN MẪU", "Ấp Mẫu", "DANH THỊ MẪU"):
        assert secret not in dump


def test_a_number_for_results_remembers_its_dossier(
    house: House, kiosk: Asking, clerk: Asking
) -> None:
    ticket = kiosk.take("tra-ket-qua", dossier_code="h33.14–261124–0007")
    assert ticket["dossier_code"] == CODE
    counter = next(
        counter
        for counter in clerk.get(OFFICE).json["counters"]
        if "tra-ket-qua" in counter["services"]
    )
    called = clerk.post(f"/counters/{counter['id']}/call-next").json
    assert called["dossier_code"] == CODE


def test_a_clerk_notes_the_dossier_of_a_visit(kiosk: Asking, clerk: Asking) -> None:
    ticket = kiosk.take()
    path = f"/tickets/{ticket['id']}/dossier"
    assert clerk.post(path, {"dossier_code": CODE.lower()}).json["dossier_code"] == CODE
    again = clerk.post(path, {"dossier_code": CODE}).json
    assert clerk.post(path, {"dossier_code": None}).json["dossier_code"] is None
    assert again["dossier_code"] == CODE
    assert kiosk.post(path, {"dossier_code": CODE}).status_code == 403
    assert clerk.post(path, {}).status_code == 422
    assert clerk.post(path, {"dossier_code": "x" * 65}).status_code == 422


def test_the_board_and_the_kiosk_name_no_dossier(kiosk: Asking, anyone: Asking) -> None:
    kiosk.take("tra-ket-qua", dossier_code=CODE)
    for path in (OFFICE, f"{OFFICE}/board"):
        assert CODE not in anyone.get(path).text
