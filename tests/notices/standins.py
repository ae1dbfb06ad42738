"""Other programs as notices meet them, over real sockets: a mail server, and anything with HTTP."""

from __future__ import annotations

import base64
import email
import json
import os
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def soon(happens: Callable[[], bool], within_s: float = 20) -> None:
    """Wait for it."""
    deadline = time.monotonic() + within_s
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Its body."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """A program that is told something; answers as it is told to, then with 204."""

    url: str
    requests: list[Got] = field(default_factory=list)
    answers: list[int | tuple[int, dict[str, str]]] = field(default_factory=list)
    always: int = 204

    def ids(self) -> list[str]:
        """The ``webhook-id`` of each request."""
        return [one.headers["webhook-id"] for one in self.requests]


@contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    """A :class:`Receiver` on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            program.requests.append(Got(self.path, headers, self.rfile.read(length)))
            answer = program.answers.pop(0) if program.answers else program.always
            status, more = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    program = Receiver(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield program
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class MailServer:
    """A mail server and what was handed in. ``silent``: it takes connections and says nothing."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """Answers to ``RCPT TO`` by address."""
    silent: bool = False
    connections: int = 0


@contextmanager
def mail_server(
    port: int = 0, *, silent: bool = False, greeting: str = "220 stand-in"
) -> Iterator[MailServer]:
    """A :class:`MailServer` on this machine."""

    class Session(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            office.connections += 1
            if office.silent:
                stopped.wait(60)
                return
            self.say(greeting)
            to: list[str] = []
            while line := self.rfile.readline():
                said = line.decode().strip()
                verb = said[:4].upper()
                if verb == "EHLO":
                    self.say("250-stand-in")
                    self.say("250 8BITMIME")
                elif verb == "RCPT":
                    address = said.partition("<")[2].partition(">")[0]
                    refusal = office.refused.get(address)
                    self.say(refusal or "250 yes")
                    to += [] if refusal else [address]
                elif verb == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline()) != b".\r\n":
                        lines.append(text)
                    message = email.message_from_bytes(b"".join(lines), policy=default)
                    office.mails.append(message)  # type: ignore[arg-type]
                    office.recipients += to
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 yes")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    stopped = threading.Event()
    server = Server(("127.0.0.1", port), Session)
    office = MailServer(server.server_address[1], silent=silent)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield office
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()


class Phone:
    """A browser's side of Web Push: its keys, and how it reads what comes."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        """As ``PushSubscription.toJSON()`` says them."""
        return {"p256dh": _text(_point(self.key.public_key())), "auth": _text(self.auth)}

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt a message as RFC 8188 and 8291 say; anything wrong raises."""
        salt, (size, length) = body[:16], struct.unpack("!IB", body[16:21])
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        info = b"WebPush: info\0" + _point(self.key.public_key()) + theirs
        material = _derive(self.auth, self.key.exchange(ec.ECDH(), sender), info, 32)
        key = _derive(salt, material, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derive(salt, material, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        said: dict[str, Any] = json.loads(plain[:-1])
        return said


def claims(authorization: str) -> dict[str, Any]:
    """What a VAPID header says, once its signature was found right (RFC 8292)."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    said, _, signature = parts["t"].rpartition(".")
    raw = _bytes(signature)
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(parts["k"]))
    try:
        sender.verify(encode_dss_signature(r, s), said.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise AssertionError("the signature is wrong") from None
    head, body = (json.loads(_bytes(part)) for part in said.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    return body | {"k": parts["k"]}


def _derive(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(material)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
