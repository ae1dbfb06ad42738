"""A wrong press at the counter is taken back within moments, by who made it, as a correction."""

from __future__ import annotations

import pytest

from server.dossiers import lifecycle, views
from server.dossiers.undoing import UNDO_S, undo
from server.errors import Refused
from tests.dossiers.conftest import COPY, Clerk


def test_a_step_is_undone_and_stays_in_the_history(clerk: Clerk) -> None:
    made = clerk.receive(COPY)
    clerk.step(made, "finish")
    clerk.clock.forward(seconds=4)
    clerk.do(undo, made)
    shown = clerk.show(views.dossier, made, clerk.clock.now)
    assert (shown["status"], shown["resolved_at"]) == (2, None)
    assert [step["kind"] for step in shown["steps"]] == ["accept", "finish", "void"]


def test_who_did_not_collect_is_forgotten(clerk: Clerk) -> None:
    made = clerk.receive(COPY)
    clerk.step(made, "finish")
    clerk.do(lifecycle.give_back, made, collector="Danh Thị Bé", identity_number="091305000456")
    clerk.do(undo, made)
    shown = clerk.show(views.dossier, made, clerk.clock.now)
    assert (shown["status"], shown["collector"]) == (9, None)


def test_not_too_late_not_somebody_else_s_and_not_twice(clerk: Clerk) -> None:
    made = clerk.receive(COPY)
    clerk.step(made, "process")
    clerk.actor = "clerk:hung"
    with pytest.raises(Refused):
        clerk.do(undo, made)
    clerk.actor = "clerk:lan"
    clerk.clock.forward(seconds=UNDO_S + 1)
    with pytest.raises(Refused):
        clerk.do(undo, made)
    clerk.step(made, "ask-payment")
    clerk.do(undo, made)
    with pytest.raises(Refused):
        clerk.do(undo, made)
    assert clerk.look(made).status == 4


def test_the_acceptance_itself_cannot_be_undone(clerk: Clerk) -> None:
    made = clerk.receive(COPY)
    with pytest.raises(Refused):
        clerk.do(undo, made)
    assert clerk.look(made).status == 2
