"""Programs are told of dossiers: signed, in their order, until they have taken it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.dossiers import lifecycle
from server.errors import Invalid
from server.notices.models import Webhook
from server.notices.posting import asked_to_wait_s
from server.notices.signing import new_secret, signed, verifies
from server.notices.webhooks import add_webhook, remove_webhook
from server.offices.models import Office
from server.web import office_or_404
from tests.conftest import make_office
from tests.notices.conftest import Post
from tests.notices.standins import Receiver, receiver

# The example of the Standard Webhooks specification's own libraries.
SECRET, REF = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
STAMP = 1614265330
BODY, SIGNATURE = b'{"test": 2432232314}', "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def hook(post: Post, url: str, *events: str, slug: str = "", secret: str = SECRET) -> Webhook:
    with post.clerk.database.transaction() as session:
        office = office_or_404(session, slug) if slug else None
        now = post.clerk.clock.now
        return add_webhook(session, url, secret, now, events=events, office=office)


def told(program: Receiver) -> list[tuple[str, str]]:
    return [(one.json["type"], one.json["data"]["dossier"]) for one in program.requests]


def test_a_program_is_told_of_every_step_in_its_order(post: Post, gateway: Receiver) -> None:
    hook(post, f"{gateway.url}/hook")
    dossier = post.receive()
    post.clerk.step(dossier, "process")
    post.clerk.step(dossier, "finish")
    post.look()
    code = dossier.code
    assert told(gateway) == [
        ("dossier.accepted", code),
        ("dossier.processing", code),
        ("dossier.finished", code),
    ]
    last = gateway.requests[-1]
    assert last.path == "/hook"
    assert last.headers["content-type"] == "application/json"
    assert last.json == {
        "type": "dossier.finished",
        "timestamp": "2026-03-02T14:00:00+07:00",
        "data": {
            "office": "hall",
            "dossier": code,
            "revision": last.json["data"]["revision"],
            "actor": "clerk",
            "status": 9,
            "due_on": "2026-03-09",
        },
    }
    assert len(set(gateway.ids())) == 3
    now = post.clerk.clock()
    assert all(verifies(SECRET, one.headers, one.body, now) for one in gateway.requests)


def test_nothing_personal_is_told(post: Post, gateway: Receiver) -> None:
    hook(post, gateway.url)
    dossier = post.receive()
    post.clerk.do(lifecycle.ask_for_papers, dossier, ["Giấy của ông MẪU"])
    with post.clerk.database.transaction() as session:
        now, note = post.clerk.clock.now, "Ông MẪU gọi 0912345678"
        lifecycle.add_note(session, dossier.id, note, now, "clerk:lan")
    post.look()
    said = " ".join(one.body.decode() for one in gateway.requests)
    assert gateway.requests
    assert not [word for word in ("MẪU", "0912345678", "091090000123") if word in said]


def test_only_the_events_and_the_offices_that_were_asked_for(post: Post, gateway: Receiver) -> None:
    database = post.clerk.database
    with database.transaction() as session:
        other = make_office("other")
        session.add(other)
    hook(post, f"{gateway.url}/finished", "dossier.finished")
    hook(post, f"{gateway.url}/other", slug="other")
    dossier = post.receive()
    post.clerk.step(dossier, "finish")
    post.look()
    assert [(one.path, one.json["type"]) for one in gateway.requests] == [
        ("/finished", "dossier.finished")
    ]


def test_an_office_above_hears_of_those_below(post: Post, gateway: Receiver) -> None:
    with post.clerk.database.transaction() as session:
        above = make_office("above")
        session.add(above)
        session.flush()
        session.get_one(Office, post.clerk.office_id).parent_id = above.id
    hook(post, gateway.url, slug="above")
    dossier = post.receive()
    post.look()
    assert told(gateway) == [("dossier.accepted", dossier.code)]


def test_what_happened_before_is_not_told(post: Post, gateway: Receiver) -> None:
    dossier = post.receive()
    post.clerk.clock.forward(minutes=1)
    hook(post, gateway.url)
    post.clerk.step(dossier, "finish")
    post.look()
    assert told(gateway) == [("dossier.finished", dossier.code)]


def test_five_hundred_and_then_yes_is_one_success_with_the_same_id(
    post: Post, gateway: Receiver
) -> None:
    hook(post, gateway.url)
    gateway.answers[:] = [500]
    post.receive()
    assert post.look() == [("dossier.accepted", "webhook:" + str(hook_id(post)), "failed")]
    assert post.rows()[0].detail == "HTTP 500"
    post.look()
    assert len(gateway.requests) == 1, "not before its time"
    post.clerk.clock.forward(seconds=10)
    assert [state for *_, state in post.look()] == ["sent"]
    assert len(gateway.requests) == 2
    assert len(set(gateway.ids())) == 1
    assert gateway.requests[0].body == gateway.requests[1].body
    stamps = [int(one.headers["webhook-timestamp"]) for one in gateway.requests]
    assert stamps[1] - stamps[0] == 10, "so that the second is believed as well"
    post.clerk.clock.forward(days=1)
    post.look()
    assert len(gateway.requests) == 2


def hook_id(post: Post) -> int:
    with post.clerk.database.read() as session:
        return session.scalars(select(Webhook)).one().id


def test_while_a_program_is_down_it_is_asked_once_and_the_others_go_on(
    post: Post, gateway: Receiver
) -> None:
    with receiver() as down:
        hook(post, down.url)
        hook(post, gateway.url)
        down.always = 503
        dossiers = [post.receive() for _ in range(12)]
        post.look()
        assert len(down.requests) == 1
        assert len(gateway.requests) == 12
        down.always = 204
        post.clerk.clock.forward(seconds=10)
        post.look()
        assert sorted(told(down)[1:]) == sorted(told(gateway))
        assert {code for _, code in told(down)} == {one.code for one in dossiers}


def test_a_program_that_stays_away_is_asked_ever_more_seldom_and_then_given_up(
    post: Post, gateway: Receiver
) -> None:
    hook(post, gateway.url)
    gateway.always = 503
    for _ in range(9):
        post.receive()
    asked = []
    for second in range(0, 180, 10):
        before = len(gateway.requests)
        post.look()
        asked += [second] * (len(gateway.requests) - before)
        post.clerk.clock.forward(seconds=10)
    assert asked == [0, 10, 30, 70, 150], "though there is always one that was not tried yet"
    post.clerk.clock.forward(days=3)
    assert {state for *_, state in post.look()} == {"given-up"}
    assert len(gateway.requests) == 6


def test_one_that_a_program_cannot_take_holds_up_none_of_the_others(
    post: Post, gateway: Receiver
) -> None:
    hook(post, gateway.url)
    for _ in range(3):
        post.receive()
    gateway.answers[:] = [204, 500, 204]
    assert [state for *_, state in post.look()] == ["sent", "failed", "sent"]


def test_what_a_program_will_never_take_is_given_up_at_once(post: Post, gateway: Receiver) -> None:
    hook(post, gateway.url)
    gateway.answers[:] = [422]
    post.receive()
    assert [state for *_, state in post.look()] == ["given-up"]
    assert post.rows()[0].problem == "The receiver will not take it."


def test_a_redirect_is_not_followed(post: Post, gateway: Receiver) -> None:
    with receiver() as elsewhere:
        hook(post, gateway.url)
        gateway.answers[:] = [(307, {"Location": elsewhere.url})]
        post.receive()
        assert [state for *_, state in post.look()] == ["failed"]
        assert elsewhere.requests == []


def test_a_program_that_asks_for_time_gets_it(post: Post, gateway: Receiver) -> None:
    hook(post, gateway.url)
    gateway.answers[:] = [(429, {"Retry-After": "120"})]
    post.receive()
    post.look()
    due = post.rows()[0].next_at
    assert due == post.clerk.clock() + timedelta(seconds=120)


def test_nobody_there_is_said_in_words(post: Post) -> None:
    with receiver() as gone:
        pass
    hook(post, gone.url)
    post.receive()
    assert [state for *_, state in post.look()] == ["failed"]
    assert post.rows()[0].problem == "The receiver does not answer."


def test_a_removed_program_is_told_no_more(post: Post, gateway: Receiver) -> None:
    kept = hook(post, gateway.url)
    gateway.answers[:] = [503]
    post.receive()
    post.look()
    with post.clerk.database.transaction() as session:
        remove_webhook(session, kept.id, post.clerk.clock())
    post.receive()
    post.clerk.clock.forward(minutes=5)
    assert [state for *_, state in post.look()] == ["not-needed"]
    assert len(gateway.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.vn/x",
        "ftp://example.vn",
        "https://",
        "https://a b/",
        "http://x/#y",
        "http://x/é",
    ],
)
def test_what_is_no_address_is_refused(post: Post, url: str) -> None:
    with pytest.raises(Invalid):
        hook(post, url)


def test_an_unknown_event_or_a_weak_secret_is_refused(post: Post) -> None:
    with pytest.raises(Invalid, match=r"dossier\.fnished.*dossier\.finished"):
        hook(post, "https://example.vn", "dossier.fnished")
    for weak in ("", "hunter2", "whsec_aaaa", "whsec_not base64 but long enough for it all"):
        with pytest.raises(Invalid):
            hook(post, "https://example.vn", secret=weak)


def test_the_signature_is_that_of_the_specification(post: Post) -> None:
    now = datetime.fromtimestamp(STAMP, UTC)
    headers = signed(SECRET, REF, now, BODY)
    assert headers["webhook-signature"] == SIGNATURE
    assert verifies(SECRET, headers, BODY, now)
    assert not verifies(new_secret(), headers, BODY, now)
    assert not verifies(SECRET, headers, BODY, now + timedelta(minutes=6)), "an old one sent again"
    assert not verifies(SECRET, headers | {"webhook-id": "x"}, BODY, now)
    assert not verifies(SECRET, {}, BODY, now)
    both = {"webhook-signature": f"v1,AAAA {SIGNATURE}"}
    assert verifies(SECRET, headers | both, BODY, now), "while the secret is being changed"


def test_a_date_to_come_back_at_is_measured_by_the_receivers_clock() -> None:
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    assert asked_to_wait_s({"Retry-After": date, "Date": "Wed, 21 Oct 2015 07:27:00 GMT"}) == 60
    assert asked_to_wait_s({"Retry-After": "soon"}) == 0
    assert asked_to_wait_s({}) == 0
