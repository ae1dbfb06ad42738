"""A process of its own that works with the queue: ``python -m tests.queueing.crowd …``.

``issue URL OFFICE TIMES`` takes numbers and prints each one after its commit, so whatever is
printed has been acknowledged. ``call URL COUNTER TIMES`` calls and prints the ids of the tickets.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import server.people.models  # noqa: F401  (counters refer to people)
from server.database import Database
from server.queueing.calling import call_next
from server.queueing.tickets import issue


def main(command: str, url: str, which: int, times: int) -> None:
    """Do it so many times, as fast as the database allows."""
    database = Database(url)
    for _ in range(times):
        now = datetime.now(UTC)
        with database.transaction() as session:
            if command == "issue":
                shown: object = issue(session, which, "civil", now=now, actor="crowd").number
            else:
                ticket = call_next(session, which, now, "crowd")
                shown = ticket.id if ticket else "nobody"
        print(shown, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
