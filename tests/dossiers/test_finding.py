"""Who comes back without a receipt is found: by name, phone, card, a part of the code."""

from __future__ import annotations

from typing import Any

import pytest

from server.database import Database
from server.dossiers import finding, lifecycle, reception
from server.dossiers.reception import Person
from server.offices.models import Office
from tests.conftest import Clock
from tests.dossiers.conftest import COPY, Clerk, furnish

BE = Person(name="Danh Thị Bé", phone="0987 654 321", identity_number="091305000456")


def find(clerk: Clerk, words: str) -> list[str]:
    return [row["applicant"] for row in ask(clerk, finding.find_dossiers, words)]


def ask(clerk: Clerk, how: Any, what: Any) -> list[dict[str, Any]]:
    with clerk.database.read() as session:
        office = session.get_one(Office, clerk.office_id)
        return list(how(session, office, what, clerk.clock.now))


@pytest.mark.parametrize(
    "words", ["danh thi be", "Bé", "THỊ danh", "654321", "0456", "danh 0987", "0002 danh"]
)
def test_a_dossier_is_found_by_what_people_know_of_it(clerk: Clerk, words: str) -> None:
    clerk.receive(COPY)
    clerk.receive(COPY, applicant=BE)
    assert find(clerk, words) == ["Danh Thị Bé"]


def test_a_whole_code_finds_what_is_over_and_words_do_not(clerk: Clerk) -> None:
    made = clerk.receive(COPY, applicant=BE)
    clerk.step(made, "finish")
    assert find(clerk, "danh") == ["Danh Thị Bé"]
    clerk.do(lifecycle.give_back, made)
    assert find(clerk, "danh") == []
    assert find(clerk, made.code.lower().replace("-", " ")) == ["Danh Thị Bé"]


def test_nothing_typed_finds_nothing_and_letters_inside_a_word_do_not_count(clerk: Clerk) -> None:
    clerk.receive(COPY, applicant=BE)
    assert find(clerk, "  ") == []
    assert find(clerk, "anh") == []
    assert find(clerk, "45") == []


def test_another_office_s_dossiers_are_not_found(
    clerk: Clerk, database: Database, clock: Clock
) -> None:
    with database.transaction() as session:
        elsewhere = furnish(session, clock, "elsewhere").id
    Clerk(database, clock, elsewhere).receive(COPY, applicant=BE)
    assert find(clerk, "danh") == []


def test_those_with_a_status_the_newest_first(clerk: Clerk) -> None:
    for name in ("Một", "Hai", "Ba"):
        made = clerk.receive(COPY, applicant=Person(name=name))
        if name != "Hai":
            clerk.step(made, "finish")
    clerk.receive(COPY, reception.refuse, applicant=BE, reason="Sai nơi nộp")
    ready = ask(clerk, finding.dossiers_with_status, 9)
    assert [row["applicant"] for row in ready] == ["Ba", "Một"]
    assert [row["applicant"] for row in ask(clerk, finding.dossiers_with_status, 3)] == [BE.name]
