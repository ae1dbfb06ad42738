"""What becomes of the rows that another system sends."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server.dossiers import lifecycle
from server.dossiers.models import Applicant, Dossier, DossierStep
from server.exchange import importing
from server.exchange.models import ExchangeBatch, ExchangeMessage
from server.journal import JournalEntry
from server.offices.models import Office
from server.people.access import Asker
from tests.dossiers.conftest import LAND, UNKNOWN, Clerk, moment
from tests.exchange.conftest import PROVINCE, Post, kinds, lines, refusals, row

PERSON = {
    "name": "NGUYỄN VĂN MẪU",
    "phone": "0912345678",
    "identity_number": "091090000123",
    "address": "Ấp Mẫu",
}
CODE = "H33.14-260302-0001"


def test_a_dossier_of_the_provinces_software_is_here_with_its_history(post: Post) -> None:
    told = post.send([row(applicant=PERSON)], source="igate", reference="MSG-1")
    assert (told["state"], told["rows"], told["source"], told["reference"]) == (
        "done",
        1,
        "igate",
        "MSG-1",
    )
    assert told["outcomes"] == [{"row": 1, "code": CODE, "outcome": "created"}]
    found = post.dossier(CODE)
    assert (found.status, found.procedure_names["vi"]) == (9, "Thủ tục 1.004873")
    assert found.accepted_at == moment("2026-03-02 08:30")
    assert found.due_at == moment("2026-03-09 08:30")  # five working days
    assert found.phone_proof and found.identity_proof
    accept, finish = post.steps(CODE)
    assert (accept.kind, accept.at, accept.due_on) == (
        "accept",
        moment("2026-03-02 08:30"),
        "2026-03-09",
    )
    assert (finish.seq, finish.resolved_on, finish.status) == (2, "2026-03-05", 9)


def test_every_step_names_the_message_and_row_that_brought_it(post: Post) -> None:
    number = post.send([row(7), row(8)], source="igate")["message"]
    step = post.steps("H33.14-260302-0008")[1]
    assert step.data == {"message": number, "row": 2, "by": "Lan"}
    assert step.actor == "dossiers:province"
    assert step.recorded_at == post.clock.now
    with post.database.read() as session:
        entry = session.scalars(
            select(JournalEntry).where(JournalEntry.event == "dossiers.imported")
        ).one()
        assert entry.data == {"message": number, "rows": [1, 2], "created": 2, "updated": 0}
        assert session.get_one(Office, entry.office_id).revision == entry.revision


def test_the_same_file_again_is_the_same_message(post: Post) -> None:
    first = post.send([row(1), row(2)])
    again = post.send([row(1), row(2)])
    assert again == first | {"again": True}
    assert (post.count(), post.count(DossierStep), post.count(ExchangeMessage)) == (2, 4, 1)


def test_rows_that_are_in_already_are_unchanged(post: Post) -> None:
    post.send([row(1), row(2)])
    told = post.send([row(1), row(2), row(3)])
    assert kinds(told) == ["unchanged", "unchanged", "created"]
    assert told["counts"] == {"created": 1, "updated": 0, "unchanged": 2, "refused": 0}
    assert post.count(DossierStep) == 6


def test_a_later_message_carries_the_dossier_on(post: Post) -> None:
    post.send([row(steps=row()["steps"][:1])])
    assert post.dossier(CODE).status == 2
    returned = {"kind": "return", "at": "2026-03-06T09:00:00+07:00"}
    told = post.send([row(steps=[*row()["steps"], returned])])
    assert kinds(told) == ["updated"]
    found = post.dossier(CODE)
    assert found.status == 10
    assert [(one.seq, one.kind, one.data["message"]) for one in post.steps(CODE)] == [
        (1, "accept", told["message"] - 1),
        (2, "finish", told["message"]),
        (3, "return", told["message"]),
    ]


def test_an_older_message_that_comes_late_takes_nothing_back(post: Post) -> None:
    post.send([row()])
    assert kinds(post.send([row(steps=row()["steps"][:1])])) == ["unchanged"]
    assert post.dossier(CODE).status == 9


def test_what_was_recorded_here_goes_on_and_notes_are_not_in_the_way(post: Post) -> None:
    post.send([row(steps=row()["steps"][:1])])
    found = post.dossier(CODE)
    clerk = Clerk(post.database, post.clock, found.office_id)
    clerk.do(lifecycle.add_note, found, "đã gọi")
    post.clock.forward(days=1)
    finish = {"kind": "finish", "at": "2026-04-06T09:00:00+07:00"}
    assert kinds(post.send([row(steps=[row()["steps"][0], finish])])) == ["updated"]
    assert [one.kind for one in post.steps(CODE)] == ["accept", "note", "finish"]


def test_two_histories_that_differ_are_told_and_ours_stands(post: Post) -> None:
    post.send([row(steps=row()["steps"][:1])])
    found = post.dossier(CODE)
    Clerk(post.database, post.clock, found.office_id).step(found, "finish")
    told = post.send([row()])
    assert refusals(told) == [
        (
            1,
            "steps.1",
            "is “finish 2026-03-05T15:00:00+07:00” there, but recorded here is “finish” at "
            "2026-04-06T08:00:00+07:00",
        )
    ]
    assert [one.kind for one in post.steps(CODE)] == ["accept", "finish"]


def test_the_applicant_is_put_right_and_never_erased(post: Post) -> None:
    post.send([row(applicant=PERSON)])
    told = post.send([row(applicant={"phone": "0987650000"}, sets=2)])
    assert kinds(told) == ["updated"]
    with post.database.read() as session:
        person = session.scalars(select(Applicant)).one()
    assert (person.phone, person.name) == ("0987650000", "NGUYỄN VĂN MẪU")
    assert post.dossier(CODE).sets == 2
    assert kinds(post.send([row(applicant={"name": ""}, note_only=1)])) == []  # unknown field
    assert kinds(post.send([row(applicant={})])) == ["unchanged"]


def test_a_row_of_plain_dates_needs_no_list_of_steps(post: Post) -> None:
    told = post.send(
        b"code;office;procedure;accepted_at;finished_at;applicant_name\n"
        b"h33.14 - 260302 - 0001;hall;1.004873.000.00.00.H33;2026-03-02 08:30;"
        + "2026-03-05 15:00;Nguyễn Văn Mẫu\n".encode(),
        form="csv",
    )
    assert told["outcomes"] == [{"row": 2, "code": CODE, "outcome": "created"}]
    assert [(one.kind, one.at) for one in post.steps(CODE)] == [
        ("accept", moment("2026-03-02 08:30")),
        ("finish", moment("2026-03-05 15:00")),
    ]


def test_a_dossier_goes_through_its_agencies(post: Post) -> None:
    parts = [
        {"agency": "tnmt", "share": 5, "position": 1},
        {"agency": "thue", "share": 3, "position": 2},
    ]
    at = iter(range(9, 17))

    def step(kind: str, agency: str) -> dict[str, Any]:
        return {"kind": kind, "at": f"2026-03-03T{next(at):02}:00:00+07:00", "agency": agency}

    through = [
        step(kind, agency)
        for agency in ("tnmt", "thue")
        for kind in ("hand-over", "take-over", "part-done")
    ]
    steps = [row()["steps"][0], *through, row()["steps"][1]]
    some = row(procedure=LAND, parts=parts, steps=steps[:3])
    assert kinds(post.send([some])) == ["created"]
    assert kinds(post.send([some | {"steps": steps}])) == ["updated"]
    with post.database.read() as session:
        found = session.scalars(select(Dossier)).one()
        moments = [(one.agency.code, one.due_at, one.done_at) for one in found.parts]
        ids = {one.id for one in found.parts}
    assert moments == [
        ("tnmt", moment("2026-03-10 09:00"), moment("2026-03-03 11:00")),
        ("thue", moment("2026-03-06 12:00"), moment("2026-03-03 14:00")),
    ]
    assert {one.data["part"] for one in post.steps(CODE) if "part" in one.data} == ids
    wrong = row(2, procedure=LAND, parts=parts, steps=[steps[0], steps[4], steps[-1]])
    assert refusals(post.send([wrong])) == [
        (1, "steps.1", "An agency before this one has not finished its part.")
    ]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"procedure": "9.999999"}, "procedure", "There is no such procedure in force."),
        ({"procedure": "khai sinh"}, "procedure", "no procedure code; write one like 1.004873"),
        ({"procedure": UNKNOWN}, "count", "The catalogue does not say how long this"),
        ({"count": 9}, "count", "The catalogue says how long this procedure takes."),
        ({"office": "nowhere"}, "office", "There is no such office."),
        ({"code": "12345"}, "code", "no dossier code"),
        ({"due_on": "2026-03-01"}, "due_on", "is before the day of acceptance (2026-03-02)"),
        (
            {"due_on": "2026-03-10"},
            "due_on",
            "is 2026-03-10 there, and 2026-03-09 by the steps and our calendar",
        ),
        ({"status": 2}, "status", "is 2 there, and 9 by the steps"),
        ({"steps": []}, "steps", "nothing has happened"),
        ({"finished_at": "2026-03-05T15:01:00+07:00"}, "finished_at", "says another time than"),
        ({"returned_at": "2027-01-01T00:00:00+07:00"}, "returned_at", "is still to come"),
        ({"returned_at": "2026-03-05T14:59:00+07:00"}, "returned_at", "happened before the step"),
        ({"accepted_at": "hôm qua"}, "accepted_at", "write a moment like 2026-03-02T08:30"),
        ({"channel": 4}, "channel", "at most 3"),
        ({"channel": "x"}, "channel", "a whole number is wanted"),
        ({"applicant": {"phone": "gọi sau"}}, "applicant.phone", "this value will not do"),
        ({"applicant": {"name": "x" * 201}}, "applicant.name", "is too long; at most 200 char"),
        ({"parts": [{"agency": "nobody", "share": 1}]}, "parts", "There is no such agency."),
        ({"parts": [{"agency": "tnmt", "share": 6}]}, "parts", "The agencies' shares do not fit"),
        ({"steps": [{"kind": "vanish", "at": "x"}]}, "steps.0.kind", "there is no such step; th"),
        ({"steps": [{"kind": "accept"}]}, "steps.0.at", "is missing"),
    ],
)
def test_a_row_that_will_not_do_is_refused_by_its_field_and_the_others_go_in(
    post: Post, change: dict[str, Any], field: str, words: str
) -> None:
    told = post.send([row(1), row(2) | change, row(3)])
    assert kinds(told) == ["created", "refused", "created"]
    ((number, named, detail),) = refusals(told)
    assert (number, named) == (2, field)
    assert detail.startswith(words), detail
    assert post.count() == 2


@pytest.mark.parametrize(
    ("step", "field", "words"),
    [
        ({"kind": "return"}, "steps.1", "“return” is not possible there; possible are: ask-sup"),
        ({"kind": "ask-supplement"}, "steps.1.missing", "is missing"),
        ({"kind": "stop"}, "steps.1.reason", "is missing"),
        ({"kind": "apologise", "reason": "Chờ"}, "steps.1.promised_on", "is missing"),
        (
            {"kind": "apologise", "reason": "Chờ", "promised_on": "2026-03-08"},
            "steps.1",
            "The new date must be after the one told before, and not in the past.",
        ),
        (
            {"kind": "apologise", "reason": "Chờ", "promised_on": "2026-03-14"},
            "steps.1",
            "The new date is a day off.",
        ),
        ({"kind": "hand-over", "agency": "tnmt"}, "steps.1", "That agency has no part in"),
    ],
)
def test_the_rules_of_steps_hold_for_other_systems_too(
    post: Post, step: dict[str, Any], field: str, words: str
) -> None:
    first = row()["steps"][0]
    told = post.send([row(steps=[first, {"at": "2026-03-03T09:00:00+07:00"} | step])])
    ((_, named, detail),) = refusals(told)
    assert named == field
    assert detail.startswith(words), detail
    assert post.count() == 0


def test_all_or_nothing_means_it(post: Post) -> None:
    told = post.send([row(1), row(2, procedure="9.999999")], all_or_nothing=True)
    assert told["state"] == "refused"
    assert refusals(told) == [(2, "procedure", "There is no such procedure in force.")]
    assert (post.count(), post.count(ExchangeBatch)) == (0, 0)
    assert kinds(post.send([row(1), row(2)], all_or_nothing=True)) == ["created", "created"]


def test_a_file_with_refused_rows_is_tried_anew(post: Post) -> None:
    content = [row(1), row(2, office="moi")]
    assert kinds(post.send(content)) == ["created", "refused"]
    with post.database.transaction() as session:
        session.add(Office(slug="moi", names={"vi": "Mới"}))
    told = post.send(content)
    assert kinds(told) == ["unchanged", "created"]
    assert told["message"] == 2


def test_a_program_sends_only_for_its_own_offices(post: Post) -> None:
    with post.database.read() as session:
        commune = session.scalars(select(Office).where(Office.slug == "xa")).one()
    sender = Asker(grant="scope:dossiers", actor="dossiers:xa", office_id=commune.id)
    told = post.send([row(1), row(2, office="xa")], sender=sender)
    assert refusals(told) == [(1, "office", "This sign-in may not do that here.")]
    assert kinds(told) == ["refused", "created"]
    assert kinds(post.send([row(3, office="xa")])) == ["created"]  # from above


def test_a_code_of_another_office_is_not_taken_over(post: Post) -> None:
    post.send([row()])
    told = post.send([row(office="xa")])
    assert refusals(told) == [(1, "code", "is a dossier of another office")]


def test_the_same_row_twice_is_one_dossier(post: Post) -> None:
    assert kinds(post.send([row(), row()])) == ["created", "unchanged"]
    assert post.count() == 1


def test_a_code_twice_with_different_words_refuses_the_file(post: Post) -> None:
    told = post.send([row(1), row(2), row(1, channel=2)])
    assert refusals(told) == [(3, "code", "stands in row 1 already and says something else there")]
    assert post.count() == 0


def test_outcomes_come_in_the_order_of_the_file_whatever_the_offices(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SMALLEST", 1)
    monkeypatch.setattr(importing, "LARGEST", 3)
    offices = ["xa", "hall", "nowhere", "hall", "xa"] * 5
    told = post.send([row(n, office=office) for n, office in enumerate(offices, start=1)])
    assert [one["row"] for one in told["outcomes"]] == list(range(1, 26))
    assert told["counts"] == {"created": 20, "updated": 0, "unchanged": 0, "refused": 5}


class Cut(BaseException):
    """The process ends."""


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_cut_off_anywhere_and_sent_again_everything_is_in_once(
    post: Post, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    content = lines(row(n, office=("xa", "hall")[n % 2]) for n in range(1, 61))
    monkeypatch.setattr(importing, "SMALLEST", 2)
    monkeypatch.setattr(importing, "LARGEST", 8)
    number, _ = post.put(content)
    real, left = importing.carry_out, iter(range(batches))

    def cut(*arguments: Any) -> None:
        if next(left, None) is None:
            raise Cut
        real(*arguments)

    monkeypatch.setattr(importing, "carry_out", cut)
    with pytest.raises(Cut):
        importing.import_message(post.work, number)
    monkeypatch.setattr(importing, "carry_out", real)
    before = post.count()
    assert (before > 0) == (batches > 0)
    told = post.send(content)
    assert (told["message"], told["state"], told["again"]) == (number, "done", True)
    assert kinds(told) == ["created"] * 60
    assert (post.count(), post.count(DossierStep)) == (60, 120)


def test_two_processes_at_one_message_write_each_row_once(post: Post) -> None:
    number, _ = post.put(lines(row(n) for n in range(1, 31)))
    first, second = importing.Batch("hall", []), importing.Batch("hall", [])
    with post.database.read() as session:
        place = importing.place_of(session, "hall", importing.Catalogue(), PROVINCE)
    assert not isinstance(place, str)
    reading = importing.read_file(importing.spool_of(post.folder, number).open("rb"), "jsonl")
    rows = importing.collected(reading)
    sender = importing.Sender(number, "x", post.clock.now, "s")
    first.rows, second.rows = rows[:20], rows[10:]
    for batch in (first, second, first):
        importing.carry_out(post.database, batch, place, sender)
    told = post.told(number)
    assert kinds(told) == ["created"] * 30
    assert post.count(DossierStep) == 60
