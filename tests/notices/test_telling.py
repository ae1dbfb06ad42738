"""A citizen who asked for it is told of what happens to the dossier, once, and nobody else is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from server.dossiers import correcting, lifecycle, reception
from server.dossiers.editing import edit
from server.dossiers.models import Dossier
from server.errors import Invalid
from server.notices.consents import channels_of, consent
from server.notices.following import BATCH
from server.notices.signing import verifies
from tests.dossiers.conftest import SECRET, moment
from tests.notices.conftest import LAN, Post
from tests.notices.standins import MailServer, Receiver


def test_the_applicant_gets_a_mail_when_the_result_is_ready(post: Post, mails: MailServer) -> None:
    dossier = post.receive("email")
    assert post.look() == [], "that it was received stands on the receipt"
    post.clerk.step(dossier, "finish")
    assert post.look() == [("result-ready", "email", "sent")]
    (mail,) = mails.mails
    assert mails.recipients == ["mau@example.vn"]
    assert mail["Subject"] == f"Hồ sơ {dossier.code} đã có kết quả"
    assert mail["From"] == "motcua@example.vn"
    text = mail.get_content()
    assert f"Hồ sơ {dossier.code} đã có kết quả." in text
    assert f"https://motcua.example/lookup?code={dossier.code}" in text
    assert "MẪU" not in str(mail), "no name"
    assert post.look() == [("result-ready", "email", "sent")]
    assert len(mails.mails) == 1


def test_a_gateway_gets_a_short_text_that_it_can_check(post: Post, gateway: Receiver) -> None:
    ticket = post.ticket("en")
    dossier = post.receive("message", ticket_id=ticket.id)
    post.clerk.step(dossier, "finish")
    post.look()
    (got,) = gateway.requests
    assert got.path == "/sms"
    link = f"https://motcua.example/t/{ticket.token}"
    assert got.json == {
        "to": "0912345678",
        "text": f"The result of dossier {dossier.code} is ready. Please bring the receipt to "
        f"One-stop office to collect it. {link}",
        "dossier": dossier.code,
        "kind": "result-ready",
        "language": "en",
    }
    secret = post.settings.message_secret or ""
    assert verifies(secret, got.headers, got.body, post.clerk.clock())
    assert not verifies(secret, got.headers, got.body + b" ", post.clerk.clock())


def test_without_a_wish_nothing_is_sent_to_anybody(
    post: Post, mails: MailServer, gateway: Receiver
) -> None:
    dossier = post.receive(ticket_id=post.ticket().id)
    post.clerk.do(lifecycle.ask_for_papers, dossier, ["Sổ hộ khẩu"])
    post.clerk.step(dossier, "supplement")
    post.clerk.step(dossier, "finish")
    assert post.look() == []
    assert (mails.connections, gateway.requests) == (0, [])


def test_each_reason_is_told_in_its_own_words(post: Post, gateway: Receiver) -> None:
    dossier = post.receive("message")
    said = []
    for step in ("ask-supplement", "supplement", "ask-payment", "pay", "apologise", "finish"):
        if step == "ask-supplement":
            post.clerk.do(lifecycle.ask_for_papers, dossier, ["Sổ hộ khẩu"])
        elif step == "apologise":
            post.clerk.do(lifecycle.apologise, dossier, date(2026, 3, 13), "Nhiều hồ sơ")
        else:
            post.clerk.step(dossier, step)
        post.look()
        said = [json.loads(one.body) for one in gateway.requests]
    kinds = ["supplement-needed", "payment-due", "new-date", "result-ready"]
    assert [one["kind"] for one in said] == kinds
    assert "13/03/2026" in said[2]["text"]
    assert "Nhiều hồ sơ" not in said[2]["text"]
    assert all(len(one["text"]) < 300 for one in said), "an SMS costs by its length"


def test_papers_asked_for_at_reception_are_told(post: Post, mails: MailServer) -> None:
    post.receive("email", how=reception.ask_supplement, missing=["Sổ hộ khẩu"])
    assert post.look() == [("supplement-needed", "email", "sent")]
    assert "Sổ hộ khẩu" not in mails.mails[0].get_content(), "that is read on the page"


def test_what_was_taken_back_before_it_was_told_is_not_told(post: Post, mails: MailServer) -> None:
    dossier = post.receive("email")
    finish = post.clerk.step(dossier, "finish")
    post.clerk.do(correcting.take_back, dossier, finish.id, "Nhầm hồ sơ")
    assert post.look() == []
    assert mails.mails == []


def test_what_is_collected_while_the_mail_server_is_away_is_not_told_any_more(
    post: Post, mails: MailServer
) -> None:
    mails.refused["mau@example.vn"] = "451 come back later"
    dossier = post.receive("email")
    post.clerk.step(dossier, "finish")
    assert post.look() == [("result-ready", "email", "failed")]
    post.clerk.do(lifecycle.give_back, dossier)
    mails.refused.clear()
    post.clerk.clock.forward(minutes=5)
    assert post.look() == [("result-ready", "email", "not-needed")]
    assert mails.mails == []
    assert post.rows()[0].problem == "The dossier has gone on meanwhile."


def test_a_wish_that_was_withdrawn_stops_what_waits(post: Post, mails: MailServer) -> None:
    mails.refused["mau@example.vn"] = "451 come back later"
    dossier = post.receive("email")
    post.clerk.step(dossier, "finish")
    post.look()
    mails.refused.clear()
    post.wish(dossier)
    post.clerk.clock.forward(minutes=5)
    assert post.look() == [("result-ready", "email", "not-needed")]
    assert mails.mails == []


def test_an_address_that_was_put_right_is_the_one_that_is_used(
    post: Post, mails: MailServer
) -> None:
    mails.refused["mau@example.vn"] = "451 come back later"
    dossier = post.receive("email")
    post.clerk.step(dossier, "finish")
    post.look()
    now, actor = post.clerk.clock.now, post.clerk.actor
    with post.clerk.database.transaction() as session:
        edit(session, dossier.id, {"email": "right@example.vn"}, now, actor, SECRET)
    post.clerk.clock.forward(minutes=5)
    assert post.look() == [("result-ready", "email", "sent")]
    assert mails.recipients == ["right@example.vn"]


def test_old_news_is_told_to_nobody(post: Post, mails: MailServer) -> None:
    dossier = post.receive("email")
    post.clerk.step(dossier, "finish")
    post.clerk.clock.now = moment("2026-03-06 14:00")
    assert post.look() == []
    assert mails.connections == 0


@pytest.mark.parametrize(
    ("channels", "offered", "more"),
    [
        (["email"], ["push"], {}),
        (["push"], ["push"], {}),
        (["email"], ["email"], {"email": ""}),
        (["message"], ["message"], {"phone": ""}),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_in_words(
    post: Post, channels: list[str], offered: list[str], more: dict[str, str]
) -> None:
    dossier = post.clerk.receive(applicant=replace(LAN, **more))
    with post.clerk.database.transaction() as session:
        mine = session.get_one(Dossier, dossier.id)
        with pytest.raises(Invalid) as refused:
            consent(session, mine, channels, post.clerk.clock.now, "clerk", offered=offered)
        assert refused.value.errors == [{"field": "notices", "detail": channels[0]}]
        assert channels_of(session, dossier.id) == []


def test_reading_the_journal_is_taken_up_where_a_crash_left_it(
    post: Post, mails: MailServer
) -> None:
    first, second = post.receive("email"), post.receive("email")
    post.clerk.step(first, "finish")
    post.worker.follow()
    post.clerk.step(second, "finish")
    post.worker = post.new_worker()  # the old process is gone, with all that it remembered
    assert post.look() == [("result-ready", "email", "sent")] * 2
    assert sorted(mail["Subject"].split()[2] for mail in mails.mails) == sorted(
        [first.code, second.code]
    )


def test_what_is_told_to_nobody_costs_no_write(post: Post) -> None:
    post.look()
    commits: list[object] = []
    post.clerk.database.after_commit.append(commits.append)
    for _ in range(3):
        post.ticket()
    before = len(commits)
    post.worker.follow()
    assert (before, len(commits)) == (3, 3)
    post.clerk.step(post.clerk.receive(), "finish")
    post.worker.follow()
    assert len(commits) == 3 + 2, "nobody wants to know"
    dossier = post.receive("email")
    post.clerk.step(dossier, "finish")
    before = len(commits)
    post.worker.follow()
    assert len(commits) == before + 1


def test_more_than_is_read_at_once_is_told_as_well(post: Post, gateway: Receiver) -> None:
    dossier = post.receive("message")
    for number in range(BATCH + 5):
        with post.clerk.database.transaction() as session:
            lifecycle.add_note(session, dossier.id, f"note {number}", post.clerk.clock.now, "lan")
    post.clerk.step(dossier, "finish")
    assert post.look() == [("result-ready", "message", "sent")]
    assert len(gateway.requests) == 1
