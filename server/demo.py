"""The sample hall of ``motcua demo``: its data, its sign-ins and the table of its screens."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Database
from server.dossiers.agencies import set_agency
from server.dossiers.numbering import pattern_of, set_pattern
from server.offices import hallfile, sample
from server.offices.models import Counter, Office
from server.offices.procedures import load_procedures
from server.offices.sample import SamplePerson
from server.people.accounts import (
    add_person,
    add_token,
    demo_kiosk_token,
    find_token,
    password_hash_of,
)
from server.settings import Settings
from server.web import office_or_404

DOSSIER_CODES = "H33.14"
"""The sample office's identifier in dossier codes; H33 is Kiên Giang."""

AGENCIES = {
    "tnmt": {"vi": "Phòng Tài nguyên và Môi trường", "en": "Natural resources and environment"},
    "thue": {"vi": "Chi cục Thuế", "en": "Tax office"},
}
"""The sample hall's agencies, to which interlinked dossiers go."""

OFFICER = SamplePerson("officer1", "officer", "Trần Thị Phượng")
"""Works at the first of the agencies."""

PASSWORD = "motcua-demo"
"""Of every sample sign-in. It exists only here, and the demo listens on this machine only."""


def load(session: Session, settings: Settings, now: datetime) -> list[dict[str, str]]:
    """Load the sample hall and its people; twice changes nothing. Returns the sign-ins."""
    hallfile.load(session, sample.hall_text(always_open=True), file=sample.HALL_FILE, now=now)
    load_procedures(session, sample.procedures_text(), file=sample.PROCEDURES_FILE)
    office = office_or_404(session, sample.SLUG)
    if pattern_of(session, office, now.date()) is None:
        set_pattern(session, office, DOSSIER_CODES, now=now, actor="demo")
    agencies = [
        set_agency(session, office, code, names, now=now, actor="demo")
        for code, names in AGENCIES.items()
    ]
    session.flush()
    signins = []
    for person in (*sample.PEOPLE, OFFICER):
        if password_hash_of(session, person.name)[0] is None:
            add_person(
                session,
                person.name,
                PASSWORD,
                role=person.role,
                office=office,
                agency_id=agencies[0].id if person is OFFICER else None,
                display_name=person.display_name,
                now=now,
            )
        signins.append(
            {
                "name": person.name,
                "password": PASSWORD,
                "role": person.role,
                "display_name": person.display_name,
            }
        )
    secret = demo_kiosk_token(settings, office.slug)
    if find_token(session, secret) is None:
        add_token(session, "demo", scope="kiosk", office=office, now=now, secret=secret)
    return signins


def screens(database: Database, address: str, signins: list[dict[str, str]], folder: Path) -> str:
    """The table of screens and sign-ins that is printed once the server answers."""
    lines = ["", f"Một Cửa is ready: {address}", ""]
    with database.read() as session:
        offices = session.scalars(
            select(Office).where(Office.id.in_(select(Counter.office_id))).order_by(Office.slug)
        ).all()
        for office in offices:
            lines += [
                f"  kiosk    {address}/kiosk/{office.slug}",
                f"  board    {address}/display/{office.slug}",
            ]
    if offices:
        lines += [f"  counter  {address}/counter/", f"  agency   {address}/agency/"]
    else:
        lines.append(f"  There is no hall yet: motcua hall load FILE.toml --data {folder}")
    if signins:
        lines += ["", "  sample sign-ins (demo only)"]
        lines += [f"    {s['role']:<8} {s['name']:<8} {s['password']}" for s in signins]
    lines += ["", "  Stop with Ctrl-C.", ""]
    return "\n".join(lines)
