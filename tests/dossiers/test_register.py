"""The register: a line for each dossier accepted, and a serial number that stays."""

from __future__ import annotations

from datetime import date

from server.dossiers import correcting, interlinked, lifecycle, reception
from server.dossiers.interlinked import Share
from server.dossiers.reception import Person
from server.dossiers.register import COLUMNS, Entry, Line, count_lines, entry_of, register
from server.offices.models import Office
from server.reports.settlement import Period, settlement
from tests.dossiers.conftest import BIRTH, COPY, LAND, Clerk, furnish, moment


def lines(clerk: Clerk, begin: str = "2026-01-01", end: str = "2026-12-31") -> list[Line]:
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        days = date.fromisoformat(begin), date.fromisoformat(end)
        found = register(session, office, *days)
        assert count_lines(session, office, *days) == len(found)
        return found


def test_a_dossier_has_a_line_from_its_acceptance_to_its_collection(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY, sets=2)
    clerk.at("2026-03-09 09:00").do(lifecycle.apologise, dossier, date(2026, 3, 12), "Chờ")
    clerk.at("2026-03-11 10:00").step(dossier, "finish")
    clerk.at("2026-03-12 08:30").do(lifecycle.give_back, dossier, collector="THỊ MẪU")
    (line,) = lines(clerk)
    assert line == Line(
        book=2026,
        serial=1,
        code=dossier.code,
        procedure=f"Thủ tục {COPY}",
        sets=2,
        applicant="NGUYỄN VĂN MẪU",
        address="Ấp Mẫu, Vĩnh Thuận, Kiên Giang, 0912345678",
        agency="Bộ phận Một cửa",
        received_on=date(2026, 3, 2),
        due_on=date(2026, 3, 9),
        result_on=date(2026, 3, 11),
        collected_on=date(2026, 3, 12),
        method="Trực tiếp",
        signature="THỊ MẪU",
        remark="Hẹn lại ngày 12/03/2026",
    )
    assert len(line.cells()) == len(COLUMNS)


def test_a_line_that_nobody_has_signed_is_empty_there(clerk: Clerk) -> None:
    clerk.receive(
        LAND,
        channel=2,
        applicant=Person(name="DANH THỊ MẪU"),
        shares=[Share("thue", 1, 2), Share("tnmt", 2, 3)],
    )
    clerk.receive(COPY, channel=3)
    online, post = lines(clerk)
    assert (online.agency, online.method, online.signature) == ("Chi cục Thuế", "", "")
    assert (online.result_on, online.collected_on, online.address) == (None, None, "")
    assert post.method == "Bưu chính công ích"


def test_the_register_has_what_was_accepted_and_nothing_else(clerk: Clerk) -> None:
    clerk.receive(COPY, reception.refuse, reason="Không thuộc thẩm quyền")
    clerk.receive(COPY, reception.register)
    asked = clerk.receive(COPY, reception.ask_supplement, missing=["Sổ hộ khẩu"])
    with clerk.database.read() as session:
        assert entry_of(session, asked) is None
    assert lines(clerk) == []
    clerk.at("2026-03-05 09:00").step(asked, "accept")
    clerk.step(asked, "withdraw")
    (line,) = lines(clerk)
    assert (line.received_on, line.remark) == (date(2026, 3, 5), "Rút hồ sơ ngày 05/03/2026")
    paused = clerk.receive(COPY)
    clerk.do(lifecycle.ask_for_papers, paused, ["Sổ hộ khẩu"])
    assert lines(clerk)[1].remark == "Yêu cầu bổ sung giấy tờ"


def test_serials_begin_anew_each_year_in_each_office(clerk: Clerk) -> None:
    clerk.at("2025-12-30 09:00").receive()
    clerk.receive()
    first = clerk.at("2026-01-05 09:00").receive()
    with clerk.database.transaction() as session:
        other = Clerk(clerk.database, clerk.clock, furnish(session, clerk.clock, "other").id)
    there = other.receive()
    second = clerk.receive()
    assert [(line.book, line.serial) for line in lines(clerk, "2025-12-30", "2026-01-05")] == [
        (2025, 1),
        (2025, 2),
        (2026, 1),
        (2026, 2),
    ]
    with clerk.database.read() as session:
        assert entry_of(session, first) == Entry(2026, 1) == entry_of(session, there)
        assert entry_of(session, second) == Entry(2026, 2)


def test_a_correction_changes_no_number_that_stands_on_a_receipt(clerk: Clerk) -> None:
    wrong, kept = clerk.receive(), clerk.receive()
    clerk.at("2026-03-03 08:00")
    step = clerk.rows(wrong)[0]
    clerk.do(correcting.correct_time, wrong, step.id, moment("2025-12-31 16:00"), "Ghi nhầm ngày")
    clerk.do(lifecycle.add_note, kept, "Đã gọi điện")
    last = clerk.receive()
    old, first, second = lines(clerk, "2025-01-01")
    assert (old.code, old.received_on) == (wrong.code, date(2025, 12, 31))
    assert (old.book, old.serial) == (2026, 1)
    assert (first.code, first.serial, second.code, second.serial) == (kept.code, 2, last.code, 3)
    assert [line.code for line in lines(clerk)] == [kept.code, last.code]


def test_a_return_that_was_taken_back_is_not_in_the_book(clerk: Clerk) -> None:
    dossier = clerk.receive()
    clerk.step(dossier, "finish")
    step = clerk.do(lifecycle.give_back, dossier)
    clerk.do(correcting.take_back, dossier, step.id, "Nhầm người")
    (line,) = lines(clerk)
    assert (line.result_on, line.collected_on, line.signature) == (date(2026, 3, 2), None, "")


def test_it_has_as_many_lines_as_the_settlement_counts(clerk: Clerk) -> None:
    for day in ("2026-03-02 09:00", "2026-03-31 16:59", "2026-04-01 07:00"):
        clerk.at(day).receive(COPY)
        clerk.receive(BIRTH)
    clerk.receive(COPY, reception.refuse, reason="Không thuộc thẩm quyền")
    march = date(2026, 3, 1), date(2026, 3, 31)
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        counted = settlement(session, office, Period(*march))
    assert counted["received"] == len(lines(clerk, *map(date.isoformat, march))) == 4


def test_parts_of_an_agency_do_not_double_a_line(clerk: Clerk) -> None:
    dossier = clerk.receive(LAND, shares=[Share("tnmt", 1, 2), Share("thue", 1, 2)])
    clerk.do(interlinked.hand_over, dossier, "tnmt")
    (line,) = lines(clerk)
    assert line.agency == "Phòng Tài nguyên và Môi trường"
