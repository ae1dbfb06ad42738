"""Whether something is still as it was shown: a digest that travels with a form and comes back.

Two people may have the same page open; the second to save is told what the first has changed.
"""

from __future__ import annotations

import hashlib
import hmac
import json

from server.errors import ChangedMeanwhile


def digest(state: object) -> str:
    """A short text that changes with ``state``, which is plain data."""
    text = json.dumps(state, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def require_unchanged(seen: str, state: object) -> None:
    """Make sure that ``state`` is what ``seen`` is the digest of.

    Raises:
        ChangedMeanwhile: it is not.
    """
    if not hmac.compare_digest(seen.encode(), digest(state).encode()):
        raise ChangedMeanwhile
