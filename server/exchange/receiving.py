"""A file arrives: it is kept in the data folder until it has been read in, and known by its digest.

Sent again, the same file is the same message, unless rows of it were refused: then it is tried
anew, because the catalogue may have been mended meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Refused, marked
from server.exchange.models import DONE, FAILED, RECEIVED, REFUSED, ExchangeBatch, ExchangeMessage
from server.exchange.reading import MAX_BYTES, MAX_ROWS, check_beginning
from server.people.access import Asker

CHUNK = 64 * 1024
DRAINED = 4
"""So many times the limit is read on and thrown away, so that the sender gets to read why."""

LONGEST = 80


class TooLarge(Refused):
    """The file has too many bytes or lines."""

    status = 413
    kind = "http-413"
    title = marked("Too large")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that has come in whole, in a place of its own until it is a message's."""

    path: Path
    bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Letter:
    """How a file is meant and who sent it."""

    form: str
    """``csv`` or ``jsonl``."""
    sender: Asker
    source: str = ""
    reference: str = ""
    all_or_nothing: bool = False


def spool_of(folder: Path, message: int) -> Path:
    """Where the file of a message lies in the data folder until it has been read in."""
    return folder / "exchange" / f"{message}.rows"


@contextmanager
def spooled(stream: BinaryIO, folder: Path) -> Iterator[Incoming]:
    """Take a file in, piece by piece; what nobody has taken over by the end is deleted.

    Raises:
        TooLarge: it has more than :data:`MAX_BYTES` or :data:`MAX_ROWS` lines.
        FileRefused: it cannot be text in UTF-8.
    """
    place = folder / "exchange"
    place.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="incoming-", dir=place)  # readable by us alone
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digest, size = _copy(stream, file)
            file.flush()
            os.fsync(file.fileno())
        yield Incoming(path, size, digest)
    finally:
        path.unlink(missing_ok=True)


def _copy(stream: BinaryIO, file: BinaryIO) -> tuple[str, int]:
    digest, size, lines = hashlib.sha256(), 0, 0
    while chunk := stream.read(CHUNK):
        if size == 0:
            check_beginning(chunk[:4])
        size += len(chunk)
        lines += chunk.count(b"\n")
        if size > MAX_BYTES or lines > MAX_ROWS + 1:
            _drain(stream)
            raise TooLarge(
                marked(
                    "At most %(megabytes)s MB and %(rows)s rows at once. Please send it in parts."
                ),
                megabytes=MAX_BYTES // 1024 // 1024,
                rows=MAX_ROWS,
            )
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest(), size


def _drain(stream: BinaryIO) -> None:
    left = DRAINED * MAX_BYTES
    with suppress(OSError):
        while left > 0 and (chunk := stream.read(CHUNK)):
            left -= len(chunk)


def receive(
    session: Session, incoming: Incoming, letter: Letter, folder: Path, now: datetime
) -> tuple[ExchangeMessage, bool]:
    """The message that a file is, and whether it has come before."""
    source = (letter.source or letter.sender.actor)[:LONGEST]
    how = f"{letter.form}\n{int(letter.all_or_nothing)}\n{source}\n{letter.sender.office_id}"
    digest = hashlib.sha256(f"{how}\n{incoming.digest}".encode()).hexdigest()
    earlier = _earlier(session, digest)
    message = earlier or ExchangeMessage(
        source=source,
        reference=letter.reference[:LONGEST],
        actor=letter.sender.actor,
        office_id=letter.sender.office_id,
        digest=digest,
        format=letter.form,
        bytes=incoming.bytes,
        all_or_nothing=letter.all_or_nothing,
        state=RECEIVED,
        tries=0,
        received_at=now,
    )
    if message.state == FAILED:
        message.state, message.tries = RECEIVED, 0
    session.add(message)
    session.flush()
    if message.state != DONE:
        incoming.path.replace(spool_of(folder, message.id))
    return message, earlier is not None


def _earlier(session: Session, digest: str) -> ExchangeMessage | None:
    """The message that the same file was before, if it need not be tried anew."""
    last = session.scalar(
        select(ExchangeMessage)
        .where(ExchangeMessage.digest == digest, ExchangeMessage.state != REFUSED)
        .order_by(ExchangeMessage.id.desc())
        .limit(1)
    )
    if last is None or last.state != DONE:
        return last
    refused = session.scalar(
        select(ExchangeBatch.id)
        .where(ExchangeBatch.message_id == last.id, ExchangeBatch.refused > 0)
        .limit(1)
    )
    return None if refused else last
