"""What a mail server answers, and what becomes of the mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.notices.mail import Mail
from server.notices.mail import MailServer as At
from server.notices.notifier import NotSent, Parcel
from server.notices.outbox import Failure
from tests.notices.standins import MailServer, mail_server
from tests.product import free_port

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def send(port: int, to: str = "mau@example.vn", user: str = "") -> Failure | None:
    parcel = Parcel("msg_1", "result-ready", to, "Hồ sơ đã có kết quả", "Mời ông/bà đến nhận.")
    at = At.of(f"smtp://{user}127.0.0.1:{port}?from=motcua@example.vn")
    try:
        Mail(at).send(parcel, NOW)
    except NotSent as error:
        return error.failure
    return None


def test_a_mail_in_vietnamese_arrives_as_it_was_written(mails: MailServer) -> None:
    assert send(mails.port) is None
    (mail,) = mails.mails
    assert mail["Subject"] == "Hồ sơ đã có kết quả"
    assert mail.get_content().strip() == "Mời ông/bà đến nhận."
    assert mail["Auto-Submitted"] == "auto-generated"


def test_sent_again_it_has_the_same_id(mails: MailServer) -> None:
    assert send(mails.port) is send(mails.port) is None
    assert [mail["Message-ID"] for mail in mails.mails] == ["<msg_1@example.vn>"] * 2


@pytest.mark.parametrize(
    ("answer", "final", "everyone"),
    [("550 no such user", True, False), ("451 come back later", False, False)],
)
def test_an_address_that_is_refused_concerns_nobody_else(
    mails: MailServer, answer: str, final: bool, everyone: bool
) -> None:
    mails.refused["mau@example.vn"] = answer
    failure = send(mails.port)
    assert failure is not None
    assert (failure.final, failure.everyone, failure.detail) == (final, everyone, answer)


@pytest.mark.parametrize("to", ["mẫu@example.vn", "mau@", "a@b@c", "mau@example.vn>, <x@y.vn"])
def test_what_is_no_address_is_not_even_tried(mails: MailServer, to: str) -> None:
    failure = send(mails.port, to)
    assert failure is not None and failure.final and not failure.everyone
    assert mails.connections == 0


def test_a_server_without_tls_gets_no_password(mails: MailServer) -> None:
    failure = send(mails.port, user="motcua:secret@")
    assert failure is not None and not failure.final
    assert failure.problem == "The mail server offers no TLS, so it gets no password."
    assert mails.mails == []


def test_a_server_that_is_away_concerns_everybody() -> None:
    failure = send(free_port())
    assert failure is not None and failure.everyone and not failure.final
    assert failure.problem == "The mail server does not answer."


def test_a_server_that_does_not_want_us_concerns_everybody() -> None:
    with mail_server(greeting="554 go away") as unkind:
        failure = send(unkind.port)
    assert failure is not None and failure.everyone and not failure.final
    assert failure.detail == "554 go away"


@pytest.mark.parametrize(
    "url",
    ["smtp://", "smtp://host", "host?from=a@b.vn", "smtp://host?from=a", "smtp://host?form=a@b.vn"],
)
def test_an_address_that_lacks_something_is_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError):
        At.of(url)


def test_ports_and_signs_in_a_password_are_understood() -> None:
    at = At.of("smtps://lan%40x:p%2Fw@mail.example.vn?from=motcua@example.vn")
    assert (at.port, at.user, at.password) == (465, "lan@x", "p/w")
