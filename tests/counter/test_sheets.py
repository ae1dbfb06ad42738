"""Forms and the register as sheets: what they say, to whom, and what a browser prints of them."""

from __future__ import annotations

import html
import io
import re
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import requests
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from counter import sheets
from server.database import Database, migrate
from server.dossiers import interlinked, lifecycle, reception
from server.dossiers.agencies import set_agency
from server.dossiers.interlinked import Share
from server.dossiers.models import Dossier
from server.dossiers.numbering import set_pattern
from server.dossiers.reception import Desk, Person, Reception
from server.offices import hallfile, sample
from server.offices.procedures import load_procedures
from server.people.accounts import add_person, add_token
from server.settings import load_settings
from server.web import office_or_404
from tests.counter.conftest import MORNING, PASSWORD, Clerk, Office
from tests.product import Product, served
from tests.served.test_accessibility import violations

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
COPY, LAND = "1.004873", "1.012796"
MAU = Person(
    name="NGUYỄN VĂN MẪU",
    phone="0912345678",
    identity_number="091090000123",
    address="Ấp Mẫu, Vĩnh Thuận, Kiên Giang",
)
COMPANY = Person(
    name="CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN THƯƠNG MẠI DỊCH VỤ NGUYỄN PHƯỚC HƯNG THỊNH",
    phone="0912345678",
    address="Tổ 12, ấp Kinh 2 Trường Thạnh, xã Vĩnh Bình Bắc, huyện Vĩnh Thuận, tỉnh Kiên Giang",
    email="congtynguyenphuochungthinh@example.com.vn",
)
PAPERS = [
    {"name": "Đơn đăng ký biến động đất đai theo Mẫu số 11/ĐK", "kind": "original", "count": 1},
    {"name": "Hợp đồng chuyển nhượng đã công chứng", "kind": "certified", "count": 2},
    {"name": "Giấy chứng nhận quyền sử dụng đất", "kind": "original", "count": 1},
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


class Hall:
    """The hall's dossiers at any moment of the past, through the product's commands."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = moment("2019-01-02 07:00")
        with database.transaction() as session:
            load_procedures(session, sample.procedures_text(), file=sample.PROCEDURES_FILE)
            hall = office_or_404(session, sample.SLUG)
            self.office_id = hall.id
            set_pattern(session, hall, "H33.14", now=self.now, actor="admin")
            for code, name in (
                ("tnmt", "Phòng Tài nguyên và Môi trường"),
                ("thue", "Chi cục Thuế"),
            ):
                set_agency(session, hall, code, {"vi": name}, now=self.now, actor="admin")

    def at(self, text: str) -> Hall:
        self.now = moment(text)
        return self

    def receive(self, how: Any = reception.accept, code: str = COPY, **more: Any) -> Dossier:
        named = {name: more.pop(name) for name in ("missing", "reason") if name in more}
        what = Reception(code, more.pop("applicant", MAU), **more)
        desk = Desk(self.office_id, self.now, "clerk:lan", "secret")
        with self.database.transaction() as session:
            return how(session, what, desk, **named)

    def do(self, command: Callable[..., Any], dossier: Dossier, *args: Any, **more: Any) -> None:
        with self.database.transaction() as session:
            command(session, dossier.id, *args, self.now, "clerk:lan", **more)


@pytest.fixture
def desk(office: Office) -> Hall:
    return Hall(office.parts.database)


@pytest.fixture
def lan(office: Office) -> Clerk:
    clerk = office.browser()
    clerk.sign_in()
    return clerk


def words(page: str) -> str:
    """What a page says, without its marks and drawings."""
    body = re.sub(r"(?s)<(style|script|svg|title)\b.*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def receipt_of(dossier: Dossier) -> str:
    return f"/counter/dossiers/{dossier.code}/forms/receipt"


def test_a_receipt_has_two_copies_each_a_sheet_of_its_own(desk: Hall, lan: Clerk) -> None:
    dossier = desk.at("2026-11-25 09:32").receive(papers=PAPERS)
    answer = lan.get(receipt_of(dossier))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    said = words(answer.text)
    assert answer.text.count("<article") == 2
    for once in ("Liên 1: lưu", "Liên 2: giao người nộp"):
        assert said.count(once) == 1
    for twice in (
        "Mẫu số 01 (Thông tư 03/2025/TT-VPCP)",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Vĩnh Thuận, ngày 25 tháng 11 năm 2026",
        f"Mã hồ sơ: {dossier.code}",
        "Thời gian nhận hồ sơ: 9 giờ 32 phút, ngày 25 tháng 11 năm 2026",
        "Số điện thoại: 0912345678",
        "Hợp đồng chuyển nhượng đã công chứng (bản sao chứng thực, 2 bản)",
        "Trần Thị Lan",
        "Số: 1/TNHS",
    ):
        assert said.count(twice) == 2, twice
    assert lan.get(f"{receipt_of(dossier)}?copies=1").text.count("<article") == 1


def test_the_words_of_a_form_are_vietnamese_in_every_language(desk: Hall, lan: Clerk) -> None:
    dossier = desk.receive()
    sheets_of = {}
    for language in ("vi", "en", "km"):
        page = lan.get(f"{receipt_of(dossier)}?lang={language}").text
        sheets_of[language] = words(page[page.index("<main") :])
    assert "Tiếp nhận hồ sơ của: NGUYỄN VĂN MẪU" in sheets_of["en"]
    assert len(set(sheets_of.values())) == 1
    assert "Print" in words(lan.get(f"{receipt_of(dossier)}?lang=en").text)


def test_only_those_who_keep_the_dossier_see_its_forms(
    office: Office, desk: Hall, lan: Clerk
) -> None:
    dossier = desk.receive()
    stranger = office.browser()
    for path in (receipt_of(dossier), "/counter/registers/vinh-thuan"):
        assert stranger.get(path).status_code == 303
        assert "MẪU" not in stranger.get(path).text
    elsewhere = office.browser()
    elsewhere.sign_in("mai")
    for path in (receipt_of(dossier), "/counter/registers/vinh-thuan"):
        assert elsewhere.get(path).status_code == 403
    with office.parts.database.transaction() as session:
        hall = office_or_404(session, sample.SLUG)
        kiosk, program = (
            add_token(session, scope, scope=scope, office=hall, now=MORNING)
            for scope in ("kiosk", "dossiers")
        )
    for token, status in ((kiosk, 403), (program, 200)):
        bearer = {"Authorization": f"Bearer {token}"}
        asked = office.app.test_client().get(receipt_of(dossier), headers=bearer)
        assert asked.status_code == status


def test_what_cannot_be_shown_is_said_in_words(desk: Hall, lan: Clerk) -> None:
    old = desk.at("2019-06-28 09:00").receive()
    desk.do(lifecycle.give_reason, old, "stop", "Đất có tranh chấp")
    path = f"/counter/dossiers/{old.code}/forms"
    for tail, status, said in (
        ("stop", 404, "Thông tư 01/2018/TT-VPCP has no such form."),
        ("apology", 409, "No new date has been named for this dossier."),
        ("poem", 404, "There is no such form."),
        ("receipt?copies=9", 422, "A form is printed one to 5 times."),
    ):
        answer = lan.client.get(
            f"{path}/{tail}", headers={"Accept": "text/html", "Accept-Language": "en"}
        )
        assert (answer.status_code, said in words(answer.text)) == (status, True), tail
    assert lan.get("/counter/dossiers/H33.14-190628-9999/forms/receipt").status_code == 404


def test_a_page_leads_to_the_other_forms_of_the_dossier(desk: Hall, lan: Clerk) -> None:
    dossier = desk.at("2026-11-09 09:00").receive()
    desk.do(lifecycle.apologise, dossier, date(2026, 11, 20), "Chờ xác minh")
    page = lan.get(receipt_of(dossier)).text
    links = re.findall(rf"/counter/dossiers/{dossier.code}/forms/([a-z-]+)", page)
    assert links == ["receipt", "apology", "control-sheet"]


def test_the_register_has_the_lines_of_its_period(desk: Hall, lan: Clerk) -> None:
    first = desk.at("2026-11-02 09:00").receive(applicant=COMPANY)
    desk.at("2026-11-30 16:00").receive()
    desk.at("2026-12-01 08:00").receive()
    answer = lan.get("/counter/registers/vinh-thuan?from=2026-11-01&to=2026-11-30")
    said = words(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Mẫu số 07 (Thông tư 03/2025/TT-VPCP)" in said
    assert "Từ ngày 01 tháng 11 năm 2026 đến ngày 30 tháng 11 năm 2026 · 2 hồ sơ" in said
    assert f"Quyển số 2026 1 {first.code}" in said
    assert said.count("H33.14-") == 2
    old = words(lan.get("/counter/registers/vinh-thuan?from=2019-01-01&to=2019-06-30").text)
    assert "Mẫu số 06 (Thông tư 01/2018/TT-VPCP)" in old
    assert "Không có hồ sơ nào" in old
    assert "2 hồ sơ" not in words(lan.get("/counter/registers/vinh-thuan").text)  # 1–25 November


def test_a_period_that_is_none_is_refused_and_stays_to_be_mended(
    desk: Hall, lan: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.at("2026-11-02 09:00").receive()
    desk.receive()
    for query, said in (
        ("from=2026-11-30&to=2026-11-01", "The period ends before it begins."),
        ("from=2026-11-31&to=2026-12-01", "Please give both days of the period as dates."),
    ):
        answer = lan.get(f"/counter/registers/vinh-thuan?{query}&lang=en")
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert 'value="2026-11-3' in answer.text
        assert "MẪU" not in answer.text
    monkeypatch.setattr(sheets, "MOST_LINES", 1)
    answer = lan.get("/counter/registers/vinh-thuan?lang=en")
    assert answer.status_code == 422
    assert "The register has 2 lines in this period. At most 1 fit on a page" in words(answer.text)
    assert lan.get("/counter/registers/nowhere").status_code == 404


# ── printed by a browser from the running product ─────────────────────────────

A5, A4_LANDSCAPE = (148, 210), (297, 210)


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == len(re.findall(rb"/Type /Page\b", pdf))
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes]


def printed(page: Page, path: str) -> list[tuple[int, int]]:
    """What the browser makes of a page when a clerk presses print: the sizes of its sheets."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, page.inner_text("main")
    page.evaluate("document.fonts.ready")
    return pages(page.pdf(prefer_css_page_size=True))


def furnish(session: Session) -> str:
    """The sample hall with its clerk; the token of a counter's program."""
    hallfile.load(session, sample.hall_text(), file=sample.HALL_FILE, now=MORNING)
    hall = office_or_404(session, sample.SLUG)
    add_person(session, "lan", PASSWORD, role="clerk", office=hall, now=MORNING)
    return add_token(session, "desk", scope="counter", office=hall, now=MORNING)


def all_forms(desk: Hall, day: str, promised: str, who: Person) -> dict[str, str]:
    """A dossier for each kind of form, received on a day; codes by kind."""
    desk.at(f"{day} 09:32")
    asked = desk.receive(reception.ask_supplement, applicant=who, missing=["Bản chính giấy tờ"])
    refused = desk.receive(reception.refuse, applicant=who, reason="Không thuộc thẩm quyền")
    shares = [Share("tnmt", 1, 3), Share("thue", 2, 2)]
    main = desk.receive(code=LAND, applicant=who, papers=PAPERS, shares=shares)
    desk.do(interlinked.hand_over, main, "tnmt", note="Đủ hồ sơ")
    desk.do(interlinked.take_over, main, "tnmt")
    desk.do(interlinked.finish_part, main, "tnmt")
    desk.do(interlinked.hand_over, main, "thue")
    desk.do(lifecycle.apologise, main, date.fromisoformat(promised), "Chờ xác minh ranh giới")
    desk.do(lifecycle.give_reason, main, "stop", "Đất có tranh chấp")
    kinds = dict.fromkeys(("receipt", "apology", "stop", "control-sheet"), main.code)
    return kinds | {"supplement": asked.code, "refusal": refused.code}


def test_every_form_of_both_circulars_comes_out_of_a_browser_on_its_paper(
    browser: Browser, tmp_path: Path
) -> None:
    settings = load_settings(tmp_path)
    migrate(settings.sqlalchemy_url)
    database = Database(settings.sqlalchemy_url)
    with database.transaction() as session:
        token = furnish(session)
    desk = Hall(database)
    old = all_forms(desk, "2019-06-24", "2019-07-10", COMPANY)
    new = all_forms(desk, "2026-11-09", "2026-11-27", COMPANY)
    for minute in range(40):
        desk.at(f"2026-11-10 08:{minute:02d}").receive(applicant=COMPANY)
    database.close()
    assert len(old) == len(new) == 6
    with served(tmp_path) as product:
        page = browser.new_page(device_scale_factor=3)  # as fine as paper, for the QR code
        page.goto(f"{product.url}/counter/")
        page.fill("[name=name]", "lan")
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        for kinds in (old, new):
            for kind, code in kinds.items():
                if (kind, kinds) == ("stop", old):
                    continue  # the circular of 2018 has none
                path = f"{product.url}/counter/dossiers/{code}/forms/{kind}"
                assert printed(page, path) == [A5] * (2 if kind == "receipt" else 1), path
        page.goto(f"{product.url}/counter/dossiers/{new['receipt']}/forms/receipt")
        assert violations(page) == []
        page.emulate_media(media="print")
        assert not page.is_visible(".paper-bar")
        picture = np.array(_picture(page))
        codes = [found.text for found in zxingcpp.read_barcodes(picture)]
        assert codes == [f"{product.url}/lookup?code={new['receipt']}"]
        register = f"{product.url}/counter/registers/{sample.SLUG}?from=2026-11-01&to=2026-11-30"
        sizes = printed(page, register)
        assert set(sizes) == {A4_LANDSCAPE}
        assert 2 <= len(sizes) <= 8
        page.emulate_media(media="screen")
        assert violations(page) == []
        page.close()
        slips = printed_slips(product, token, new["receipt"])
    assert {slip.width for slip in slips} == {576}
    read = [zxingcpp.read_barcodes(np.array(slip.convert("L"))) for slip in slips]
    assert [[found.text for found in of_one] for of_one in read] == [codes, codes]


def printed_slips(product: Product, token: str, code: str) -> list[Image.Image]:
    """What the running server's own printer makes of a receipt asked for at counter 1."""
    api, bearer = f"{product.url}/api/v1", {"Authorization": f"Bearer {token}"}
    hall = requests.get(f"{api}/offices/{sample.SLUG}", timeout=20).json()
    counter = next(one["id"] for one in hall["counters"] if one["number"] == "1")
    answer = requests.post(
        f"{api}/dossiers/{code}/forms/receipt/print",
        json={"counter": counter},
        headers=bearer,
        timeout=20,
    )
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 30
    while len(found := sorted((product.data / "slips").glob("*.png"))) < 2:
        assert time.monotonic() < deadline, product.log()
        time.sleep(0.1)
    return [Image.open(io.BytesIO(path.read_bytes())) for path in found]


def _picture(page: Page) -> Image.Image:
    shot = page.locator("article").first.screenshot()
    return Image.open(io.BytesIO(shot)).convert("L")
