"""Corrections are new steps: what was wrong stays readable, and what depends on it follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.dossiers import lifecycle, views
from server.dossiers.correcting import correct_time, take_back
from server.dossiers.models import Dossier, DossierStep
from server.errors import Invalid, NotFound, Refused, StepRefused
from tests.dossiers.conftest import COPY, HANOI, Clerk, moment


def history(clerk: Clerk, dossier: Dossier) -> list[tuple[str, str]]:
    """What holds now: kinds and local moments in order."""
    rows = clerk.rows(dossier)
    corrected = {row.corrects_id for row in rows}
    holding = sorted((row for row in rows if row.id not in corrected), key=lambda row: row.seq)
    return [(row.kind, f"{row.at.astimezone(HANOI):%m-%d %H:%M}") for row in holding]


@pytest.fixture
def done(clerk: Clerk) -> Dossier:
    """Accepted on 2, papers asked on 4, brought on 6, ready on 10, collected on 12 March."""
    dossier = clerk.receive(COPY)
    clerk.at("2026-03-04 09:00").do(lifecycle.ask_for_papers, dossier, ["Ảnh"])
    clerk.at("2026-03-06 09:00").step(dossier, "supplement")
    clerk.at("2026-03-10 09:00").step(dossier, "finish")
    clerk.at("2026-03-12 09:00").do(lifecycle.give_back, dossier)
    clerk.at("2026-03-13 09:00")
    return dossier


def row(clerk: Clerk, dossier: Dossier, kind: str) -> DossierStep:
    """The row of this kind that was written last."""
    return [row for row in clerk.rows(dossier) if row.kind == kind][-1]


def test_a_result_that_was_ready_earlier_is_said_so_in_a_new_step(
    clerk: Clerk, done: Dossier
) -> None:
    wrong = row(clerk, done, "finish")
    clerk.do(correct_time, done, wrong.id, moment("2026-03-09 16:00"), "ghi muộn")
    right = row(clerk, done, "finish")
    assert right.corrects_id == wrong.id
    assert (right.at, right.recorded_at) == (moment("2026-03-09 16:00"), clerk.clock.now)
    assert right.note == "ghi muộn"
    assert right.resolved_on == "2026-03-09"
    # The step after it remembers the right day as well, in a row of its own.
    assert row(clerk, done, "return").resolved_on == "2026-03-09"
    assert [(one.kind, one.resolved_on) for one in clerk.rows(done)][:5] == [
        ("accept", None),
        ("ask-supplement", None),
        ("supplement", None),
        ("finish", "2026-03-10"),
        ("return", "2026-03-10"),
    ]
    last = clerk.journal()[-1]
    assert (last.event, last.data["corrects"]) == ("dossier.corrected", wrong.id)


def test_a_pause_that_was_longer_moves_the_due_date_of_all_that_follows(
    clerk: Clerk, done: Dossier
) -> None:
    assert clerk.due(done) == "2026-03-11 08:00"
    wrong = row(clerk, done, "supplement")
    clerk.do(correct_time, done, wrong.id, moment("2026-03-09 08:00"), "nhận ngày 9")
    assert clerk.due(done) == "2026-03-12 08:00"
    assert {row(clerk, done, kind).due_on for kind in ("supplement", "finish", "return")} == {
        "2026-03-12"
    }


def test_a_correction_lies_between_its_neighbours_and_not_in_the_future(
    clerk: Clerk, done: Dossier
) -> None:
    finish, last = row(clerk, done, "finish"), row(clerk, done, "return")
    for step, at in (
        (finish, "2026-03-06 08:59"),
        (finish, "2026-03-12 09:01"),
        (last, "2026-03-13 09:01"),
    ):
        with pytest.raises(Invalid, match="between"):
            clerk.do(correct_time, done, step.id, moment(at), "sửa")
    clerk.do(correct_time, done, last.id, moment("2026-03-13 09:00"), "sửa")


def test_a_step_by_mistake_is_taken_back_and_stays_readable(clerk: Clerk, done: Dossier) -> None:
    wrong = row(clerk, done, "return")
    clerk.do(take_back, done, wrong.id, "chưa trả")
    assert clerk.look(done).status == 9
    shown = clerk.show(views.dossier, done, clerk.clock.now)["steps"]
    by_id = {step["id"]: step for step in shown}
    assert by_id[wrong.id]["corrected_by"] == shown[-1]["id"]
    assert shown[-1]["kind"] == "void"
    clerk.do(lifecycle.give_back, done)
    assert clerk.look(done).status == 10
    assert [kind for kind, _ in history(clerk, done)][-2:] == ["void", "return"]
    public = clerk.show(views.public_dossier, done)["timeline"]
    kinds = [step["kind"] for step in public]
    assert kinds == ["accept", "ask-supplement", "supplement", "finish", "return"]


def test_what_later_steps_need_cannot_be_taken_back(clerk: Clerk, done: Dossier) -> None:
    with pytest.raises(StepRefused):
        clerk.do(take_back, done, row(clerk, done, "finish").id, "nhầm")
    with pytest.raises(Refused, match="first"):
        clerk.do(take_back, done, row(clerk, done, "accept").id, "nhầm")
    assert len(clerk.rows(done)) == 5


def test_a_correction_needs_a_reason_and_a_step_in_force(clerk: Clerk, done: Dossier) -> None:
    wrong = row(clerk, done, "return")
    with pytest.raises(Invalid, match="reason"):
        clerk.do(take_back, done, wrong.id, " ")
    clerk.do(take_back, done, wrong.id, "nhầm")
    for step_id in (wrong.id, clerk.rows(done)[-1].id, 4711):
        with pytest.raises(NotFound):
            clerk.do(take_back, done, step_id, "nhầm")


def test_a_correction_can_be_corrected(clerk: Clerk, done: Dossier) -> None:
    for at in ("2026-03-09 16:00", "2026-03-06 10:00"):
        step = row(clerk, done, "finish")
        clerk.do(correct_time, done, step.id, moment(at), "sửa")
    assert ("finish", "03-06 10:00") in history(clerk, done)
    assert len([one for one in clerk.rows(done) if one.kind == "finish"]) == 3


def test_the_acceptance_itself_may_have_been_written_down_late(clerk: Clerk) -> None:
    dossier = clerk.at("2026-03-03 08:00").receive(COPY)
    accept = row(clerk, dossier, "accept")
    clerk.do(correct_time, dossier, accept.id, moment("2026-03-02 15:00"), "nhập muộn")
    assert clerk.due(dossier) == "2026-03-09 15:00"
    assert clerk.look(dossier).accepted_at == moment("2026-03-02 15:00")
    assert row(clerk, dossier, "accept").received_on == "2026-03-02"


def test_an_apology_survives_a_correction_before_it(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    clerk.at("2026-03-03 08:00").step(dossier, "process")
    clerk.do(lifecycle.apologise, dossier, moment("2026-03-20 08:00").date(), "chờ")
    process = row(clerk, dossier, "process")
    earlier = moment("2026-03-03 08:00") - timedelta(hours=1)
    clerk.do(correct_time, dossier, process.id, earlier, "sửa")
    assert clerk.look(dossier).promised_at == moment("2026-03-20 08:00")
