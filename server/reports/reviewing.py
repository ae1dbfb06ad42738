"""Gathers what a review of a period is made of."""

from __future__ import annotations

from sqlalchemy.orm import Session

from server.offices.models import Office
from server.reports.agencies import agency_report
from server.reports.causes import causes
from server.reports.naming import period_before
from server.reports.processing import processing
from server.reports.review import Known
from server.reports.settlement import Period, settlement


def known_of(session: Session, office: Office, period: Period, *, children: bool = True) -> Known:
    """The figures of an office, and with ``children`` those of the offices below it."""
    before = period_before(period)
    return Known(
        office=office.names["vi"],
        period=period,
        settlement=settlement(session, office, period, children=children),
        processing=processing(session, office, period),
        agencies=agency_report(session, office, period)["agencies"],
        causes=causes(session, [office.id], period),
        before=before,
        settlement_before=settlement(session, office, before),
    )
