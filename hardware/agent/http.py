"""The desk as the agent reaches it: the server's HTTP API."""

from __future__ import annotations

import time
from typing import Any

import requests

from hardware.agent.desk import Job, NotAccepted, Unreachable
from hardware.printers.interface import Condition, Outcome

TIMEOUT_S = (3.05, 10.0)
"""To connect, and to be answered. A server that is busy answers within a second or two."""

HEARTBEAT_S = 10.0
"""How often the agent says that it is there when there is nothing else to say."""

STRANGER = "what answers there is no Một Cửa server"


class HttpDesk:
    """Speaks to ``/api/v1`` with a device token."""

    def __init__(self, server: str, token: str, *, said: dict[str, Any]) -> None:
        """``said`` is what the agent says of itself in each heartbeat: its version, its printer."""
        self.api = server.rstrip("/") + "/api/v1"
        self._said = said
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self.met = False
        """Whether the server has accepted us once."""
        self._condition: Condition | None = None
        self._told_at = 0.0

    def next_job(self) -> Job | None:
        """Leases the next slip; one whose answer was lost on the way is leased again."""
        answer = self._post("/print-jobs/lease")
        if answer.status_code == 204:
            return None
        job = _content(answer)
        try:
            return Job(job["id"], job["attempt"], job["ref"], job["slip"])
        except KeyError as error:
            raise Unreachable(STRANGER) from error

    def begin(self, job: Job) -> bool:
        """Tells the server before the first byte."""
        return self._report(job, {"state": "processing"})

    def tell(self, job: Job, outcome: Outcome) -> bool:
        """Tells the server what became of it; telling it again does no harm."""
        said = {
            "state": outcome.state,
            "reasons": list(outcome.reasons),
            "detail": outcome.detail[:200],
        }
        return self._report(job, said)

    def tell_condition(self, condition: Condition) -> None:
        """A heartbeat: at once when something has changed, else now and then."""
        now = time.monotonic()
        if condition == self._condition and now - self._told_at < HEARTBEAT_S:
            return
        self._post(
            "/devices/heartbeat",
            {
                "said": self._said,
                "printer": {
                    "reasons": list(condition.reasons),
                    "detail": condition.detail[:200],
                },
            },
        )
        self._condition, self._told_at = condition, now

    def _report(self, job: Job, said: dict[str, Any]) -> bool:
        body = said | {"attempt": job.attempt}
        answer = self._post(f"/print-jobs/{job.id}/outcome", body, gone=(404, 409))
        if answer.ok and _content(answer).get("id") != job.id:
            raise Unreachable(STRANGER)
        return answer.ok

    def _post(
        self, path: str, body: dict[str, Any] | None = None, *, gone: tuple[int, ...] = ()
    ) -> requests.Response:
        """The answer: a good one, or one of the refusals in ``gone``.

        Raises ``Unreachable`` for a server that does not answer or is not well, ``NotAccepted``
        for one that refuses us.
        """
        try:
            answer = self._session.post(
                self.api + path, json=body or {}, timeout=TIMEOUT_S, allow_redirects=False
            )
        except requests.RequestException as error:
            raise Unreachable(str(error)) from error
        if answer.status_code in (200, 204, *gone):
            _check_ours(answer)
            self.met = True
            return answer
        if answer.status_code in (401, 403):
            raise NotAccepted(_why(answer))
        raise Unreachable(f"{path}: {answer.status_code} {_why(answer)}")


def _check_ours(answer: requests.Response) -> None:
    """Raises ``Unreachable`` for the page of a proxy, or of a network that wants a sign-in.

    Taken for the server's word, it would have a slip printed that the server believes unbegun and
    gives out again, or an outcome forgotten that the server never heard.
    """
    if answer.status_code == 200:
        _content(answer)
    elif answer.status_code != 204:
        kind = answer.headers.get("Content-Type", "")
        if not kind.startswith("application/problem+json"):
            raise Unreachable(STRANGER)


def _content(answer: requests.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError as error:
        raise Unreachable(STRANGER) from error
    if not isinstance(content, dict):
        raise Unreachable(STRANGER)
    return content


def _why(answer: requests.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason or ""
