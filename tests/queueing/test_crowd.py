"""Many at once, and machines that die: no number twice, none lost, nobody called twice."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from server.database import Database
from server.journal import lock_office
from server.queueing.calling import call_next
from server.queueing.models import CallRecord, RememberedRequest, Ticket
from server.queueing.remembering import recall_answer, remember
from server.queueing.tickets import issue
from tests.conftest import Clock, Hall, store_hall

ROOT = Path(__file__).parents[2]


def crowd(command: str, url: str, which: int, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.queueing.crowd", command, url, str(which), str(times)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def busy_hall(database_url: str) -> Hall:
    """A hall that never refuses a number, in a database as safe as the product's."""
    database = Database(database_url)
    return store_hall(database, Clock(datetime.now(UTC)), rules={"stop_when_full": False})


def stored_tickets(hall: Hall) -> list[Ticket]:
    with hall.database.read() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.serial)))


def check_numbers(hall: Hall) -> None:
    """Without gaps from 1, none twice, each with its entry in the journal."""
    serials = [ticket.serial for ticket in stored_tickets(hall)]
    assert serials == list(range(1, len(serials) + 1))
    hall.check()


def test_threads_issue_and_call_at_once(busy_hall: Hall) -> None:
    hall, database = busy_hall, busy_hall.database
    start = threading.Barrier(6)

    def take(times: int) -> list[object]:
        start.wait()
        numbers: list[object] = []
        for _ in range(times):
            with database.transaction() as session:
                ticket = issue(
                    session, hall.office_id, "civil", now=datetime.now(UTC), actor="kiosk"
                )
            numbers.append(ticket.number)
        return numbers

    def serve(counter: str) -> list[object]:
        start.wait()
        called: list[object] = []
        deadline = time.monotonic() + 60
        while len(called) < 20 and time.monotonic() < deadline:
            with database.transaction() as session:
                ticket = call_next(session, hall.counter_ids[counter], datetime.now(UTC), "clerk")
            if ticket is not None:
                called.append(ticket.id)
        return called

    with ThreadPoolExecutor(6) as pool:
        takers = [pool.submit(take, 20) for _ in range(3)]
        servers = [pool.submit(serve, counter) for counter in "123"]
        numbers = [number for taker in takers for number in taker.result()]
        called = [ticket for server in servers for ticket in server.result()]
    assert len(set(numbers)) == len(numbers) == 60
    assert len(set(called)) == len(called) == 60
    check_numbers(hall)
    with database.read() as session:
        calls = Tally(session.scalars(select(CallRecord.ticket_id)))
    assert set(calls.values()) == {1}
    database.close()


def test_processes_issue_and_call_at_once(busy_hall: Hall) -> None:
    hall = busy_hall
    url = hall.database.url
    takers = [crowd("issue", url, hall.office_id, 25) for _ in range(2)]
    servers = [crowd("call", url, hall.counter_ids[counter], 25) for counter in "13"]
    outputs = [process.communicate(timeout=120)[0].split() for process in takers + servers]
    assert [process.returncode for process in takers + servers] == [0, 0, 0, 0]
    numbers = outputs[0] + outputs[1]
    called = [ticket for ticket in outputs[2] + outputs[3] if ticket != "nobody"]
    assert len(set(numbers)) == len(numbers) == 50
    assert len(set(called)) == len(called)
    check_numbers(hall)
    assert {ticket.number for ticket in stored_tickets(hall)} == set(numbers)
    hall.database.close()


def test_whatever_was_acknowledged_survives_a_process_that_is_killed(busy_hall: Hall) -> None:
    hall = busy_hall
    chance = random.Random()
    acknowledged: list[str] = []
    for _ in range(4):
        process = crowd("issue", hall.database.url, hall.office_id, 100_000)
        assert process.stdout is not None
        acknowledged.append(process.stdout.readline().strip())  # it is at work
        time.sleep(chance.uniform(0, 0.3))  # the random moment, not a wait for something
        process.kill()
        # Not communicate(): it passes over what readline() has taken in beyond its line.
        acknowledged += [line for line in process.stdout.read().split("\n") if line]
        process.wait(timeout=60)
    assert len(acknowledged) > 4
    assert len(set(acknowledged)) == len(acknowledged)
    stored = [ticket.number for ticket in stored_tickets(hall)]
    assert set(acknowledged) <= set(stored)
    # At most the one number whose commit was not reported any more, each time.
    assert len(stored) <= len(acknowledged) + 4
    check_numbers(hall)
    hall.database.close()


def test_a_request_sent_twice_at_once_takes_one_number(busy_hall: Hall) -> None:
    hall, database = busy_hall, busy_hall.database
    start = threading.Barrier(4)

    def tap() -> int | None:
        start.wait()
        with database.transaction() as session:
            lock_office(session, hall.office_id)
            earlier = recall_answer(session, "kiosk:1", "key", "a" * 64)
            if earlier is not None:
                return earlier.ticket_id
            now = datetime.now(UTC)
            ticket = issue(session, hall.office_id, "civil", now=now, actor="kiosk:1")
            remember(session, "kiosk:1", "key", "a" * 64, ticket.id, now)
            return ticket.id

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(tap) for _ in range(4)]]
    assert len(set(answers)) == 1
    assert len(stored_tickets(hall)) == 1
    with closing(database), database.read() as session:
        assert len(session.scalars(select(RememberedRequest)).all()) == 1
