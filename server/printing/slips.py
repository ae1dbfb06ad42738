"""The slip of a ticket, in the citizen's own language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hardware.slips import Slip
from server.errors import marked
from server.offices.models import Names, Office, Printer
from server.queueing.models import Ticket
from server.words import translate

PRIORITY_WORDS = {
    # Message ids; the same words are on the kiosk.
    "elderly": marked("Elderly person"),
    "disability": marked("Person with a disability"),
    "pregnancy": marked("Pregnant woman"),
    "small_child": marked("With a small child"),
    "merit": marked("Person of merit"),
    "appointment": marked("Appointment"),
}


def slip_of(
    ticket: Ticket,
    office: Office,
    *,
    ahead: int,
    url: str,
    now: datetime,
    printer: Printer,
    demo: bool,
) -> Slip:
    """What is printed for ``ticket``.

    Args:
        ticket: the ticket, with its service.
        office: whose hall it is.
        ahead: how many are called before it.
        url: absolute address of the ticket's phone page.
        now: when it is printed.
        printer: for the width of its paper.
        demo: marks the slip as one of the sample hall.
    """
    lang = ticket.language
    local = now.astimezone(ZoneInfo(office.timezone))
    if ahead:
        waiting = translate(lang, "People ahead of you: %(count)s", count=ahead)
    else:
        waiting = translate(lang, "You are next")
    priority = ""
    if ticket.priority in PRIORITY_WORDS:
        priority = translate(
            lang, "Priority: %(reason)s", reason=translate(lang, PRIORITY_WORDS[ticket.priority])
        )
    return Slip(
        number=ticket.number,
        organisation=pick(office.organisation, lang),
        office=pick(office.names, lang),
        service=pick(ticket.service.names, lang),
        priority=priority,
        ahead=waiting,
        printed_at=f"{local:%H:%M} · {local:%d/%m/%Y}",
        url=url,
        qr_caption=translate(lang, "Scan to follow your number and your dossier"),
        missed=translate(
            lang, "If your number has passed, show this slip at the kiosk or to the staff."
        ),
        thanks=translate(lang, "Thank you"),
        language=lang,
        demo=demo,
        paper_mm=printer.paper_mm,
        logo=office.logo or "",
    )


def pick(names: Names, lang: str) -> str:
    """A name in ``lang``, else in Vietnamese, else in whatever there is."""
    return names.get(lang) or names.get("vi") or next(iter(names.values()), "")
