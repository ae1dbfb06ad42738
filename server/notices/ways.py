"""The ways of telling somebody, by channel and by the scheme of the address that is set for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from server.errors import Invalid, marked
from server.notices import webpush
from server.notices.backoff import GIVE_UP_AFTER
from server.notices.mail import Mail, MailServer
from server.notices.notifier import Notifier, NotSent, Parcel
from server.notices.outbox import Failure
from server.notices.posting import post
from server.notices.signing import key_of, signed
from server.settings import Settings

CHANNELS = ("email", "message", "push")
"""How a citizen can be told; ``message`` is what the office's gateway makes of it: SMS or Zalo."""

SHORT = ("message",)
"""Channels on which a subject line would only cost."""

log = structlog.get_logger("motcua.notices")


class Log:
    """Says in the server's log that somebody would have been told; for a hall that tries it out."""

    def send(self, parcel: Parcel, now: datetime) -> None:
        """Write a line, without address and words."""
        log.info("notice", kind=parcel.kind, dossier=parcel.code, ref=parcel.ref)


class Gateway:
    """Hands messages to a gateway for SMS or Zalo as JSON, signed."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret

    def send(self, parcel: Parcel, now: datetime) -> None:
        """POST one message. See :class:`server.notices.notifier.Notifier`."""
        said = {
            "to": parcel.to,
            "text": parcel.text,
            "dossier": parcel.code,
            "kind": parcel.kind,
            "language": parcel.language,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        post_signed(self.url, self.secret, parcel.ref, body, now)


class Program:
    """Hands events to another program; their body was written when they happened."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret

    def send(self, parcel: Parcel, now: datetime) -> None:
        """POST one event. See :class:`server.notices.notifier.Notifier`."""
        post_signed(self.url, self.secret, parcel.ref, parcel.text.encode(), now)


class Push:
    """Hands messages for browsers to their push services."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str, services: list[str]) -> None:
        self.key = key
        self.contact = contact
        self.services = services

    def send(self, parcel: Parcel, now: datetime) -> None:
        """POST one encrypted message. See :class:`server.notices.notifier.Notifier`."""
        if not takes_push(parcel.to, self.services):
            problem = marked("This push service is not one that we send to.")
            raise NotSent(Failure(problem, final=True, everyone=False))
        shown = {
            "title": parcel.subject,
            "body": parcel.text,
            "url": parcel.link,
            "tag": parcel.code,
            "language": parcel.language,
        }
        plain = json.dumps(shown, ensure_ascii=False).encode()
        try:
            post(
                parcel.to,
                webpush.encrypted(plain, *parcel.keys),
                {
                    "Authorization": webpush.authorization(parcel.to, self.key, self.contact, now),
                    "Content-Encoding": "aes128gcm",
                    "Content-Type": "application/octet-stream",
                    "TTL": str(int(GIVE_UP_AFTER.total_seconds())),
                    "Urgency": "normal",
                },
            )
        except NotSent as error:
            # Each phone has a service of its own: one that fails says nothing about the others.
            failure = error.failure
            final = failure.final or failure.gone
            raise NotSent(replace(failure, final=final, everyone=False)) from error


def post_signed(url: str, secret: str, ref: str, body: bytes, now: datetime) -> None:
    """POST JSON with the headers of :func:`server.notices.signing.signed`.

    Raises:
        NotSent: it was not taken.
    """
    post(url, body, {"Content-Type": "application/json", **signed(secret, ref, now, body)})


def takes_push(endpoint: str, services: list[str]) -> bool:
    """Whether a browser's address lies at one of ``services``; no other is ever called.

    Whoever holds a ticket gives us this address, so it must not lead into the hall's own network.
    """
    parts = urlsplit(endpoint)
    for service in services:
        if "://" in service:
            if f"{parts.scheme}://{parts.netloc}" == service:
                return True
        elif parts.scheme == "https" and parts.port in (None, 443) and "@" not in parts.netloc:
            host = parts.hostname or ""
            if host == service or (service.startswith("*.") and host.endswith(service[1:])):
                return True
    return False


def _gateway(url: str, settings: Settings) -> Notifier:
    if not settings.message_secret:
        raise ValueError("MOTCUA_MESSAGE_URL needs MOTCUA_MESSAGE_SECRET")
    try:
        key_of(settings.message_secret)
    except Invalid as error:
        raise ValueError(f"MOTCUA_MESSAGE_SECRET: {error}") from None
    return Gateway(url, settings.message_secret)


Maker = Callable[[str, Settings], Notifier]

WAYS: dict[str, dict[str, Maker]] = {
    # channel: {scheme of its address: what is made of it}
    "email": {
        "smtp": lambda url, _settings: Mail(MailServer.of(url)),
        "smtps": lambda url, _settings: Mail(MailServer.of(url)),
        "log": lambda _url, _settings: Log(),
    },
    "message": {
        "https": _gateway,
        "http": _gateway,
        "log": lambda _url, _settings: Log(),
    },
}


def address_of(channel: str, settings: Settings) -> str:
    """The address that is set for a channel; empty where there is none."""
    given = {"email": settings.smtp_url, "message": settings.message_url}[channel]
    return given or ("log:" if settings.demo else "")


def offered(settings: Settings) -> list[str]:
    """The channels on which this installation can tell citizens."""
    return [one for one in CHANNELS if one == "push" or address_of(one, settings)]


def open_way(channel: str, settings: Settings) -> Notifier:
    """The notifier of a channel.

    Raises:
        NotSent: none is set up, or not rightly.
    """
    if channel == "push":
        return push_way(settings)
    url = address_of(channel, settings)
    make = WAYS[channel].get(urlsplit(url).scheme)
    if not url or make is None:
        problem = marked("This way of telling people is not set up.")
        raise NotSent(Failure(problem, channel))
    try:
        return make(url, settings)
    except ValueError as error:
        problem = marked("This way of telling people is not set up rightly.")
        raise NotSent(Failure(problem, str(error))) from error


def push_way(settings: Settings) -> Push:
    """The notifier for browsers; a push service writes to the mail's sender when it must."""
    assert settings.secret_key is not None
    try:
        contact = f"mailto:{MailServer.of(settings.smtp_url or '').sender}"
    except ValueError:
        contact = settings.public_url or "https://localhost"
    return Push(webpush.own_key(settings.secret_key), contact, push_services(settings))


def push_key(settings: Settings) -> str:
    """What a browser must know of us before it takes notices (``applicationServerKey``)."""
    assert settings.secret_key is not None
    return webpush.public_text(webpush.own_key(settings.secret_key))


def push_services(settings: Settings) -> list[str]:
    """The push services that are called, as :func:`takes_push` wants them."""
    return settings.push_services.split()
