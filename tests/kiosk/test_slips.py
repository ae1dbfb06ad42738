"""The picture of the printed slip, which only the demo shows and only to the ticket's holder."""

from __future__ import annotations

from server.offices import sample
from server.printing.jobs import slip_of_ticket
from server.web import DEVICE_COOKIE
from tests.kiosk.conftest import Hall

TICKETS = f"/api/v1/offices/{sample.SLUG}/tickets"
PICTURE = b"\x89PNG\r\n\x1a\n of a slip"


def printed(hall: Hall) -> str:
    """Take a number and lay the picture of its slip where the virtual printer does."""
    headers = {"Authorization": f"Bearer {hall.token}"}
    ticket = hall.browser.post(TICKETS, json={"service": "ho-tich"}, headers=headers).json
    with hall.database.read() as session:
        job = slip_of_ticket(session, ticket["id"])
        assert job is not None
        folder = hall.data / job.printer.uri.removeprefix("virtual:")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"20261125-{job.ref}.png").write_bytes(PICTURE)
    return str(ticket["token"])


def slip(token: str, office: str = sample.SLUG) -> str:
    return f"/kiosk/{office}/slips/{token}.png"


def test_the_holder_sees_the_slip(demo: Hall) -> None:
    answer = demo.browser.get(slip(printed(demo)))
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", PICTURE)
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_the_ticket_s_token_there_is_no_slip(demo: Hall) -> None:
    token = printed(demo)
    assert demo.browser.get(slip("A001")).status_code == 404
    assert demo.browser.get(slip(token, "kien-giang")).status_code == 404


def test_a_real_installation_shows_no_slips(hall: Hall) -> None:
    token = printed(hall)
    browser = hall.browser
    browser.set_cookie(DEVICE_COOKIE, hall.token)
    assert browser.get(slip(token)).status_code == 404


def test_a_slip_that_is_not_drawn_yet_is_not_found(demo: Hall) -> None:
    headers = {"Authorization": f"Bearer {demo.token}"}
    ticket = demo.browser.post(TICKETS, json={"service": "ho-tich"}, headers=headers).json
    assert demo.browser.get(slip(ticket["token"])).status_code == 404
