"""The forms of both circulars: which holds when, and what stands on it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.dossiers import correcting, interlinked, lifecycle, reception
from server.dossiers.calendar import CERTAINTIES
from server.dossiers.forms import wording
from server.dossiers.forms.circulars import KINDS, circular_on, circulars, form_on
from server.dossiers.forms.filling import WORDINGS, forms_of, sheet_of
from server.dossiers.forms.paper import (
    Field,
    Hops,
    Items,
    Row,
    Sheet,
    copy_marks,
    usual_copies,
)
from server.dossiers.forms.reading import facts_of
from server.dossiers.interlinked import Share
from server.dossiers.models import Dossier
from server.errors import NotFound, Refused
from server.people.models import Person as Staff
from tests.dossiers.conftest import COPY, LAND, Clerk

CHANGE = date(2025, 9, 15)


def sheet(clerk: Clerk, dossier: Dossier, kind: str, today: str = "") -> Sheet:
    day = date.fromisoformat(today) if today else clerk.clock.now.date()
    return clerk.show(sheet_of, dossier, kind, day)


def fields(shown: Sheet) -> dict[str, str]:
    """Labels with values; lines of a list are joined."""
    found: dict[str, str] = {}
    for part in shown.parts:
        match part:
            case Field():
                found[part.label] = part.value
            case Row():
                found |= {one.label: one.value for one in part.fields}
            case Items():
                found[part.label] = "\n".join(part.lines)
    return found


def plain(title: str) -> str:
    """A title without what keeps its words together."""
    return title.replace("\u00a0", " ")


def words(shown: Sheet) -> str:
    return repr(shown.parts)


PAPERS = [
    {"name": "Tờ khai đăng ký", "kind": "original", "count": 1},
    {"name": "Trích lục khai sinh", "kind": "certified", "count": 2},
]


def test_a_receipt_says_what_was_accepted_and_when_it_is_due(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        session.add(
            Staff(
                name="lan",
                display_name="Nguyễn Thị Lan",
                role="clerk",
                password_hash="",
                created_at=clerk.clock.now,
            )
        )
    clerk.receive()
    dossier = clerk.at("2026-11-25 09:32").receive(COPY, papers=PAPERS, sets=2)
    shown = sheet(clerk, dossier, "receipt")
    assert shown.mark == "Mẫu số 01 (Thông tư 03/2025/TT-VPCP)"
    assert plain(shown.title) == "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"
    assert (shown.agency, shown.unit) == ("UBND huyện", "Bộ phận Một cửa")
    assert (shown.code, shown.number) == (dossier.code, "Số: 2/TNHS")
    assert shown.place_and_date == "…………, ngày 25 tháng 11 năm 2026"
    assert fields(shown) == {
        "Tiếp nhận hồ sơ của": "NGUYỄN VĂN MẪU",
        "Địa chỉ": "Ấp Mẫu, Vĩnh Thuận, Kiên Giang",
        "Số điện thoại": "0912345678",
        "Email": "",
        "Số định danh cá nhân": "091090000123",
        "Nội dung yêu cầu giải quyết": f"Thủ tục {COPY}",
        "Thành phần hồ sơ nộp gồm": "Tờ khai đăng ký (bản chính, 1 bản)\n"
        "Trích lục khai sinh (bản sao chứng thực, 2 bản)",
        "Số lượng hồ sơ": "2 bộ",
        "Thời gian giải quyết hồ sơ theo quy định": "5 ngày làm việc",
        "Thời gian nhận hồ sơ": "9 giờ 32 phút, ngày 25 tháng 11 năm 2026",
        "Thời gian trả kết quả giải quyết hồ sơ": "9 giờ 32 phút, ngày 02 tháng 12 năm 2026",
        "Đăng ký nhận kết quả tại": "Bộ phận Một cửa",
        "Phí, lệ phí": "8.000 đ",
        "Vào Sổ theo dõi hồ sơ, Quyển số": "2026",
        "Số thứ tự": "2",
    }
    assert [(one.role, one.name) for one in shown.signatures] == [
        ("NGƯỜI NỘP HỒ SƠ", ""),  # who signs writes the name
        ("NGƯỜI TIẾP NHẬN HỒ SƠ", "Nguyễn Thị Lan"),
    ]


def test_a_dossier_of_2019_has_the_forms_of_2018_also_when_they_are_printed_later(
    clerk: Clerk,
) -> None:
    dossier = clerk.at("2019-06-28 10:00").receive()
    clerk.at("2026-03-02 10:00").do(lifecycle.apologise, dossier, date(2026, 3, 5), "Chờ xác minh")
    clerk.do(lifecycle.give_reason, dossier, "stop", "Chờ tòa án")
    assert sheet(clerk, dossier, "receipt").mark == "Mẫu số 01 (Thông tư 01/2018/TT-VPCP)"
    late = sheet(clerk, dossier, "apology")
    assert late.mark == "Mẫu số 04 (Thông tư 01/2018/TT-VPCP)"
    assert plain(late.title) == "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ"
    assert sheet(clerk, dossier, "control-sheet").mark == "Mẫu số 05 (Thông tư 01/2018/TT-VPCP)"
    with pytest.raises(NotFound, match="Thông tư 01/2018/TT-VPCP has no such form"):
        sheet(clerk, dossier, "stop")
    with clerk.database.read() as session:
        mine = facts_of(session, session.get_one(Dossier, dossier.id))
    assert [form.kind for form in forms_of(mine)] == ["receipt", "apology", "control-sheet"]


def test_missing_papers_are_listed_with_the_reason(clerk: Clerk) -> None:
    dossier = clerk.receive(
        COPY, reception.ask_supplement, missing=["Sổ hộ khẩu", "Giấy ủy quyền"], note="Nộp thay"
    )
    shown = sheet(clerk, dossier, "supplement")
    told = fields(shown)
    assert told["Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau"] == "Sổ hộ khẩu\nGiấy ủy quyền"
    assert told["Lý do"] == "Nộp thay"
    assert shown.number == "Số: ………/HDHS"
    again = clerk.at("2026-03-03 09:00").step(dossier, "accept")
    assert again.status == 2
    clerk.do(lifecycle.ask_for_papers, dossier, ["Bản vẽ"])
    latest = sheet(clerk, dossier, "supplement")
    assert fields(latest)["Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau"] == "Bản vẽ"
    reason = next(
        part for part in latest.parts if isinstance(part, Field) and part.label == "Lý do"
    )
    assert (reason.value, reason.by_hand) == ("", True)


def test_a_refusal_gives_its_reason(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY, reception.refuse, reason="Không thuộc thẩm quyền của xã")
    shown = sheet(clerk, dossier, "refusal")
    assert fields(shown)["Lý do"] == "Không thuộc thẩm quyền của xã"
    assert shown.mark.startswith("Mẫu số 03")


def test_an_apology_names_the_date_before_and_the_new_one(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    clerk.at("2026-03-09 09:00").do(lifecycle.apologise, dossier, date(2026, 3, 12), "Mưa bão")
    first = sheet(clerk, dossier, "apology")
    assert plain(first.title) == "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"
    assert first.addressee == "NGUYỄN VĂN MẪU"
    assert fields(first)["Thời gian hẹn trả kết quả"] == "8 giờ 00 phút, ngày 09 tháng 3 năm 2026"
    assert fields(first)["Lý do"] == "Mưa bão"
    assert fields(first)["Gia hạn đến"] == "8 giờ 00 phút, ngày 12 tháng 3 năm 2026"
    clerk.at("2026-03-12 09:00").do(lifecycle.apologise, dossier, date(2026, 3, 16), "Chờ xác minh")
    second = fields(sheet(clerk, dossier, "apology"))
    assert second["Thời gian hẹn trả kết quả"] == "8 giờ 00 phút, ngày 12 tháng 3 năm 2026"
    assert second["Gia hạn đến"] == "8 giờ 00 phút, ngày 16 tháng 3 năm 2026"


def test_a_notice_that_the_work_stops_says_since_when_and_why(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    clerk.at("2026-03-04 14:05").do(lifecycle.give_reason, dossier, "stop", "Đất có tranh chấp")
    shown = sheet(clerk, dossier, "stop")
    assert shown.mark == "Mẫu số 05 (Thông tư 03/2025/TT-VPCP)"
    assert fields(shown)["Lý do"] == "Đất có tranh chấp"
    assert "14 giờ 05 phút, ngày 04 tháng 3 năm 2026" in words(shown)


def test_the_control_sheet_is_the_chain_of_hands(clerk: Clerk) -> None:
    dossier = clerk.receive(LAND, shares=[Share("tnmt", 1, 2), Share("thue", 2, 3)])
    clerk.at("2026-03-02 10:00").do(interlinked.hand_over, dossier, "tnmt", note="Đủ hồ sơ")
    clerk.at("2026-03-02 14:00").actor = "clerk:minh"
    clerk.do(interlinked.take_over, dossier, "tnmt")
    clerk.at("2026-03-06 09:00").do(interlinked.finish_part, dossier, "tnmt")
    clerk.at("2026-03-06 10:00").do(interlinked.hand_over, dossier, "thue")
    (chain,) = [
        part for part in sheet(clerk, dossier, "control-sheet").parts if isinstance(part, Hops)
    ]
    handed = [(hop.giver.unit, hop.receiver.unit, hop.outcome) for hop in chain.hops]
    assert handed == [
        ("Người nộp hồ sơ", "Bộ phận Một cửa", ""),
        ("Bộ phận Một cửa", "Phòng Tài nguyên và Môi trường", ""),
        ("Phòng Tài nguyên và Môi trường", "Bộ phận Một cửa", "Quá hạn"),  # due on the 4th
        ("Bộ phận Một cửa", "Chi cục Thuế", ""),
    ]
    given, taken = chain.hops[1].giver, chain.hops[1].receiver
    assert (given.person, given.moment) == ("lan", "10 giờ 00, 02/03/2026")
    assert (taken.person, taken.moment) == ("minh", "14 giờ 00, 02/03/2026")
    assert chain.hops[1].note == "Đủ hồ sơ"
    assert chain.hops[3].receiver.person == ""  # not taken over yet: a place to sign
    overdue = sheet(clerk, dossier, "control-sheet", "2026-03-20").parts[-1]
    assert isinstance(overdue, Hops)
    assert overdue.hops[3].outcome == "Quá hạn"


def test_the_chain_ends_with_who_collected_and_how_the_result_came(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    clerk.at("2026-03-06 09:00").step(dossier, "finish")
    clerk.at("2026-03-20 09:00").do(lifecycle.give_back, dossier, collector="THỊ MẪU")
    chain = sheet(clerk, dossier, "control-sheet").parts[-1]
    assert isinstance(chain, Hops)
    assert (chain.hops[-1].receiver.person, chain.hops[-1].outcome) == ("THỊ MẪU", "Trước hạn")


def test_a_form_without_its_step_is_refused_in_words(clerk: Clerk) -> None:
    refused = clerk.receive(COPY, reception.refuse, reason="Không đúng nơi")
    for kind in sorted(set(KINDS) - {"refusal"}):
        with pytest.raises(Refused, match="dossier"):
            sheet(clerk, refused, kind)
    with pytest.raises(NotFound, match="no such form"):
        sheet(clerk, refused, "register")
    accepted = clerk.receive()
    step = clerk.do(lifecycle.give_reason, accepted, "stop", "Nhầm hồ sơ")
    clerk.do(correcting.take_back, accepted, step.id, "Bấm nhầm")
    with pytest.raises(Refused, match="not been stopped"):
        sheet(clerk, accepted, "stop")


def test_the_receipt_keeps_the_date_that_was_told_at_the_counter(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    clerk.do(lifecycle.ask_for_papers, dossier, ["Sổ hộ khẩu"])
    clerk.at("2026-03-06 08:00").step(dossier, "supplement")
    assert clerk.due(dossier) != "2026-03-09 08:00"
    told = fields(sheet(clerk, dossier, "receipt"))["Thời gian trả kết quả giải quyết hồ sơ"]
    assert told == "8 giờ 00 phút, ngày 09 tháng 3 năm 2026"


def test_a_result_by_post_is_not_promised_at_the_office(clerk: Clerk) -> None:
    told = fields(sheet(clerk, clerk.receive(channel=3), "receipt"))
    assert "bưu chính" in told["Đăng ký nhận kết quả tại"]


# ── the tables ────────────────────────────────────────────────────────────────


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_on_every_day_one_circular_holds(day: date) -> None:
    assert [one for one in circulars() if one.holds(day)] == [circular_on(day)]


def test_the_forms_changed_with_the_circular_of_2025() -> None:
    before, after = circular_on(CHANGE - timedelta(days=1)), circular_on(CHANGE)
    assert (before.name, len(before.forms)) == ("Thông tư 01/2018/TT-VPCP", 6)
    assert (after.name, len(after.forms)) == ("Thông tư 03/2025/TT-VPCP", 7)
    assert [form.number for form in before.forms.values()] == [f"{n:02d}" for n in range(1, 7)]
    assert [form.number for form in after.forms.values()] == [f"{n:02d}" for n in range(1, 8)]
    assert form_on(CHANGE, "register").paper == "A4 landscape"


def test_each_row_says_where_it_comes_from_and_each_form_has_its_wording() -> None:
    for circular in circulars():
        assert circular.source
        assert circular.certainty in CERTAINTIES
        for kind, form in circular.forms.items():
            assert kind == "register" or (kind in KINDS and form.wording in WORDINGS)


# ── the words ─────────────────────────────────────────────────────────────────


def test_each_copy_says_which_it_is() -> None:
    assert usual_copies("receipt") == 2
    assert copy_marks("receipt", 2) == ("Liên 1: lưu", "Liên 2: giao người nộp")
    assert copy_marks("receipt", 1) == ("Liên 2: giao người nộp",)
    assert copy_marks("receipt", 3)[1:] == ("Liên 2: giao người nộp",) * 2
    assert copy_marks("refusal", usual_copies("refusal")) == ("",)
    assert copy_marks("refusal", 2) == ("Bản 1/2", "Bản 2/2")


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (("UBND huyện Vĩnh Thuận",), "Vĩnh Thuận"),
        (("Ủy ban nhân dân thành phố Rạch Giá", "Trung tâm"), "Rạch Giá"),
        (("", "Bộ phận Một cửa UBND xã Vĩnh Phong"), "Vĩnh Phong"),
        (("Sở Tư pháp", "Bộ phận Một cửa"), "…………"),
    ],
)
def test_the_dateline_is_where_the_authority_is(names: tuple[str, ...], place: str) -> None:
    assert wording.place_of(*names) == place


def test_times_and_fees_in_words() -> None:
    assert wording.time_words("calendar_day", 20) == "20 ngày"
    assert wording.time_words("hour", 8) == "8 giờ làm việc"
    assert wording.time_words("same_day", 0) == "Trong ngày làm việc"
    assert "15 giờ" in wording.time_words("same_day", 0, afternoon_rule=True)
    assert wording.fee_words(None, "") == "Theo nghị quyết của HĐND tỉnh"
    assert wording.fee_words(0, "Miễn phí") == "Không thu"
    assert wording.fee_words(2000, "mỗi trang") == "2.000 đ (mỗi trang)"
    assert wording.day_words(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert wording.moment_words(datetime(2026, 11, 25, 9, 5)).startswith("9 giờ 05 phút, ngày 25")


def test_masked_numbers_do_not_give_the_second_proof_away() -> None:
    assert wording.masked_phone("0740 123 923") == "0740****923"
    assert wording.masked_identity("091090000123") == "091090******"
    assert wording.masked_identity("12345") == "*****"
    assert wording.masked_phone("12345") == "****"
