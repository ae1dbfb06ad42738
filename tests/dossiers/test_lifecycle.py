"""The life of a dossier: every step, its time, and what it does to the due date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from server.dossiers import lifecycle, reception, views
from server.dossiers.deadlines import Pause
from server.dossiers.models import DossierStep
from server.dossiers.steps import (
    EVENTS,
    OVER,
    PAUSING,
    STATUSES,
    STEPS,
    Standing,
    Taken,
    allowed,
    standing_of,
    take,
)
from server.errors import Invalid, NotFound, StepRefused
from tests.dossiers.conftest import COPY, Clerk, moment


def test_a_dossier_lives_from_the_counter_to_the_citizens_hand(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    clerk.at("2026-03-02 10:00").step(dossier, "process")
    clerk.at("2026-03-04 09:00").do(lifecycle.ask_for_papers, dossier, ["Sổ hộ khẩu"])
    assert clerk.look(dossier).status == 5
    clerk.at("2026-03-06 09:00").step(dossier, "supplement")
    assert clerk.due(dossier) == "2026-03-11 08:00"  # two working days more
    clerk.at("2026-03-10 15:00").do(lifecycle.apologise, dossier, date(2026, 3, 16), "Chờ xác minh")
    clerk.at("2026-03-13 15:00").step(dossier, "finish")
    clerk.at("2026-03-16 08:30").do(lifecycle.give_back, dossier)
    shown = clerk.show(views.dossier, dossier, clerk.clock.now)
    kinds = [step["kind"] for step in shown["steps"]]
    assert kinds == [
        "accept",
        "process",
        "ask-supplement",
        "supplement",
        "apologise",
        "finish",
        "return",
    ]
    assert shown["status"] == 10
    assert shown["promised_at"] == moment("2026-03-16 08:00").isoformat()
    assert shown["judged"] == "late"  # the apology moved the promise, not the judgement
    assert shown["steps"][-1]["data"] == {"collected_by": "applicant"}
    events = [entry.event for entry in clerk.journal()][-7:]
    assert events == [EVENTS[kind] for kind in kinds]


def test_who_collects_for_somebody_else_is_written_down(clerk: Clerk) -> None:
    dossier = clerk.receive()
    clerk.step(dossier, "finish")
    clerk.do(lifecycle.give_back, dossier, collector="THỊ MẪU", identity_number="091305000456")
    shown = clerk.show(views.dossier, dossier, clerk.clock.now)
    assert shown["collector"]["name"] == "THỊ MẪU"
    assert "MẪU" not in str(shown["steps"])
    assert "MẪU" not in str([entry.data for entry in clerk.journal()])


def test_an_apology_is_for_a_later_working_day_with_a_reason(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)  # due on Monday 9
    for promised, reason in (
        (date(2026, 3, 16), " "),
        (date(2026, 3, 9), "Chờ"),
        (date(2026, 3, 14), "Chờ"),  # a Saturday
    ):
        with pytest.raises(Invalid):
            clerk.do(lifecycle.apologise, dossier, promised, reason)
    clerk.at("2026-03-20 08:00")
    with pytest.raises(Invalid, match="past"):
        clerk.do(lifecycle.apologise, dossier, date(2026, 3, 16), "Chờ")
    clerk.do(lifecycle.apologise, dossier, date(2026, 3, 23), "Chờ")
    assert clerk.due(dossier) == "2026-03-09 08:00"


def test_a_step_the_status_forbids_names_those_it_allows(clerk: Clerk) -> None:
    dossier = clerk.receive()
    with pytest.raises(StepRefused) as refused:
        clerk.step(dossier, "supplement")
    assert "ask-supplement" in refused.value.allowed
    assert "accept" not in refused.value.allowed
    assert len(clerk.rows(dossier)) == 1


def test_papers_for_a_dossier_that_was_never_accepted_do_not_start_its_clock(
    clerk: Clerk,
) -> None:
    dossier = clerk.receive(how=reception.ask_supplement, missing=["Ảnh"])
    with pytest.raises(StepRefused) as refused:
        clerk.step(dossier, "supplement")
    assert refused.value.allowed == ["accept", "refuse", "withdraw", "note"]


def test_a_registered_dossier_is_accepted_or_refused_later(clerk: Clerk) -> None:
    first, second = (clerk.receive(how=reception.register, channel=2) for _ in range(2))
    clerk.at("2026-03-03 09:00").step(first, "accept")
    assert clerk.due(first) == "2026-03-10 09:00"
    clerk.do(lifecycle.give_reason, second, "refuse", "Không đủ điều kiện")
    assert clerk.look(second).status == 3


def test_stopping_needs_a_reason_and_stops_the_clock(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    with pytest.raises(Invalid):
        clerk.do(lifecycle.give_reason, dossier, "stop", "")
    clerk.at("2026-03-04 09:00").do(lifecycle.give_reason, dossier, "stop", "Chờ hướng dẫn")
    clerk.at("2026-03-18 09:00").step(dossier, "continue")
    assert clerk.due(dossier) == "2026-03-23 08:00"


def test_a_note_changes_nothing_else(clerk: Clerk) -> None:
    dossier = clerk.receive()
    clerk.do(lifecycle.add_note, dossier, "đã gọi điện")
    before, after = clerk.rows(dossier)
    assert (after.status, after.due_at) == (before.status, before.due_at)
    with pytest.raises(Invalid):
        clerk.do(lifecycle.add_note, dossier, " ")


def test_a_clock_set_back_does_not_put_a_step_before_the_one_it_follows(clerk: Clerk) -> None:
    dossier = clerk.receive()
    clerk.at("2026-02-01 08:00").step(dossier, "process")
    first, second = clerk.rows(dossier)
    assert second.at == first.at


def test_history_cannot_be_rewritten(clerk: Clerk) -> None:
    dossier = clerk.receive()
    for change in (
        lambda session, step: setattr(step, "on_day", "2020-01-01"),
        lambda session, step: session.delete(step),
    ):
        with (
            pytest.raises((RuntimeError, StatementError), match="history"),
            clerk.database.transaction() as session,
        ):
            change(session, session.get_one(DossierStep, clerk.rows(dossier)[0].id))


def test_there_is_no_step_for_a_dossier_that_does_not_exist(clerk: Clerk) -> None:
    with pytest.raises(NotFound), clerk.database.transaction() as session:
        lifecycle.take_step(session, 4711, "finish", clerk.clock.now, "clerk")


# ── the table ─────────────────────────────────────────────────────────────────


def test_every_status_can_be_reached_and_only_finished_lives_end() -> None:
    seen, todo = set(), [0]
    while todo:
        status = todo.pop()
        for table in STEPS.values():
            if status in table and table[status] not in seen:
                seen.add(table[status])
                todo.append(table[status])
    assert seen == set(STATUSES) == set(range(1, 11))
    for status in STATUSES:
        goes_on = any(table.get(status, status) != status for table in STEPS.values())
        assert goes_on == (status not in OVER)


def test_every_step_has_its_word_in_the_journal() -> None:
    assert set(STEPS) <= set(EVENTS)
    assert all(len(word) <= 32 for word in EVENTS.values())


def due(received: datetime, pauses: list[Pause]) -> datetime:
    """Ten days and the pauses: enough to see what moves."""
    return received + timedelta(days=10) + sum((p.end - p.begin for p in pauses), timedelta())


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 90)), max_size=25))
def test_however_it_goes_the_rules_hold(wishes: list[tuple[str, int]]) -> None:
    """Any wishes in any order: what is allowed is taken, what is not is refused."""
    standing, at, history = Standing(), moment("2026-03-02 08:00"), []
    for step, hours in wishes:
        at += timedelta(hours=hours)
        names = allowed(standing)
        if step not in names:
            with pytest.raises(StepRefused) as refused:
                take(standing, step, at, due, promised=at)
            assert refused.value.allowed == names
            continue
        before = standing
        standing = take(before, step, at, due, promised=at + timedelta(days=30))
        history.append(Taken(step, at, standing.status, standing.due_at, standing.promised_at))
        accepted = standing.received_at is not None
        assert accepted == any(taken.kind == "accept" for taken in history)
        assert (standing.paused_at is not None) == (accepted and standing.status in PAUSING)
        assert (standing.resolved_at is not None) == (accepted and standing.status in {7, 9, 10})
        if accepted:
            total = sum((pause.end - pause.begin for pause in standing.pauses), timedelta())
            assert standing.due_at == standing.received_at + timedelta(days=10) + total
            assert standing.promised_at >= standing.due_at or step == "apologise"
        else:
            assert standing.due_at is None
    # What was written down tells the same story.
    assert standing_of(history) == standing


@given(st.integers(1, 500))
def test_an_apology_never_moves_the_due_date(days: int) -> None:
    at = moment("2026-03-02 08:00")
    accepted = take(Standing(), "accept", at, due)
    promised = at + timedelta(days=days)
    sorry = take(accepted, "apologise", at, due, promised=promised)
    assert (sorry.due_at, sorry.promised_at) == (accepted.due_at, promised)
