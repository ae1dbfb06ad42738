"""Who may do what: every permission of the product, in this one file.

An :class:`Asker` is whoever sent a request: a person (session cookie), a device or program (token),
or nobody. A role or scope holds in one office and in every office below it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Forbidden, Unauthenticated
from server.offices.models import Office, Service
from server.people.models import AccessToken, Person

ROLES = ("clerk", "manager", "admin", "officer")
SCOPES = ("kiosk", "display", "agent", "counter", "dossiers", "reports", "admin")
DEVICES = ("kiosk", "display", "agent")

PERMISSIONS: dict[str, frozenset[str]] = {
    # permission: the roles and scopes that have it (`role:` people, `scope:` tokens)
    "issue-ticket": frozenset(
        {"role:clerk", "role:manager", "role:admin", "scope:kiosk", "scope:counter", "scope:admin"}
    ),
    "check-in": frozenset(
        {"role:clerk", "role:manager", "role:admin", "scope:kiosk", "scope:counter", "scope:admin"}
    ),
    "scan": frozenset(
        {"role:clerk", "role:manager", "role:admin", "scope:kiosk", "scope:counter", "scope:admin"}
    ),
    # What a citizen card says; others with "scan" only learn whether its age gives priority.
    "read-card": frozenset(
        {"role:clerk", "role:manager", "role:admin", "scope:counter", "scope:admin"}
    ),
    "work-at-counter": frozenset(
        {"role:clerk", "role:manager", "role:admin", "scope:counter", "scope:admin"}
    ),
    "pause-service": frozenset(
        {"role:clerk", "role:manager", "role:admin", "scope:counter", "scope:admin"}
    ),
    "keep-dossiers": frozenset(
        {
            "role:clerk",
            "role:manager",
            "role:admin",
            "scope:counter",
            "scope:dossiers",
            "scope:admin",
        }
    ),
    # What an agency does with its part. An officer does it for one agency only, and nothing else.
    "work-at-agency": frozenset(
        {"role:officer", "role:manager", "role:admin", "scope:dossiers", "scope:admin"}
    ),
    "correct-dossiers": frozenset({"role:manager", "role:admin", "scope:dossiers", "scope:admin"}),
    "exchange-dossiers": frozenset({"role:manager", "role:admin", "scope:dossiers", "scope:admin"}),
    "see-reports": frozenset({"role:manager", "role:admin", "scope:reports", "scope:admin"}),
    # Procedures with their fees and times, and the calendar of days off.
    "edit-catalogue": frozenset({"role:manager", "role:admin", "scope:admin"}),
    # Printers, and all that stands in the hall: whoever is there when the paper runs out.
    "look-after-devices": frozenset({"role:clerk", "role:manager", "role:admin", "scope:admin"}),
    "print-slips": frozenset({"scope:agent"}),
    "send-heartbeat": frozenset({"scope:kiosk", "scope:display", "scope:agent"}),
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever sent this request, as far as permissions go."""

    grant: str = ""
    """``role:clerk``, ``scope:kiosk`` …; empty for nobody."""
    actor: str = "anyone"
    """How the journal names them."""
    office_id: int | None = None
    """Where the grant holds, with every office below; none means everywhere."""
    agency_id: int | None = None
    """The one agency an officer works at; none: the grant is not about one agency."""
    person_id: int | None = None
    token_id: int | None = None
    printer_id: int | None = None
    identity: str = ""
    """Tells apart those who share a name: ``person:3``, ``token:17``."""
    by_cookie: bool = False
    """Signed in by a cookie, which a browser sends on its own: changes need a CSRF token."""


NOBODY = Asker()


def person_asker(person: Person) -> Asker:
    """The asker that a signed-in person is."""
    return Asker(
        grant=f"role:{person.role}",
        actor=f"{person.role}:{person.name}",
        office_id=person.office_id,
        agency_id=person.agency_id,
        person_id=person.id,
        identity=f"person:{person.id}",
        by_cookie=True,
    )


def token_asker(token: AccessToken, *, by_cookie: bool = False) -> Asker:
    """The asker that a device or a program is."""
    return Asker(
        grant=f"scope:{token.scope}",
        actor=f"{token.scope}:{token.name}",
        office_id=token.office_id,
        token_id=token.id,
        printer_id=token.printer_id,
        identity=f"token:{token.id}",
        by_cookie=by_cookie,
    )


def require(session: Session, asker: Asker, permission: str, office: Office) -> None:
    """Make sure ``asker`` has ``permission`` in ``office``.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the role or scope does not have it, or holds in another office.
    """
    require_somebody(asker)
    if not may(session, asker, permission, office):
        raise Forbidden("This sign-in may not do that here.")


def may(session: Session, asker: Asker, permission: str, office: Office) -> bool:
    """Whether ``asker`` has ``permission`` in ``office``."""
    return asker.grant in PERMISSIONS[permission] and covers(session, asker, office)


def may_at_agency(session: Session, asker: Asker, office: Office, agency_id: int) -> bool:
    """Whether ``asker`` may do the work of an agency, which is an agency of ``office``."""
    return may(session, asker, "work-at-agency", office) and asker.agency_id in (None, agency_id)


def may_everywhere(session: Session, asker: Asker, permission: str) -> bool:
    """Whether ``asker`` has ``permission`` in every hall: each office that has services."""
    halls = select(Service.office_id).where(Service.active)
    offices = session.scalars(select(Office).where(Office.id.in_(halls))).all()
    return asker.grant in PERMISSIONS[permission] and all(
        covers(session, asker, office) for office in offices
    )


def require_everywhere(session: Session, asker: Asker, permission: str) -> None:
    """Make sure ``asker`` has ``permission`` in every hall.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the role or scope does not have it, or not in every hall.
    """
    require_grant(asker, permission)
    if not may_everywhere(session, asker, permission):
        raise Forbidden("This holds in every hall, and you look after some of them only.")


def require_grant(asker: Asker, permission: str) -> None:
    """Make sure ``asker`` has ``permission`` wherever its sign-in holds.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the role or scope does not have it.
    """
    require_somebody(asker)
    if asker.grant not in PERMISSIONS[permission]:
        raise Forbidden("This sign-in may not do that here.")


def require_somebody(asker: Asker) -> None:
    """Refuse nobody, before telling whether a thing exists.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    if not asker.grant:
        raise Unauthenticated("Please sign in first.")


def covers(session: Session, asker: Asker, office: Office) -> bool:
    """Whether the asker's grant holds in ``office``: there, or in an office above it."""
    if asker.office_id is None:
        return True
    above: int | None = office.id
    seen: set[int] = set()
    while above is not None and above not in seen:
        if above == asker.office_id:
            return True
        seen.add(above)
        above = session.scalar(select(Office.parent_id).where(Office.id == above))
    return False
