"""People and tokens: adding them, and telling whether a password or a token is right."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Invalid
from server.offices.models import Office, Printer
from server.people.access import ROLES, SCOPES
from server.people.models import AccessToken, Person
from server.settings import Settings

SHORTEST_PASSWORD = 8
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_hasher = PasswordHasher()

_NOBODYS_HASH = _hasher.hash(secrets.token_hex(16))
"""Compared with when the name is unknown, so that the answer takes as long as with a known one."""


def add_person(
    session: Session,
    name: str,
    password: str,
    *,
    role: str,
    office: Office | None,
    agency_id: int | None = None,
    display_name: str = "",
    now: datetime,
) -> Person:
    """Add somebody who may sign in, or give an existing person a new password and role.

    Args:
        agency_id: of the agency, which is one of ``office``; for an officer and nobody else.

    Raises:
        Invalid: the name, role or password will not do, or an officer has no agency.
    """
    if not _NAME.fullmatch(name):
        raise Invalid(
            "A sign-in name has small letters, digits, dots, dashes and underscores only."
        )
    if role not in ROLES:
        raise Invalid("The role is one of %(roles)s.", roles=", ".join(ROLES))
    if (role == "officer") != (agency_id is not None):
        raise Invalid("An officer works at an agency, and nobody else does.")
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("A password has at least %(count)s characters.", count=SHORTEST_PASSWORD)
    person = session.scalar(select(Person).where(Person.name == name))
    if person is None:
        person = Person(name=name, created_at=now)
        session.add(person)
    person.role = role
    person.office_id = office.id if office else None
    person.agency_id = agency_id
    person.display_name = display_name or person.display_name or name
    person.password_hash = _hasher.hash(password)
    person.active = True
    session.flush()
    return person


def password_hash_of(session: Session, name: str) -> tuple[int | None, str]:
    """The person's id and password hash; for an unknown name none and a hash nobody matches."""
    person = session.scalar(select(Person).where(Person.name == name.strip().lower()))
    if person is None or not person.active:
        return None, _NOBODYS_HASH
    return person.id, person.password_hash


def password_is(password_hash: str, password: str) -> bool:
    """Whether the password is the one behind the hash; takes some 50 ms on purpose."""
    try:
        return _hasher.verify(password_hash, password)
    except Argon2Error:
        return False


def add_token(
    session: Session,
    name: str,
    *,
    scope: str,
    office: Office | None,
    now: datetime,
    printer: Printer | None = None,
    secret: str | None = None,
) -> str:
    """Add a device or program and return its token, which is kept nowhere in clear.

    Raises:
        Invalid: there is no such scope.
    """
    if scope not in SCOPES:
        raise Invalid("The scope is one of %(scopes)s.", scopes=", ".join(SCOPES))
    token = secret or secrets.token_urlsafe(32)
    session.add(
        AccessToken(
            name=name,
            scope=scope,
            office_id=office.id if office else None,
            printer_id=printer.id if printer else None,
            digest=digest(token),
            created_at=now,
        )
    )
    session.flush()
    return token


def find_token(session: Session, token: str) -> AccessToken | None:
    """The device or program behind a token, unless it was revoked."""
    return session.scalar(
        select(AccessToken).where(
            AccessToken.digest == digest(token), AccessToken.revoked_at.is_(None)
        )
    )


def demo_kiosk_token(settings: Settings, slug: str) -> str:
    """The token with which the demo's kiosk page enrols itself; only this installation knows it."""
    key = (settings.secret_key or "").encode()
    return hmac.new(key, f"demo-kiosk:{slug}".encode(), hashlib.sha256).hexdigest()


def digest(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
