"""What we export another installation reads in, with the same dossiers and the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from server.database import Database
from server.dossiers import correcting, editing, interlinked, lifecycle, reception, views
from server.dossiers.interlinked import Share
from server.dossiers.models import Dossier
from server.errors import Invalid
from server.exchange import exporting
from server.exchange.exporting import Cursor, choose, told
from server.exchange.writing import csv_lines, json_lines
from server.offices.models import Office
from server.reports.processing import processing
from server.reports.settlement import Period, settlement
from tests.conftest import Clock
from tests.dossiers.conftest import (
    BIRTH,
    BUILDING,
    COPY,
    LAND,
    MAU,
    SECRET,
    UNKNOWN,
    Clerk,
    furnish,
)
from tests.exchange.conftest import Post, row

SPRING = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def elsewhere(_sqlite_template: Path, tmp_path: Path) -> Database:
    """The database of another installation, with the same catalogue."""
    path = tmp_path / "elsewhere.db"
    path.write_bytes(_sqlite_template.read_bytes())
    return Database(f"sqlite:///{path}")


def live(clerk: Clerk) -> None:
    """A month with everything that can happen to a dossier."""
    clerk.at("2026-03-02 08:00")
    quick = clerk.receive(BIRTH)
    plain = clerk.receive(
        COPY, channel=2, note="=1+1", papers=[{"name": "Tờ khai", "kind": "copy", "count": 2}]
    )
    shares = [Share("tnmt", 1, 4), Share("thue", 2, 3)]
    linked = clerk.receive(LAND, shares=shares)
    clerk.receive(UNKNOWN, count=30)
    clerk.receive(COPY, how=reception.refuse, reason="Sai nơi")
    asked = clerk.receive(COPY, how=reception.ask_supplement, missing=["Ảnh 3x4"])
    late = clerk.receive(COPY, how=reception.register)
    clerk.at("2026-03-03 09:00")
    clerk.step(quick, "finish")
    clerk.do(lifecycle.give_back, quick, collector="TRẦN THỊ B", identity_number="091")
    clerk.step(late, "accept")
    paused = clerk.receive(BUILDING)
    for command, agency in (
        (interlinked.hand_over, "tnmt"),
        (interlinked.take_over, "tnmt"),
        (interlinked.finish_part, "tnmt"),
        (interlinked.hand_over, "thue"),
    ):
        clerk.do(command, linked, agency)
        clerk.clock.forward(minutes=61)
    clerk.at("2026-03-05 10:00")
    clerk.do(lifecycle.ask_for_papers, paused, ["Bản vẽ"])
    clerk.do(lifecycle.ask_for_papers, plain, ["Bản sao"])
    clerk.step(asked, "accept")
    clerk.at("2026-03-09 11:30")
    clerk.step(plain, "supplement", note="đủ rồi")
    clerk.do(lifecycle.apologise, late, date(2026, 3, 20), "Chờ xác minh")
    clerk.do(lifecycle.give_reason, asked, "stop", "Chờ văn bản")
    clerk.do(lifecycle.add_note, asked, "đã gọi")
    clerk.at("2026-03-12 07:00")
    finished = clerk.step(plain, "finish")
    wrong = clerk.step(paused, "withdraw")
    clerk.at("2026-03-13 07:00")
    clerk.do(correcting.correct_time, plain, finished.id, clerk.clock.now - timedelta(days=2), "s")
    clerk.do(correcting.take_back, paused, wrong.id, "nhầm")
    clerk.do(edited, linked, {"phone": "+84 987 650 000"}, secret=SECRET)
    clerk.clock.forward(days=30)


def edited(
    session: Any, dossier_id: int, changes: Any, now: Any, actor: Any, *, secret: str
) -> Any:
    return editing.edit(session, dossier_id, changes, now, actor, secret)


def described(database: Database, clock: Clock) -> dict[str, Any]:
    """All that is known of the dossiers, but for who wrote it down, when and in which row."""
    with database.read() as session:
        shown = {}
        for one in session.scalars(select(Dossier).order_by(Dossier.code)):
            view = views.dossier(session, one, clock.now)
            view.pop("revision")
            view["steps"] = [
                {
                    name: step[name]
                    for name in ("kind", "at", "status", "due_at", "promised_at", "agency", "note")
                }
                | {"data": {k: v for k, v in step["data"].items() if k in ("missing", "reason")}}
                for step in view["steps"]
                if step["corrected_by"] is None and step["kind"] != "void"
            ]
            shown[one.code] = view | {"identity": one.identity_proof, "phone": one.phone_proof}
        return shown


def figures(database: Database) -> tuple[dict[str, Any], dict[str, Any]]:
    with database.read() as session:
        office = session.scalars(select(Office).where(Office.slug == "hall")).one()
        return settlement(session, office, SPRING), processing(session, office, SPRING)


def exported(database: Database, form: str, after: Cursor = Cursor()) -> bytes:  # noqa: B008
    with database.read() as session:
        offices = session.scalars(select(Office).order_by(Office.id)).all()
        chosen = choose(session, offices, after)
    rows = told(database, chosen.ids)
    return "".join(csv_lines(rows) if form == "csv" else json_lines(rows)).encode()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_read_in_elsewhere_gives_the_same_dossiers_and_figures(
    post: Post, elsewhere: Database, tmp_path: Path, form: str
) -> None:
    with post.database.read() as session:
        office = session.scalars(select(Office).where(Office.slug == "hall")).one()
    live(Clerk(post.database, post.clock, office.id))
    with elsewhere.transaction() as session:
        furnish(session, post.clock)
    there = Post(elsewhere, tmp_path / "there", post.clock)
    report = there.send(exported(post.database, form), form=form)
    assert [one for one in report["outcomes"] if one["outcome"] != "created"] == []
    assert report["counts"]["created"] == 8
    assert described(elsewhere, post.clock) == described(post.database, post.clock)
    assert figures(elsewhere) == figures(post.database)
    # And back again: nothing is new.
    back = post.send(exported(elsewhere, form), form=form)
    assert back["counts"] == {"created": 0, "updated": 0, "unchanged": 8, "refused": 0}


def pages(
    post: Post, offices: Sequence[Office], after: Cursor, limit: int
) -> tuple[list[str], Cursor]:
    codes: list[str] = []
    more = True
    while more:
        with post.database.read() as session:
            chosen = choose(session, offices, after, limit)
        codes += [one["code"][-4:] for one in told(post.database, chosen.ids)]
        after, more = Cursor.read(str(chosen.after)), chosen.more
    return codes, after


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_an_export_goes_on_where_it_was(
    post: Post, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(exporting, "PIECE", 2)
    with post.database.read() as session:
        offices = session.scalars(select(Office).order_by(Office.slug)).all()
    post.send([row(n, office=("hall", "xa")[n % 2]) for n in range(1, 8)])
    codes, after = pages(post, offices, Cursor(), limit)
    assert sorted(codes) == [f"{n:04}" for n in range(1, 8)]
    assert pages(post, offices, after, limit) == ([], after)
    post.send([row(3, office="xa", returned_at="2026-03-06T09:00:00+07:00"), row(9)])
    found = post.dossier("H33.14-260302-0002")
    clerk = Clerk(post.database, post.clock, found.office_id)
    clerk.do(edited, found, {"phone": "0912345678"}, secret=SECRET)
    codes, after = pages(post, offices, after, limit)
    assert sorted(codes) == ["0002", "0003", "0009"]
    assert pages(post, offices, after, limit) == ([], after)


@pytest.mark.parametrize("text", ["x", "hall:1", "hall:1.2;", "hall:-1.2", "Hall:1.1", "hall:1.1,"])
def test_a_cursor_of_somebody_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Cursor.read(text)


def test_the_applicant_is_exported_for_who_may_import_it(post: Post) -> None:
    person = {"name": MAU.name, "phone": MAU.phone}
    post.send([row(applicant=person)])
    (line,) = told(post.database, [post.dossier("H33.14-260302-0001").id])
    assert line["applicant"] == person
