"""Forms of dossiers on a counter's slip printer.

A job of this kind keeps which form of which dossier it is, and nothing of the applicant's: what
stands on the slip is read when somebody prints it, so that there is nothing to erase afterwards
(docs/decisions/0006-forms.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hardware.formslips import FormPart, FormSlip, Signature
from hardware.layouts import FORM
from server.dossiers.daysoff import local
from server.dossiers.forms.circulars import KINDS
from server.dossiers.forms.filling import fill
from server.dossiers.forms.paper import MOTTO, Field, Items, Part, Row, Sheet, Words, copy_marks
from server.dossiers.forms.reading import facts_of, masked
from server.dossiers.forms.wording import whole_dates
from server.dossiers.models import Dossier
from server.errors import NotFound, Refused
from server.journal import lock_office
from server.offices.models import Counter
from server.printing.jobs import enqueue, tell
from server.printing.models import PrintJob

ON_SLIPS = tuple(kind for kind in KINDS if kind != "control-sheet")
"""The forms that fit a slip; the control sheet goes with the papers and is a sheet itself."""


def print_form(
    session: Session,
    dossier: Dossier,
    kind: str,
    counter_id: int,
    copies: int,
    *,
    url: str,
    now: datetime,
    actor: str,
    demo: bool = False,
) -> list[PrintJob]:
    """Have a form printed at a counter; a job for each copy, in order.

    Args:
        session: of one ``transaction()``.
        dossier: whose form it is.
        kind: one of :data:`ON_SLIPS`.
        counter_id: where it comes out.
        copies: each says which it is.
        url: what the QR code holds; nothing secret may be in it.
        now: this moment.
        actor: who asks, for the journal.
        demo: marks the slips.

    Raises:
        NotFound: no such form, or no such counter in the dossier's office.
        Refused: the dossier has not come to that step, or the counter has no printer.
    """
    if kind not in ON_SLIPS:
        raise NotFound("There is no such form for a slip printer. Please print it as a sheet.")
    office = lock_office(session, dossier.office_id)
    sheet = fill(facts_of(session, dossier), kind, local(now, office.timezone).date())
    counter = session.get(Counter, counter_id)
    if counter is None or not counter.active or counter.office_id != office.id:
        raise NotFound("There is no such counter.")
    printer = counter.printer
    if printer is None or not printer.active:
        raise Refused(
            "Counter %(number)s has no printer. Please print the form as a sheet.",
            number=counter.number,
        )
    jobs = []
    for mark in copy_marks(kind, copies):
        kept = {
            "layout": FORM,
            "dossier": dossier.id,
            "form": kind,
            "code": dossier.code,
            "title": sheet.title,
            "copy": mark,
            "url": url,
            "demo": demo,
        }
        job = enqueue(session, printer, kept, now)
        tell(session, office, job, now, actor)
        jobs.append(job)
    return jobs


def slip_of_job(session: Session, job: PrintJob, now: datetime) -> dict[str, Any]:
    """What stands on a job's slip, for whoever is about to print it.

    A form that no longer is (its step was taken back meanwhile) comes as it is kept, which nobody
    can draw: the job then fails as ``undrawable`` instead of saying what is not true.
    """
    kept = dict(job.slip)
    if kept.get("layout") != FORM:
        return kept
    dossier = session.get(Dossier, kept["dossier"])
    if dossier is None:
        return {"layout": FORM}
    facts = masked(facts_of(session, dossier))
    try:
        sheet = fill(facts, kept["form"], local(now, dossier.office.timezone).date())
    except Refused:
        return {"layout": FORM}
    return form_slip(sheet, kept, job.printer.paper_mm).to_dict() | {"layout": FORM}


def form_slip(sheet: Sheet, kept: Mapping[str, Any], paper_mm: int) -> FormSlip:
    """A filled-in form as a slip. ``kept`` is what its job has: copy, address, marks."""
    return FormSlip(
        title=sheet.title,
        code=sheet.code,
        mark=sheet.mark,
        copy=kept.get("copy", ""),
        agency=sheet.agency,
        unit=sheet.unit,
        number=sheet.number,
        motto=MOTTO,
        place_and_date=sheet.place_and_date,
        addressee=sheet.addressee,
        parts=tuple(part for one in sheet.parts for part in _parts(one)),
        signatures=tuple(Signature(one.role, one.how, one.name) for one in sheet.signatures),
        notes=sheet.notes,
        url=kept.get("url", ""),
        qr_caption="Quét để tra cứu hồ sơ",
        reprint=bool(kept.get("reprint")),
        demo=bool(kept.get("demo")),
        paper_mm=paper_mm,
    )


def _parts(part: Part) -> list[FormPart]:
    """Without what has no value: on a slip there is no room for empty lines."""
    match part:
        case Field():
            filled = part.value or part.by_hand
            value = whole_dates(part.value)
            one = FormPart(part.label, value, strong=part.strong, by_hand=part.by_hand)
            return [one] if filled else []
        case Row():
            return [one for field in part.fields for one in _parts(field)]
        case Items():
            return [FormPart(part.label, lines=part.lines)] if part.lines else []
        case Words():
            return [FormPart(value=part.text)]
        case _:
            return []
