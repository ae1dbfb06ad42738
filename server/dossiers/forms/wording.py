"""Vietnamese words on forms for moments, times, money, papers and masked numbers."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from server.offices.procedures import FEE_OF_PROVINCE

PAPER_KINDS = {
    "original": "bản chính",
    "copy": "bản sao",
    "certified": "bản sao chứng thực",
    "electronic": "bản điện tử",
}
"""How the kinds of the API's papers are called on paper."""

UNITS = {"working_day": "ngày làm việc", "calendar_day": "ngày", "hour": "giờ làm việc"}

_COMPOUNDS = re.compile(
    r"bổ sung|dừng giải quyết|gia hạn|giải quyết|hẹn lại|hoàn thiện|hồ sơ|kết quả|kiểm soát"
    r"|quá trình|theo dõi|thông báo|thời gian|tiếp nhận|từ chối|văn bản|xin lỗi|yêu cầu|đề nghị",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|HĐND-UBND|HĐND và UBND|VP\.? HĐND-UBND)\s+"
    r"(?:tỉnh|thành phố|TP\.?|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)\s+(.+)",
    re.IGNORECASE,
)


def moment_words(moment: datetime) -> str:
    """*9 giờ 32 phút, ngày 25 tháng 11 năm 2026*."""
    return f"{moment.hour} giờ {moment:%M} phút, {day_words(moment.date())}"


def short_moment(moment: datetime) -> str:
    """*9 giờ 32, 25/11/2026*: for the cells of a table."""
    return f"{moment.hour} giờ {moment:%M}, {moment:%d/%m/%Y}"


def day_words(day: date) -> str:
    """*ngày 05 tháng 02 năm 2026*: days below ten and the first two months with a nought, so that
    nobody adds a figure (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def title_words(title: str) -> str:
    """A title in capitals whose compound words a line break leaves whole: *HỒ SƠ*, *KẾT QUẢ*."""
    return _COMPOUNDS.sub(lambda found: found[0].replace(" ", "\u00a0"), title).upper()


def place_of(*names: str) -> str:
    """The place that a dateline names, out of the authority's name; dots where it names none.

    *UBND huyện Vĩnh Thuận* is in *Vĩnh Thuận*.
    """
    found = (_AUTHORITY.search(name) for name in names)
    return next((one[1].strip() for one in found if one), "…………")


def time_words(unit: str, count: int, *, afternoon_rule: bool = False) -> str:
    """The statutory time: *5 ngày làm việc*, *Trong ngày làm việc*."""
    if unit != "same_day":
        return f"{count} {UNITS[unit]}"
    if afternoon_rule:
        return "Trong ngày làm việc; nhận sau 15 giờ: ngày làm việc tiếp theo"
    return "Trong ngày làm việc"


def fee_words(fee_vnd: int | None, note: str) -> str:
    """The fee with what is said beside it; never 0 đ where nobody has entered one."""
    if fee_vnd is None:
        return note or FEE_OF_PROVINCE
    price = f"{fee_vnd:,} đ".replace(",", ".") if fee_vnd else "Không thu"
    return f"{price} ({note})" if note and fee_vnd else price


def paper_words(paper: dict[str, Any]) -> str:
    """One kind of paper that was handed in: *Tờ khai (bản chính, 1 bản)*."""
    kind = PAPER_KINDS.get(paper.get("kind", ""), "")
    count = f"{paper.get('count', 1)} bản"
    return f"{paper['name']} ({', '.join(part for part in (kind, count) if part)})"


def masked_phone(phone: str) -> str:
    """``0740****923``; nothing of a number too short to hide anything in."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:4]}****{digits[-3:]}" if len(digits) >= 9 else "****"[: len(digits)]


def masked_identity(number: str) -> str:
    """``091090******``: the last four digits are the second proof beside the code on this paper."""
    return number[:6] + "*" * (len(number) - 6) if len(number) >= 9 else "*" * len(number)
