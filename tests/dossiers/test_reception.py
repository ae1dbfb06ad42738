"""Papers come to the counter: accepted, handed back for more, refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select, text

from server.dossiers import reception, views
from server.dossiers.agencies import set_agency
from server.dossiers.editing import edit
from server.dossiers.interlinked import Share, hand_over
from server.dossiers.models import Applicant, Dossier
from server.dossiers.numbering import set_pattern
from server.dossiers.proofs import proof_of, proves
from server.dossiers.reception import Person
from server.errors import Invalid, NotFound, Refused
from server.offices.models import Office, Procedure
from server.queueing.models import Ticket
from tests.dossiers.conftest import (
    BIRTH,
    BUILDING,
    COPY,
    LAND,
    MAU,
    SECRET,
    UNKNOWN,
    Clerk,
    furnish,
    moment,
    procedure,
)


def test_a_dossier_is_accepted_with_a_code_and_a_due_date(clerk: Clerk) -> None:
    dossier = clerk.at("2026-11-20 09:32").receive(COPY)
    assert dossier.code == f"H33.{clerk.office_id}-261120-0001"
    assert dossier.status == 2
    assert clerk.due(dossier) == "2026-11-30 09:32"  # over a weekend and 24 November
    shown = clerk.show(views.dossier, dossier, clerk.clock.now)
    assert [day["day"] for day in shown["due_counted"]["holidays"]] == ["2026-11-24"]
    assert shown["judged"] == "not_due"
    assert shown["applicant"]["name"] == "NGUYỄN VĂN MẪU"


def test_codes_count_from_one_every_day_and_leave_no_gap(clerk: Clerk) -> None:
    def number() -> str:
        return clerk.receive().code[-11:]

    assert [number(), number()] == ["260302-0001", "260302-0002"]
    with pytest.raises(NotFound):
        clerk.receive("9.999999")
    assert number() == "260302-0003"
    clerk.at("2026-03-03 08:00")
    assert number() == "260303-0001"


def test_the_day_of_a_code_is_the_offices_own(clerk: Clerk) -> None:
    assert "-260303-" in clerk.at("2026-03-03 00:30").receive().code


def test_papers_may_be_handed_back_with_what_is_missing(clerk: Clerk) -> None:
    dossier = clerk.receive(how=reception.ask_supplement, missing=["Giấy chứng sinh"])
    assert (dossier.status, dossier.accepted_at, dossier.due_at) == (5, None, None)
    clerk.at("2026-03-05 10:00").step(dossier, "accept")
    assert clerk.due(dossier) == "2026-03-12 10:00"


def test_a_refusal_has_a_code_and_its_reason(clerk: Clerk) -> None:
    dossier = clerk.receive(how=reception.refuse, reason="Không thuộc thẩm quyền")
    assert dossier.status == 3
    shown = clerk.show(views.public_dossier, dossier)
    assert shown["timeline"][0]["reason"] == "Không thuộc thẩm quyền"


@pytest.mark.parametrize(
    ("how", "more"),
    [(reception.refuse, {"reason": "  "}), (reception.ask_supplement, {"missing": []})],
)
def test_who_sends_a_citizen_away_says_why(clerk: Clerk, how: object, more: dict) -> None:
    with pytest.raises(Invalid):
        clerk.receive(how=how, **more)


def test_a_same_day_procedure_received_after_three_is_due_tomorrow(clerk: Clerk) -> None:
    assert clerk.due(clerk.at("2026-03-02 15:00").receive(BIRTH)) == "2026-03-02 17:00"
    assert clerk.due(clerk.at("2026-03-02 15:01").receive(BIRTH)) == "2026-03-03 17:00"


def test_calendar_days_move_off_a_sunday(clerk: Clerk) -> None:
    assert clerk.due(clerk.receive(BUILDING)) == "2026-03-23 08:00"


def test_where_the_catalogue_is_silent_the_clerk_says_the_time(clerk: Clerk) -> None:
    with pytest.raises(Invalid, match="how long"):
        clerk.receive(UNKNOWN)
    assert clerk.due(clerk.receive(UNKNOWN, count=3)) == "2026-03-05 08:00"
    with pytest.raises(Invalid, match="catalogue says"):
        clerk.receive(COPY, count=30)


def test_a_dossier_keeps_the_terms_it_was_accepted_under(clerk: Clerk) -> None:
    dossier = clerk.receive(COPY)
    with clerk.database.transaction() as session:
        row = session.scalars(select(Procedure).where(Procedure.code == COPY)).one()
        row.days, row.fee_vnd, row.charge_vnd = 50, 99_000, 1_000
        session.add(procedure(COPY, "HT", "working_day", 2, valid_from="2026-03-04"))
    clerk.at("2026-03-03 08:00").do(lambda session, dossier_id, now, actor: None, dossier)
    kept = clerk.look(dossier)
    assert (kept.count, kept.fee_vnd, kept.charge_vnd) == (5, 8000, None)
    later = clerk.receive(COPY)
    assert (later.fee_vnd, later.charge_vnd) == (99_000, 1_000)
    assert clerk.due(dossier) == "2026-03-09 08:00"
    assert clerk.receive(COPY).count == 50
    assert clerk.at("2026-03-04 08:00").receive(COPY).count == 2


def test_a_portals_suffix_on_the_procedure_is_forgiven(clerk: Clerk) -> None:
    assert clerk.receive(f"{COPY}.000.00.00.H33").procedure_code == COPY


def test_without_a_code_pattern_nothing_is_received(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        session.execute(text("DELETE FROM code_series"))
    with pytest.raises(Refused, match="pattern"):
        clerk.receive()


def test_patterns_change_by_date_and_are_inherited(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        for agency, begins in (("000.17.22.H33", None), ("H01.5", date(2026, 7, 1))):
            set_pattern(
                session,
                office,
                agency,
                digits=6,
                valid_from=begins,
                now=clerk.clock.now,
                actor="admin",
            )
        commune = furnish(session, clerk.clock, "commune", parent_id=office.id)
        session.execute(text(f"DELETE FROM code_series WHERE office_id = {commune.id}"))
        commune_id = commune.id
    assert clerk.receive().code == "000.17.22.H33-260302-000001"
    below = Clerk(clerk.database, clerk.clock, commune_id)
    assert below.receive().code == "000.17.22.H33-260302-000002"
    assert below.at("2026-07-01 08:00").receive().code == "H01.5-260701-000001"


def test_several_dossiers_hang_on_one_ticket_of_this_office_only(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        other = furnish(session, clerk.clock, "other")
        tickets = [
            Ticket(
                token=place.slug,
                ref=place.slug,
                office_id=place.id,
                day="2026-03-02",
                letter="A",
                serial=1,
                service=place.services[0],
                place=1,
                issued_at=clerk.clock.now,
            )
            for place in (office, other)
        ]
        session.add_all(tickets)
        session.flush()
        mine, theirs = (ticket.id for ticket in tickets)
    made = [clerk.receive(ticket_id=mine).code for _ in range(2)]
    with clerk.database.read() as session:
        shown = views.dossiers_of_ticket(session, mine)
    assert [one["code"] for one in shown] == made
    for wrong in (theirs, 4711):
        with pytest.raises(NotFound):
            clerk.receive(ticket_id=wrong)


# ── interlinked ───────────────────────────────────────────────────────────────


def test_shares_that_do_not_fit_into_the_time_are_refused(clerk: Clerk) -> None:
    one, other = Share("tnmt", 1, 5), Share("thue", 2, 3)
    clerk.receive(LAND, shares=[one, other])
    beside = [Share("tnmt", 1, 8), Share("thue", 1, 8)]
    clerk.receive(LAND, shares=beside)
    for shares in ([one, Share("thue", 2, 4)], [Share("tnmt", 1, 0)]):
        with pytest.raises(Invalid, match="fit"):
            clerk.receive(LAND, shares=shares)
    with pytest.raises(NotFound, match="agency"):
        clerk.receive(LAND, shares=[Share("nobody", 1, 1)])


def test_an_agency_above_serves_the_offices_below(clerk: Clerk) -> None:
    with clerk.database.transaction() as session:
        province = session.get_one(Office, clerk.office_id)
        commune = furnish(session, clerk.clock, "commune", parent_id=province.id)
        names = {"vi": "Sở Tư pháp"}
        set_agency(session, province, "stp", names, now=clerk.clock.now, actor="admin")
        commune_id = commune.id
    below = Clerk(clerk.database, clerk.clock, commune_id)
    assert below.receive(LAND, shares=[Share("stp", 1, 3)]).parts[0].agency.code == "stp"


def test_an_agency_that_is_closed_gets_no_new_dossiers(clerk: Clerk) -> None:
    share = [Share("tnmt", 1, 3)]
    kept = clerk.receive(LAND, shares=share)
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        names, now = {"vi": "Phòng Tài nguyên"}, clerk.clock.now
        end = date(2026, 3, 2)
        set_agency(session, office, "tnmt", names, valid_to=end, now=now, actor="admin")
    clerk.receive(LAND, shares=share)
    with pytest.raises(NotFound, match="agency"):
        clerk.at("2026-03-03 08:00").receive(LAND, shares=share)
    assert clerk.do(hand_over, kept, "tnmt").status == 4


# ── people ────────────────────────────────────────────────────────────────────


def test_what_is_known_of_people_is_in_one_table_and_never_in_the_journal(clerk: Clerk) -> None:
    dossier = clerk.receive(note="gọi cho bà MẪU")
    entries = [entry for entry in clerk.journal() if entry.event.startswith("dossier.")]
    assert [entry.event for entry in entries] == ["dossier.accepted"]
    written = json.dumps([entry.data for entry in entries], ensure_ascii=False)
    assert entries[0].subject == dossier.code
    assert entries[0].actor == "clerk:lan"
    for secret in ("MẪU", "0912345678", "091090000123", "Ấp"):
        assert secret not in written
    with clerk.database.read() as session:
        for table in ("dossier", "dossier_step"):
            rows = str([row._asdict() for row in session.execute(text(f"SELECT * FROM {table}"))])
            assert "091090000123" not in rows
            assert "0912345678" not in rows
            assert "VĂN" not in rows


def test_the_last_four_digits_prove_it_and_others_do_not(clerk: Clerk) -> None:
    kept = clerk.receive()
    both = (kept.identity_proof, kept.phone_proof)
    for good in ("0123", "5678", "0912 345 678", "091090000123"):
        assert proves(SECRET, kept.code, both, good)
    for bad in ("", "123", "0000", "MẪU", "٠١٢٣"):
        assert not proves(SECRET, kept.code, both, bad)
    assert not proves("another secret", kept.code, both, "0123")


def test_without_a_number_nothing_proves_it(clerk: Clerk) -> None:
    kept = clerk.receive(applicant=Person(name="A"))
    assert (kept.identity_proof, kept.phone_proof) == (None, None)
    assert not proves(SECRET, kept.code, (None, None), "")


def test_two_dossiers_of_one_person_have_different_digests() -> None:
    assert proof_of(SECRET, "a", "1234") != proof_of(SECRET, "b", "1234")


def test_a_wrong_phone_number_is_put_right_and_the_journal_says_only_that(clerk: Clerk) -> None:
    dossier = clerk.receive()
    clerk.do(
        lambda session, dossier_id, now, actor: edit(
            session, dossier_id, {"phone": "0987650000", "name": MAU.name}, now, actor, SECRET
        ),
        dossier,
    )
    last = clerk.journal()[-1]
    assert (last.event, last.data["fields"]) == ("dossier.edited", ["phone"])
    kept = clerk.look(dossier)
    assert proves(SECRET, kept.code, (None, kept.phone_proof), "0000")
    assert not proves(SECRET, kept.code, (None, kept.phone_proof), "5678")
    with clerk.database.read() as session:
        assert session.scalars(select(Applicant.phone)).all() == ["0987650000"]


def test_the_phone_sees_no_name_address_or_number(clerk: Clerk) -> None:
    dossier = clerk.receive(
        how=reception.ask_supplement,
        missing=["Giấy khai sinh của Nguyễn Văn  Mẫu", "Số 091 090 000 123", "Sổ hộ khẩu"],
    )
    shown = clerk.show(views.public_dossier, dossier)
    assert shown["timeline"][0]["missing"] == ["Giấy khai sinh của …", "Số …", "Sổ hộ khẩu"]
    whole = json.dumps(shown, ensure_ascii=False).casefold()
    for secret in ("mẫu", "0912345678", "091090000123", "ấp", "lan", "proof"):
        assert secret not in whole, secret
    assert set(shown["timeline"][0]) == {
        "kind",
        "at",
        "status",
        "status_names",
        "due_at",
        "promised_at",
        "missing",
        "reason",
    }


def test_nothing_half_done_stays_when_the_calendar_ends(clerk: Clerk) -> None:
    with pytest.raises(Refused, match="2028"):
        clerk.at("2027-12-30 08:00").receive(LAND)
    with clerk.database.read() as session:
        assert session.scalars(select(Dossier)).all() == []


def test_moments_are_the_offices(clerk: Clerk) -> None:
    shown = clerk.show(views.dossier, clerk.receive(), clerk.clock.now)
    assert shown["accepted_at"] == moment("2026-03-02 08:00").isoformat()
