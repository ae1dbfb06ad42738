"""Web Push: a message that only one browser can read (RFC 8291, 8188), from us alone (RFC 8292).

The key that push services know us by is derived from the installation's secret key, so that all
its processes have the same one, and a restored backup still reaches the phones.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's base point (FIPS 186-4, D.1.2.3)."""

RECORD_SIZE = 4096
LONGEST = 3000
"""Bytes of a message; services refuse more than 4096 when encrypted."""

TOKEN_LASTS = timedelta(hours=12)
"""RFC 8292 allows a day at most."""


def own_key(secret_key: str) -> ec.EllipticCurvePrivateKey:
    """The key of this installation, always the same for the same secret."""
    # 16 bytes more than the order has: what the remainder favours cannot be noticed.
    drawn = _hkdf(b"motcua", secret_key.encode(), b"web push", 48)
    return ec.derive_private_key(int.from_bytes(drawn) % (ORDER - 1) + 1, CURVE)


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """Its public half as a browser wants it (``applicationServerKey``)."""
    return to_text(_point(key.public_key()))


def readable_keys(p256dh: str, auth: str) -> bool:
    """Whether these can be a subscription's keys."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_text(p256dh))
        return len(from_text(auth)) == 16
    except ValueError:
        return False


def encrypted(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes | None = None,
    once: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push message (``aes128gcm``).

    Args:
        plain: the message, at most :data:`LONGEST` bytes.
        p256dh: the browser's public key.
        auth: the secret it shares with us.
        salt: 16 random bytes; given in tests only.
        once: a key pair for this message; given in tests only.

    Raises:
        ValueError: the keys are none, or the message is too long.
    """
    if len(plain) > LONGEST:
        raise ValueError("too long for a push message")
    salt = salt or os.urandom(16)
    once = once or ec.generate_private_key(CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_text(p256dh))
    ours = _point(once.public_key())
    shared = once.exchange(ec.ECDH(), theirs)
    info = b"WebPush: info\0" + _point(theirs) + ours
    material = _hkdf(from_text(auth), shared, info, 32)
    key = _hkdf(salt, material, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, material, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, plain + b"\x02", None)
    return salt + struct.pack("!IB", RECORD_SIZE, len(ours)) + ours + sealed


def authorization(
    endpoint: str, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime
) -> str:
    """The header by which a push service knows who sends, and whom to write to (VAPID)."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + TOKEN_LASTS).timestamp()),
        "sub": contact,
    }
    head = {"typ": "JWT", "alg": "ES256"}
    said = ".".join(to_text(json.dumps(part).encode()) for part in (head, claims))
    r, s = decode_dss_signature(key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    signature = to_text(r.to_bytes(32) + s.to_bytes(32))
    return f"vapid t={said}.{signature}, k={public_text(key)}"


def to_text(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes of base64url. Raises ``ValueError`` for anything else."""
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


def _hkdf(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
