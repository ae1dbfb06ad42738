"""The server's own printers: drawn, printed, recorded, and how they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hardware.printers import Condition, Outcome
from server.offices.models import Office, Printer
from server.people.accounts import add_token
from server.people.models import AccessToken
from server.printing import conditions
from server.printing.worker import PrintingWorker
from tests.printing.conftest import Device, Outbox

PRINTED = Outcome("printed")


def note(outbox: Outbox, *reasons: Any) -> None:
    with outbox.database.transaction() as session:
        conditions.note_condition(session, outbox.printer, Condition(reasons), outbox.clock())


def test_the_server_draws_prints_and_records(outbox: Outbox) -> None:
    job = outbox.owed()
    device = Device(PRINTED)
    task = outbox.task(device)
    assert task.step()
    assert device.printed[0].width == 576
    assert outbox.state(job) == ("printed", [])
    assert outbox.condition() == "ok"
    assert not task.step()


def test_it_notes_that_paper_is_out_or_soon_will_be(outbox: Outbox) -> None:
    outbox.owed()
    task = outbox.task(
        Device(Outcome("failed", ("paper-out",)), Outcome("printed", ("paper-near-end",)))
    )
    task.step()
    assert outbox.condition() == "paper-out"
    outbox.clock.forward(seconds=5)
    task.step()
    assert outbox.condition() == "paper-near-end"


def test_a_printer_low_on_paper_stays_so_when_it_is_looked_at(outbox: Outbox) -> None:
    device = Device()
    device.now = Condition(("paper-near-end",))
    outbox.task(device).step()
    assert outbox.condition() == "paper-near-end"


def test_paper_that_is_back_makes_the_owed_slips_due_at_once(outbox: Outbox) -> None:
    job = outbox.owed()
    out = Outcome("failed", ("paper-out",))
    task = outbox.task(Device(*[out] * 5, PRINTED))
    for _ in range(4):
        task.step()
        outbox.clock.forward(seconds=16)
    task.step()
    outbox.clock.forward(seconds=1)
    note(outbox)
    assert task.step()
    assert outbox.state(job) == ("printed", [])


def test_a_slip_held_for_want_of_paper_is_printed_once_when_there_is_some(outbox: Outbox) -> None:
    job = outbox.owed()
    out = Outcome("held", ("paper-out",))
    device = Device(out, PRINTED, held=(out, out, PRINTED))
    task = outbox.task(device)
    task.step()
    assert outbox.state(job) == ("held", ["paper-out"])
    assert outbox.condition() == "paper-out"
    second = outbox.owed()
    task.step()
    task.step()
    assert outbox.state(second) == ("pending", [])
    task.step()
    assert outbox.state(job) == ("printed", [])
    assert outbox.condition() == "ok"
    assert len(device.printed) == 1, "it was not sent again"
    task.step()
    assert outbox.state(second) == ("printed", [])


def test_a_held_slip_keeps_its_lease_however_long_the_roll_is_away(outbox: Outbox) -> None:
    job = outbox.owed()
    out = Outcome("held", ("paper-out",))
    task = outbox.task(Device(out, held=(out,) * 40))
    task.step()
    for _ in range(40):
        outbox.clock.forward(seconds=15)
        task.step()
        outbox.sweep()
    assert outbox.state(job) == ("held", ["paper-out"])


def test_an_unforeseen_failure_counts_as_perhaps_printed(outbox: Outbox) -> None:
    job = outbox.owed()

    class Broken(Device):
        def print_image(self, image: Any, name: str) -> Outcome:
            raise RuntimeError("the cable is loose")

    outbox.task(Broken()).step()
    assert outbox.state(job)[0] == "unknown"


def test_a_slip_that_cannot_be_drawn_harms_nothing(outbox: Outbox) -> None:
    job = outbox.owed({"number": ""})
    device = Device(PRINTED)
    task = outbox.task(device)
    task.step()
    assert device.printed == []
    assert outbox.state(job) == ("failed", ["undrawable"])
    following = outbox.owed()
    task.step()
    assert outbox.state(following) == ("printed", [])


def test_two_server_processes_never_print_the_same(outbox: Outbox) -> None:
    job = outbox.owed()
    device = Device(PRINTED, PRINTED)
    one, other = outbox.task(device, by="server:1"), outbox.task(device, by="server:2")
    looked = other.desk.next_job()
    assert looked is not None and looked.id == job
    one.step()
    assert not other.desk.begin(looked)
    other.step()
    assert len(device.printed) == 1


def agent_for(outbox: Outbox, *, seen_ago: float | None = 0) -> int:
    """An agent enrolled for the printer, and last heard of some seconds ago."""
    with outbox.database.transaction() as session:
        office = session.get_one(Office, outbox.office)
        printer = session.get_one(Printer, outbox.printer)
        long_ago = outbox.clock() - timedelta(days=1)
        add_token(session, "kiosk-pc", scope="agent", office=office, now=long_ago, printer=printer)
        token = session.query(AccessToken).one()
        if seen_ago is not None:
            token.seen_at = outbox.clock() - timedelta(seconds=seen_ago)
        return token.id


def test_a_printer_with_an_agent_is_left_to_the_agent(
    outbox: Outbox, worker: PrintingWorker
) -> None:
    with outbox.database.read() as session:
        assert conditions.own_printers(session) == [(outbox.printer, "virtual:slips")]
    agent = agent_for(outbox)
    with outbox.database.read() as session:
        assert conditions.own_printers(session) == []
    with outbox.database.transaction() as session:
        session.get_one(AccessToken, agent).revoked_at = outbox.clock()
    with outbox.database.read() as session:
        assert conditions.own_printers(session) == [(outbox.printer, "virtual:slips")]


@pytest.mark.parametrize(
    ("seen_ago", "expected"), [(20, "ok"), (30, "agent-silent"), (None, "agent-silent")]
)
def test_an_agent_that_falls_silent_is_noticed(
    outbox: Outbox, worker: PrintingWorker, seen_ago: float | None, expected: str
) -> None:
    note(outbox)
    agent_for(outbox, seen_ago=seen_ago)
    worker.keep()
    assert outbox.condition() == expected
    assert outbox.events().count("printer.changed") == (1 if expected == "ok" else 2)
    worker.keep()
    assert outbox.events().count("printer.changed") == (1 if expected == "ok" else 2)
