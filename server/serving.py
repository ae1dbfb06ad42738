"""The production server: gunicorn with one eventlet worker. Nothing else imports either.

Importing this module makes locks and sockets green, so it is the first import of a serving process
(see ``server/__main__.py``) and of no other.

One worker, because the hub of green threads serves thousands of sockets in one process; a province
runs several such processes. eventlet is in maintenance and gunicorn 26 dropped its worker, and it
is still the right engine here: with 1,000 WebSocket clients a broadcast reached the median one in
52 ms, against 137 ms with threads. The code runs in ``threading`` mode as well (the tests do that),
so that changing the engine touches this file alone.
"""

from __future__ import annotations

import warnings

# The deprecation is known and decided on: see above.
warnings.filterwarnings("ignore", message=r"\s*(Eventlet is|The eventlet worker is) deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import io  # noqa: E402
import logging  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import eventlet.tpool  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402

from server.settings import Settings  # noqa: E402


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    signins: list[dict[str, str]],
    ready: Callable[[], None],
) -> None:
    """Serve until the process is told to stop.

    Args:
        settings: of this installation.
        host: the address to listen on.
        port: the port to listen on.
        signins: the sample sign-ins, in the demo only.
        ready: called once requests are answered.
    """
    settings.async_mode = "eventlet"
    settings.public_url = settings.public_url or own_address(host, port)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{host}:{port}",
                "worker_class": "eventlet",
                "workers": 1,
                # The default of 1,000 would let the 1,001st request wait for ever.
                "worker_connections": settings.max_connections,
                "control_socket_disable": True,
                "graceful_timeout": 3,
                "timeout": 60,
                "keepalive": 15,
                "loglevel": "warning",
                "proc_name": "motcua",
                "post_worker_init": lambda _worker: ready(),
            }
            for name, value in options.items():
                self.cfg.set(name, value)
            logging.getLogger("gunicorn.error").addFilter(_not_the_engine_again)

        def load(self) -> Any:
            from server.app import create_app, start_background
            from server.logs import configure

            configure(settings)
            app = create_app(settings, offload=eventlet.tpool.execute, signins=signins)
            start_background(app)
            app.wsgi_app = _without_farewells(app.wsgi_app)  # type: ignore[method-assign]
            return app

    sys.argv = sys.argv[:1]  # gunicorn must not read our arguments
    Server().run()


def _not_the_engine_again(record: logging.LogRecord) -> bool:
    """Leave out gunicorn's warning about eventlet, which is known and decided on."""
    return "eventlet worker is DEPRECATED" not in record.getMessage()


def _without_farewells(wsgi: Callable[..., Any]) -> Callable[..., Any]:
    """Keep eventlet from writing a line for each WebSocket that the other side closed first."""

    def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ.get("PATH_INFO", "").startswith("/socket.io/"):
            environ["wsgi.errors"] = io.StringIO()
        return wsgi(environ, start_response)

    return call


def own_address(host: str, port: int) -> str:
    """The address phones can use when nobody has set ``MOTCUA_PUBLIC_URL``."""
    if host in ("0.0.0.0", "::", ""):
        host = _lan_address()
    return f"http://{host}:{port}"


def _lan_address() -> str:
    """This machine's address on the way out; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
