"""Loading a hall file, loading it again, changing it, and getting it back."""

import tomllib
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.errors import NotFound
from server.journal import JournalEntry
from server.offices import hallfile, sample
from server.offices.models import Counter, Office, Printer, Service
from server.people.models import Person
from server.queueing.models import Ticket

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TEXT = sample.hall_text()

SMALL = """\
[[office]]
slug = "xa"

[office.names]
vi = "Xã"

[office.hours]
mon = [["07:00", "11:00"]]

[[office.service]]
code = "ho-tich"
letter = "A"
[office.service.names]
vi = "Hộ tịch"

[[office.service]]
code = "dat-dai"
letter = "B"
[office.service.names]
vi = "Đất đai"

[[office.counter]]
number = "1"
services = ["ho-tich", "dat-dai"]

[[office.counter]]
number = "2"
services = [["dat-dai", "ho-tich"]]

[[office.printer]]
name = "kiosk"
uri = "virtual:slips"
"""


def load(database, text, now=NOW):
    with database.transaction() as session:
        return hallfile.load(session, text, file="hall.toml", now=now)


def export(database, slug=None):
    with database.read() as session:
        return hallfile.export(session, slug)


def outcomes(loaded):
    return [(office.slug, office.outcome, office.revision) for office in loaded]


def entries(database):
    with database.read() as session:
        found = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
        session.expunge_all()
        return found


def without(text, header, name):
    """``text`` without the table under ``header`` that holds ``name``."""
    parts = text.split("\n\n[[office.")
    kept = [p for p in parts if not (p.startswith(f"{header}]]") and f'"{name}"' in p)]
    assert len(kept) == len(parts) - 1
    return "\n\n[[office.".join(kept)


def take_number(database, service_code, status="waiting", now=NOW, **values):
    with database.transaction() as session:
        service = session.scalars(select(Service).where(Service.code == service_code)).one()
        session.add(
            Ticket(
                token=f"{service_code}-{status}",
                ref="r",
                office_id=service.office_id,
                day=now.date().isoformat(),
                letter=service.letter,
                serial=1,
                service_id=service.id,
                status=status,
                place=1,
                issued_at=now,
                **values,
            )
        )


def test_the_sample_loads_and_comes_back_byte_for_byte(database):
    loaded = load(database, TEXT)
    assert outcomes(loaded) == [("kien-giang", "created", 1), ("vinh-thuan", "created", 1)]
    assert export(database) == TEXT


def test_the_hall_is_stored_as_the_file_has_it(database):
    load(database, TEXT)
    with database.read() as session:
        hall = session.scalars(select(Office).where(Office.slug == "vinh-thuan")).one()
        assert hall.parent.slug == "kien-giang"
        assert hall.names["vi"] == "Bộ phận Tiếp nhận và Trả kết quả"
        assert [service.letter for service in hall.services] == list("ABCDEFGHK")
        assert hall.services[0].fields == ["HT", "LT", "NU"]
        assert hall.services[8].kind == "results"
        assert [counter.number for counter in hall.counters] == list("123456")
        assert hall.counters[4].services == [
            ["kinh-doanh", "xay-dung"],
            ["xa-hoi", "nong-nghiep"],
            ["dat-dai"],
        ]
        assert [printer.uri for printer in hall.printers] == ["virtual:slips"]
        assert hall.counters[0].printer == hall.printers[0]
        assert hall.closures[0] == {
            "from": "2026-01-01",
            "to": "2026-01-02",
            "hours": [],
            "reason": {"vi": "Nghỉ Tết Dương lịch", "en": "New Year"},
        }
        assert hall.closures[3]["to"] == "2026-04-27"
        assert hall.rules["priority"] == "2:1"
        assert hall.words["voice"] == {
            "languages": ["vi"],
            "whole_numbers": False,
            "link": "lẻ",
            "times": 2,
        }
        assert hall.words["parks"][0]["vi"] == "Bổ sung giấy tờ"


def test_letters_typed_with_separate_marks_are_the_same_setting(database):
    load(database, unicodedata.normalize("NFD", TEXT))
    assert export(database) == TEXT


def test_loading_twice_changes_nothing_and_writes_no_journal(database):
    load(database, TEXT)
    before = [(entry.id, entry.revision) for entry in entries(database)]
    again = load(database, TEXT, NOW + timedelta(days=1))
    assert outcomes(again) == [("kien-giang", "unchanged", 1), ("vinh-thuan", "unchanged", 1)]
    assert [(entry.id, entry.revision) for entry in entries(database)] == before


def test_what_export_wrote_changes_nothing_when_it_is_loaded(database):
    load(database, SMALL)
    assert outcomes(load(database, export(database))) == [("xa", "unchanged", 1)]


def test_a_change_is_one_journal_entry_of_the_office_it_concerns(database):
    load(database, TEXT)
    changed = TEXT.replace("typical_minutes = 15", "typical_minutes = 20").replace(
        'fri = [["07:00", "11:00"], ["13:00", "17:00"]]', 'fri = [["07:00", "11:00"]]'
    )
    assert outcomes(load(database, changed)) == [
        ("kien-giang", "unchanged", 1),
        ("vinh-thuan", "changed", 2),
    ]
    last = entries(database)[-1]
    assert (len(entries(database)), last.event, last.subject) == (3, "office.loaded", "vinh-thuan")
    assert last.at == NOW
    assert set(last.data["after"]) == {"hours", "service"}
    assert last.data["before"]["hours"]["fri"] == [["07:00", "11:00"], ["13:00", "17:00"]]
    assert last.data["after"]["hours"]["fri"] == [["07:00", "11:00"]]
    assert export(database) == changed


def test_a_problem_in_one_office_changes_none(database):
    load(database, TEXT)
    broken = TEXT.replace("Kiên Giang province", "Kiên Giang").replace(
        'letter = "K"', 'letter = "1"'
    )
    with pytest.raises(hallfile.HallFileError):
        load(database, broken)
    assert export(database) == TEXT
    assert len(entries(database)) == 2


def test_what_is_left_out_is_set_aside_and_comes_back_with_its_past(database):
    load(database, SMALL)
    with database.read() as session:
        ids = {row.code: row.id for row in session.scalars(select(Service))}
    smaller = without(without(SMALL, "service", "dat-dai"), "counter", "2").replace(
        'services = ["ho-tich", "dat-dai"]', 'services = ["ho-tich"]'
    )
    smaller = smaller.replace('name = "kiosk"', 'name = "door"')
    load(database, smaller)
    with database.read() as session:
        assert {row.code: row.active for row in session.scalars(select(Service))} == {
            "ho-tich": True,
            "dat-dai": False,
        }
        assert {row.number: row.active for row in session.scalars(select(Counter))} == {
            "1": True,
            "2": False,
        }
        assert {row.name: row.active for row in session.scalars(select(Printer))} == {
            "kiosk": False,
            "door": True,
        }
    assert "dat-dai" not in export(database)
    load(database, SMALL)
    with database.read() as session:
        assert {row.code: row.id for row in session.scalars(select(Service))} == ids
        assert all(row.active for row in session.scalars(select(Service)))


def test_letters_may_be_exchanged_and_a_free_letter_taken(database):
    load(database, SMALL)
    exchanged = SMALL.replace('"A"', '"X"').replace('"B"', '"A"').replace('"X"', '"B"')
    load(database, exchanged)
    with database.read() as session:
        assert {row.code: row.letter for row in session.scalars(select(Service))} == {
            "ho-tich": "B",
            "dat-dai": "A",
        }
    renamed = exchanged.replace("dat-dai", "xay-dung")
    load(database, renamed)
    with database.read() as session:
        rows = session.scalars(select(Service).where(Service.letter == "A"))
        assert {row.code: row.active for row in rows} == {"dat-dai": False, "xay-dung": True}


def test_a_paused_service_stays_paused_and_an_open_counter_open(database):
    load(database, SMALL)
    with database.transaction() as session:
        service = session.scalars(select(Service).where(Service.code == "ho-tich")).one()
        service.paused, service.pause_reason = True, {"vi": "Mất điện"}
        session.scalars(select(Counter).where(Counter.number == "1")).one().status = "open"
    load(database, SMALL.replace("Xã", "Xã mới"))
    with database.read() as session:
        service = session.scalars(select(Service).where(Service.code == "ho-tich")).one()
        assert (service.paused, service.pause_reason) == (True, {"vi": "Mất điện"})
        assert session.scalars(select(Counter.status).where(Counter.number == "1")).one() == "open"


@pytest.mark.parametrize("status", ["waiting", "called", "serving", "parked"])
def test_a_service_with_people_in_its_queue_cannot_be_left_out(database, status):
    load(database, SMALL)
    take_number(database, "dat-dai", status)
    smaller = without(SMALL, "service", "dat-dai").replace('"dat-dai"', "").replace(", ]", "]")
    smaller = smaller.replace('[["dat-dai", "ho-tich"]]', '["ho-tich"]').replace("[[, ", "[[")
    with pytest.raises(hallfile.HallFileError) as refusal:
        load(database, smaller)
    line = smaller.split("\n").index("[[office.service]]") + 1
    (problem,) = refusal.value.problems
    assert problem.startswith(
        f'hall.toml:{line}: office.service: "dat-dai" is left out, but people'
    )
    assert "(1)" in problem
    # Tomorrow they are gone.
    assert outcomes(load(database, smaller, NOW + timedelta(days=1))) == [("xa", "changed", 2)]


@pytest.mark.parametrize(("minutes", "refused"), [(29, True), (31, False)])
def test_who_missed_the_call_counts_as_long_as_they_may_come_back(database, minutes, refused):
    load(database, SMALL)
    missed = NOW - timedelta(minutes=minutes)
    take_number(database, "dat-dai", "no_show", no_show_at=missed)
    smaller = without(SMALL, "service", "dat-dai").replace('["ho-tich", "dat-dai"]', '["ho-tich"]')
    smaller = smaller.replace('[["dat-dai", "ho-tich"]]', '["ho-tich"]')
    if refused:
        with pytest.raises(hallfile.HallFileError):
            load(database, smaller)
    else:
        assert outcomes(load(database, smaller)) == [("xa", "changed", 2)]


def test_a_counter_where_somebody_is_served_cannot_be_left_out(database):
    load(database, SMALL)
    with database.read() as session:
        counter_id = session.scalars(select(Counter.id).where(Counter.number == "2")).one()
    take_number(database, "dat-dai", "serving", counter_id=counter_id)
    with pytest.raises(hallfile.HallFileError) as refusal:
        load(database, without(SMALL, "counter", "2"))
    assert 'office.counter: "2" is left out' in refusal.value.problems[0]


def test_people_get_a_name_and_a_role_but_no_way_in(database):
    load(database, TEXT)
    with database.read() as session:
        people = {row.name: row for row in session.scalars(select(Person))}
        session.expunge_all()
    assert [people[f"clerk{number}"].role for number in (1, 2, 3, 4)] == ["clerk"] * 4
    assert people["manager"].role == "manager"
    assert people["clerk1"].display_name == "Nguyễn Thị Lan"
    assert not any(person.active or person.password_hash for person in people.values())


def test_leaving_people_out_neither_removes_them_nor_is_it_a_change(database):
    load(database, TEXT)
    assert outcomes(load(database, without(TEXT, "person", "clerk2")))[1][1] == "unchanged"
    assert export(database) == TEXT


def test_loading_does_not_lock_out_who_has_a_password(database):
    load(database, TEXT)
    with database.transaction() as session:
        person = session.scalars(select(Person).where(Person.name == "clerk1")).one()
        person.password_hash, person.active = "hash", True
    load(database, TEXT.replace("Nguyễn Thị Lan", "Nguyễn Thị Lan Anh"))
    with database.read() as session:
        person = session.scalars(select(Person).where(Person.name == "clerk1")).one()
        assert (person.password_hash, person.active) == ("hash", True)
        assert person.display_name == "Nguyễn Thị Lan Anh"


def test_a_file_takes_nobody_from_another_office_and_no_administrator(database):
    load(database, TEXT)
    with database.transaction() as session:
        session.add(Person(name="root", role="admin", password_hash="x", created_at=NOW))
    theirs = SMALL + '\n[[office.person]]\nname = "clerk1"\nrole = "manager"\n'
    theirs += '\n[[office.person]]\nname = "root"\nrole = "clerk"\n'
    with pytest.raises(hallfile.HallFileError) as refusal:
        load(database, theirs)
    first, second = refusal.value.problems
    assert 'office.person.name: "clerk1" already works in office "vinh-thuan"' in first
    assert 'office.person.name: "root" is already the name of an administrator' in second


def test_a_tree_of_any_depth_comes_back_from_above_to_below(database):
    def place(slug, parent):
        above = f'parent = "{parent}"\n' if parent else ""
        return f'[[office]]\nslug = "{slug}"\n{above}\n[office.names]\nvi = "{slug}"\n\n'

    tree = [("xa-b", "huyen"), ("huyen", "tinh"), ("xa-a", "huyen"), ("tinh", ""), ("ap", "xa-a")]
    load(database, "".join(place(*each) for each in tree))
    halls = tomllib.loads(export(database))["office"]
    assert [hall["slug"] for hall in halls] == ["tinh", "huyen", "xa-a", "ap", "xa-b"]
    assert outcomes(load(database, export(database))) == [
        (slug, "unchanged", 1) for slug in ["tinh", "huyen", "xa-a", "ap", "xa-b"]
    ]
    below = tomllib.loads(export(database, "xa-a"))["office"]
    assert [hall["slug"] for hall in below] == ["xa-a", "ap"]


def test_a_commune_moves_when_districts_end_but_never_below_itself(database):
    load(database, TEXT)
    load(database, SMALL.replace('slug = "xa"', 'slug = "xa"\nparent = "vinh-thuan"'))
    moved = load(database, SMALL.replace('slug = "xa"', 'slug = "xa"\nparent = "kien-giang"'))
    assert outcomes(moved) == [("xa", "changed", 2)]
    with database.read() as session:
        assert session.scalars(select(Office).where(Office.slug == "xa")).one().parent.slug == (
            "kien-giang"
        )
    circle = '[[office]]\nslug = "kien-giang"\nparent = "xa"\n[office.names]\nvi = "x"\n'
    with pytest.raises(hallfile.HallFileError) as refusal:
        load(database, circle)
    assert refusal.value.problems == [
        "hall.toml:3: office.parent: goes round in a circle (kien-giang → xa → kien-giang); "
        "an office cannot be above itself"
    ]


def test_an_unknown_office_cannot_be_exported(database):
    with pytest.raises(NotFound, match="no office yet"):
        export(database)
    load(database, SMALL)
    with pytest.raises(NotFound, match="no such office"):
        export(database, "nowhere")


def test_a_file_saved_on_windows_loads_alike(database):
    load(database, TEXT)
    again = load(database, "\ufeff" + TEXT.replace("\n", "\r\n"))
    assert [office.outcome for office in again] == ["unchanged", "unchanged"]


def test_a_window_that_is_shut_stays_shut_and_an_empty_table_of_windows_is_none(database):
    windows = "\n[office.issuing.windows]\nmon = []\n\n[[office.service]]"
    text = SMALL.replace("\n[[office.service]]", windows, 1)
    load(database, text)
    assert tomllib.loads(export(database))["office"][0]["issuing"]["windows"] == {"mon": []}
    assert load(database, export(database))[0].outcome == "unchanged"
    assert load(database, text.replace("mon = []\n", ""))[0].outcome == "changed"
    assert "windows" not in export(database)
    assert load(database, export(database))[0].outcome == "unchanged"


def test_words_are_kept_in_one_spelling(database):
    load(database, SMALL.replace("Hộ tịch", " Ho\u0302\u0323 tịch "))
    assert 'vi = "Hộ tịch"' in export(database)


def test_a_counter_prints_its_forms_where_the_file_says(database):
    load(database, SMALL)
    named = SMALL.replace('number = "2"\n', 'number = "2"\nprinter = "kiosk"\n')
    (loaded,) = load(database, named)
    assert loaded.outcome == "changed"
    assert (load(database, named)[0].outcome, 'printer = "kiosk"' in export(database)) == (
        "unchanged",
        True,
    )
    with database.read() as session:
        counters = session.scalars(select(Counter).order_by(Counter.number)).all()
        assert [one.printer.name if one.printer else None for one in counters] == [None, "kiosk"]
    assert load(database, SMALL)[0].outcome == "changed"
    with database.read() as session:
        assert session.scalars(select(Counter.printer_id)).all() == [None, None]
    assert "printer = " not in export(database).replace("[[office.printer]]", "")
