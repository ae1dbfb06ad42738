"""The wish to be told, over the API; and the phone page's button, asked as a browser asks."""

from __future__ import annotations

from typing import Any

import pytest

from server.dossiers.numbering import set_pattern
from server.notices.worker import NoticeWorker
from server.web import office_or_404
from tests.api.conftest import Asking, House, anyone, clerk, furnished, house, kiosk
from tests.lookup.test_size import BUDGET_BYTES, load
from tests.notices.standins import Phone

__all__ = ["anyone", "clerk", "furnished", "house", "kiosk"]

MAU = {"name": "NGUYỄN VĂN MẪU", "phone": "0912345678", "email": "mau@example.vn"}
FCM = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture(autouse=True)
def ways(house: House) -> None:
    """E-mail to the log, and codes for dossiers."""
    house.parts.settings.smtp_url = "log:"
    with house.parts.database.transaction() as session:
        office = office_or_404(session, "vinh-thuan")
        set_pattern(session, office, "H33.14", now=house.clock.now, actor="admin")


def receive(clerk: Asking, **more: Any) -> Any:
    body = {"procedure": "1.004873", "applicant": MAU, **more}
    return clerk.post("/offices/vinh-thuan/dossiers", body)


def look(house: House) -> None:
    """A round of the worker, in line with the test."""
    NoticeWorker(
        house.parts.database,
        house.parts.settings,
        clock=house.clock,
        spawn=lambda work, *given: work(*given),
    ).look()


def test_the_wish_is_given_at_reception_and_shown(clerk: Asking, house: House) -> None:
    received = receive(clerk, notices=["email"])
    assert received.status_code == 201
    code = received.json["code"]
    assert received.json["notices"] == {"channels": ["email"], "told": []}
    clerk.post(f"/dossiers/{code}/steps", {"step": "finish"})
    look(house)
    (told,) = clerk.get(f"/dossiers/{code}").json["notices"]["told"]
    assert told == {
        "kind": "result-ready",
        "channel": "email",
        "state": "sent",
        "at": "2026-11-25T09:00:00+07:00",
        "problem": "",
    }


def test_without_a_word_there_is_no_wish(clerk: Asking) -> None:
    assert receive(clerk).json["notices"]["channels"] == []


def test_the_wish_is_changed_and_withdrawn_and_the_journal_knows(
    clerk: Asking, house: House
) -> None:
    code = receive(clerk).json["code"]
    before = house.revision()
    assert clerk.patch(f"/dossiers/{code}", {"notices": ["email"]}).json["notices"] == {
        "channels": ["email"],
        "told": [],
    }
    assert clerk.patch(f"/dossiers/{code}", {"sets": 2}).json["notices"]["channels"] == ["email"]
    assert clerk.patch(f"/dossiers/{code}", {"notices": []}).json["notices"]["channels"] == []
    assert house.revision() == before + 3
    clerk.patch(f"/dossiers/{code}", {"notices": []})
    assert house.revision() == before + 3


@pytest.mark.parametrize(
    ("wish", "detail"),
    [
        (["message"], "Nơi này không gửi thông báo bằng cách đó."),
        (["push"], "cần có phiếu số"),
        (["email"], "cần có địa chỉ thư điện tử"),
    ],
)
def test_a_wish_that_cannot_be_met_receives_nothing(
    clerk: Asking, house: House, wish: list[str], detail: str
) -> None:
    before = house.revision()
    nobody = {"name": "NGUYỄN VĂN MẪU"}
    refused = receive(clerk, notices=wish, applicant=nobody)
    assert refused.status_code == 422
    assert detail in refused.json["detail"]
    assert refused.json["errors"] == [{"field": "notices", "detail": wish[0]}]
    assert house.revision() == before


@pytest.mark.parametrize("wish", [["fax"], "email", [1], ["email"] * 4])
def test_what_is_no_wish_is_refused(clerk: Asking, wish: Any) -> None:
    assert receive(clerk, notices=wish).status_code == 422


def test_the_office_says_how_it_can_tell_people(anyone: Asking) -> None:
    assert anyone.get("/offices/vinh-thuan").json["notices"] == ["email", "push"]


def test_the_holder_turns_notices_on_and_off(clerk: Asking, anyone: Asking) -> None:
    ticket = clerk.take()
    code = receive(clerk, ticket=ticket["id"]).json["code"]
    path = f"/tickets/{ticket['token']}/push"
    body = {"endpoint": FCM, "keys": Phone().keys}
    assert anyone.post(path, body).status_code == 204
    assert clerk.get(f"/dossiers/{code}").json["notices"]["channels"] == ["push"]
    gone = anyone.flask.delete(f"/api/v1{path}", json={"endpoint": FCM})
    assert gone.status_code == 204
    assert clerk.get(f"/dossiers/{code}").json["notices"]["channels"] == []


def test_only_the_holder_can(anyone: Asking) -> None:
    body = {"endpoint": FCM, "keys": Phone().keys}
    assert anyone.post("/tickets/nobodys/push", body).status_code == 404


def test_an_address_inside_the_hall_is_refused_in_words(clerk: Asking, anyone: Asking) -> None:
    path = f"/tickets/{clerk.take()['token']}/push"
    body = {"endpoint": "https://192.168.1.1/admin", "keys": Phone().keys}
    refused = anyone.post(path, body)
    assert refused.status_code == 422
    assert refused.json["detail"].startswith("Nơi này không gửi tới dịch vụ")


def test_the_page_offers_the_button_while_news_can_come(clerk: Asking, anyone: Asking) -> None:
    ticket = clerk.take()
    address = f"/t/{ticket['token']}?lang=en"
    assert 'id="notices"' not in anyone.flask.get(address).text
    code = receive(clerk, ticket=ticket["id"]).json["code"]
    page = anyone.flask.get(address).text
    assert 'id="notices"' in page
    assert "Tell me when the result is ready" in page
    clerk.post(f"/dossiers/{code}/steps", {"step": "withdraw"})
    assert 'id="notices"' not in anyone.flask.get(address).text


def test_the_page_with_dossiers_and_the_button_stays_small(clerk: Asking, house: House) -> None:
    ticket = clerk.take(language="km")
    for _ in range(3):
        receive(clerk, ticket=ticket["id"])
    seen: dict[str, int] = {}
    load(house.app.test_client(), f"/t/{ticket['token']}", seen)
    assert any(address.endswith("push.js") for address in seen)
    assert sum(seen.values()) <= BUDGET_BYTES, seen


def test_the_service_worker_may_act_for_every_tickets_page(anyone: Asking) -> None:
    answer = anyone.flask.get("/t/notices.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert "showNotification" in answer.text
