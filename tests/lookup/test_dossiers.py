"""A citizen follows a dossier: behind the ticket's QR code, and by its code with four digits."""

from __future__ import annotations

from typing import Any

import pytest

from server.dossiers.lifecycle import PLAIN
from server.dossiers.numbering import set_pattern
from server.dossiers.steps import STATUSES, STEPS
from server.dossiers.views import PUBLIC_STEPS
from server.lookup.dossiers import STEP_WORDS, WORDS
from server.web import office_or_404
from tests.api.conftest import Asking, House
from tests.lookup.conftest import Holder, words_of

MAU = {"name": "NGUYỄN VĂN MẪU", "phone": "0912345678", "identity_number": "091090000123"}


@pytest.fixture(autouse=True)
def pattern(house: House) -> None:
    with house.parts.database.transaction() as session:
        office = office_or_404(session, "vinh-thuan")
        set_pattern(session, office, "H33.14", now=house.clock.now, actor="admin")


def receive(clerk: Asking, **more: Any) -> str:
    body = {"procedure": "1.004873", "applicant": MAU, **more}
    answer = clerk.post("/offices/vinh-thuan/dossiers", body)
    assert answer.status_code == 201, answer.text
    code: str = answer.json["code"]
    return code


def step(clerk: Asking, code: str, name: str, **more: Any) -> None:
    answer = clerk.post(f"/dossiers/{code}/steps", {"step": name, **more})
    assert answer.status_code == 200, answer.text


def ask(house: House, code: str, proof: str, query: str = "?lang=en") -> Any:
    form = {"code": code, "proof": proof}
    return house.app.test_client().post(
        f"/lookup{query}", data=form, headers={"Accept": "text/html"}
    )


def test_the_tickets_qr_code_shows_where_the_dossier_stands(
    holder: Holder, clerk: Asking, house: House
) -> None:
    holder.called()
    code = receive(clerk, ticket=holder.ticket["id"])
    page = holder.reads()
    assert code in page
    assert "Your dossier has been received." in page
    assert "The result is due at 9:00 · 30/11/2026." in page
    step(clerk, code, "ask-supplement", missing=["Sổ hộ khẩu"])
    page = holder.reads()
    assert "Papers are missing" in page
    assert "Sổ hộ khẩu" in page
    assert "30/11/2026" not in page  # the clock stands still
    house.clock.forward(days=2)
    step(clerk, code, "supplement")
    assert "The result is due at 9:00 · 02/12/2026." in holder.reads()
    step(clerk, code, "apologise", promised_on="2026-12-08", reason="Chờ xác minh")
    assert "The new date is 9:00 · 08/12/2026." in holder.reads()
    step(clerk, code, "finish")
    assert "The result is ready." in holder.reads()
    step(clerk, code, "return")
    page = holder.reads()
    assert "The result has been collected." in page
    assert page.index("Received") < page.index("Papers brought") < page.index("Collected")
    assert "MẪU" not in holder.look().text


def test_what_programs_and_live_views_get_names_the_dossier_too(
    holder: Holder, clerk: Asking, anyone: Asking
) -> None:
    code = receive(clerk, ticket=holder.ticket["id"])
    (shown,) = anyone.get(f"/tickets/{holder.ticket['token']}").json["dossiers"]
    assert (shown["code"], shown["status"]) == (code, 2)
    assert "applicant" not in shown


def test_several_dossiers_of_one_visit_are_all_shown(holder: Holder, clerk: Asking) -> None:
    codes = [receive(clerk, ticket=holder.ticket["id"]) for _ in range(3)]
    page = holder.reads("?lang=vi")
    assert all(code in page for code in codes)
    assert "Hồ sơ của ông/bà đã được tiếp nhận." in page


def test_a_ticket_without_papers_says_nothing_of_dossiers(holder: Holder) -> None:
    page = holder.look().text
    assert 'class="dossier' not in page
    assert "Mã hồ sơ" not in page


def test_a_dossier_is_found_by_its_code_and_four_digits(clerk: Asking, house: House) -> None:
    code = receive(clerk)
    found = ask(house, f" {code.lower().replace('-', ' ')} ", "5678")
    assert found.status_code == 200
    assert "Your dossier has been received." in words_of(found.text)
    assert "MẪU" not in found.text
    assert "5678" not in found.text
    assert found.headers["Cache-Control"] == "no-store"


def test_wrong_code_and_wrong_digits_are_answered_alike(clerk: Asking, house: House) -> None:
    code = receive(clerk)
    pages = [
        ask(house, typed, proof) for typed, proof in ((code, "0000"), (code[:-1] + "9", "5678"))
    ]
    assert [page.status_code for page in pages] == [404, 404]
    first, second = (
        words_of(page.text).replace(code, "").replace(code[:-1] + "9", "") for page in pages
    )
    assert first == second
    assert "There is no dossier with this code and these digits." in first


def test_trying_ends(clerk: Asking, house: House) -> None:
    code = receive(clerk)
    answers = [ask(house, code, f"{guess:04}").status_code for guess in range(31)]
    assert answers == [404] * 30 + [429]
    assert "Too many tries" in words_of(ask(house, code, "5678").text)


def test_the_form_speaks_three_languages_and_takes_a_code_from_a_receipt(house: House) -> None:
    asking = house.app.test_client()
    assert "Hồ sơ của tôi đến đâu rồi?" in asking.get("/lookup?lang=vi").text
    page = asking.get("/lookup?lang=en&code=H33.14-261125-0001").text
    assert 'value="H33.14-261125-0001"' in page


def test_every_status_and_every_public_step_has_its_words() -> None:
    assert set(WORDS) == set(STATUSES)
    assert set(STEP_WORDS) == set(PUBLIC_STEPS)
    assert set(PUBLIC_STEPS) <= set(STEPS)
    assert set(PLAIN) <= set(STEPS)


def test_a_refusal_says_why(clerk: Asking, house: House) -> None:
    code = receive(clerk, outcome="refuse", reason="Không thuộc thẩm quyền")
    page = words_of(ask(house, code, "0123").text)
    assert "could not be accepted" in page
    assert "Không thuộc thẩm quyền" in page
