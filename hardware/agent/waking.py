"""Being woken: the server says over Socket.IO that there is a slip. Asking now and then does too.

Nothing here is needed for a slip to be printed; it only comes out sooner.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import socketio

NAMESPACE = "/live"
LONGEST_PAUSE_S = 5


class Waking:
    """A connection to the server's live side, made anew for as long as it takes."""

    def __init__(self, server: str, token: str, wake: threading.Event) -> None:
        self._server, self._token, self._wake = server, token, wake
        self.client = socketio.Client(
            reconnection_delay=0.5,
            reconnection_delay_max=LONGEST_PAUSE_S,
            handle_sigint=False,
        )
        self.client.on("connect", self._watch, namespace=NAMESPACE)
        self.client.on("state", self._told, namespace=NAMESPACE)

    def start(self) -> None:
        """Connect in the background."""
        threading.Thread(target=self._connect, name="waking", daemon=True).start()

    def stop(self) -> None:
        """Let the connection go."""
        with suppress(Exception):
            self.client.shutdown()

    def _connect(self) -> None:
        self.client.connect(
            self._server,
            namespaces=[NAMESPACE],
            transports=["websocket"],
            auth={"token": self._token},
            retry=True,
        )

    def _watch(self) -> None:
        self.client.emit("watch", {"view": "printing"}, namespace=NAMESPACE)
        self._wake.set()  # something may have come while we were away

    def _told(self, _state: Any) -> None:
        self._wake.set()
