"""The sentences of a review: the printed one of 2019, and nothing where nothing is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from server.database import Database
from server.dossiers import interlinked, lifecycle
from server.dossiers.interlinked import Share
from server.offices.models import Office
from server.reports.behind import count_behind, offices_of
from server.reports.causes import Cause
from server.reports.naming import period_before, period_name
from server.reports.review import Counted, Known, Section, plain, review, title
from server.reports.reviewing import known_of
from server.reports.settlement import Period, share
from tests.conftest import Clock
from tests.dossiers.conftest import COPY, LAND, Clerk, furnish, moment

HALF_YEAR = Period(date(2019, 1, 1), date(2019, 6, 30))
NOTHING = {"total": 0, "overdue": 0}


def settled(received: int, on_time: int, not_due: int, late: int, **more: Any) -> dict[str, Any]:
    """A settlement as the report gives it; all that is late has been resolved."""
    counts = {"on_time": on_time, "not_due": not_due, "late": late}
    return {
        "office": "vinh-thuan",
        "names": {"vi": "Vĩnh Thuận"},
        "received": received,
        **counts,
        "share": {name: share(count, received) for name, count in counts.items()},
        "resolved": on_time + late,
        "share_of_resolved": {"on_time": share(on_time, on_time + late)},
        "by_field": [],
        "children": [],
    } | more


def processed(**more: Any) -> dict[str, Any]:
    usual = {"office": "vinh-thuan", "received": {"total": 2411}, "paused": NOTHING}
    return usual | {"in_process": NOTHING} | more


def communes() -> list[dict[str, Any]]:
    return [
        settled(count, count, 0, 0, office=slug, names={"vi": name})
        for slug, name, count in (("tt", "Thị trấn Vĩnh Thuận", 9328), ("bm", "Bình Minh", 20_000))
    ]


KNOWN = Known(
    office="Bộ phận Tiếp nhận và Trả kết quả huyện Vĩnh Thuận",
    period=HALF_YEAR,
    settlement=settled(
        2411, 2201, 133, 77, children=communes(), below=settled(29_328, 29_328, 0, 0)
    ),
    processing=processed(in_process={"total": 133, "overdue": 0}),
)


def text(known: Known) -> list[str]:
    """Every line of the review."""
    lines = []
    for section in review(known):
        lines.append(section.title)
        lines += [plain(one) for one in [*section.sentences, *section.items]]
    return lines


def test_the_printed_review_of_2019() -> None:
    assert title(HALF_YEAR).replace("\u00a0", " ") == (
        "Đánh giá tình hình thực hiện cơ chế một cửa, một cửa liên thông 6 tháng đầu năm 2019"
    )
    assert text(KNOWN) == [
        "I. Kết quả tiếp nhận và giải quyết hồ sơ",
        "Từ ngày 01/01/2019 đến ngày 30/06/2019, Bộ phận Tiếp nhận và Trả kết quả huyện Vĩnh Thuận "
        "tiếp nhận 2.411 hồ sơ.",
        "Tính đến hết ngày 30/06/2019: 2.201 hồ sơ giải quyết đúng hạn (91,3% số hồ sơ tiếp nhận), "
        "133 hồ sơ chưa đến hạn (5,5%) và 77 hồ sơ trễ hạn (3,2%).",
        "Tính trên 2.278 hồ sơ đã giải quyết, tỷ lệ đúng hạn là 96,6%.",
        "2 đơn vị cấp dưới tiếp nhận 29.328 hồ sơ: 29.328 hồ sơ đúng hạn (100%).",
        "II. Kết quả theo đơn vị",
        "Thị trấn Vĩnh Thuận: 9.328 hồ sơ; 9.328 hồ sơ đúng hạn (100%).",
        "Bình Minh: 20.000 hồ sơ; 20.000 hồ sơ đúng hạn (100%).",
        "III. Hồ sơ còn lại",
        "Đến hết ngày 30/06/2019 còn 133 hồ sơ đang giải quyết.",
    ]


def test_it_is_compared_with_the_period_before_where_there_was_one() -> None:
    before = period_before(HALF_YEAR)
    assert before == Period(date(2018, 7, 1), date(2018, 12, 31))
    compared = replace(KNOWN, before=before, settlement_before=settled(2000, 1850, 100, 50))
    lines = text(compared)
    assert "So với 6 tháng cuối năm 2018, số hồ sơ tiếp nhận tăng 411 hồ sơ (20,6%)." in lines
    assert (
        "Tỷ lệ đúng hạn trên số hồ sơ tiếp nhận giảm 1,2 điểm phần trăm (từ 92,5% xuống 91,3%)."
        in lines
    )
    nothing = replace(KNOWN, before=before, settlement_before=settled(0, 0, 0, 0))
    assert text(nothing) == text(KNOWN)
    same = replace(KNOWN, before=before, settlement_before=settled(2411, 2201, 133, 77))
    assert "Số hồ sơ tiếp nhận bằng 6 tháng cuối năm 2018." in text(same)


def test_where_nothing_is_known_nothing_is_said() -> None:
    empty = Known(
        office="Bộ phận Một cửa",
        period=HALF_YEAR,
        settlement=settled(0, 0, 0, 0),
        processing=processed(received={"total": 0}),
    )
    assert text(empty) == [
        "I. Kết quả tiếp nhận và giải quyết hồ sơ",
        "Từ ngày 01/01/2019 đến ngày 30/06/2019, Bộ phận Một cửa không tiếp nhận hồ sơ nào.",
    ]


def test_agencies_that_kept_dossiers_too_long_are_named() -> None:
    def agency(name: str, **counts: Any) -> dict[str, Any]:
        usual = {"total": 30, "done_within": 20, "done_beyond": 0, "held_beyond": 0}
        return {"id": 1, "names": {"vi": name}, "median_working_days": 6.5} | usual | counts

    slow = agency("Phòng Tài nguyên và Môi trường", done_beyond=9, held_beyond=3)
    lines = text(replace(KNOWN, agencies=[slow, agency("Chi cục Thuế")]))
    assert "Các cơ quan, đơn vị giữ hồ sơ quá thời gian được giao:" in lines
    assert (
        "Phòng Tài nguyên và Môi trường: 9 lượt xong quá thời gian được giao, 3 lượt đang giữ quá "
        "thời gian được giao và thời gian giữ hồ sơ (trung vị) 6,5 ngày làm việc." in lines
    )
    assert not any(line.startswith("Chi cục Thuế") for line in lines)
    lines = text(replace(KNOWN, agencies=[agency("Chi cục Thuế")]))
    assert "Không có cơ quan, đơn vị nào giữ hồ sơ quá thời gian được giao." in lines


def test_causes_are_quoted_and_the_rest_counted() -> None:
    many = [Cause(f"Lý do {n}.", f"lý do {n}", frozenset({n})) for n in range(12)]
    lines = text(replace(KNOWN, causes=many))
    assert (
        "Trong kỳ đã xin lỗi và hẹn lại ngày trả kết quả đối với 12 hồ sơ. "
        "Nguyên nhân ghi trong phiếu xin lỗi:" in lines
    )
    assert "“Lý do 3”: 1 hồ sơ." in lines
    assert "2 nguyên nhân khác." in lines


@pytest.mark.parametrize(
    ("begin", "end", "name", "before"),
    [
        ("2019-01-01", "2019-12-31", "năm 2019", "năm 2018"),
        ("2019-07-01", "2019-12-31", "6 tháng cuối năm 2019", "6 tháng đầu năm 2019"),
        ("2019-03-01", "2019-03-31", "tháng 3 năm 2019", "tháng 2 năm 2019"),
        ("2019-04-01", "2019-06-30", "quý II năm 2019", "quý I năm 2019"),
        ("2024-02-01", "2024-02-29", "tháng 2 năm 2024", "tháng 1 năm 2024"),
        (
            "2019-01-01",
            "2019-09-30",
            "9 tháng đầu năm 2019",
            "từ ngày 01/04/2018 đến ngày 31/12/2018",
        ),
        (
            "2019-01-10",
            "2019-01-19",
            "từ ngày 10/01/2019 đến ngày 19/01/2019",
            "từ ngày 31/12/2018 đến ngày 09/01/2019",
        ),
    ],
)
def test_periods_have_the_names_that_people_give_them(
    begin: str, end: str, name: str, before: str
) -> None:
    period = Period(date.fromisoformat(begin), date.fromisoformat(end))
    assert period_name(period) == name
    assert period_name(period_before(period)) == before


@pytest.fixture
def clerk(database: Database, clock: Clock) -> Clerk:
    clock.now = moment("2019-01-02 08:00")
    with database.transaction() as session:
        return Clerk(database, clock, furnish(session, clock).id)


def sections(clerk: Clerk) -> list[Section]:
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        return review(known_of(session, office, HALF_YEAR))


def test_each_number_of_a_real_review_is_as_many_dossiers_as_it_says(clerk: Clerk) -> None:
    land = clerk.at("2019-03-04 08:00").receive(LAND, shares=[Share("tnmt", 1, 2)])
    clerk.do(interlinked.hand_over, land, "tnmt")
    for at, day in (("2019-03-20 08:00", 22), ("2019-03-22 08:00", 25)):
        sorry = (lifecycle.apologise, land, date(2019, 3, day))
        clerk.at(at).do(*sorry, "Chờ đo đạc, ông NGUYỄN VĂN MẪU vắng")
    clerk.at("2019-04-01 08:00").step(clerk.receive(COPY), "finish")
    asked = clerk.receive(COPY)
    clerk.do(lifecycle.ask_for_papers, asked, ["Ảnh"])
    late = clerk.receive(COPY)
    clerk.at("2019-04-20 08:00").do(
        lifecycle.apologise, late, date(2019, 4, 24), "chờ  đo đạc, ông … vắng."
    )
    with clerk.database.transaction() as session:
        below = furnish(session, clerk.clock, "commune", parent_id=clerk.office_id).id
    Clerk(clerk.database, clerk.clock, below).receive(COPY)
    found = sections(clerk)
    numbers = 0
    with clerk.database.read() as session:
        for section in found:
            for sentence in [*section.sentences, *section.items]:
                for part in sentence:
                    if isinstance(part, Counted):
                        office = session.query(Office).filter_by(slug=part.office).one()
                        offices = offices_of(session, office, part.scope)
                        count = count_behind(session, offices, HALF_YEAR, part.figure)
                        assert part.words == str(count), (part, plain(sentence))
                        numbers += 1
    assert numbers > 15
    said = [plain(one) for section in found for one in [*section.sentences, *section.items]]
    assert "“Chờ đo đạc, ông … vắng”: 2 hồ sơ." in said
    assert not any("MẪU" in line for line in said)
    assert any("1 hồ sơ đang tạm dừng" in line for line in said)
