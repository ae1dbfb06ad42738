"""A clerk has a dossier's form printed at the counter: the API's side of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hardware.agent import Job
from hardware.formslips import FormSlip
from hardware.layouts import drawn
from server.dossiers.numbering import set_pattern
from server.journal import JournalEntry
from server.offices.models import Counter, Printer
from server.printing import resending
from server.printing.desk import DatabaseDesk
from server.printing.models import PrintJob
from server.printing.views import doubtful_slips
from server.web import office_or_404
from tests.api.conftest import Asking, House

MAU = {
    "name": "NGUYỄN VĂN MẪU",
    "phone": "0912345678",
    "identity_number": "091090000123",
    "address": "Ấp Mẫu, Vĩnh Thuận, Kiên Giang",
    "email": "mau@example.vn",
}
SECRETS = ("MẪU", "0912345678", "091090000123", "Ấp Mẫu", "mau@example.vn", "0912****678")


@pytest.fixture
def at(house: House) -> int:
    """The id of counter 1, which prints on the sample hall's printer; its office makes codes."""
    with house.parts.database.transaction() as session:
        office = office_or_404(session, "vinh-thuan")
        set_pattern(session, office, "H33.14", now=house.clock.now, actor="admin")
        return next(one.id for one in office.counters if one.number == "1")


def receive(clerk: Asking, **more: Any) -> str:
    body = {"procedure": "1.004873", "applicant": MAU, **more}
    answer = clerk.post("/offices/vinh-thuan/dossiers", body)
    assert answer.status_code == 201, answer.text
    code: str = answer.json["code"]
    return code


def printed(clerk: Asking, code: str, kind: str, at: int, **more: Any) -> list[int]:
    answer = clerk.post(f"/dossiers/{code}/forms/{kind}/print", {"counter": at} | more)
    assert answer.status_code == 202, answer.text
    jobs: list[int] = answer.json["jobs"]
    return jobs


def lease(house: House) -> dict[str, Any]:
    answer = house.client("agent").post("/print-jobs/lease")
    assert answer.status_code == 200, answer.text
    leased: dict[str, Any] = answer.json
    return leased


def stored(house: House, job: int) -> PrintJob:
    with house.parts.database.read() as session:
        return session.get_one(PrintJob, job)


def test_a_receipt_is_printed_twice_and_each_copy_says_which_it_is(
    house: House, clerk: Asking, at: int
) -> None:
    code = receive(clerk)
    jobs = printed(clerk, code, "receipt", at)
    slips = []
    for job in jobs:
        leased = lease(house)
        assert leased["id"] == job
        slips.append(FormSlip.from_dict(leased["slip"]))
        told = {"attempt": leased["attempt"]}
        for state in ("processing", "printed"):
            answer = house.client("agent").post(
                f"/print-jobs/{job}/outcome", told | {"state": state}
            )
            assert answer.status_code == 200, answer.text
    assert [slip.copy for slip in slips] == ["Liên 1: lưu", "Liên 2: giao người nộp"]
    assert slips[0].code == code
    assert slips[0].mark == "Mẫu số 01 (Thông tư 03/2025/TT-VPCP)"
    assert slips[0].url == f"http://hall.example/lookup?code={code}"
    values = {part.label: part.value for part in slips[0].parts}
    assert values["Tiếp nhận hồ sơ của"] == "NGUYỄN VĂN MẪU"
    assert values["Số điện thoại"] == "0912****678"
    assert values["Số định danh cá nhân"] == "091090******"
    assert "Email" not in values


def test_what_is_kept_of_a_form_names_nobody(house: House, clerk: Asking, at: int) -> None:
    """Neither before nor after it is printed, and a reprint still says everything."""
    code = receive(clerk)
    (job,) = printed(clerk, code, "receipt", at, copies=1)
    assert "MẪU" in str(lease(house)["slip"])
    with house.parts.database.transaction() as session:
        session.get_one(PrintJob, job).state = "unknown"
    with house.parts.database.transaction() as session:
        again = resending.reprint(session, job, house.clock.now, "clerk").id
    with house.parts.database.read() as session:
        kept = [session.get_one(PrintJob, one).slip for one in (job, again)]
        told = [entry.data for entry in session.scalars(select(JournalEntry))]
    assert not [secret for secret in SECRETS if secret in str(kept) + str(told)]
    slip = FormSlip.from_dict(lease(house)["slip"])
    assert slip.reprint
    assert slip.parts[0].value == "NGUYỄN VĂN MẪU"


def test_the_servers_own_printer_gets_the_same_words(house: House, clerk: Asking, at: int) -> None:
    code = receive(clerk, outcome="refuse", reason="Không thuộc thẩm quyền")
    (job,) = printed(clerk, code, "refusal", at)
    printer = stored(house, job).printer_id
    desk = DatabaseDesk(house.parts.database, printer, clock=house.clock, by="server:1")
    found = desk.next_job()
    assert isinstance(found, Job)
    assert "Không thuộc thẩm quyền" in str(found.slip)
    assert drawn(found.slip).width == 576


def test_a_step_that_was_taken_back_is_not_printed(house: House, clerk: Asking, at: int) -> None:
    code = receive(clerk)
    stop = clerk.post(f"/dossiers/{code}/steps", {"step": "stop", "reason": "Đất có tranh chấp"})
    (job,) = printed(clerk, code, "stop", at)
    back = {"step": "take-back", "corrects": stop.json["steps"][-1]["id"], "reason": "Nhầm"}
    assert house.client("dossiers").post(f"/dossiers/{code}/steps", back).status_code == 200
    leased = lease(house)
    assert leased["id"] == job
    with pytest.raises(ValueError):
        drawn(leased["slip"])


def test_the_same_press_sent_twice_prints_once(clerk: Asking, at: int) -> None:
    code = receive(clerk)
    path, body = f"/dossiers/{code}/forms/receipt/print", {"counter": at}
    first = clerk.post(path, body, Idempotency_Key="k1")
    again = clerk.post(path, body, Idempotency_Key="k1")
    assert again.status_code == 202
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    other = clerk.post(path, body | {"copies": 1}, Idempotency_Key="k1")
    assert other.status_code == 422
    assert clerk.post(path, body).json != first.json


def refused(answer: Any, status: int, words: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert words in answer.json["detail"]


def test_what_cannot_be_printed_is_refused_in_words(
    house: House, clerk: Asking, anyone: Asking, at: int
) -> None:
    code = receive(clerk)
    clerk.headers["Accept-Language"] = "en"
    path = f"/dossiers/{code}/forms"
    body = {"counter": at}
    refused(clerk.post(f"{path}/apology/print", body), 409, "No new date has been named")
    refused(clerk.post(f"{path}/control-sheet/print", body), 404, "print it as a sheet")
    refused(clerk.post(f"{path}/poem/print", body), 404, "no such form")
    refused(clerk.post(f"{path}/receipt/print", {"counter": 999}), 404, "no such counter")
    refused(clerk.post("/dossiers/H33.14-261125-9999/forms/receipt/print", body), 404, "dossier")
    assert clerk.post(f"{path}/receipt/print", body | {"copies": 6}).status_code == 422
    assert clerk.post(f"{path}/receipt/print", {}).status_code == 422
    assert anyone.post(f"{path}/receipt/print", body).status_code == 401
    assert house.client("kiosk").post(f"{path}/receipt/print", body).status_code == 403
    with house.parts.database.read() as session:
        assert session.scalars(select(PrintJob)).all() == []


def test_a_counter_without_a_printer_says_so(house: House, clerk: Asking, at: int) -> None:
    code = receive(clerk)
    clerk.headers["Accept-Language"] = "en"
    path = f"/dossiers/{code}/forms/receipt/print"
    with house.parts.database.transaction() as session:
        other = session.scalars(select(Counter).where(Counter.number == "2")).one()
        other.printer_id = None
    refused(clerk.post(path, {"counter": other.id}), 409, "Counter 2 has no printer")
    with house.parts.database.transaction() as session:
        session.scalars(select(Printer)).one().active = False
    refused(clerk.post(path, {"counter": at}), 409, "Counter 1 has no printer")
    clerk.headers["Accept-Language"] = "vi"
    refused(clerk.post(path, {"counter": at}), 409, "Quầy 1")


def test_finishing_the_visit_does_not_call_the_receipt_off(
    house: House, clerk: Asking, kiosk: Asking, at: int
) -> None:
    """A ticket's slip is not needed any more then; what it was about still is."""
    ticket = kiosk.take("ho-tich")
    code = receive(clerk, ticket=ticket["id"])
    jobs = printed(clerk, code, "receipt", at)
    assert [stored(house, job).ticket_id for job in jobs] == [None, None]


def test_a_form_in_doubt_is_named_by_its_dossier(house: House, clerk: Asking, at: int) -> None:
    code = receive(clerk)
    (job,) = printed(clerk, code, "receipt", at, copies=1)
    with house.parts.database.transaction() as session:
        session.get_one(PrintJob, job).state = "unknown"
        office = office_or_404(session, "vinh-thuan")
        session.flush()
        (slip,) = doubtful_slips(session, office, house.clock.now)
    assert (slip["number"], slip["dossier"]) == (None, code)
