"""The outbox by itself: written once, claimed by one, tried until sent or given up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from server.database import Database
from server.errors import Invalid, NotFound
from server.notices import outbox
from server.notices.backoff import GIVE_UP_AFTER
from server.notices.models import Notice
from server.notices.outbox import Failure, claim, due_lanes, send_mail, settle
from tests.conftest import Clock

DOWN = Failure("The mail server does not answer.", "timed out")


def mail(database: Database, now: datetime, key: str = "a", to: str = "lan@example.vn") -> Notice:
    with database.transaction() as session:
        return send_mail(session, to, "Nhắc việc", "Còn 1 ngày.", key=key, now=now)


def take(database: Database, now: datetime) -> list[Notice]:
    with database.transaction() as session:
        return claim(session, "email", now)


def end(
    database: Database, row: Notice, now: datetime, failure: Failure | None = None
) -> Notice | None:
    with database.transaction() as session:
        return settle(session, row.id, row.attempts, now, failure=failure)


def look(database: Database) -> list[Notice]:
    with database.read() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_a_mail_is_written_claimed_and_sent(database: Database, clock: Clock) -> None:
    mail(database, clock())
    with database.read() as session:
        assert due_lanes(session, clock()) == ["email"]
    (row,) = take(database, clock())
    end(database, row, clock.forward(seconds=2))
    (sent,) = look(database)
    assert (sent.state, sent.next_at, sent.attempts) == ("sent", None, 1)
    assert sent.ended_at == clock()
    with database.read() as session:
        assert due_lanes(session, clock.forward(days=9)) == []


def test_the_same_key_is_written_once_even_after_it_was_sent(
    database: Database, clock: Clock
) -> None:
    first = mail(database, clock())
    (row,) = take(database, clock())
    end(database, row, clock())
    assert mail(database, clock.forward(days=1)).id == first.id
    assert len(look(database)) == 1


def test_nobody_else_gets_what_is_being_sent_until_the_lease_ends(
    database: Database, clock: Clock
) -> None:
    mail(database, clock())
    (first,) = take(database, clock())
    assert take(database, clock.forward(minutes=4)) == []
    (second,) = take(database, clock.forward(minutes=2))
    assert (second.id, second.ref, second.attempts) == (first.id, first.ref, 2)
    assert end(database, first, clock()) is None, "the first one is too late to say anything"
    assert end(database, second, clock()) is not None


def test_two_claims_at_once_share_the_rows(postgresql_database: Database, clock: Clock) -> None:
    for number in range(outbox.AT_ONCE + 3):
        mail(postgresql_database, clock(), f"key {number}")
    with (
        postgresql_database.transaction() as one,
        postgresql_database.transaction() as other,
    ):
        first = {row.id for row in claim(one, "email", clock())}
        second = {row.id for row in claim(other, "email", clock())}
    assert (len(first), len(second), first & second) == (outbox.AT_ONCE, 3, set())


def test_a_failure_is_tried_again_later_and_says_why(database: Database, clock: Clock) -> None:
    mail(database, clock())
    (row,) = take(database, clock())
    end(database, row, clock(), DOWN)
    (kept,) = look(database)
    assert (kept.state, kept.problem, kept.detail) == ("failed", DOWN.problem, DOWN.detail)
    assert kept.next_at == clock() + timedelta(seconds=10)
    assert take(database, clock.forward(seconds=9)) == []
    (again,) = take(database, clock.forward(seconds=1))
    end(database, again, clock())
    (sent,) = look(database)
    assert (sent.state, sent.attempts, sent.problem) == ("sent", 2, "")


def test_what_is_handed_back_counts_as_untried(database: Database, clock: Clock) -> None:
    for number in range(3):
        mail(database, clock(), f"key {number}")
    first, *rest = take(database, clock())
    end(database, first, clock(), DOWN)
    with database.transaction() as session:
        outbox.hand_back(session, rest, clock())
    assert [row.attempts for row in look(database)] == [1, 0, 0]
    assert [row.id for row in take(database, clock())] == [row.id for row in rest]


def test_what_has_waited_too_long_ends_with_the_lane(database: Database, clock: Clock) -> None:
    mail(database, clock(), "old")
    clock.forward(days=1)
    mail(database, clock(), "young")
    clock.forward(days=2)
    with database.transaction() as session:
        assert outbox.give_up_old(session, "email", DOWN, clock()) == 1
        assert outbox.give_up_old(session, "email", DOWN, clock()) == 0
    old, young = look(database)
    assert (old.state, old.problem, old.next_at) == ("given-up", DOWN.problem, None)
    assert young.state == "waiting"


def test_after_three_days_it_is_given_up(database: Database, clock: Clock) -> None:
    mail(database, clock())
    born, tries = clock(), 0
    while (row := look(database)[0]).next_at is not None:
        clock.now = row.next_at
        (claimed,) = take(database, clock())
        end(database, claimed, clock(), DOWN)
        tries += 1
    assert (row.state, row.ended_at) == ("given-up", born + GIVE_UP_AFTER)
    assert 20 < tries < 40


def test_what_can_never_be_sent_is_given_up_at_once(database: Database, clock: Clock) -> None:
    mail(database, clock(), "wrong")
    mail(database, clock(), "right")
    wrong, _right = take(database, clock())
    end(database, wrong, clock(), Failure("The mail server does not take this address.", "550"))
    end(database, wrong, clock(), Failure("never read", final=True))
    assert look(database)[0].state == "failed", "only a claimed row can be settled"
    (again,) = take(database, clock.forward(seconds=10))
    end(database, again, clock(), Failure("No such address.", "550", final=True))
    assert [row.state for row in look(database)] == ["given-up", "sending"]


def test_staff_may_have_it_tried_again(database: Database, clock: Clock) -> None:
    given_up = mail(database, clock())
    (row,) = take(database, clock())
    end(database, row, clock(), Failure("No such address.", final=True))
    with database.transaction() as session:
        outbox.retry(session, given_up.id, clock.forward(days=30))
    (again,) = take(database, clock())
    end(database, again, clock(), DOWN)
    assert look(database)[0].state == "failed", "three days count from the retry"
    with database.transaction() as session, pytest.raises(NotFound):
        outbox.retry(session, 999, clock())


@pytest.mark.parametrize("to", ["", "lan", "a b@c.vn", "lan@example.vn\nBcc: all@x.vn", "@"])
def test_what_is_no_address_is_refused(sqlite_database: Database, clock: Clock, to: str) -> None:
    with pytest.raises(Invalid):
        mail(sqlite_database, clock(), to=to)
    assert look(sqlite_database) == []


def test_what_ended_long_ago_is_forgotten(database: Database, clock: Clock) -> None:
    mail(database, clock())
    (row,) = take(database, clock())
    end(database, row, clock())
    mail(database, clock(), "waits")
    with database.transaction() as session:
        outbox.forget(session, clock.forward(days=91))
    assert [row.state for row in look(database)] == ["waiting"]
