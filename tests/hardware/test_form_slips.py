"""The slip of a dossier's form: kept as JSON, drawn with nothing missing, known by its layout."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageChops

from hardware.blocks import WIDTHS
from hardware.formraster import draw_form
from hardware.formslips import FormPart, FormSlip, Signature
from hardware.layouts import FORM, LAYOUTS, drawn
from hardware.raster import draw
from hardware.slips import LONGEST_URL
from tests.hardware.examples import vietnamese

URL = "https://motcua.vinhthuan.gov.vn/lookup?code=H33.14-261125-0001"


def receipt(**more: Any) -> FormSlip:
    usual: dict[str, Any] = {
        "title": "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "code": "H33.14-261125-0001",
        "copy": "Liên 1: lưu",
        "motto": ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        "parts": (
            FormPart("Tiếp nhận hồ sơ của", "NGUYỄN VĂN MẪU"),
            FormPart("Thành phần hồ sơ nộp gồm", lines=("Tờ khai", "Bản vẽ")),
            FormPart("Thời gian trả kết quả", "9 giờ 32 phút", strong=True),
            FormPart("Lý do", by_hand=True),
            FormPart(value="Xin thông báo cho Ông/Bà được biết."),
        ),
        "signatures": (Signature("NGƯỜI NỘP"), Signature("NGƯỜI NHẬN", "(Ký)", "Lan")),
        "notes": ("Xin mang theo giấy này.",),
        "url": URL,
    }
    return FormSlip(**(usual | more))


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


@pytest.mark.parametrize("paper_mm", [80, 58])
def test_a_form_comes_out_of_json_as_it_went_in(paper_mm: int) -> None:
    slip = receipt(paper_mm=paper_mm, reprint=True)
    kept = json.loads(json.dumps(slip.to_dict(), ensure_ascii=False))
    assert FormSlip.from_dict(kept) == slip
    picture = draw_form(slip)
    assert picture.mode == "1"
    assert picture.width == WIDTHS[paper_mm]
    assert same(drawn(kept | {"layout": FORM}), picture)


@pytest.mark.parametrize("paper_mm", [80, 58])
def test_its_qr_code_can_be_read(paper_mm: int) -> None:
    picture = np.array(draw_form(receipt(paper_mm=paper_mm)).convert("L"))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [URL]


@pytest.mark.parametrize("name", [one.name for one in fields(FormSlip) if one.name != "paper_mm"])
def test_everything_on_it_is_drawn(name: str) -> None:
    """Whatever is left out or changed changes the picture."""
    value = getattr(receipt(), name)
    other: Any = {bool: True, tuple: (), str: ""}[type(value)]
    if name in ("title", "mark", "agency", "unit", "number", "place_and_date", "addressee"):
        other = "Vĩnh Thuận"
    if name == "qr_caption":
        other = "Quét để tra cứu"
    assert not same(draw_form(receipt(**{name: other})), draw_form(receipt()))


def test_each_part_is_drawn() -> None:
    parts = receipt().parts
    for place in range(len(parts)):
        fewer = (*parts[:place], *parts[place + 1 :])
        assert draw_form(receipt(parts=fewer)).height < draw_form(receipt()).height


def test_two_signatures_stand_beside_each_other_on_wide_paper_only() -> None:
    one = receipt().signatures[1]

    def height(paper_mm: int, *signatures: Signature) -> int:
        return draw_form(receipt(signatures=signatures, paper_mm=paper_mm)).height

    assert height(80, one, one) == height(80, one)
    assert height(58, one, one) > height(58, one) + 100


def test_what_a_printer_would_obey_is_dropped() -> None:
    kept = receipt().to_dict()
    kept["parts"] = [{"label": "Lý do", "value": "a\x1b@b\n c", "lines": ["x\x1dV0"], "later": 1}]
    kept["later"] = "unknown"
    (part,) = FormSlip.from_dict(kept).parts
    assert (part.value, part.lines) == ("a@b c", ("x V0",))


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"paper_mm": 70}, {"url": "http://x/" + "a" * LONGEST_URL}]
)
def test_what_cannot_be_a_form_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        receipt(**wrong)


def test_a_job_says_how_its_slip_is_laid_out() -> None:
    ticket = vietnamese()
    assert same(drawn(ticket.to_dict()), draw(ticket))
    assert set(LAYOUTS) == {"ticket", "form"}
    with pytest.raises(ValueError, match="laid out as 'poster'"):
        drawn({"layout": "poster", "number": "A001"})
    with pytest.raises(ValueError, match="without a title"):
        drawn({"layout": FORM})
