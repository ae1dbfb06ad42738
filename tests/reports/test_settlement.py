"""The half-year settlement: against a half-year made by hand, and against its own definition."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select

from server.database import Database
from server.dossiers import correcting, editing, interlinked, lifecycle, reception
from server.dossiers.judging import settle
from server.dossiers.models import Dossier, DossierStep
from server.errors import Invalid, Refused
from server.offices.models import Office
from server.reports.behind import Figure, codes_behind
from server.reports.processing import processing
from server.reports.settlement import Period, settlement, share
from server.reports.tables import settlement_text, settlement_workbook
from tests.conftest import Clock
from tests.dossiers.conftest import (
    BUILDING,
    COPY,
    HANOI,
    LAND,
    SECRET,
    Clerk,
    furnish,
    moment,
)

HALF_YEAR = Period(date(2019, 1, 1), date(2019, 6, 30))
ACCEPT, SUPPLEMENT, STOP, CONTINUE = "accept", "ask", "stop", "continue"


# (procedure, received, class at the end of June 2019, steps). COPY takes 5 working days, LAND 8,
# BUILDING 20 calendar days. Hand-counted on the calendar of 2019: 29 April to 1 May off, Saturday
# 4 May worked, 15 April off.
LIVES: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    # received before the period: not in it, whatever becomes of them in it
    (COPY, "2018-12-28 09:00", "out", [("finish", "2019-01-10 09:00")]),
    (LAND, "2018-12-20 09:00", "out", []),
    # on time, early and on the very last day
    (COPY, "2019-01-02 07:30", "on_time", [("finish", "2019-01-04 09:00")]),
    (COPY, "2019-01-02 07:30", "on_time", [("finish", "2019-01-08 16:59")]),  # 5/1 is worked
    (COPY, "2019-01-02 07:30", "late", [("finish", "2019-01-09 07:00")]),
    (COPY, "2019-01-30 10:00", "on_time", [("finish", "2019-02-13 10:00")]),  # over Tết
    (COPY, "2019-01-30 10:00", "late", [("finish", "2019-02-14 10:00")]),
    (COPY, "2019-04-25 10:00", "late", [("finish", "2019-05-07 07:00")]),  # 26, 2, 3, 4, 6
    (COPY, "2019-04-25 10:00", "on_time", [("finish", "2019-05-06 16:00")]),
    (COPY, "2019-04-11 10:00", "on_time", [("finish", "2019-04-19 10:00")]),  # 15 is off
    (COPY, "2019-04-11 10:00", "late", [("finish", "2019-04-22 10:00")]),
    (LAND, "2019-03-01 08:00", "on_time", [("finish", "2019-03-13 08:00")]),
    (LAND, "2019-03-01 08:00", "late", [("finish", "2019-03-14 08:00")]),
    (LAND, "2019-03-01 08:00", "late", []),  # nobody has touched it since
    (BUILDING, "2019-05-06 08:00", "on_time", [("finish", "2019-05-27 08:00")]),  # 26 is a Sunday
    (BUILDING, "2019-05-06 08:00", "late", [("finish", "2019-05-28 08:00")]),
    # the end of the period: due on Friday 28 June, Monday 1 July, Friday 5 July
    (COPY, "2019-06-21 10:00", "late", []),
    (COPY, "2019-06-24 10:00", "not_due", []),
    (COPY, "2019-06-28 16:00", "not_due", []),
    (BUILDING, "2019-06-10 10:00", "not_due", []),  # due on Sunday 30, so on Monday 1 July
    (BUILDING, "2019-06-09 10:00", "not_due", []),  # due on Saturday 29, so on Monday 1 July
    (BUILDING, "2019-06-08 10:00", "late", []),  # due on Friday 28
    # what happens in July is not seen at the end of June
    (COPY, "2019-06-21 10:00", "late", [("finish", "2019-07-01 08:00")]),
    (COPY, "2019-06-24 10:00", "not_due", [("finish", "2019-07-20 08:00")]),
    (COPY, "2019-06-28 10:00", "not_due", [("withdraw", "2019-07-01 08:00")]),
    # the clock stands still
    (COPY, "2019-06-03 10:00", "not_due", [(SUPPLEMENT, "2019-06-05 10:00")]),
    (COPY, "2019-06-03 10:00", "late", [(SUPPLEMENT, "2019-06-11 10:00")]),  # too late by a day
    (
        COPY,
        "2019-06-03 10:00",
        "on_time",
        [
            (STOP, "2019-06-05 10:00"),
            (CONTINUE, "2019-06-19 10:00"),
            ("finish", "2019-06-24 10:00"),
        ],
    ),
    (
        COPY,
        "2019-06-03 10:00",
        "late",
        [
            (STOP, "2019-06-05 10:00"),
            (CONTINUE, "2019-06-19 10:00"),
            ("finish", "2019-06-25 10:00"),
        ],
    ),
    # asked in June, brought in July
    (
        COPY,
        "2019-06-03 10:00",
        "not_due",
        [(SUPPLEMENT, "2019-06-10 10:00"), ("supplement", "2019-07-15 10:00")],
    ),
    # an apology changes nothing
    (
        COPY,
        "2019-06-03 10:00",
        "late",
        [("sorry", "2019-06-10 10:00"), ("finish", "2019-06-14 10:00")],
    ),
    # withdrawn in time, and too late
    (COPY, "2019-06-03 10:00", "on_time", [("withdraw", "2019-06-05 10:00")]),
    (COPY, "2019-06-03 10:00", "late", [("withdraw", "2019-06-12 10:00")]),
    # collected late, but ready in time
    (
        COPY,
        "2019-06-03 10:00",
        "on_time",
        [("finish", "2019-06-07 10:00"), ("return", "2019-06-28 10:00")],
    ),
    # received on the first and the last day
    (COPY, "2019-06-30 23:59", "not_due", []),
    (COPY, "2019-07-01 00:00", "out", []),
    (COPY, "2018-12-31 23:59", "out", []),
    (LAND, "2019-01-01 00:00", "on_time", [("finish", "2019-01-03 00:00")]),
]


@dataclass
class HalfYear:
    """An office and its communes, and what became of every dossier."""

    clerk: Clerk
    lives: list[tuple[Dossier, str, str]] = field(default_factory=list)
    """Each dossier with its procedure and the class it is in at the end of June."""

    def report(self, period: Period = HALF_YEAR, **more: Any) -> dict[str, Any]:
        with self.clerk.database.read() as session:
            office = session.get_one(Office, self.clerk.office_id)
            return settlement(session, office, period, **more)

    def expected(self, procedure: str | None = None) -> Counter[str]:
        return Counter(
            known for _, code, known in self.lives if known != "out" and procedure in (None, code)
        )


def live(clerk: Clerk, procedure: str, received: str, steps: list[tuple[str, str]]) -> Dossier:
    """Play one dossier through the commands, each at its moment."""
    dossier = clerk.at(received).receive(procedure)
    for step, at in steps:
        clerk.at(at)
        if step == SUPPLEMENT:
            clerk.do(lifecycle.ask_for_papers, dossier, ["Ảnh"])
        elif step == STOP:
            clerk.do(lifecycle.give_reason, dossier, "stop", "Chờ")
        elif step == "sorry":
            clerk.do(lifecycle.apologise, dossier, date(2019, 6, 20), "Chờ")
        elif step == "return":
            clerk.do(lifecycle.give_back, dossier)
        else:
            clerk.step(dossier, step)
    return dossier


@pytest.fixture
def half_year(database: Database, clock: Clock) -> HalfYear:
    clock.now = moment("2018-12-01 08:00")
    with database.transaction() as session:
        clerk = Clerk(database, clock, furnish(session, clock).id)
    made = HalfYear(clerk)
    for procedure, received, known, steps in LIVES:
        made.lives.append((live(clerk, procedure, received, steps), procedure, known))
    # Neither refused nor merely registered nor sent away for papers counts as received.
    clerk.at("2019-02-20 08:00").receive(how=reception.refuse, reason="Sai nơi")
    clerk.receive(how=reception.register)
    clerk.receive(how=reception.ask_supplement, missing=["Ảnh"])
    clerk.at("2019-08-01 08:00")
    return made


def classes(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in ("received", "on_time", "not_due", "late")}


# ── the half-year ─────────────────────────────────────────────────────────────


def test_every_dossier_is_in_the_class_it_is_known_to_be_in(half_year: HalfYear) -> None:
    with half_year.clerk.database.read() as session:
        office = session.get_one(Office, half_year.clerk.office_id)
        behind = {
            code: which
            for which in ("on_time", "not_due", "late")
            for code in codes_behind(session, [office.id], HALF_YEAR, Figure(which))
        }
        everybody = codes_behind(session, [office.id], HALF_YEAR, Figure())
    wrong = [
        (life, behind.get(dossier.code, "out"))
        for (dossier, _, known), life in zip(half_year.lives, LIVES, strict=True)
        if behind.get(dossier.code, "out") != known
    ]
    assert wrong == []
    assert sorted(everybody) == sorted(behind)


def test_the_figures_are_those_of_the_known_classes(half_year: HalfYear) -> None:
    report = half_year.report()
    expected = half_year.expected()
    assert classes(report) == {"received": expected.total(), **expected}
    assert report["share"]["late"] == share(expected["late"], expected.total())
    fields = {row["field"]: classes(row) for row in report["by_field"]}
    civil = half_year.expected(COPY)
    land = half_year.expected(LAND) + half_year.expected(BUILDING)
    assert fields == {
        "HT": {"received": civil.total(), **civil},
        "DD": {"received": land.total(), **land},
    }
    assert report["by_field"][1]["names"] == {"vi": "Hộ tịch"}
    procedures = {row["procedure"]: row["received"] for row in report["by_procedure"]}
    assert procedures[LAND] == half_year.expected(LAND).total()


def test_both_bases_of_the_on_time_rate_are_given(half_year: HalfYear) -> None:
    report = half_year.report()
    assert report["share"]["on_time"] == share(report["on_time"], report["received"])
    assert report["share_of_resolved"]["on_time"] == share(report["on_time"], report["resolved"])
    assert report["share_of_resolved"]["on_time"] > report["share"]["on_time"]


def test_it_is_what_the_pure_rule_says_of_each_history(half_year: HalfYear) -> None:
    """SQL and :func:`settle` agree, at the end of any day."""
    for end in (date(2019, 2, 13), date(2019, 4, 30), date(2019, 6, 12), date(2019, 7, 20)):
        told = Counter[str]()
        with half_year.clerk.database.read() as session:
            for dossier in session.scalars(select(Dossier)):
                steps = [step for step in dossier.steps if step.on_day <= end.isoformat()]
                if not steps or not steps[-1].received_on:
                    continue
                last = {
                    name: date.fromisoformat(day) if day else None
                    for name, day in (
                        ("received", steps[-1].received_on),
                        ("due", steps[-1].due_on),
                        ("resolved", steps[-1].resolved_on),
                        ("paused", steps[-1].paused_on),
                    )
                }
                if last.pop("received") >= date(2019, 1, 1):
                    told[settle(last.pop("due"), asked=end, **last)] += 1
        report = half_year.report(Period(date(2019, 1, 1), end))
        assert {name: report[name] for name in told} == told


def test_a_period_without_dossiers_has_no_shares(half_year: HalfYear) -> None:
    report = half_year.report(Period(date(2020, 1, 1), date(2020, 6, 30)))
    assert classes(report) == {"received": 0, "on_time": 0, "not_due": 0, "late": 0}
    assert report["share"] == {"on_time": None, "not_due": None, "late": None}
    assert report["by_field"] == []


def test_a_period_ends_after_it_begins() -> None:
    with pytest.raises(Invalid):
        Period(date(2019, 6, 30), date(2019, 6, 29))


# ── the past stays ────────────────────────────────────────────────────────────


@dataclass
class Later:
    """Everything that may still be done to the dossiers a month later."""

    half_year: HalfYear

    def changes(self) -> Iterator[str]:
        """Do one allowed thing after another; the name of each."""
        clerk = self.half_year.clerk
        for number, (dossier, _, _) in enumerate(self.half_year.lives):
            clerk.clock.forward(minutes=7)
            for name, change in self.possible(clerk, dossier, number):
                try:
                    change()
                except Refused:
                    continue
                yield f"{name} {dossier.code}"

    def possible(self, clerk: Clerk, dossier: Dossier, number: int) -> list[Any]:
        def plain(step: str) -> Any:
            return (step, lambda: clerk.step(dossier, step))

        soon = (clerk.clock.now + timedelta(days=30 - number % 5)).astimezone(HANOI).date()
        every = [
            plain("accept"),
            plain("process"),
            plain("supplement"),
            ("ask", lambda: clerk.do(lifecycle.ask_for_papers, dossier, ["Ảnh"])),
            plain("supplement"),
            plain("ask-payment"),
            plain("pay"),
            ("sorry", lambda: clerk.do(lifecycle.apologise, dossier, soon, "Chờ")),
            ("stop", lambda: clerk.do(lifecycle.give_reason, dossier, "stop", "Chờ")),
            plain("continue"),
            ("refuse", lambda: clerk.do(lifecycle.give_reason, dossier, "refuse", "Sai")),
            ("hand", lambda: clerk.do(interlinked.hand_over, dossier, "tnmt")),
            ("note", lambda: clerk.do(lifecycle.add_note, dossier, "đã gọi")),
            ("edit", lambda: self.edit(clerk, dossier)),
            plain("finish") if number % 3 else plain("withdraw"),
            ("return", lambda: clerk.do(lifecycle.give_back, dossier)),
        ]
        return every

    def edit(self, clerk: Clerk, dossier: Dossier) -> None:
        changes = {"phone": "0987654321", "sets": 3, "papers": []}
        with clerk.database.transaction() as session:
            editing.edit(session, dossier.id, changes, clerk.clock.now, "clerk", SECRET)


def test_nothing_done_later_changes_a_past_period(half_year: HalfYear) -> None:
    before = [half_year.report(period) for period in months()]
    done = list(Later(half_year).changes())
    assert {name.split()[0] for name in done} >= {
        "process",
        "ask",
        "supplement",
        "sorry",
        "stop",
        "continue",
        "finish",
        "withdraw",
        "return",
        "edit",
    }
    assert [half_year.report(period) for period in months()] == before
    july = Period(date(2019, 1, 1), date(2019, 12, 31))
    assert half_year.report(july)["not_due"] == 0  # and yet all of it was recorded


def months() -> list[Period]:
    ends = ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31"]
    return [Period(date(2019, 1, 1), date.fromisoformat(f"2019-{end}")) for end in ends]


def test_only_a_recorded_correction_changes_the_past_and_the_old_figure_can_be_asked_for(
    half_year: HalfYear,
) -> None:
    clerk, before = half_year.clerk, half_year.report()
    late, _, known = half_year.lives[4]
    assert known == "late"
    step = next(row for row in clerk.rows(late) if row.kind == "finish")
    asked = clerk.clock.now.astimezone(UTC)
    clerk.clock.forward(hours=1)
    clerk.do(correcting.correct_time, late, step.id, moment("2019-01-08 16:00"), "ghi muộn")
    after = half_year.report()
    assert (after["late"], after["on_time"]) == (before["late"] - 1, before["on_time"] + 1)
    corrected = clerk.journal()[-1]
    assert (corrected.event, corrected.subject) == ("dossier.corrected", late.code)
    as_known = Period(HALF_YEAR.begin, HALF_YEAR.end, known=asked)
    assert half_year.report(as_known) == before


def test_a_result_taken_back_is_open_again_in_the_past_too(half_year: HalfYear) -> None:
    clerk, before = half_year.clerk, half_year.report()
    early = half_year.lives[2][0]
    step = next(row for row in clerk.rows(early) if row.kind == "finish")
    clerk.do(correcting.take_back, early, step.id, "bấm nhầm")
    after = half_year.report()
    assert (after["late"], after["on_time"]) == (before["late"] + 1, before["on_time"] - 1)


def test_a_reception_moved_into_the_period_by_correction_is_counted(half_year: HalfYear) -> None:
    clerk, before = half_year.clerk, half_year.report()
    outside = half_year.lives[-3][0]  # received on 1 July
    step = clerk.rows(outside)[0]
    clerk.do(correcting.correct_time, outside, step.id, moment("2019-06-28 10:00"), "nhập muộn")
    assert half_year.report()["received"] == before["received"] + 1


# ── offices below ─────────────────────────────────────────────────────────────


def test_offices_below_have_figures_of_their_own(half_year: HalfYear) -> None:
    clerk = half_year.clerk
    with clerk.database.transaction() as session:
        now = clerk.clock
        commune = furnish(session, now, "commune", parent_id=clerk.office_id)
        hamlet = furnish(session, now, "hamlet", parent_id=commune.id)
        furnish(session, now, "elsewhere")
        ids = (commune.id, hamlet.id)
    for office_id, count in zip(ids, (2, 3), strict=True):
        below = Clerk(clerk.database, Clock(), office_id)
        for _ in range(count):
            live(below, COPY, "2019-03-04 08:00", [("finish", "2019-03-05 08:00")])
    report = half_year.report(children=True)
    assert report["received"] == half_year.expected().total()
    (child,) = report["children"]
    assert (child["office"], child["received"], child["share"]["on_time"]) == ("commune", 2, 100.0)
    assert [one["received"] for one in child["children"]] == [3]
    assert classes(report["below"]) == {"received": 5, "on_time": 5, "not_due": 0, "late": 0}
    assert "below" not in half_year.report()


# ── QĐ 766 ────────────────────────────────────────────────────────────────────


def test_the_processing_report_adds_up(half_year: HalfYear) -> None:
    clerk = half_year.clerk
    clerk.at("2019-06-27 08:00").receive(COPY, channel=2)
    clerk.receive(COPY, channel=3)
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        found = processing(session, office, HALF_YEAR)
    received, done = found["received"], found["done"]
    assert (
        received["total"] == done["total"] + found["in_process"]["total"] + found["paused"]["total"]
    )
    assert (received["online"], received["post"]) == (1, 1)
    assert received["in_period"] == half_year.expected().total() + 2
    assert received["carried_over"] == 3  # 20/12, 28/12 and 31/12 at night
    assert found["paused"] == {"total": 3, "in_time": 2, "overdue": 1}
    on_time = half_year.expected()["on_time"]
    assert done["early"] + done["on_time"] == on_time
    assert found["children"] == []


# ── files ─────────────────────────────────────────────────────────────────────


def test_the_excel_file_opens_and_has_the_figures(half_year: HalfYear) -> None:
    report = half_year.report(children=True)
    book = load_workbook(io.BytesIO(settlement_workbook(report)))
    offices, fields, procedures = book.worksheets
    _, days, heads, first = list(offices.values)
    assert days[0] == "2019-01-01 – 2019-06-30"
    assert first[1] == report["received"]
    assert first[2] == report["on_time"]
    assert first[7] == report["share"]["late"]
    assert [row[1] for row in list(fields.values)[3:]] == ["DD", "HT"]
    assert len(list(procedures.values)) == 6
    assert heads[1] == "Tiếp nhận"


def test_words_that_look_like_formulas_stay_words(half_year: HalfYear) -> None:
    report = half_year.report()
    evil = '=HYPERLINK("http://evil.example","x")'
    report["names"] = {"vi": evil}
    report["by_field"][0]["names"] = {"vi": "+1+1"}
    book = load_workbook(io.BytesIO(settlement_workbook(report)))
    cell = book.worksheets[0]["A4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (evil, "s", True)
    assert book.worksheets[1]["C4"].data_type == "s"
    assert book.worksheets[1]["C4"].quotePrefix
    numbers = book.worksheets[0]["B4"]
    assert numbers.data_type == "n"


def test_the_table_has_a_line_for_every_office(half_year: HalfYear) -> None:
    text = settlement_text(half_year.report(children=True))
    lines = text.splitlines()
    assert lines[0] == "2019-01-01 – 2019-06-30"
    assert "Bộ phận Một cửa" in lines[2]
    assert f"{half_year.expected().total()}" in lines[2].split()
    assert json.dumps(half_year.report())  # and it is plain data


# ── rounding ──────────────────────────────────────────────────────────────────


def test_the_shares_of_2019_are_those_of_the_printed_report() -> None:
    assert [share(part, 2411) for part in (2201, 133, 77)] == [91.3, 5.5, 3.2]
    assert share(2201, 2201 + 77) == 96.6
    assert share(29_328, 29_328) == 100.0


def test_halves_are_rounded_up() -> None:
    assert share(1, 2000) == 0.1  # 0.05 %
    assert share(25, 10_000) == 0.3  # 0.25 %, which floats round to 0.2
    assert share(3, 2000) == 0.2  # 0.15 %
    assert share(0, 0) is None


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_share_is_within_half_a_tenth(part: int, rest: int) -> None:
    whole = part + rest
    assert abs(share(part, whole) - 100 * part / whole) <= 0.05 + 1e-9


def test_steps_are_all_it_reads(half_year: HalfYear) -> None:
    """What the dossier row remembers for lists is not looked at."""
    before = half_year.report()
    with half_year.clerk.database.transaction() as session:
        for dossier in session.scalars(select(Dossier)):
            dossier.status, dossier.due_at, dossier.accepted_at = 1, None, None
            dossier.promised_at = datetime(2030, 1, 1, tzinfo=UTC)
    assert half_year.report() == before
    with half_year.clerk.database.read() as session:
        assert session.scalar(select(DossierStep.id).limit(1))
