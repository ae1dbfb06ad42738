"""Signatures on what programs are sent, after `Standard Webhooks <https://www.standardwebhooks.com>`_.

A program that knows the secret can tell that a request comes from this installation, that nobody
has changed it, and that it is not an old one sent again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from server.errors import Invalid

PREFIX = "whsec_"

TOLERANCE_S = 300
"""A signature older or newer than this, in seconds, is not believed."""

KEY_BYTES = (24, 64)
"""How long a secret's key may be, shortest and longest."""


def new_secret() -> str:
    """A fresh secret: ``whsec_`` and the base64 of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def key_of(secret: str) -> bytes:
    """The key inside a secret.

    Raises:
        Invalid: it is not written as Standard Webhooks has it.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not KEY_BYTES[0] <= len(key) <= KEY_BYTES[1]:
        raise Invalid("A secret is whsec_ followed by the base64 of 24 to 64 bytes.")
    return key


def signed(secret: str, ref: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that go with ``body``: id, timestamp in seconds, signature."""
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": ref,
        "webhook-timestamp": stamp,
        "webhook-signature": _signature(key_of(secret), ref, stamp, body),
    }


def verifies(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether the headers of a request prove that it was signed with ``secret`` just now."""
    ref, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        return False
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_S:
        return False
    wanted = _signature(key_of(secret), ref, stamp, body).encode()
    # Several signatures are there while a secret is being changed.
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(wanted, one.encode()) for one in given)


def _signature(key: bytes, ref: str, stamp: str, body: bytes) -> str:
    digest = hmac.new(key, f"{ref}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
