"""Phones are told over Web Push: sealed for one browser, signed by us, never elsewhere."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import func, select

from server.database import Database
from server.dossiers.models import Dossier
from server.errors import Invalid
from server.notices import webpush
from server.notices.consents import channels_of
from server.notices.models import PushSubscription
from server.notices.subscriptions import MOST, forget_phones, subscribe, unsubscribe
from server.notices.ways import push_key, push_services, takes_push
from server.queueing.models import Ticket
from server.settings import Settings
from tests.notices.conftest import Post
from tests.notices.standins import Phone, Receiver, claims

SERVICES = Settings().push_services.split()


def press(post: Post, ticket: Ticket, phone: Phone, endpoint: str, language: str = "vi") -> None:
    """The button on the ticket's page."""
    with post.clerk.database.transaction() as session:
        subscribe(
            session,
            session.get_one(Ticket, ticket.id),
            endpoint,
            (phone.keys["p256dh"], phone.keys["auth"]),
            language,
            post.clerk.clock.now,
            services=push_services(post.settings),
        )


def wishes(database: Database, dossier: Dossier) -> list[str]:
    with database.read() as session:
        return channels_of(session, dossier.id)


def test_the_phone_whose_holder_pressed_the_button_is_told(post: Post, gateway: Receiver) -> None:
    ticket, phone = post.ticket(), Phone()
    dossier = post.receive(ticket_id=ticket.id)
    press(post, ticket, phone, f"{gateway.url}/p/1", "en")
    post.clerk.step(dossier, "finish")
    assert post.look() == [("result-ready", "push", "sent")]
    (got,) = gateway.requests
    said = phone.read(got.body)
    assert said["title"] == f"The result of dossier {dossier.code} is ready"
    assert said["url"] == f"https://motcua.example/t/{ticket.token}"
    assert said["tag"] == dossier.code
    assert (got.path, got.headers["content-encoding"]) == ("/p/1", "aes128gcm")
    assert int(got.headers["ttl"]) > 0
    assert dossier.code.encode() not in got.body, "the push service cannot read it"
    who = claims(got.headers["authorization"])
    assert who["aud"] == gateway.url
    assert who["sub"] == "mailto:motcua@example.vn"
    assert who["k"] == push_key(post.settings)
    lasts = who["exp"] - post.clerk.clock().timestamp()
    assert 0 < lasts <= 24 * 3600


def test_a_dossier_received_after_the_press_is_told_of_as_well(
    post: Post, gateway: Receiver
) -> None:
    ticket = post.ticket()
    press(post, ticket, Phone(), f"{gateway.url}/p/1")
    dossier = post.receive(ticket_id=ticket.id)
    assert wishes(post.clerk.database, dossier) == ["push"]
    post.clerk.step(dossier, "finish")
    assert post.look() == [("result-ready", "push", "sent")]


def test_each_phone_of_a_ticket_is_told_and_others_are_not(post: Post, gateway: Receiver) -> None:
    mine, other = post.ticket(), post.ticket()
    dossier = post.receive(ticket_id=mine.id)
    for ticket, name in ((mine, "a"), (mine, "b"), (mine, "a"), (other, "c")):
        press(post, ticket, Phone(), f"{gateway.url}/p/{name}")
    post.clerk.step(dossier, "finish")
    post.look()
    assert sorted(one.path for one in gateway.requests) == ["/p/a", "/p/b"]


@pytest.mark.parametrize("answer", [404, 410])
def test_a_phone_that_is_gone_is_forgotten_and_the_others_are_told(
    post: Post, gateway: Receiver, answer: int
) -> None:
    ticket = post.ticket()
    dossier = post.receive(ticket_id=ticket.id)
    for name in ("gone", "there"):
        press(post, ticket, Phone(), f"{gateway.url}/{name}")
    gateway.answers[:] = [answer, 201]
    post.clerk.step(dossier, "finish")
    assert [state for *_, state in post.look()] == ["given-up", "sent"]
    with post.clerk.database.read() as session:
        assert [one.endpoint for one in session.scalars(select(PushSubscription))] == [
            f"{gateway.url}/there"
        ]


def test_a_push_service_in_trouble_keeps_the_phone(post: Post, gateway: Receiver) -> None:
    ticket = post.ticket()
    dossier = post.receive(ticket_id=ticket.id)
    press(post, ticket, Phone(), f"{gateway.url}/p")
    gateway.answers[:] = [503]
    post.clerk.step(dossier, "finish")
    assert post.look() == [("result-ready", "push", "failed")]
    post.clerk.clock.forward(seconds=10)
    assert post.look() == [("result-ready", "push", "sent")]


def test_pressed_again_it_is_told_no_more(post: Post, gateway: Receiver) -> None:
    ticket = post.ticket()
    dossier = post.receive(ticket_id=ticket.id)
    press(post, ticket, Phone(), f"{gateway.url}/p")
    assert wishes(post.clerk.database, dossier) == ["push"]
    with post.clerk.database.transaction() as session:
        unsubscribe(session, session.get_one(Ticket, ticket.id), f"{gateway.url}/p")
    assert wishes(post.clerk.database, dossier) == []
    post.clerk.step(dossier, "finish")
    assert post.look() == []
    assert gateway.requests == []


def test_the_oldest_of_too_many_phones_makes_room(post: Post, gateway: Receiver) -> None:
    ticket = post.ticket()
    for number in range(MOST + 2):
        press(post, ticket, Phone(), f"{gateway.url}/{number}")
    with post.clerk.database.read() as session:
        kept = [
            one.endpoint.rpartition("/")[2] for one in session.scalars(select(PushSubscription))
        ]
    assert sorted(kept) == ["2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x",
        "https://printer.local/x",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.example.vn/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://push.services.mozilla.com.evil/x",
        "file:///etc/passwd",
    ],
)
def test_no_address_but_a_push_services_is_ever_called(endpoint: str) -> None:
    assert not takes_push(endpoint, SERVICES)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-sg2p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_today_are_known(endpoint: str) -> None:
    assert takes_push(endpoint, SERVICES)


@pytest.mark.parametrize(("name", "value"), [("p256dh", "AAAA"), ("auth", "AAAA")])
def test_keys_that_are_none_are_refused(
    post: Post, gateway: Receiver, name: str, value: str
) -> None:
    ticket, keys = post.ticket(), Phone().keys | {name: value}
    with post.clerk.database.transaction() as session, pytest.raises(Invalid):
        subscribe(
            session,
            session.get_one(Ticket, ticket.id),
            f"{gateway.url}/p",
            (keys["p256dh"], keys["auth"]),
            "vi",
            post.clerk.clock.now,
            services=[gateway.url],
        )


def test_a_phone_is_forgotten_after_a_year(post: Post) -> None:
    now = post.clerk.clock.now
    ticket, phones = post.ticket(), select(func.count()).select_from(PushSubscription)
    with post.clerk.database.transaction() as session:
        session.add(
            PushSubscription(
                ticket_id=ticket.id, endpoint="https://x", p256dh="", auth="", created_at=now
            )
        )
        forget_phones(session, post.clerk.clock.forward(days=399))
        assert session.scalar(phones) == 1
        forget_phones(session, post.clerk.clock.forward(days=2))
        assert session.scalar(phones) == 0


def test_a_message_is_sealed_as_in_the_specifications_example() -> None:
    # RFC 8291, section 5 and appendix A.
    sealed = webpush.encrypted(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        salt=webpush.from_text("DGv6ra1nlYgDCS1FRnbzlw"),
        once=ec.derive_private_key(
            int.from_bytes(webpush.from_text("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")),
            ec.SECP256R1(),
        ),
    )
    assert webpush.to_text(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6"
        "TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulc"
        "y4a-fN"
    )


def test_the_installations_key_is_its_own_and_stays() -> None:
    one, same, other = (Settings(secret_key=key) for key in ("a" * 40, "a" * 40, "b" * 40))
    assert push_key(one) == push_key(same) != push_key(other)
    assert len(webpush.from_text(push_key(one))) == 65


def test_what_is_too_long_is_no_message() -> None:
    phone = Phone()
    with pytest.raises(ValueError):
        webpush.encrypted(b"x" * 3001, phone.keys["p256dh"], phone.keys["auth"])
