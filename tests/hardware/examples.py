"""Slips as halls print them, for the tests of this room."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

from PIL import Image, ImageDraw

from hardware.slips import Slip

URL = "https://motcua.vinhthuan.gov.vn/t/AbCdEfGh12345678"

_VIETNAMESE: dict[str, Any] = {
    "number": "A012",
    "organisation": "UBND huyện Vĩnh Thuận",
    "office": "Bộ phận Tiếp nhận và Trả kết quả",
    "service": "Hộ tịch",
    "ahead": "Còn 4 người trước ông/bà, khoảng 15–20 phút",
    "printed_at": "07:42 · Thứ Sáu, 15/3/2019",
    "url": URL,
    "qr_caption": "Quét để theo dõi số và hồ sơ",
    "missed": "Nếu lỡ lượt, ông/bà giữ phiếu này và đến gặp cán bộ hướng dẫn.",
    "thanks": "Cảm ơn ông/bà",
}
_KHMER: dict[str, Any] = {
    **_VIETNAMESE,
    "number": "D105",
    "language": "km",
    "office": "ការិយាល័យទទួល និងប្រគល់លទ្ធផល",
    "service": "ការបញ្ជាក់ឯកសារ",
    "ahead": "ចំនួនអ្នករង់ចាំមុន 4",
    "qr_caption": "ស្កេនដើម្បីតាមដាន",
    "missed": "សូមអភ័យទោសចំពោះការយឺតយ៉ាវ",
    "thanks": "សូមអរគុណ",
    "priority": "អាទិភាព · មនុស្សចាស់ជរា",
}

_ENGLISH: dict[str, Any] = {
    **_VIETNAMESE,
    "number": "B007",
    "language": "en",
    "organisation": "People's Committee of Vĩnh Thuận District",
    "office": "One-stop reception office",
    "service": "Certification of copies",
    "ahead": "People ahead of you: 4",
    "printed_at": "07:42 · 15/03/2019",
    "qr_caption": "Scan to follow your number and your dossier",
    "missed": "If your number has passed, show this slip at the kiosk or to the staff.",
    "thanks": "Thank you",
}

PRIORITIES = (
    "Người cao tuổi",
    "Người khuyết tật",
    "Phụ nữ mang thai",
    "Người bế trẻ nhỏ",
    "Người có công",
    "Có hẹn",
)
"""Every reason a ticket may go first, as it stands on a slip."""


def _logo() -> str:
    """A star in a disc, as large as a logo may be."""
    picture = Image.new("1", (96, 96), 255)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((0, 0, 95, 95), fill=0)
    pen.ellipse((5, 5, 90, 90), outline=255, width=2)
    turns = [(index * math.pi / 5, 15 if index % 2 else 37) for index in range(10)]
    points = [(48 + reach * math.sin(turn), 49 - reach * math.cos(turn)) for turn, reach in turns]
    pen.polygon(points, fill=255)
    return _encoded(picture)


def _encoded(picture: Image.Image) -> str:
    made = io.BytesIO()
    picture.save(made, "PNG", optimize=True)
    return base64.b64encode(made.getvalue()).decode("ascii")


OFFICE_LOGO = _logo()
SHADED_LOGO = _encoded(Image.linear_gradient("L").resize((192, 90)).convert("1"))
"""Shades in dots: among them are bytes that a printer would obey, which words rarely have."""

LONG_VIETNAMESE = (
    "Đăng ký đất đai, tài sản gắn liền với đất, cấp Giấy chứng nhận quyền sử dụng đất, quyền sở "
    "hữu tài sản gắn liền với đất lần đầu đối với hộ gia đình, cá nhân, cộng đồng dân cư"
)
LONG_KHMER = "ការបញ្ជាក់ឯកសារ" * 12
"""Without a single space, as Khmer is written."""


def vietnamese(**changes: Any) -> Slip:
    return Slip(**{**_VIETNAMESE, **changes})


def english(**changes: Any) -> Slip:
    return Slip(**{**_ENGLISH, **changes})


def khmer(**changes: Any) -> Slip:
    return Slip(**{**_KHMER, **changes})
