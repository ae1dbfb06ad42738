"""Files of dossiers over HTTP: who may, what is answered, and that the hall goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.app import create_app
from server.exchange.importing import Workplace, import_message
from server.exchange.models import ExchangeMessage
from server.exchange.receiving import MAX_BYTES
from server.offices.models import Office
from server.people.accounts import add_person, add_token
from server.settings import load_settings
from server.web import office_or_404
from tests.api.conftest import MORNING, Asking, Clock, House, furnished  # noqa: F401
from tests.exchange.conftest import lines

IMPORT = "/api/v1/dossiers/import"
NDJSON = "application/x-ndjson"


@pytest.fixture
def house(furnished: Any, tmp_path: Path) -> Any:  # noqa: F811
    """The sample hall; see tests/api."""
    import shutil

    folder, tokens = furnished
    data = Path(shutil.copytree(folder, tmp_path / "data"))
    clock = Clock()
    app = create_app(load_settings(data, public_url="http://hall.example"), clock=clock)
    app.testing = True
    yield House(app, clock, dict(tokens))
    app.extensions["motcua"].database.close()


def row(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "code": f"H33.14-261102-{number:04}",
        "office": "vinh-thuan",
        "procedure": "1.004873",
        "accepted_at": "2026-11-02T08:00:00+07:00",
        "finished_at": "2026-11-04T08:00:00+07:00",
        "applicant": {"name": "NGUYỄN VĂN MẪU", "phone": "0912345678"},
    } | more


def send(asking: Asking, content: bytes, kind: str = NDJSON, query: str = "", **more: str) -> Any:
    headers = asking.headers | {"Accept-Language": "vi"} | more
    return asking.flask.post(f"{IMPORT}{query}", data=content, headers=headers, content_type=kind)


@pytest.fixture
def program(house: House) -> Asking:
    return house.client("dossiers")


def test_the_provinces_program_sends_and_its_citizen_follows(house: House, program: Any) -> None:
    answer = send(program, lines([row(1), row(2)]), query="?source=igate&reference=M1")
    assert answer.status_code == 200, answer.text
    told = json.loads(answer.data)
    assert told["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    assert told["outcomes"][1] == {"row": 2, "code": "H33.14-261102-0002", "outcome": "created"}
    assert (told["source"], told["reference"], told["state"]) == ("igate", "M1", "done")
    shown = house.client().get("/dossiers/H33.14-261102-0001?proof=5678").json
    assert (shown["status"], [one["kind"] for one in shown["timeline"]]) == (
        9,
        ["accept", "finish"],
    )
    whole = program.get("/dossiers/H33.14-261102-0001").json
    assert whole["steps"][0]["data"] == {"message": told["message"], "row": 1}
    assert whole["judged"] == "early"
    again = program.flask.get(answer.headers["Location"], headers=program.headers)
    assert again.json == told


def test_sent_again_it_is_answered_as_the_first_time(program: Any) -> None:
    first, again = (send(program, lines([row()])) for _ in range(2))
    assert again.data == first.data
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_refusals_are_in_the_senders_language(program: Any) -> None:
    told = json.loads(send(program, lines([row(procedure="9.999999")])).data)
    assert (
        told["outcomes"][0]["detail"]
        == "Không có thủ tục này hoặc thủ tục chưa, không còn hiệu lực."
    )
    bad = send(program, lines([row(card=1)]))
    assert bad.status_code == 422
    assert bad.mimetype == "application/problem+json"
    assert bad.json["errors"] == [{"row": 1, "field": "card", "detail": "không có trường này"}]
    assert bad.json["detail"] == "Chưa nhập dòng nào. Số lỗi trong tệp: 1."


def test_all_or_nothing_is_asked_for(house: House, program: Any) -> None:
    content = lines([row(1), row(2, procedure="9.999999")])
    answer = send(program, content, query="?all_or_nothing=true")
    assert (answer.status_code, answer.json["errors"][0]["row"]) == (422, 2)
    assert house.client("dossiers").get("/dossiers/H33.14-261102-0001").status_code == 404


@pytest.mark.parametrize(
    ("kind", "query", "status"),
    [
        ("text/csv; charset=utf-8", "", 422),  # JSON is no table
        ("application/json", "", 200),
        ("application/octet-stream", "?format=jsonl", 200),
        ("application/octet-stream", "", 415),
        (NDJSON, "?format=xml", 415),
        (NDJSON, f"?source={'x' * 81}", 422),
    ],
)
def test_the_kind_of_file_is_said(program: Any, kind: str, query: str, status: int) -> None:
    assert send(program, lines([row()]), kind, query).status_code == status


def test_who_may_exchange(house: House) -> None:
    by_scope = {
        scope: send(house.client(scope), lines([row()])).status_code
        for scope in ("", "kiosk", "display", "agent", "reports", "counter", "dossiers", "staff")
    }
    assert by_scope == {"": 401} | dict.fromkeys(
        ("kiosk", "display", "agent", "reports", "counter"), 403
    ) | {"dossiers": 200, "staff": 200}
    for path in ("/dossiers/import/1", "/dossiers/export?office=vinh-thuan"):
        assert house.client("dossiers").get(path).status_code == 200
        assert house.client("counter").get(path).status_code == 403
        assert house.client().get(path).status_code == 401


def test_a_manager_at_a_browser_needs_the_pages_token(house: House) -> None:
    with house.parts.database.transaction() as session:
        office = office_or_404(session, "vinh-thuan")
        add_person(session, "ha", "horse battery", role="manager", office=office, now=MORNING)
    client = house.app.test_client()
    page = client.get("/counter/").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"name": "ha", "password": "horse battery", "csrf_token": token}
    assert client.post("/counter/sign-in", data=form).status_code == 303
    assert client.post(IMPORT, data=lines([row()]), content_type=NDJSON).status_code == 400
    page = client.get("/counter/").text
    headers = {"X-CSRFToken": page.split('name="csrf-token" content="')[1].split('"')[0]}
    sent = client.post(IMPORT, data=lines([row()]), content_type=NDJSON, headers=headers)
    assert sent.status_code == 200, sent.text


def test_other_offices_messages_are_not_shown(house: House, program: Any) -> None:
    number = json.loads(send(program, lines([row()])).data)["message"]
    with house.parts.database.transaction() as session:
        above = office_or_404(session, "kien-giang")
        other = Office(slug="other", names={"vi": "Nơi khác"}, parent_id=above.id)
        session.add(other)
        session.flush()
        for name, office in (("other", other), ("above", above)):
            house.tokens[name] = add_token(
                session, name, scope="dossiers", office=office, now=MORNING
            )
    path = f"/dossiers/import/{number}"
    assert house.client("other").get(path).status_code == 404
    assert house.client("above").get(path).status_code == 200
    told = json.loads(send(house.client("other"), lines([row(2)])).data)
    assert told["outcomes"][0]["field"] == "office"
    assert house.client("other").get("/dossiers/export?office=vinh-thuan").status_code == 403


def test_a_large_file_is_answered_later(house: House, program: Any) -> None:
    content = lines(row(n) for n in range(1, 401))
    assert len(content) > 64 * 1024
    answer = send(program, content, Prefer="respond-async")
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "5")
    told = json.loads(answer.data)
    assert (told["state"], told["outcomes"]) == ("received", [])
    data = house.parts.settings.data
    assert [one.suffix for one in (data / "exchange").iterdir()] == [".rows"]
    work = Workplace(house.parts.database, data, "s", house.clock)
    assert import_message(work, told["message"]) == "done"
    done = send(program, content, Prefer="wait=0")
    assert (done.status_code, json.loads(done.data)["counts"]["created"]) == (200, 400)


def test_a_million_rows_are_too_many_and_the_sender_hears_it(house: House, program: Any) -> None:
    line = json.dumps(row()).encode() + b"\n"
    answer = send(program, line * 110_000)
    assert answer.status_code == 413
    assert answer.json["detail"] == (
        "Mỗi lần nhiều nhất 50 MB và 100000 dòng. Vui lòng gửi thành nhiều phần."
    )
    assert len(line) * 110_000 < MAX_BYTES
    with house.parts.database.read() as session:
        assert session.get(ExchangeMessage, 1) is None


def test_other_bodies_keep_their_limit(program: Any) -> None:
    answer = program.post("/offices/vinh-thuan/dossiers", {"note": "x" * 70_000})
    assert answer.status_code == 413


def test_an_export_is_asked_for_page_by_page(house: House, program: Any) -> None:
    send(program, lines(row(n) for n in range(1, 6)))
    path, codes = "/dossiers/export?office=kien-giang&children=1&limit=2", []
    program = house.client("staff")
    assert program.get(path).status_code == 403  # its sign-in holds below
    path = path.replace("kien-giang", "vinh-thuan")
    while path:
        answer = program.get(path)
        assert answer.mimetype == NDJSON
        codes += [json.loads(line)["code"][-4:] for line in answer.data.splitlines()]
        link = answer.headers.get("Link", "")
        path = link.split(">")[0].removeprefix("</api/v1") if link else ""
    assert codes == ["0001", "0002", "0003", "0004", "0005"]
    after = answer.headers["Next-After"]
    assert program.get(f"/dossiers/export?office=vinh-thuan&after={after}").data == b""


def test_an_export_comes_as_a_table(program: Any) -> None:
    send(program, lines([row(applicant={"name": "=A1"})]))
    for answer in (
        program.get("/dossiers/export?office=vinh-thuan", Accept="text/csv"),
        program.get("/dossiers/export?office=vinh-thuan&format=csv"),
    ):
        assert answer.mimetype == "text/csv"
        head, line = answer.text.splitlines()
        assert head.startswith("code,office,procedure")
        assert ",'=A1," in line


@pytest.mark.parametrize(
    ("query", "field"),
    [("&limit=0", "limit"), ("&limit=x", "limit"), ("&after=x", "after"), ("&format=x", "format")],
)
def test_a_wrong_question_is_refused_by_its_field(program: Any, query: str, field: str) -> None:
    answer = program.get(f"/dossiers/export?office=vinh-thuan{query}")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_an_office_that_is_not_there_is_said_so(program: Any) -> None:
    assert program.get("/dossiers/export?office=nowhere").status_code == 404
    assert program.get("/dossiers/import/4711").status_code == 404
