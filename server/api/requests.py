"""What several routes read from a request."""

from __future__ import annotations

import hashlib

from flask import request

from server.errors import Invalid
from server.people.access import Asker
from server.printing.taking import Retry

LONGEST_KEY = 200


def retry_of(asker: Asker) -> Retry | None:
    """How this request would be recognised if it were sent again; none without the header.

    Raises:
        Invalid: the ``Idempotency-Key`` is too long.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return None
    if len(key) > LONGEST_KEY:
        raise Invalid("An Idempotency-Key has at most %(count)s characters.", count=LONGEST_KEY)
    content = b"\n".join((request.method.encode(), request.path.encode(), request.get_data()))
    return Retry(asker.identity, key, hashlib.sha256(content).hexdigest())
