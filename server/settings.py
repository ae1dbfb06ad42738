"""Every setting of an installation, in one class.

Values come from the environment (``MOTCUA_*``) or from ``motcua.env`` in the data folder; the
environment wins. Nothing else in the product reads the environment.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a technician may set. Field names are the ``MOTCUA_`` variables in lower case."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", extra="ignore")

    data: Path = Field(
        default=Path("var"), description="Folder of the database, the slips and the secret key."
    )
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of PostgreSQL; without it, SQLite in the data folder.",
    )
    redis_url: str | None = Field(
        default=None, description="Redis that joins several server processes into one."
    )
    public_url: str | None = Field(
        default=None,
        description="The address phones use, as in the QR code; without it the address the "
        "server listens on.",
    )
    secret_key: str | None = Field(
        default=None,
        description="Signs the session cookies, the same in all processes of an installation; "
        "made and kept in the data folder at first start.",
    )
    max_connections: int = Field(
        default=10_000, ge=64, description="Open connections one process accepts, live and HTTP."
    )
    trusted_proxies: int = Field(
        default=0, ge=0, description="How many reverse proxies in front may set X-Forwarded-*."
    )
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description="`text` for people, `json` for tools."
    )
    smtp_url: str | None = Field(
        default=None,
        description="Mail server for notices: `smtp://USER:PASSWORD@HOST:587?from=ADDRESS` (TLS "
        "where the server offers it), `smtps://…`, or `log:` to try it out; see "
        "[notices](notices.md).",
    )
    message_url: str | None = Field(
        default=None,
        description="The office's gateway for SMS or Zalo, which gets a signed POST for each "
        "message: `https://…`, `http://…` in the hall's own network, or `log:`.",
    )
    message_secret: str | None = Field(
        default=None, description="Signs what the gateway gets: `whsec_` and base64."
    )
    push_services: str = Field(
        default="fcm.googleapis.com *.push.services.mozilla.com *.push.apple.com "
        "*.notify.windows.com",
        description="Push services that phones' notices are handed to, and no others.",
    )
    async_mode: str = Field(
        default="threading",
        pattern="^(threading|eventlet)$",
        description="Engine of Socket.IO; `motcua serve` sets eventlet, tests run in threads.",
    )
    demo: bool = Field(
        default=False, description="The sample hall with its sample sign-ins; says so on all pages."
    )

    @property
    def sqlalchemy_url(self) -> str:
        """The URL SQLAlchemy gets: SQLite in the data folder, or PostgreSQL through psycopg2.

        psycopg2 is named because SQLAlchemy 2.1 would pick psycopg 3, which blocks the whole
        eventlet hub while it waits (measured: 2.0 s frozen during ``pg_sleep(2)``).
        """
        if not self.database_url:
            return f"sqlite:///{self.data.resolve() / 'motcua.db'}"
        scheme, separator, rest = self.database_url.partition("://")
        if separator and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
            return f"postgresql+psycopg2://{rest}"
        return self.database_url


def load_settings(data: Path | None = None, **overrides: object) -> Settings:
    """Read the settings for the data folder ``data`` (default: ``MOTCUA_DATA``, else ``./var``).

    Creates the folder and, at the first start, the secret key in it (readable by its owner only).
    """
    # Whole, because other parts would take a relative one to begin in a folder of their own.
    folder = (data or Path(os.environ.get("MOTCUA_DATA") or "var")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, object] = {"data": folder, **overrides}
    settings = Settings(_env_file=folder / "motcua.env", **values)  # type: ignore[arg-type]
    if settings.secret_key is None:
        settings.secret_key = _kept_secret(folder / "secret.key")
    return settings


def _kept_secret(path: Path) -> str:
    """The key in ``path``; made when missing, by exactly one of several starting processes."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(draft, path)  # atomic, and refuses to replace a key another process just made
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            if not path.exists():
                draft.replace(path)
        draft.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()
