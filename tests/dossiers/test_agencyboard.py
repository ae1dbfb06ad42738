"""An agency's board: what is on its way, what it has, how much of its time is left, what it did."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.dossiers.agencyboard import agency_board, agency_counts
from server.dossiers.correcting import take_back
from server.dossiers.interlinked import Share, finish_part, hand_over, take_over
from server.dossiers.lifecycle import ask_for_papers
from server.dossiers.models import Agency, Dossier
from tests.conftest import make_office
from tests.dossiers.conftest import LAND, Clerk


def board(clerk: Clerk, code: str = "tnmt") -> dict[str, Any]:
    with clerk.database.read() as session:
        agency = session.scalars(select(Agency).where(Agency.code == code)).one()
        return agency_board(session, agency, clerk.clock.now)


def rows(clerk: Clerk, kind: str) -> list[tuple[str, int | None]]:
    return [(row["code"], row["left"]) for row in board(clerk)[kind]]


@pytest.fixture
def land(clerk: Clerk) -> Dossier:
    return clerk.receive(LAND, shares=[Share("tnmt", 1, 5), Share("thue", 2, 3)])


def test_it_comes_it_is_here_it_is_done(clerk: Clerk, land: Dossier) -> None:
    assert (rows(clerk, "coming"), rows(clerk, "here")) == ([], [])
    clerk.at("2026-03-02 14:00").do(hand_over, land, "tnmt")
    assert rows(clerk, "coming") == [(land.code, 5)]
    clerk.at("2026-03-03 08:00").do(take_over, land, "tnmt")
    assert (rows(clerk, "coming"), rows(clerk, "here")) == ([], [(land.code, 4)])
    clerk.at("2026-03-10 08:00")
    assert rows(clerk, "here") == [(land.code, -1)]
    clerk.do(finish_part, land, "tnmt")
    done = board(clerk)["done"]
    assert rows(clerk, "here") == []
    assert (done["count"], done["in_time"]) == (1, 0)
    assert [(row["code"], row["in_time"]) for row in done["latest"]] == [(land.code, False)]
    assert board(clerk, "thue")["coming"] == [], "nobody has handed it over yet"


def test_the_last_day_of_the_share_is_in_time(clerk: Clerk, land: Dossier) -> None:
    clerk.at("2026-03-02 08:30").do(hand_over, land, "tnmt")
    clerk.do(take_over, land, "tnmt")
    clerk.at("2026-03-09 16:59").do(finish_part, land, "tnmt")
    assert (board(clerk)["done"]["count"], board(clerk)["done"]["in_time"]) == (1, 1)
    clerk.at("2026-04-09 08:00")
    assert board(clerk)["done"]["count"] == 0, "that was more than 30 days ago"


def test_the_share_that_ends_first_is_on_top_and_what_stands_still_is_last(clerk: Clerk) -> None:
    long, short, still = (clerk.receive(LAND, shares=[Share("tnmt", 1, n)]) for n in (5, 2, 1))
    for one in (long, short, still):
        clerk.do(hand_over, one, "tnmt")
    clerk.do(ask_for_papers, still, ["Bản vẽ"])
    assert rows(clerk, "coming") == [(short.code, 2), (long.code, 5), (still.code, None)]
    assert board(clerk)["coming"][2]["stands"] is True


def test_a_withdrawn_dossier_is_with_nobody(clerk: Clerk, land: Dossier) -> None:
    clerk.do(hand_over, land, "tnmt")
    clerk.step(land, "withdraw")
    assert rows(clerk, "coming") == []


def test_a_hand_over_taken_back_is_gone_from_the_board(clerk: Clerk, land: Dossier) -> None:
    step = clerk.do(hand_over, land, "tnmt")
    clerk.do(take_back, land, step.id, "bấm nhầm")
    assert rows(clerk, "coming") == []


def test_it_shows_the_dossiers_of_the_offices_below(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        child = make_office("commune", parent_id=clerk.office_id)
        session.add(child)
        session.flush()
        below = Clerk(clerk.database, clerk.clock, child.id)
    there = below.receive(LAND, shares=[Share("tnmt", 1, 5)])
    below.do(hand_over, there, "tnmt")
    assert rows(clerk, "coming") == [(there.code, 5)]


def test_nobody_s_name_is_on_it(clerk: Clerk, land: Dossier) -> None:
    clerk.do(hand_over, land, "tnmt")
    assert "MẪU" not in str(board(clerk)) and "0912345678" not in str(board(clerk))


def test_who_looks_after_several_sees_how_many_are_used_up(clerk: Clerk, land: Dossier) -> None:
    clerk.do(hand_over, land, "tnmt")
    clerk.at("2026-03-20 08:00")
    with clerk.database.read() as session:
        agencies = session.scalars(select(Agency).order_by(Agency.code)).all()
        counts = agency_counts(session, agencies, clerk.clock.now)
    assert [(one["code"], one["coming"], one["here"], one["used_up"]) for one in counts] == [
        ("thue", 0, 0, 0),
        ("tnmt", 1, 0, 1),
    ]
