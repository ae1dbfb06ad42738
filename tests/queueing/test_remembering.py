"""A request sent twice is answered twice and carried out once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.errors import Invalid
from server.queueing.models import RememberedRequest
from server.queueing.remembering import KEPT_H, forget, recall_answer, remember
from tests.conftest import Hall

DIGEST, OTHER = "a" * 64, "b" * 64


def test_a_new_request_has_no_answer_yet(hall: Hall) -> None:
    with hall.database.read() as session:
        assert recall_answer(session, "kiosk:1", "key", DIGEST) is None


def test_the_same_request_again_is_recognised_with_its_ticket(hall: Hall) -> None:
    ticket = hall.issue()
    with hall.database.transaction() as session:
        remember(session, "kiosk:1", "key", DIGEST, ticket.id, hall.clock.now)
        assert recall_answer(session, "kiosk:1", "key", DIGEST) is not None
    with hall.database.read() as session:
        earlier = recall_answer(session, "kiosk:1", "key", DIGEST)
    assert earlier is not None and earlier.ticket_id == ticket.id


def test_nobody_waiting_is_an_answer_as_well(hall: Hall) -> None:
    with hall.database.transaction() as session:
        remember(session, "person:1", "key", DIGEST, None, hall.clock.now)
    with hall.database.read() as session:
        earlier = recall_answer(session, "person:1", "key", DIGEST)
    assert earlier is not None and earlier.ticket_id is None


def test_a_key_used_for_another_request_is_refused(hall: Hall) -> None:
    with hall.database.transaction() as session:
        remember(session, "kiosk:1", "key", DIGEST, None, hall.clock.now)
    with (
        hall.database.read() as session,
        pytest.raises(Invalid, match="already used") as refused,
    ):
        recall_answer(session, "kiosk:1", "key", OTHER)
    assert refused.value.status == 422


def test_two_programs_may_use_the_same_key(hall: Hall) -> None:
    with hall.database.transaction() as session:
        remember(session, "kiosk:1", "key", DIGEST, None, hall.clock.now)
        assert recall_answer(session, "kiosk:2", "key", OTHER) is None
        remember(session, "kiosk:2", "key", OTHER, None, hall.clock.now)


def test_a_key_that_somebody_else_has_just_used_is_refused_when_remembering(hall: Hall) -> None:
    with hall.database.transaction() as session:
        remember(session, "kiosk:1", "key", DIGEST, None, hall.clock.now)
    with pytest.raises(Invalid, match="already used"), hall.database.transaction() as session:
        remember(session, "kiosk:1", "key", OTHER, None, hall.clock.now)


def test_what_failed_is_not_remembered(hall: Hall) -> None:
    with pytest.raises(ZeroDivisionError), hall.database.transaction() as session:
        remember(session, "kiosk:1", "key", DIGEST, None, hall.clock.now)
        raise ZeroDivisionError
    with hall.database.read() as session:
        assert recall_answer(session, "kiosk:1", "key", DIGEST) is None


def test_old_keys_are_forgotten_and_young_ones_kept(hall: Hall) -> None:
    now = hall.clock.now
    with hall.database.transaction() as session:
        remember(session, "a", "old", DIGEST, None, now - timedelta(hours=KEPT_H, seconds=1))
        remember(session, "a", "young", DIGEST, None, now - timedelta(hours=KEPT_H))
        forget(session, now)
    with hall.database.read() as session:
        assert session.scalars(select(RememberedRequest.key)).all() == ["young"]
        assert session.scalar(select(func.count()).select_from(RememberedRequest)) == 1
