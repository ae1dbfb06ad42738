"""Which ways of telling people an installation has, and what is said of one set up wrongly."""

from __future__ import annotations

import pytest

from server.notices.notifier import NotSent
from server.notices.signing import new_secret
from server.notices.ways import offered, open_way
from server.settings import Settings
from tests.notices.conftest import Post


def test_only_what_is_set_up_is_offered_and_the_demo_offers_all() -> None:
    assert offered(Settings()) == ["push"]
    assert offered(Settings(smtp_url="log:")) == ["email", "push"]
    assert offered(Settings(demo=True)) == ["email", "message", "push"]


@pytest.mark.parametrize(
    ("channel", "settings", "said"),
    [
        ("email", {}, "not set up. email"),
        ("email", {"smtp_url": "mail.example.vn"}, "not set up"),
        ("email", {"smtp_url": "smtp://mail.example.vn"}, "needs ?from=ADDRESS"),
        ("message", {"message_url": "https://x.vn"}, "needs MOTCUA_MESSAGE_SECRET"),
        ("message", {"message_url": "https://x.vn", "message_secret": "hunter2"}, "whsec_"),
        ("message", {"message_url": "ftp://x.vn", "message_secret": new_secret()}, "not set up"),
    ],
)
def test_a_way_set_up_wrongly_is_said_in_words(
    channel: str, settings: dict[str, str], said: str
) -> None:
    with pytest.raises(NotSent) as refused:
        open_way(channel, Settings(secret_key="a" * 40, **settings))
    assert said in str(refused.value)
    assert not refused.value.failure.final, "it is tried again once it was mended"


def test_phones_are_told_though_the_mail_server_is_set_up_wrongly() -> None:
    assert open_way("push", Settings(secret_key="a" * 40, smtp_url="smtp://nonsense"))


def test_what_waited_for_a_way_is_sent_once_it_is_there(post: Post) -> None:
    right, post.settings.smtp_url = post.settings.smtp_url, None
    dossier = post.receive("email")
    post.clerk.step(dossier, "finish")
    assert post.look() == [("result-ready", "email", "failed")]
    post.settings.smtp_url = right
    post.clerk.clock.forward(seconds=10)
    assert post.look() == [("result-ready", "email", "sent")]
