"""Who holds an interlinked dossier, and how much of its share is left."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.dossiers import views
from server.dossiers.correcting import correct_time, take_back
from server.dossiers.interlinked import Share, finish_part, hand_over, take_over
from server.dossiers.lifecycle import ask_for_papers
from server.dossiers.models import Dossier
from server.errors import NotFound, Refused, StepRefused
from server.offices.models import Procedure
from tests.dossiers.conftest import LAND, Clerk, moment


@pytest.fixture
def land(clerk: Clerk) -> Dossier:
    """Received on Monday 2 March at 8: five days at the one, then three at the other agency."""
    return clerk.receive(LAND, shares=[Share("tnmt", 1, 5), Share("thue", 2, 3)])


def holders(clerk: Clerk, dossier: Dossier) -> list[tuple[str, bool, int]]:
    shown = clerk.show(views.dossier, dossier, clerk.clock.now)["holders"]
    return [(one["agency"], one["accepted"], one["left"]) for one in shown]


def test_at_every_moment_it_is_known_who_has_it(clerk: Clerk, land: Dossier) -> None:
    assert holders(clerk, land) == []  # the reception office
    clerk.at("2026-03-02 14:00").do(hand_over, land, "tnmt")
    assert holders(clerk, land) == [("tnmt", False, 5)]
    clerk.at("2026-03-03 08:00").do(take_over, land, "tnmt")
    assert holders(clerk, land) == [("tnmt", True, 4)]
    clerk.at("2026-03-11 08:00")
    assert holders(clerk, land) == [("tnmt", True, -2)]  # used up on Monday 9
    clerk.do(finish_part, land, "tnmt")
    assert holders(clerk, land) == []
    clerk.do(hand_over, land, "thue")
    assert holders(clerk, land) == [("thue", False, 3)]


def test_the_record_tells_who_held_it_how_long(clerk: Clerk, land: Dossier) -> None:
    clerk.at("2026-03-02 14:00").do(hand_over, land, "tnmt")
    clerk.at("2026-03-03 08:00").do(take_over, land, "tnmt")
    clerk.at("2026-03-05 16:00").do(finish_part, land, "tnmt")
    part = clerk.show(views.dossier, land, clerk.clock.now)["parts"][0]
    assert part["handed_over_at"].startswith("2026-03-02T14:00")
    assert part["accepted_at"].startswith("2026-03-03T08:00")
    assert part["due_at"].startswith("2026-03-09T14:00")
    assert part["done_at"].startswith("2026-03-05T16:00")
    steps = clerk.show(views.dossier, land, clerk.clock.now)["steps"]
    assert [(step["kind"], step["agency"]) for step in steps[1:]] == [
        ("hand-over", "tnmt"),
        ("take-over", "tnmt"),
        ("part-done", "tnmt"),
    ]


def test_ordered_parts_wait_for_each_other(clerk: Clerk, land: Dossier) -> None:
    with pytest.raises(Refused, match="before"):
        clerk.do(hand_over, land, "thue")


def test_parallel_parts_go_on_beside_each_other(clerk: Clerk) -> None:
    both = clerk.receive(LAND, shares=[Share("tnmt", 1, 5), Share("thue", 1, 3)])
    clerk.do(hand_over, both, "thue")
    clerk.do(hand_over, both, "tnmt")
    assert holders(clerk, both) == [("tnmt", False, 5), ("thue", False, 3)]


@pytest.mark.parametrize("command", [take_over, finish_part])
def test_an_agency_that_does_not_have_it_can_do_nothing(
    clerk: Clerk, land: Dossier, command: object
) -> None:
    with pytest.raises(Refused):
        clerk.do(command, land, "tnmt")
    with pytest.raises(NotFound):
        clerk.do(command, land, "nobody")


def test_a_part_is_confirmed_before_it_is_finished(clerk: Clerk, land: Dossier) -> None:
    clerk.do(hand_over, land, "tnmt")
    with pytest.raises(Refused):
        clerk.do(finish_part, land, "tnmt")


def test_there_is_no_result_while_an_agency_has_its_part_to_do(clerk: Clerk, land: Dossier) -> None:
    clerk.do(hand_over, land, "tnmt")
    with pytest.raises(Refused, match="agency"):
        clerk.step(land, "finish")
    for agency in ("tnmt", "thue"):
        if agency != "tnmt":
            clerk.do(hand_over, land, agency)
        clerk.do(take_over, land, agency)
        clerk.do(finish_part, land, agency)
    assert clerk.step(land, "finish").status == 9


def test_nothing_is_handed_over_while_papers_are_missing(clerk: Clerk, land: Dossier) -> None:
    clerk.do(ask_for_papers, land, ["Bản vẽ"])
    with pytest.raises(StepRefused):
        clerk.do(hand_over, land, "tnmt")


def test_a_hand_over_by_mistake_is_taken_back(clerk: Clerk, land: Dossier) -> None:
    step = clerk.do(hand_over, land, "tnmt")
    clerk.do(take_back, land, step.id, "bấm nhầm")
    assert holders(clerk, land) == []
    assert clerk.look(land).status == 2
    clerk.do(hand_over, land, "tnmt")
    taken = clerk.do(take_over, land, "tnmt")
    first = next(row for row in clerk.rows(land) if row.seq == taken.seq - 1)
    with pytest.raises(Refused, match="gone on"):
        clerk.do(take_back, land, first.id, "bấm nhầm")
    assert holders(clerk, land) == [("tnmt", True, 5)]


def test_a_share_stands_still_with_the_dossier_s_clock(clerk: Clerk, land: Dossier) -> None:
    clerk.at("2026-03-02 14:00").do(hand_over, land, "tnmt")
    clerk.do(take_over, land, "tnmt")
    clerk.at("2026-03-04 10:00").do(ask_for_papers, land, ["Bản vẽ"])
    clerk.at("2026-03-10 10:00").step(land, "supplement")  # four working days later
    assert share_due(clerk, land, 0) == "2026-03-13T14:00"
    assert clerk.due(land) == "2026-03-18 08:00"
    clerk.at("2026-03-11 16:00").do(finish_part, land, "tnmt")
    clerk.do(hand_over, land, "thue")
    clerk.at("2026-03-12 08:00").do(ask_for_papers, land, ["Tờ khai"])
    clerk.at("2026-03-13 08:00").step(land, "supplement")
    assert share_due(clerk, land, 0) == "2026-03-13T14:00", "what is done stays as it was"
    assert share_due(clerk, land, 1) == "2026-03-17T16:00"


def test_a_corrected_pause_moves_the_share_as_well(clerk: Clerk, land: Dossier) -> None:
    clerk.at("2026-03-02 14:00").do(hand_over, land, "tnmt")
    clerk.at("2026-03-04 10:00").do(ask_for_papers, land, ["Bản vẽ"])
    came = clerk.at("2026-03-10 10:00").step(land, "supplement")
    clerk.do(correct_time, land, came.id, moment("2026-03-05 09:00"), "đã nộp từ hôm 5/3")
    assert share_due(clerk, land, 0) == "2026-03-10T14:00"


def share_due(clerk: Clerk, dossier: Dossier, place: int) -> str:
    due = clerk.show(views.dossier, dossier, clerk.clock.now)["parts"][place]["due_at"]
    return str(due)[:16]


def test_the_catalogue_says_which_agencies_work_on_it(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        procedure = session.scalars(select(Procedure).where(Procedure.code == LAND)).one()
        procedure.agencies = [
            {"agency": "tnmt", "position": 1, "share": 5},
            {"agency": "thue", "position": 2, "share": 3},
        ]
    usual = clerk.show(views.dossier, clerk.receive(LAND), clerk.clock.now)["parts"]
    assert [(part["agency"], part["share"]) for part in usual] == [("tnmt", 5), ("thue", 3)]
    assert clerk.show(views.dossier, clerk.receive(LAND, shares=[]), clerk.clock.now)["parts"] == []


def test_an_agency_of_the_catalogue_that_is_not_here_is_named(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        procedure = session.scalars(select(Procedure).where(Procedure.code == LAND)).one()
        procedure.agencies = [{"agency": "cong-an", "position": 1, "share": 5}]
    with pytest.raises(NotFound, match="cong-an"):
        clerk.receive(LAND)
