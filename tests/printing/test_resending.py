"""What a person does about a slip."""

from __future__ import annotations

import pytest

from server.errors import NotFound, Refused
from server.offices.models import Printer
from server.printing import resending
from tests.printing.conftest import Outbox


def unknown(outbox: Outbox) -> int:
    job = outbox.owed()
    outbox.lease()
    outbox.settle(job, "unknown", "timeout")
    return job


def test_a_slip_that_may_be_lost_is_printed_again_marked_as_such(outbox: Outbox) -> None:
    job = unknown(outbox)
    again = outbox.do(resending.reprint, job)
    stored = outbox.look(again.id)
    assert stored.slip["reprint"] is True
    assert (stored.reprint_of, stored.state) == (job, "pending")
    assert outbox.state(job) == ("unknown", ["timeout"])
    assert outbox.lease() == again.id


@pytest.mark.parametrize("state", ["pending", "processing", "held"])
def test_a_slip_still_to_come_is_not_printed_again(outbox: Outbox, state: str) -> None:
    job = outbox.owed()
    if state != "pending":
        outbox.lease()
    if state == "held":
        outbox.settle(job, "held", "paper-out")
    with pytest.raises(Refused, match="still to come"):
        outbox.do(resending.reprint, job)


def test_a_button_pressed_twice_prints_once(outbox: Outbox) -> None:
    job = unknown(outbox)
    again = outbox.do(resending.reprint, job)
    with pytest.raises(Refused, match="still to come"):
        outbox.do(resending.reprint, job)
    assert outbox.lease() == again.id
    outbox.settle(again.id, "printed")
    assert outbox.do(resending.reprint, job).id != again.id, "it was lost once more"


def test_nothing_is_sent_to_a_printer_that_is_gone(outbox: Outbox) -> None:
    job = unknown(outbox)
    with outbox.database.transaction() as session:
        session.get_one(Printer, outbox.printer).active = False
    with pytest.raises(Refused, match="not in use"):
        outbox.do(resending.reprint, job)
    with pytest.raises(NotFound):
        outbox.do(resending.print_test, outbox.printer, "http://hall.example/")


def test_somebody_has_the_slip_in_hand(outbox: Outbox) -> None:
    job = unknown(outbox)
    outbox.do(resending.confirm, job)
    assert outbox.state(job)[0] == "printed"


def test_nobody_can_have_a_slip_that_was_never_sent(outbox: Outbox) -> None:
    job = outbox.owed()
    with pytest.raises(Refused, match="has not been printed"):
        outbox.do(resending.confirm, job)


def test_a_slip_is_called_off(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.do(resending.cancel, job)
    assert outbox.state(job)[0] == "cancelled"
    assert outbox.lease() is None


def test_a_slip_on_its_way_to_the_paper_is_not_called_off(outbox: Outbox) -> None:
    job = outbox.owed()
    outbox.lease()
    with pytest.raises(Refused, match="being printed"):
        outbox.do(resending.cancel, job)
    outbox.settle(job, "printed")
    outbox.do(resending.cancel, job)
    assert outbox.state(job)[0] == "printed"


def test_a_test_slip_says_that_it_is_one(outbox: Outbox) -> None:
    job = outbox.do(resending.print_test, outbox.printer, "http://hall.example/")
    stored = outbox.look(job.id)
    assert stored.slip["number"] == "0000"
    assert stored.ticket_id is None
    assert outbox.lease() == job.id


def test_what_nobody_knows_of_is_refused(outbox: Outbox) -> None:
    for command in (resending.reprint, resending.confirm, resending.cancel):
        with pytest.raises(NotFound):
            outbox.do(command, 4711)
