"""The head of an agency is reminded before a share is used up and on its last day, once a day."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.dossiers.agencies import set_agency
from server.dossiers.interlinked import Share, finish_part, hand_over, take_over
from server.dossiers.lifecycle import ask_for_papers
from server.dossiers.models import Dossier
from server.notices.models import Notice
from server.notices.reminders import remind, reminders
from server.offices.models import Office
from tests.dossiers.conftest import LAND, Clerk
from tests.notices.conftest import Post
from tests.notices.standins import MailServer

HEAD = "truong.tnmt@example.vn"


@pytest.fixture
def land(clerk: Clerk) -> Dossier:
    """Handed over on Monday 2 March at 14:00; its three days end on Thursday 5."""
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        names = {"vi": "Phòng Tài nguyên và Môi trường"}
        set_agency(
            session, office, "tnmt", names, head_email=HEAD, now=clerk.clock.now, actor="admin"
        )
    dossier = clerk.receive(LAND, shares=[Share("tnmt", 1, 3)])
    clerk.at("2026-03-02 14:00").do(hand_over, dossier, "tnmt")
    return dossier


def mails(clerk: Clerk, text: str) -> list[Notice]:
    """What has been written so far, once the reminders of this moment are."""
    clerk.at(text)
    with clerk.database.transaction() as session:
        due = reminders(session, clerk.clock.now, "https://mc.example.vn/")
        remind(session, due, clerk.clock.now)
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_the_day_before_and_on_the_day_once_each(clerk: Clerk, land: Dossier) -> None:
    assert mails(clerk, "2026-03-03 09:00") == []
    (before,) = mails(clerk, "2026-03-04 07:00")
    assert before.recipient == HEAD
    assert before.subject == (
        "Phòng Tài nguyên và Môi trường: 0 hồ sơ phải xong hôm nay, 1 hồ sơ trong ngày làm việc tới"
    )
    assert f"- {land.code} · Thủ tục {LAND} · 14:00 05/03/2026" in before.text
    assert "https://mc.example.vn/agency/hall/tnmt" in before.text
    assert len(mails(clerk, "2026-03-04 16:00")) == 1, "once a day"
    assert len(mails(clerk, "2026-03-05 08:00")) == 2
    assert "Phải xong hôm nay:" in mails(clerk, "2026-03-05 09:00")[1].text
    assert len(mails(clerk, "2026-03-06 08:00")) == 2, "what is used up alone is on the board"


def test_nobody_is_written_to_at_night_or_on_a_day_off(clerk: Clerk, land: Dossier) -> None:
    assert mails(clerk, "2026-03-04 06:59") == []
    with clerk.database.transaction() as session:
        office = session.get_one(Office, clerk.office_id)
        clerk.at("2026-03-02 14:00")
        names = {"vi": "Chi cục Thuế"}
        set_agency(
            session,
            office,
            "thue",
            names,
            head_email="t@example.vn",
            now=clerk.clock.now,
            actor="x",
        )
    short = clerk.at("2026-03-06 15:00").receive(LAND, shares=[Share("thue", 1, 1)])
    clerk.do(hand_over, short, "thue")
    assert mails(clerk, "2026-03-07 09:00") == [], "Saturday"
    assert [mail.recipient for mail in mails(clerk, "2026-03-09 09:00")] == ["t@example.vn"]


def test_no_reminder_while_the_clock_stands_still_or_when_it_is_done(
    clerk: Clerk, land: Dossier
) -> None:
    clerk.at("2026-03-03 08:00").do(take_over, land, "tnmt")
    clerk.do(ask_for_papers, land, ["Bản vẽ"])
    assert mails(clerk, "2026-03-04 08:00") == []
    clerk.at("2026-03-04 09:00").step(land, "supplement")
    clerk.do(finish_part, land, "tnmt")
    assert mails(clerk, "2026-03-06 08:00") == []


def test_the_mail_holds_nobody_s_name(clerk: Clerk, land: Dossier) -> None:
    (mail,) = mails(clerk, "2026-03-04 08:00")
    assert "MẪU" not in mail.text + mail.subject


def test_what_is_used_up_is_named_beside_what_falls_due(clerk: Clerk, land: Dossier) -> None:
    other = clerk.at("2026-03-05 08:00").receive(LAND, shares=[Share("tnmt", 1, 2)])
    clerk.do(hand_over, other, "tnmt")
    (mail,) = mails(clerk, "2026-03-06 08:00")
    assert mail.text.index("Đã hết hạn:") < mail.text.index(land.code) < mail.text.index(other.code)


def test_the_worker_sends_it_over_a_real_mail_server(
    clerk: Clerk, land: Dossier, post: Post, mails: MailServer
) -> None:
    clerk.at("2026-03-04 08:00")
    post.look()
    post.look()
    sent = [row for row in post.rows() if row.recipient == HEAD]
    assert [row.state for row in sent] == ["sent"]
    clerk.at("2026-03-05 08:00")
    post.look()
    assert [row.state for row in post.rows() if row.recipient == HEAD] == ["sent", "sent"]
    assert mails.recipients == [HEAD, HEAD]


def test_without_a_mail_server_nothing_waits(clerk: Clerk, land: Dossier, post: Post) -> None:
    post.settings.smtp_url = None
    clerk.at("2026-03-04 08:00")
    post.look()
    assert [row for row in post.rows() if row.recipient == HEAD] == []
