"""Sending a body to an address over HTTP, and what its answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime

import requests

from server import __version__
from server.errors import marked
from server.notices.notifier import NotSent
from server.notices.outbox import Failure

TIMEOUTS_S = (5, 15)
"""To connect, and for the answer, in seconds; all that are claimed fit into the outbox's lease."""

NEVER = frozenset({400, 413, 422})
"""The receiver has read it and will never take it."""

GONE = frozenset({404, 410})

SAID = 200
"""So many characters of a refusal are kept for the technician."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """POST ``body``; a redirect is not followed, because it could lead anywhere.

    Raises:
        NotSent: any answer but 2xx, or none.
    """
    agent = {"User-Agent": f"motcua/{__version__}"}
    try:
        with requests.post(
            url,
            data=body,
            headers={**agent, **headers},
            timeout=TIMEOUTS_S,
            allow_redirects=False,
            stream=True,  # a refusal's length is the receiver's choice; ours is how much we read
        ) as answer:
            if answer.ok and not answer.is_redirect:
                return
            failure = refusal(answer.status_code, answer.headers)
            said = "" if failure.detail else " ".join(_beginning(answer).split())
            detail = f"HTTP {answer.status_code} {said}".strip()
            raise NotSent(replace(failure, detail=detail))
    except requests.exceptions.SSLError as error:
        problem = marked("The receiver's certificate is not one that we trust.")
        raise NotSent(Failure(problem, type(error).__name__)) from error
    except (requests.RequestException, OSError) as error:
        problem = marked("The receiver does not answer.")
        raise NotSent(Failure(problem, type(error).__name__)) from error
    except ValueError as error:
        problem = marked("The receiver's address is not one.")
        raise NotSent(Failure(problem, str(error))) from error


def refusal(status: int, headers: Mapping[str, str]) -> Failure:
    """What an answer other than 2xx means."""
    if 300 <= status < 400:
        return Failure(marked("The receiver sends us elsewhere, where we do not go."))
    if status in NEVER:
        return Failure(marked("The receiver will not take it."), final=True, everyone=False)
    if status in (401, 403):
        return Failure(marked("The receiver does not let us in."))
    if status in GONE:
        return Failure(marked("There is no such receiver."), gone=True)
    wait = asked_to_wait_s(headers) if status in (429, 503) else 0
    return Failure(marked("The receiver has trouble."), not_before_s=wait)


def asked_to_wait_s(headers: Mapping[str, str]) -> float:
    """``Retry-After`` in seconds; a date is measured against the receiver's own clock."""
    wish = headers.get("Retry-After", "")
    if wish.isascii() and wish.isdigit():
        return float(wish[:9])
    try:
        there = parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (parsedate_to_datetime(wish) - there).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _beginning(answer: requests.Response) -> str:
    try:
        start: bytes = next(answer.iter_content(SAID), b"")
    except requests.RequestException:
        return ""
    return start.decode("utf-8", "replace")
