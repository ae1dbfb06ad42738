"""Form 01, *Giấy tiếp nhận hồ sơ và hẹn trả kết quả*: what was accepted and when it is due."""

from __future__ import annotations

from datetime import date

from server.dossiers.forms.circulars import Form
from server.dossiers.forms.heading import headed, whose
from server.dossiers.forms.paper import Field, Items, Row, Sheet, Signature
from server.dossiers.forms.reading import Facts, Happened
from server.dossiers.forms.wording import fee_words, moment_words, paper_words, time_words
from server.dossiers.register import BY_POST

NOTES = (
    "Giấy này lập thành 2 liên: một liên giao cho cá nhân, tổ chức nộp hồ sơ, một liên lưu tại nơi "
    "tiếp nhận.",
    "Khi đến nhận kết quả, xin mang theo giấy này.",
)


def receipt(facts: Facts, accepted: Happened, form: Form, _today: date) -> Sheet:
    """The receipt of an accepted dossier.

    The due date is the one that was told at the counter; pauses since then have moved it, which
    the page behind the QR code tells.
    """
    unit, count, afternoon_rule = facts.terms
    papers = tuple(paper_words(paper) for paper in facts.papers)
    book, serial = facts.entry or ("………", None)
    return headed(
        facts,
        form,
        accepted.at,
        *whose("Tiếp nhận hồ sơ của", facts, identity=True),
        Field("Nội dung yêu cầu giải quyết", facts.procedure),
        Items("Thành phần hồ sơ nộp gồm", papers),
        Field("Số lượng hồ sơ", f"{facts.sets} bộ"),
        Field(
            "Thời gian giải quyết hồ sơ theo quy định",
            time_words(unit, count, afternoon_rule=afternoon_rule),
        ),
        Field("Thời gian nhận hồ sơ", moment_words(accepted.at)),
        Field(
            "Thời gian trả kết quả giải quyết hồ sơ",
            moment_words(accepted.due_at) if accepted.due_at else "",
            strong=True,
        ),
        Field("Đăng ký nhận kết quả tại", where_to_collect(facts)),
        Field("Phí, lệ phí", fee_words(facts.fee_vnd, facts.fee_note)),
        Row(
            (
                Field("Vào Sổ theo dõi hồ sơ, Quyển số", str(book)),
                Field("Số thứ tự", str(serial or "………")),
            )
        ),
        signatures=(
            Signature("NGƯỜI NỘP HỒ SƠ"),
            Signature("NGƯỜI TIẾP NHẬN HỒ SƠ", accepted.by),
        ),
        serial=serial,
        notes=NOTES,
    )


def where_to_collect(facts: Facts) -> str:
    """Where the result is given: at the unit, or by the public post that brought the dossier."""
    if facts.channel == BY_POST:
        return "địa chỉ người nộp, qua dịch vụ bưu chính công ích"
    return facts.unit
