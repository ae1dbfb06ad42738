"""The report pages as a manager reads them: every figure leads to its dossiers and their steps."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.dossiers.conftest import MAU
from tests.reviewing.conftest import HALF_YEAR, LONG, Office, sign_in

REPORT = f"/reports/hall?{HALF_YEAR}"


@pytest.fixture
def manager(pages: FlaskClient) -> FlaskClient:
    assert sign_in(pages) == "/reports/"
    return pages


def links(page: str) -> dict[str, str]:
    """The figures of a page: addresses with the number that is shown."""
    found = re.findall(r'<a class="figure" href="([^"]+)">([\d.,]+)</a>', page)
    return {html.unescape(address): number for address, number in found}


def total(page: str) -> str:
    """How many dossiers a page of dossiers says there are."""
    heading = re.search(r"<h1>[^<]*: ([\d.,]+)</h1>", page)
    assert heading is not None
    return heading[1]


def test_a_manager_reads_the_report_of_a_half_year(manager: FlaskClient) -> None:
    page = manager.get(REPORT).text
    shown = {
        re.search(r"class=(\w+)", address)[1]: number  # type: ignore[index]
        for address, number in links(page).items()
        if "report=settlement" in address and not re.search("field|procedure|first", address)
    }
    assert shown == {"received": "6", "on_time": "2", "not_due": "2", "late": "2", "resolved": "3"}
    assert "33.3 %</b> of all received" in page
    assert "66.7 %</b> of those resolved" in page
    assert "Received from 01/01/2019 to 30/06/2019" in page


@pytest.mark.parametrize("more", ["&by=week&children=1", "&known=2019-04-09T12:00:00%2B07:00"])
def test_behind_every_figure_of_the_page_are_as_many_dossiers(
    manager: FlaskClient, more: str
) -> None:
    figures = links(manager.get(REPORT + more).text)
    assert len(figures) > 20
    wrong = {
        address: (number, found)
        for address, number in figures.items()
        if (found := total(manager.get(address).text)) != number
    }
    assert wrong == {}


def test_from_a_figure_to_the_dossiers_to_the_steps(
    manager: FlaskClient, furnished: Office
) -> None:
    late = next(one for one in links(manager.get(REPORT).text) if "class=late" in one)
    page = manager.get(late).text
    codes = re.findall(r'href="(/reports/dossiers/[^"]+)"', page)
    assert codes == [f"/reports/dossiers/{furnished.codes[one]}" for one in ("late", "overdue")]
    steps = manager.get(codes[0]).text
    for words in ("Handed over to", "Taken over by", "Part done by", "Bà Lan"):
        assert words in steps
    assert "This step decided it: Late. It came on 18/03/2019 and was due on" in steps
    overdue = manager.get(codes[1]).text
    assert "The due date passed without a result: late." in overdue
    assert "decided it" not in overdue


def test_a_corrected_step_stays_in_sight_struck_through(
    manager: FlaskClient, furnished: Office
) -> None:
    page = manager.get(f"/reports/dossiers/{furnished.codes['corrected']}").text
    assert "<del>Result ready" in page
    assert "Corrected: no longer counted" in page
    assert "Ghi muộn" in page
    assert "This step decided it: On time. It came on 08/04/2019" in page


def test_no_page_names_an_applicant(manager: FlaskClient, furnished: Office) -> None:
    addresses = [REPORT, f"/reports/hall/review?{HALF_YEAR}", f"/reports/hall/dossiers?{HALF_YEAR}"]
    addresses += [f"/reports/dossiers/{code}" for code in furnished.codes.values()]
    for address in addresses:
        page = manager.get(address)
        assert page.status_code == 200
        for secret in (MAU.name, MAU.phone, MAU.identity_number, MAU.address):
            assert secret not in page.text, address
    assert "Ảnh của …" in manager.get(addresses[-3]).text


def test_many_dossiers_come_a_page_at_a_time(
    manager: FlaskClient, furnished: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.reviewing.views.PAGE", 4)
    address = f"/reports/hall/dossiers?{HALF_YEAR}&class=received"
    found: list[str] = []
    pages = 0
    while address:
        page = manager.get(address).text
        found += re.findall(r'href="/reports/dossiers/([^"]+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = html.unescape(following[1]) if following else ""
        pages += 1
    assert (found, pages) == (sorted(furnished.codes.values()), 2)
    assert "5–6 of 6" in page
    assert manager.get(f"/reports/hall/dossiers?{HALF_YEAR}&page=99").text.count("<tr>") == 3


def test_the_review_is_a_page_in_vietnamese(manager: FlaskClient) -> None:
    page = manager.get(f"/reports/hall/review?{HALF_YEAR}").text
    assert "6 tháng đầu năm 2019" in page
    assert "UBND huyện Vĩnh Thuận" in page
    figures = links(page)
    assert len(figures) > 8
    assert all(total(manager.get(one).text) == number for one, number in figures.items())


# ── periods ───────────────────────────────────────────────────────────────────


def test_the_named_periods_are_links_and_those_under_way_end_today(manager: FlaskClient) -> None:
    page = manager.get("/reports/hall").text
    assert "Received from 01/07/2019 to 10/07/2019" in page
    link = r'href="/reports/hall\?from=([\d-]+)&amp;to=([\d-]+)"[^>]*>([A-Z][\w -]+)<'
    named = re.findall(link, page)
    assert named == [
        ("2019-07-01", "2019-07-10", "This month"),
        ("2019-06-01", "2019-06-30", "Last month"),
        ("2019-07-01", "2019-07-10", "This half-year"),
        ("2019-01-01", "2019-06-30", "Last half-year"),
        ("2019-01-01", "2019-07-10", "This year"),
        ("2018-01-01", "2018-12-31", "Last year"),
    ]


def test_the_form_leads_to_the_office_and_the_days(manager: FlaskClient) -> None:
    answer = manager.get(f"/reports/?office=commune&{HALF_YEAR}&children=1")
    assert answer.headers["Location"] == f"/reports/commune?{HALF_YEAR}&children=1"


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("from=2019-02-30", "from", "“2019-02-30” is not a date."),
        ("to=tomorrow", "to", "“tomorrow” is not a date."),
        ("from=2019-06-30&to=2019-01-01", "to", "The period ends before it begins."),
        ("known=now", "known", "“now” is not a moment."),
    ],
)
def test_a_wrong_date_is_said_beside_the_dates(
    manager: FlaskClient, query: str, field: str, words: str
) -> None:
    answer = manager.get(f"/reports/hall?{query}")
    assert answer.status_code == 422
    assert words in answer.text
    marked = re.findall(r'<input id="(\w+)"[^>]*aria-invalid="true"', answer.text)
    assert marked == ([field] if field != "known" else [])


def test_a_period_with_nothing_in_it_says_so(manager: FlaskClient) -> None:
    page = manager.get("/reports/hall?from=2018-01-01&to=2018-06-30").text
    assert "No dossier was received in this period." in page
    assert links(page) == {}
    assert "None" not in page
    review = manager.get("/reports/hall/review?from=2018-01-01&to=2018-06-30").text
    assert "không tiếp nhận hồ sơ nào" in review


def test_a_last_day_to_come_is_pointed_out(manager: FlaskClient) -> None:
    assert "yet to come" in manager.get("/reports/hall?from=2019-07-01&to=2019-07-31").text
    assert "yet to come" not in manager.get(REPORT).text


# ── who may see what ──────────────────────────────────────────────────────────


def every_page(codes: dict[str, str]) -> list[str]:
    return [
        "/reports/hall",
        "/reports/hall/dossiers",
        "/reports/hall/review",
        f"/reports/dossiers/{codes['late']}",
    ]


def test_nobody_sees_a_report_without_signing_in(pages: FlaskClient, furnished: Office) -> None:
    for path in ["/reports/", *every_page(furnished.codes)]:
        assert pages.get(path).headers["Location"] == "/counter/?to=reports"


@pytest.mark.parametrize("name", ["lan", "ha", "be"])
def test_only_managers_of_the_office_or_above_see_it(
    pages: FlaskClient, furnished: Office, name: str
) -> None:
    sign_in(pages, name)
    statuses = [pages.get(path).status_code for path in every_page(furnished.codes)]
    assert statuses == [403, 403, 403, 404]


def test_with_one_office_one_comes_straight_to_its_report(pages: FlaskClient) -> None:
    sign_in(pages, "ha")
    assert pages.get("/reports/").headers["Location"] == "/reports/commune"
    assert 'name="office" value="commune"' in pages.get("/reports/commune").text


def test_a_clerk_is_told_whom_to_ask(pages: FlaskClient) -> None:
    sign_in(pages, "lan")
    assert "Please ask your manager." in pages.get("/reports/").text


def test_with_several_one_chooses(manager: FlaskClient) -> None:
    page = manager.get("/reports/").text
    assert re.findall(r'data-depth="(\d)"><a class="hall-link" href="([^"]+)"', page) == [
        ("0", "/reports/hall"),
        ("1", "/reports/commune"),
    ]
    assert LONG in page


@pytest.mark.parametrize(
    "query",
    ["class=lost", "report=lost", "class=early", "first=yesterday&class=received"],
)
def test_a_figure_that_does_not_exist_is_refused(manager: FlaskClient, query: str) -> None:
    assert manager.get(f"/reports/hall/dossiers?{HALF_YEAR}&{query}").status_code == 422


def test_pages_that_do_not_exist(manager: FlaskClient) -> None:
    for path in ("/reports/nowhere", "/reports/dossiers/H33.14-190101-9999", "/reports/hall/x"):
        assert manager.get(path).status_code == 404


@pytest.mark.parametrize("language", ["vi", "km"])
def test_it_speaks_the_readers_language(manager: FlaskClient, language: str) -> None:
    page: Any = manager.get(f"{REPORT}&lang={language}&children=1").text
    assert "Diễn biến trong kỳ" in page
    assert "33,3 %" in page
