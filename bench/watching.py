"""Boards and phones that watch a hall over Socket.IO, in a process of their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import Event
from typing import Any

import socketio

NAMESPACE = "/live"


@contextmanager
def watched(url: str, watches: list[dict[str, Any]]) -> Iterator[None]:
    """One connection for each payload of ``watch`` in ``watches``; all must have been pushed to.

    Raises ``RuntimeError`` when one does not connect, or was never told anything.
    """
    context = multiprocessing.get_context("spawn")
    ready, over = context.Event(), context.Event()
    process = context.Process(target=_watch, args=(url, watches, ready, over), daemon=True)
    process.start()
    try:
        if not ready.wait(60):
            raise RuntimeError("the boards and phones do not connect")
        yield
    finally:
        over.set()
        process.join(30)
    if process.exitcode != 0:
        raise RuntimeError("a board or a phone was told nothing")


def _watch(url: str, watches: list[dict[str, Any]], ready: Event, over: Event) -> None:
    told = [0] * len(watches)
    clients = [_client(url, watch, told, index) for index, watch in enumerate(watches)]
    ready.set()
    over.wait()
    for client in clients:
        with suppress(Exception):
            client.disconnect()
    raise SystemExit(0 if all(count > 1 for count in told) else 1)


def _client(url: str, watch: dict[str, Any], told: list[int], index: int) -> socketio.Client:
    client = socketio.Client(handle_sigint=False)

    def hear(*_: Any) -> None:
        told[index] += 1

    client.on("state", hear, namespace=NAMESPACE)
    client.on("queue", hear, namespace=NAMESPACE)
    client.connect(url, namespaces=[NAMESPACE], transports=["websocket"])
    client.emit("watch", watch, namespace=NAMESPACE)
    return client
