"""Who prints a slip, and what becomes of it, on SQLite and PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from server.database import Database
from server.offices.models import Office
from server.printing.leasing import LEASE_S, TOO_OLD_S
from server.printing.worker import PrintingWorker
from server.queueing.models import Ticket
from tests.conftest import Hall
from tests.printing.conftest import Outbox


def test_a_job_is_printed_once(outbox: Outbox) -> None:
    job = outbox.owed()
    assert outbox.lease() == job
    assert outbox.settle(job, "printed")
    assert outbox.state(job) == ("printed", [])
    outbox.clock.forward(minutes=1)
    assert outbox.lease() is None


def test_one_slip_at_a_time_and_in_order(outbox: Outbox) -> None:
    first, second = outbox.owed(), outbox.owed()
    assert outbox.lease() == first
    assert outbox.lease("token:2") is None
    outbox.settle(first, "printed")
    assert outbox.lease() == second


def test_what_failed_before_its_first_byte_is_tried_again_ever_later(outbox: Outbox) -> None:
    job = outbox.owed()
    for pause in (1, 2, 4):
        assert outbox.lease() == job
        outbox.settle(job, "failed", "paper-out")
        assert outbox.state(job) == ("pending", ["paper-out"])
        outbox.clock.forward(seconds=pause - 0.1)
        assert outbox.lease() is None
        outbox.clock.forward(seconds=0.1)


def test_what_may_be_out_is_not_tried_again(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease()
    outbox.settle(job, "unknown", "offline")
    assert outbox.state(job) == ("unknown", ["offline"])
    outbox.clock.forward(minutes=1)
    assert outbox.lease() is None


def test_a_lease_that_nobody_began_comes_back_to_anybody(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease(begin=False)
    outbox.clock.forward(seconds=LEASE_S - 1)
    assert outbox.lease("token:2") is None
    outbox.clock.forward(seconds=2)
    assert outbox.lease("token:2") == job
    assert not outbox.look(job).slip.get("reprint"), "nothing of it was printed before"


def test_whoever_comes_too_late_does_not_print(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease(begin=False)
    outbox.clock.forward(seconds=LEASE_S + 1)
    assert outbox.lease("token:2") == job
    assert not outbox.begin(job, by="token:1")
    assert not outbox.settle(job, "printed", by="token:1")
    assert outbox.state(job) == ("processing", [])


def test_a_lease_whose_answer_was_lost_is_given_again(outbox: Outbox) -> None:
    job = outbox.owed()
    assert outbox.lease(begin=False) == job
    assert outbox.lease(begin=False) == job
    assert outbox.attempts[job] == 1


def test_what_was_begun_and_never_confirmed_is_for_a_person_to_decide(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease()
    outbox.clock.forward(seconds=LEASE_S + 1)
    outbox.sweep()
    assert outbox.state(job) == ("unknown", ["lost"])
    assert outbox.lease() is None


def test_an_agent_that_has_forgotten_what_it_began_leaves_it_unknown_at_once(
    outbox: Outbox,
) -> None:
    job, following = outbox.owed(), outbox.owed()
    outbox.lease()
    assert outbox.lease() == following
    assert outbox.state(job) == ("unknown", ["lost"])


def test_a_late_word_that_it_was_printed_after_all_is_believed(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease()
    outbox.clock.forward(seconds=LEASE_S + 1)
    outbox.sweep()
    assert outbox.settle(job, "printed")
    assert outbox.state(job) == ("printed", [])


def test_telling_an_outcome_twice_changes_nothing(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease()
    assert outbox.settle(job, "printed")
    events = outbox.events()
    assert outbox.settle(job, "printed")
    assert outbox.settle(job, "failed", "offline"), "wanted, and without effect"
    assert outbox.state(job) == ("printed", [])
    assert outbox.events() == events


def test_a_printer_with_a_slip_in_it_gets_no_other(outbox: Outbox) -> None:
    job, following = outbox.owed(), outbox.owed()
    outbox.lease()
    for _ in range(3):
        outbox.settle(job, "held", "paper-out")
        assert outbox.state(job) == ("held", ["paper-out"])
        outbox.clock.forward(seconds=LEASE_S - 1)
        outbox.sweep()
        assert outbox.lease("token:2") is None
    outbox.settle(job, "printed")
    assert outbox.lease() == following


def test_a_held_slip_of_which_nobody_speaks_any_more_is_unknown(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease()
    outbox.settle(job, "held", "paper-out")
    outbox.clock.forward(seconds=LEASE_S + 1)
    outbox.sweep()
    assert outbox.state(job) == ("unknown", ["paper-out", "lost"])


def test_a_lease_from_before_the_clock_was_set_back_ends_too(outbox: Outbox) -> None:
    outbox.clock.forward(hours=1)
    job = outbox.owed()
    outbox.lease()
    outbox.clock.forward(hours=-1)
    outbox.sweep()
    assert outbox.state(job) == ("unknown", ["lost"])


def test_a_slip_nobody_waits_for_any_more_is_given_up(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.clock.forward(seconds=TOO_OLD_S + 1)
    assert outbox.lease() is None
    outbox.sweep()
    assert outbox.state(job) == ("failed", ["too-old"])


def test_a_slip_that_cannot_be_drawn_is_not_tried_again(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease()
    outbox.settle(job, "failed", "undrawable")
    assert outbox.state(job) == ("failed", ["undrawable"])


@pytest.mark.parametrize("status", ["cancelled", "done", "no_show"])
def test_the_slip_of_a_number_that_is_over_is_called_off(hall: Hall, status: str) -> None:
    outbox = _outbox_of(hall)
    ticket = hall.issue()
    job = outbox.owed(ticket_id=ticket.id)
    with hall.database.transaction() as session:
        before = session.get_one(Ticket, ticket.id).status
        session.get_one(Ticket, ticket.id).status = status
    assert outbox.lease() is None
    outbox.sweep()
    assert outbox.state(job) == ("cancelled", ["not-needed"])
    with hall.database.transaction() as session:
        session.get_one(Ticket, ticket.id).status = before


def test_only_one_of_many_prints_a_job(outbox: Outbox) -> None:
    job = outbox.owed()
    begun: list[str] = []

    def ask(name: str) -> None:
        if outbox.lease(name, begin=False) == job and outbox.begin(job, by=name):
            begun.append(name)

    threads = [threading.Thread(target=ask, args=(f"token:{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(begun) == 1


def test_screens_are_told_only_when_something_is_new(outbox: Outbox, database: Database) -> None:
    job = outbox.owed()
    for _ in range(3):
        outbox.clock.forward(seconds=20)
        outbox.lease()
        outbox.settle(job, "failed", "offline")
    outbox.clock.forward(seconds=20)
    outbox.lease()
    outbox.settle(job, "printed")
    with database.read() as session:
        revision = session.scalars(select(Office.revision)).one()
    assert outbox.events() == ["slip.pending", "slip.printed"]
    assert revision == 2


def test_after_a_crash_the_only_server_gives_up_at_once_what_it_had_begun(
    outbox: Outbox, worker: PrintingWorker
) -> None:
    job = outbox.owed()
    outbox.lease("server:before")
    worker.begin()
    alone = outbox.database.engine.dialect.name == "sqlite"
    expected = ("unknown", ["lost"]) if alone else ("processing", [])
    assert outbox.state(job) == expected


def test_a_crash_of_the_server_takes_nothing_from_an_agent(
    outbox: Outbox, worker: PrintingWorker
) -> None:
    job = outbox.owed()
    outbox.lease("token:1")
    worker.begin()
    assert outbox.state(job) == ("processing", [])
    assert outbox.settle(job, "printed")


def _outbox_of(hall: Hall) -> Outbox:
    from server.offices.models import Printer

    with hall.database.transaction() as session:
        office = session.get_one(Office, hall.office_id)
        printer = Printer(name="kiosk", uri="virtual:slips")
        office.printers.append(printer)
        session.flush()
        return Outbox(hall.database, hall.clock, printer.id, office.id)
