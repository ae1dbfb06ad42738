"""Real servers for the tests: a PostgreSQL and a Redis of their own, on free ports of this machine.

Each starts in a temporary folder and is stopped by the process id that was started, so servers
that run here anyway are left alone.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis

START_S = 60
"""How long a server may take to start, in seconds: the machine may be busy."""


class Missing(Exception):
    """This machine does not have the program."""


@contextmanager
def postgresql() -> Iterator[str]:
    """A private PostgreSQL; its address as an SQLAlchemy URL of the database ``postgres``.

    Raises:
        Missing: PostgreSQL is not installed.
    """
    initdb, server = _program("initdb"), _program("postgres")
    with tempfile.TemporaryDirectory(prefix="motcua-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # PostgreSQL refuses to run as root.
        user = pwd.getpwnam("postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name)
        if os.getuid() == 0:
            os.chown(folder, user.pw_uid, user.pw_gid)
        identity = {"user": user.pw_uid, "group": user.pw_gid} if os.getuid() == 0 else {}
        data = folder / "data"
        subprocess.run(
            [initdb, "-D", data, "-U", "motcua", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **identity,
        )
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "fsync": "off",  # a test's data need not survive the machine
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "shared_buffers": "32MB",
            "max_connections": "120",
            "autovacuum": "off",
            "max_wal_senders": "0",
            "wal_level": "minimal",
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = folder / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [server, "-D", data, *arguments],
                stdout=output,
                stderr=output,
                cwd=folder,
                **identity,
            )
        url = f"postgresql://motcua@127.0.0.1:{port}/postgres"

        def answers() -> bool:
            try:
                psycopg2.connect(url, connect_timeout=2).close()
            except psycopg2.OperationalError:
                return False
            return True

        try:
            _wait_until(answers, process, log)
            yield url.replace("postgresql:", "postgresql+psycopg2:")
        finally:
            # SIGQUIT: at once, without writing anything down.
            process.send_signal(3)
            process.wait(START_S)


@contextmanager
def redis_server() -> Iterator[str]:
    """A private Redis that keeps nothing on disk; its URL.

    Raises:
        Missing: Redis is not installed.
    """
    program = _program("redis-server")
    with tempfile.TemporaryDirectory(prefix="motcua-redis-") as name:
        port = free_port()
        log = Path(name) / "log"
        settings = {"bind": "127.0.0.1", "port": str(port), "save": "", "dir": name}
        arguments = [part for key, value in settings.items() for part in (f"--{key}", value)]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [program, *arguments],
                stdout=output,
                stderr=output,
            )
        url = f"redis://127.0.0.1:{port}/0"

        def answers() -> bool:
            try:
                return bool(redis.Redis.from_url(url, socket_timeout=2).ping())
            except redis.exceptions.ConnectionError:
                return False

        try:
            _wait_until(answers, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(START_S)


def free_port() -> int:
    """A TCP port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program(name: str) -> str:
    """The program of this name, also where Debian hides PostgreSQL's."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    hidden = sorted(versions, key=lambda path: float(path.parent.parent.name))
    found = shutil.which(name) or (str(hidden[-1]) if hidden else None)
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


def _wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)
