"""The reports over HTTP and on the command line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from server import cli
from server.dossiers import lifecycle, reception
from server.dossiers.agencies import set_agency
from server.dossiers.numbering import set_pattern
from server.dossiers.reception import Desk, Person, Reception
from server.web import office_or_404

REPORTS = [
    f"{report}{end}"
    for report in ("settlement", "processing", "agencies")
    for end in ("", "/dossiers")
]
HALF_YEAR = "office=vinh-thuan&from=2026-07-01&to=2026-12-31"


@pytest.fixture
def reports(house: Any) -> Any:
    """Three dossiers: one done, one open, one long overdue at the end of the year."""
    with house.parts.database.transaction() as session:
        now = house.clock.now
        office = office_or_404(session, "vinh-thuan")
        set_pattern(session, office, "H33.14", now=now, actor="admin")
        desk = Desk(office.id, now, "clerk:lan", "secret")
        made = [
            reception.accept(session, Reception(code, Person("A"), channel=channel), desk)
            for code, channel in (("1.004873", 1), ("1.004884", 2), ("1.012812", 1))
        ]
        lifecycle.take_step(session, made[0].id, "finish", now, "clerk:lan")
    return house.client("reports")


def test_a_manager_gets_the_settlement_of_an_office(reports: Any) -> None:
    found = reports.get(f"/reports/settlement?{HALF_YEAR}").json
    assert {name: found[name] for name in ("office", "from", "to")} == {
        "office": "vinh-thuan",
        "from": "2026-07-01",
        "to": "2026-12-31",
    }
    figures = [found[name] for name in ("received", "on_time", "not_due", "late")]
    assert figures == [3, 1, 0, 2]
    assert found["share"] == {"on_time": 33.3, "not_due": 0.0, "late": 66.7}
    assert [one["field"] for one in found["by_field"]] == ["DD", "HT"]
    assert found["children"] == []
    earlier = reports.get("/reports/settlement?office=vinh-thuan&from=2026-07-01&to=2026-11-27")
    assert (earlier.json["not_due"], earlier.json["late"]) == (2, 0)


def test_the_offices_above_have_it_below(reports: Any, house: Any) -> None:
    with house.parts.database.transaction() as session:
        from server.people.accounts import add_token

        token = add_token(session, "all", scope="reports", office=None, now=house.clock.now)
        house.tokens["all"] = token
    query = HALF_YEAR.replace("vinh-thuan", "kien-giang")
    assert reports.get(f"/reports/settlement?{query}").status_code == 403
    found = house.client("all").get(f"/reports/settlement?{query}&children=1").json
    assert (found["received"], found["below"]["received"]) == (0, 3)
    assert [child["office"] for child in found["children"]] == ["vinh-thuan"]


def test_it_comes_as_an_excel_file(reports: Any) -> None:
    answer = reports.get(f"/reports/settlement?{HALF_YEAR}&format=xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert (
        "settlement-vinh-thuan-2026-07-01-2026-12-31.xlsx" in answer.headers["Content-Disposition"]
    )
    assert load_workbook(io.BytesIO(answer.data)).worksheets[0]["B4"].value == 3


def test_the_dossiers_behind_a_figure_are_named(reports: Any) -> None:
    path = f"/reports/settlement/dossiers?{HALF_YEAR}"
    late = reports.get(f"{path}&class=late").json["codes"]
    assert late == ["H33.14-261125-0002", "H33.14-261125-0003"]
    assert reports.get(f"{path}&class=late&after={late[0]}").json["codes"] == late[1:]
    assert len(reports.get(path).json["codes"]) == 3
    assert reports.get(f"{path}&class=lost").status_code == 422


def test_the_processing_report_has_the_layout_of_the_decision(reports: Any) -> None:
    found = reports.get(f"/reports/processing?{HALF_YEAR}").json
    assert found["received"] == {
        "total": 3,
        "carried_over": 0,
        "in_period": 3,
        "direct": 2,
        "online": 1,
        "post": 0,
    }
    assert found["done"]["early"] == 1
    assert found["in_process"] == {"total": 2, "in_time": 0, "overdue": 2}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2026-01-01&to=2026-06-30", 422),
        ("office=nowhere&from=2026-01-01&to=2026-06-30", 404),
        ("office=vinh-thuan&from=2026-01-01", 422),
        ("office=vinh-thuan&from=1/1/2026&to=2026-06-30", 422),
        ("office=vinh-thuan&from=2026-06-30&to=2026-01-01", 422),
        ("office=vinh-thuan&from=2026-01-01&to=2026-06-30&known=2026-07-01", 422),
        ("office=vinh-thuan&from=2026-01-01&to=2026-06-30&known=yesterday", 422),
        ("office=vinh-thuan&from=2026-01-01&to=2026-06-30&known=0001-01-01T00:00%2B14:00", 422),
        ("office=vinh%00&from=2026-01-01&to=2026-06-30", 422),
    ],
)
def test_a_wrong_question_is_refused(reports: Any, query: str, status: int) -> None:
    for report in REPORTS:
        assert reports.get(f"/reports/{report}?{query}").status_code == status


def test_reports_are_for_managers_and_programs(house: Any, reports: Any) -> None:
    for scope, status in (("", 401), ("kiosk", 403), ("counter", 403), ("reports", 200)):
        for report in REPORTS:
            answer = house.client(scope).get(f"/reports/{report}?{HALF_YEAR}")
            assert answer.status_code == status, (scope, report)


# ── the command line ──────────────────────────────────────────────────────────


@pytest.fixture
def run(house: Any, reports: Any, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> Any:
    """Runs a command on the house's data; its exit code and what it printed."""

    def command(*arguments: str) -> tuple[int, bytes]:
        data = str(house.parts.settings.data)
        monkeypatch.setattr("sys.argv", ["motcua", *arguments, "--data", data])
        capfdbinary.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        import sys

        sys.stdout.flush()
        return code, capfdbinary.readouterr().out

    return command


REPORT = ("report", "--office", "vinh-thuan", "--from", "2026-07-01", "--to", "2026-12-31")


def test_the_report_command_prints_a_table_json_or_an_excel_file(
    run: Any, reports: Any, tmp_path: Any
) -> None:
    code, table = run(*REPORT)
    assert code == 0
    assert "66.7" in table.decode()
    code, printed = run(*REPORT, "--children", "--format", "json")
    assert code == 0
    assert json.loads(printed) == reports.get(f"/reports/settlement?{HALF_YEAR}&children=1").json
    file = tmp_path / "report.xlsx"
    code, printed = run(*REPORT, "--format", "xlsx", "--out", str(file))
    assert (code, printed.decode().strip()) == (0, str(file))
    assert load_workbook(file).worksheets[0]["B4"].value == 3


def test_a_wrong_period_is_wrong_use_and_an_unknown_office_a_refusal(run: Any) -> None:
    assert run(*REPORT[:-1], "2026-01-01")[0] == 2
    assert run("report", "--office", "nowhere", *REPORT[3:])[0] == 1


def test_codes_agencies_and_days_are_set_on_the_command_line(run: Any, house: Any) -> None:
    where = ("--office", "vinh-thuan")
    assert run("dossiers", "codes", "h01.5", *where, "--from", "2027-01-01") == (0, b"H01.5\n")
    assert run("dossiers", "codes", "5", *where)[0] == 1
    assert run("dossiers", "agency", "tnmt", "Phòng Tài nguyên", *where) == (0, b"tnmt\n")
    named = ("2026-11-26", "off", "Nghỉ lụt", "--source", "Công văn 12/UBND")
    assert run("dossiers", "day", *named, *where)[0] == 0
    code, printed = run("dossiers", "calendar", "2026", *where)
    assert code == 0
    assert "2026-11-26 off  verified Nghỉ lụt (Công văn 12/UBND)" in printed.decode()
    made = house.client("dossiers").post(
        "/offices/vinh-thuan/dossiers", {"procedure": "1.004873", "applicant": {"name": "A"}}
    )
    assert made.json["due_at"].startswith("2026-12-01")  # a day later than without the flood
    assert made.json["due_counted"]["holidays"] == [
        {"day": "2026-11-26", "names": {"vi": "Nghỉ lụt"}}
    ]


def test_what_stands_behind_the_question_mark_is_described(anyone: Any) -> None:
    described = anyone.get("/openapi.json").json["paths"]["/api/v1/reports/settlement"]["get"]
    query = {one["name"]: one["required"] for one in described["parameters"]}
    assert query == {
        "office": True,
        "from": True,
        "to": True,
        "children": False,
        "known": False,
        "format": False,
    }
    page = anyone.get("/docs").text
    assert "?from=" in page
    assert "promised_on" in page  # each kind of step has its own fields


# ── figures and what is behind them ───────────────────────────────────────────


def test_every_report_names_the_dossiers_behind_its_figures(reports: Any) -> None:
    codes = [f"H33.14-261125-000{number}" for number in (1, 2, 3)]
    for path, behind in {
        "settlement/dossiers?class=resolved&": codes[:1],
        "settlement/dossiers?field=DD&": codes[2:],
        "settlement/dossiers?procedure=1.004873&scope=all&": codes[:1],
        "settlement/dossiers?scope=below&": [],
        "processing/dossiers?class=early&": codes[:1],
        "processing/dossiers?class=in_process&": codes[1:],
        "processing/dossiers?": codes,
        "agencies/dossiers?agency=1&": [],
    }.items():
        answer = reports.get(f"/reports/{path}{HALF_YEAR}")
        assert (answer.status_code, answer.json.get("codes")) == (200, behind), path
    for wrong in ("scope=near", "class=lost", "class=early"):
        assert reports.get(f"/reports/settlement/dossiers?{wrong}&{HALF_YEAR}").status_code == 422
    wrong = f"/reports/agencies/dossiers?agency=tnmt&{HALF_YEAR}"
    assert reports.get(wrong).json["errors"][0]["field"] == "agency"


def test_the_register_comes_as_an_excel_file(reports: Any, house: Any) -> None:
    path = "/reports/register?office=vinh-thuan&from=2026-11-01&to=2026-11-30"
    for scope in ("reports", "dossiers", "counter"):
        answer = house.client(scope).get(path)
        assert answer.mimetype.endswith("spreadsheetml.sheet"), scope
    name = "register-vinh-thuan-2026-11-01-2026-11-30.xlsx"
    assert name in answer.headers["Content-Disposition"]
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert [row[4] for row in rows[4:]] == ["A", "A", "A"]
    assert house.client("kiosk").get(path).status_code == 403
    assert house.client().get(path).status_code == 401
    assert reports.get(path.replace("11-30", "10-30")).status_code == 422


def test_the_agencies_have_a_report_of_their_own(reports: Any, house: Any) -> None:
    assert reports.get(f"/reports/agencies?{HALF_YEAR}&children=1").json["agencies"] == []
    run = house.client("dossiers")
    with house.parts.database.transaction() as session:
        office = office_or_404(session, "vinh-thuan")
        set_agency(session, office, "tnmt", {"vi": "Phòng"}, now=house.clock.now, actor="admin")
    body = {
        "procedure": "1.012812",
        "applicant": {"name": "A"},
        "shares": [{"agency": "tnmt", "share": 2}],
    }
    code = run.post("/offices/vinh-thuan/dossiers", body).json["code"]
    run.post(f"/dossiers/{code}/steps", {"step": "hand-over", "agency": "tnmt"})
    found = reports.get(f"/reports/agencies?{HALF_YEAR}").json["agencies"][0]
    assert (found["agency"], found["handed_over"], found["held_beyond"]) == ("tnmt", 1, 1)
    behind = f"/reports/agencies/dossiers?agency={found['id']}&class=held&{HALF_YEAR}"
    assert reports.get(behind).json["codes"] == [code]
