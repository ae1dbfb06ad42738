"""The slips of dossiers' forms look as somebody has approved them: tests/printing/approved/.

``make approve`` takes the pictures as they are drawn now. Look at each before it is committed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hardware.layouts import FORM, drawn
from server.dossiers.forms.filling import fill
from server.dossiers.forms.paper import copy_marks, usual_copies
from server.dossiers.forms.reading import Facts, Happened, masked
from server.dossiers.reception import Person
from server.dossiers.register import Entry
from server.printing.forms import form_slip
from tests.dossiers.conftest import HANOI
from tests.hardware import approving

APPROVED = Path(__file__).with_name("approved")

WHO = Person(
    name="CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN THƯƠNG MẠI DỊCH VỤ NGUYỄN PHƯỚC HƯNG THỊNH",
    phone="0912345678",
    identity_number="091090000123",
    address="Tổ 12, ấp Kinh 2 Trường Thạnh, xã Vĩnh Bình Bắc, huyện Vĩnh Thuận, tỉnh Kiên Giang",
    email="congty@example.com.vn",
)
PROCEDURE = (
    "Đăng ký, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất cho "
    "người nhận chuyển nhượng quyền sử dụng đất, quyền sở hữu nhà ở trong dự án bất động sản"
)
PAPERS = (
    {"name": "Đơn đăng ký biến động đất đai theo Mẫu số 11/ĐK", "kind": "original", "count": 1},
    {"name": "Giấy chứng nhận quyền sử dụng đất", "kind": "original", "count": 1},
    {"name": "Hợp đồng chuyển nhượng đã công chứng", "kind": "certified", "count": 2},
)
MISSING = [
    "Bản chính Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản gắn liền với đất",
    "Chữ ký của vợ hoặc chồng",
]
BY_LAW = "Hồ sơ chưa đủ thành phần theo quy định tại Điều 28 Nghị định 101/2024/NĐ-CP"
FOREIGN = (
    "Hồ sơ không thuộc thẩm quyền giải quyết của Ủy ban nhân dân huyện; đề nghị nộp tại Văn phòng "
    "đăng ký đất đai tỉnh Kiên Giang theo quy định của pháp luật về đất đai."
)


def facts(year: int) -> Facts:
    """A land dossier of a company, of a day in June of that year, with all that can happen."""
    then = datetime(year, 6, 20, 9, 32, tzinfo=HANOI)
    due = then + timedelta(days=12)
    later = due - timedelta(days=1)

    def step(kind: str, at: datetime, **more: Any) -> Happened:
        usual = {"by": "Nguyễn Thị Lan", "due_at": due, "promised_at": due}
        return Happened(kind, at, **(usual | more))

    return Facts(
        code=f"H33.14-{then:%y%m%d}-0012",
        agency="UBND huyện Vĩnh Thuận",
        unit="Bộ phận Tiếp nhận và Trả kết quả",
        place="Vĩnh Thuận",
        procedure=PROCEDURE,
        terms=("working_day", 8, False),
        fee_vnd=100_000,
        fee_note="mỗi giấy; hộ nghèo được miễn",
        channel=1,
        papers=PAPERS,
        sets=1,
        applicant=WHO,
        collector="",
        created_at=then,
        entry=Entry(year, 1204),
        steps=(
            step("ask-supplement", then, note=BY_LAW, data={"missing": MISSING}),
            step("accept", then),
            step("refuse", then, data={"reason": FOREIGN}),
            step(
                "apologise",
                later,
                promised_at=due + timedelta(days=7),
                data={"reason": "Chờ xác minh ranh giới thửa đất tại thực địa"},
            ),
            step("stop", later, data={"reason": "Thửa đất có tranh chấp, Tòa án đang thụ lý"}),
        ),
    )


KINDS = ("receipt", "supplement", "refusal", "apology")
WIDE = [f"{kind}-{year}-80" for year in (2019, 2026) for kind in KINDS]
NAMES = [*WIDE, "stop-2026-80", "receipt-2026-58", "apology-2019-58"]


def picture(name: str, **kept: Any) -> Image.Image:
    kind, year, paper_mm = name.split("-")
    sheet = fill(masked(facts(int(year))), kind, date(int(year), 6, 20))
    usual = {
        "copy": copy_marks(kind, usual_copies(kind))[-1],
        "url": "https://motcua.vinhthuan.gov.vn/lookup?code=H33.14-260620-0012",
    }
    slip = form_slip(sheet, usual | kept, int(paper_mm))
    return drawn(slip.to_dict() | {"layout": FORM})


@pytest.mark.parametrize("name", NAMES)
def test_the_form_looks_as_approved(name: str) -> None:
    approving.compare(picture(name), name, APPROVED)


def test_every_approved_picture_is_of_a_form() -> None:
    assert sorted(path.stem for path in APPROVED.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize(
    "kept", [{"copy": "Liên 1: lưu"}, {"copy": ""}, {"reprint": True}, {"demo": True}, {"url": ""}]
)
def test_another_copy_is_another_picture(kept: dict[str, Any]) -> None:
    approved = Image.open(APPROVED / "receipt-2026-80.png").convert("1")
    assert approving.differing(picture("receipt-2026-80", **kept), approved)


def test_a_reason_of_a_thousand_characters_is_all_there() -> None:
    """Two reasons that differ in their last word only are two pictures."""
    sheet = fill(masked(facts(2026)), "refusal", date(2026, 6, 20))
    drawings = []
    for word in ("nhất", "cuối"):
        reason = "Không thuộc thẩm quyền. " * 40 + word
        parts = tuple(
            replace(part, value=reason) if getattr(part, "label", "") == "Lý do" else part
            for part in sheet.parts
        )
        slip = form_slip(replace(sheet, parts=parts), {}, 58)
        drawings.append(drawn(slip.to_dict() | {"layout": FORM}))
    assert approving.differing(*drawings)
