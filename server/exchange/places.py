"""What is asked of an office again and again while rows are decided, each thing looked up once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.dossiers.agencies import agency_of
from server.dossiers.calendar import Calendar, Day, calendar_for
from server.dossiers.daysoff import calendar_rows, hours_of
from server.dossiers.models import Agency
from server.offices.models import Office, Procedure
from server.offices.procedures import terms_on, versions
from server.people.access import Asker, covers


class Catalogue:
    """Procedures with all their terms, for the length of one import."""

    def __init__(self) -> None:
        self._versions: dict[str, list[Procedure]] = {}

    def of(self, session: Session, code: str) -> list[Procedure]:
        """All terms of a procedure."""
        if code not in self._versions:
            self._versions[code] = versions(session, code)
        return self._versions[code]


class Calendars:
    """An office's calendars. Which rows hold changes on few days, so that few are made."""

    def __init__(self, rows: Sequence[Day], slugs: Sequence[str]) -> None:
        self._rows, self._slugs = rows, slugs
        begins = {row.valid_from for row in rows if row.valid_from}
        ends = {row.valid_to + timedelta(days=1) for row in rows if row.valid_to}
        self._changes = sorted(begins | ends)
        self._made: dict[int, Calendar] = {}

    def at(self, on: date) -> Calendar:
        """The calendar that holds for dossiers received on a day."""
        span = bisect_right(self._changes, on)
        if span not in self._made:
            self._made[span] = calendar_for(self._rows, self._slugs, on)
        return self._made[span]


class OfficePlace:
    """An office as :class:`server.exchange.deciding.Place` wants it.

    Its session changes with every batch; what it has found stays.
    """

    def __init__(self, session: Session, office: Office, catalogue: Catalogue) -> None:
        self.session = session
        self.id, self.slug = office.id, office.slug
        self.zone = ZoneInfo(office.timezone)
        self.hours = hours_of(office.hours)
        self._office = office
        self._catalogue = catalogue
        self._calendars = Calendars(*calendar_rows(session, office))
        self._agencies: dict[tuple[str, date], Agency] = {}

    def calendar(self, on: date) -> Calendar:
        """The calendar that holds for dossiers received on a day."""
        return self._calendars.at(on)

    def procedure(self, code: str, on: date) -> Procedure | None:
        """The terms of a procedure that hold on a day."""
        return terms_on(self._catalogue.of(self.session, code), on)

    def agency(self, code: str, on: date) -> Agency:
        """The agency that serves the office on a day.

        Raises:
            NotFound: there is none.
        """
        if (code, on) not in self._agencies:
            self._agencies[code, on] = agency_of(self.session, self._office, code, on)
        return self._agencies[code, on]


def place_of(session: Session, slug: str, catalogue: Catalogue, sender: Asker) -> OfficePlace | str:
    """The office that rows name, or why they may not go in: an English message id."""
    office = session.scalar(select(Office).where(Office.slug == slug))
    if office is None:
        return "There is no such office."
    if not covers(session, sender, office):
        return "This sign-in may not do that here."
    return OfficePlace(session, office, catalogue)
