"""The register (*sổ theo dõi hồ sơ*): a line for each dossier that was accepted.

A book is a year of one office. A dossier's serial number in it is its turn among the acceptances
that were written down for that year. Steps are only ever added, so a number that stands on a
receipt stays the same, whatever is corrected later; a line may come to lie in another period than
its book when the time of an acceptance is corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, TextClause, func, select, text
from sqlalchemy.orm import Session, aliased

from server.dossiers.daysoff import local
from server.dossiers.models import (
    ENTERED,
    Agency,
    Applicant,
    Dossier,
    DossierPart,
    DossierStep,
)
from server.dossiers.steps import PAUSING, STATUSES
from server.offices.models import Office

COLUMNS: dict[str, str] = {
    "serial": "Số thứ tự",
    "code": "Mã hồ sơ",
    "procedure": "Tên thủ tục hành chính",
    "sets": "Số lượng hồ sơ (bộ)",
    "applicant": "Tên cá nhân, tổ chức",
    "address": "Địa chỉ, số điện thoại",
    "agency": "Cơ quan chủ trì giải quyết",
    "received_on": "Nhận hồ sơ",
    "due_on": "Hẹn trả kết quả",
    "result_on": "Có kết quả",
    "collected_on": "Trả kết quả",
    "method": "Phương thức nhận kết quả",
    "signature": "Ký nhận",
    "remark": "Ghi chú",
}
"""The columns in their order, with what the circulars call them."""

BY_POST = 3
"""The channel *bưu chính công ích*."""


class Entry(NamedTuple):
    """Where a dossier stands in the register."""

    book: int
    """The year of the book (*quyển số*)."""
    serial: int
    """From 1 in each book (*số thứ tự*)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register; its fields are named as :data:`COLUMNS` has them."""

    book: int
    serial: int
    code: str
    procedure: str
    sets: int
    applicant: str
    address: str
    """With the phone number."""
    agency: str
    """Who is in charge: the first agency of an interlinked dossier, else the office itself."""
    received_on: date
    due_on: date | None
    """As it is reckoned now, pauses included; an apology is a remark."""
    result_on: date | None
    collected_on: date | None
    method: str
    """How the result is received; empty where nobody can know yet."""
    signature: str
    """Who collected it; empty for a line that is still to be signed."""
    remark: str

    def cells(self) -> list[Any]:
        """The values in the order of :data:`COLUMNS`: text, numbers, dates and none."""
        return [getattr(self, name) for name in COLUMNS]


class _Happened(NamedTuple):
    kind: str
    on: date


def register(session: Session, office: Office, begin: date, end: date) -> list[Line]:
    """The lines of the dossiers that an office accepted from ``begin`` to ``end``, both included.

    Sorted by book and serial. Steps that were taken back are not seen, corrected times are.
    """
    accept = aliased(DossierStep)
    wanted = _accepted(office.id, begin, end, accept)
    rows = session.execute(
        wanted.with_only_columns(
            Dossier.id,
            Dossier.code,
            Dossier.procedure_names,
            Dossier.sets,
            Dossier.channel,
            Dossier.status,
            Dossier.due_at,
            accept.on_day,
        ).join(Dossier, Dossier.id == accept.dossier_id)
    ).all()
    which = wanted.with_only_columns(accept.dossier_id)
    entries = _entries(session, office.id, which)
    people = _people(session, which)
    agencies = _agencies(session, which)
    happened = _happened(session, which, office)
    lines = []
    for row in rows:
        steps = {one.kind: one.on for one in happened.get(row.id, ())}
        applicant = people.get((row.id, "applicant"), ("", "", ""))
        collector = people.get((row.id, "collector"), applicant)
        collected_on = steps.get("return")
        lines.append(
            Line(
                *entries[row.id],
                code=row.code,
                procedure=row.procedure_names["vi"],
                sets=row.sets,
                applicant=applicant[0],
                address=", ".join(part for part in applicant[1:] if part),
                agency=agencies.get(row.id) or office.names["vi"],
                received_on=date.fromisoformat(row.on_day),
                due_on=_day(row.due_at, office),
                result_on=steps.get("finish"),
                collected_on=collected_on,
                method=_method(row.channel, collected_on),
                signature=collector[0] if collected_on else "",
                remark=_remark(row.status, happened.get(row.id, ())),
            )
        )
    return sorted(lines, key=lambda line: (line.book, line.serial))


def count_lines(session: Session, office: Office, begin: date, end: date) -> int:
    """How many lines :func:`register` would give."""
    accept = aliased(DossierStep)
    lines = _accepted(office.id, begin, end, accept).with_only_columns(accept.dossier_id)
    return session.scalar(select(func.count()).select_from(lines.subquery())) or 0


def entry_of(session: Session, dossier: Dossier) -> Entry | None:
    """Where a dossier stands in the register; none when it was never accepted."""
    written = session.execute(
        select(DossierStep.id, DossierStep.received_on)
        .where(DossierStep.dossier_id == dossier.id, text(ENTERED))
        .order_by(DossierStep.id)
    ).all()
    if not written:
        return None
    book = _year(written[-1].received_on)
    first = next(row.id for row in written if _year(row.received_on) == book)
    before = select(func.count(DossierStep.dossier_id.distinct())).where(
        *_in_book(dossier.office_id, book), DossierStep.id <= first
    )
    return Entry(book, session.scalar(before) or 0)


def _accepted(office_id: int, begin: date, end: date, accept: Any) -> Select[Any]:
    """The acceptances in force of a period."""
    return select(accept).where(
        accept.office_id == office_id,
        accept.received_on >= begin.isoformat(),
        accept.received_on <= end.isoformat(),
        accept.kind == "accept",
        _in_force(accept),
    )


def _in_force(step: Any) -> ColumnElement[bool]:
    correction = aliased(DossierStep)
    return ~select(correction.id).where(correction.corrects_id == step.id).exists()


def _entries(session: Session, office_id: int, which: Select[Any]) -> dict[int, Entry]:
    """The places of the dossiers ``which``; see :func:`entry_of`, which says the same of one."""
    written = session.execute(
        select(DossierStep.dossier_id, func.max(DossierStep.received_on))
        .where(DossierStep.dossier_id.in_(which), text(ENTERED))
        .group_by(DossierStep.dossier_id)
    ).all()
    books = {dossier_id: _year(received_on) for dossier_id, received_on in written}
    turns = {book: _turns(session, office_id, book) for book in set(books.values())}
    return {dossier_id: Entry(book, turns[book][dossier_id]) for dossier_id, book in books.items()}


def _turns(session: Session, office_id: int, book: int) -> dict[int, int]:
    """The serial of every dossier of a book, by the row that first accepted it in that year."""
    rows = session.execute(
        select(DossierStep.dossier_id)
        .where(*_in_book(office_id, book))
        .group_by(DossierStep.dossier_id)
        .order_by(func.min(DossierStep.id))
    )
    return {dossier_id: turn for turn, (dossier_id,) in enumerate(rows, start=1)}


def _in_book(office_id: int, book: int) -> list[ColumnElement[bool] | TextClause]:
    return [
        DossierStep.office_id == office_id,
        DossierStep.received_on >= f"{book}-01-01",
        DossierStep.received_on <= f"{book}-12-31",
        text(ENTERED),
    ]


def _year(day: str | None) -> int:
    return int(str(day)[:4])


def _people(session: Session, which: Select[Any]) -> dict[tuple[int, str], tuple[str, str, str]]:
    """Name, address and phone by dossier and role; of several collectors, the last."""
    rows = session.execute(
        select(
            Applicant.dossier_id,
            Applicant.role,
            Applicant.name,
            Applicant.address,
            Applicant.phone,
        )
        .where(Applicant.dossier_id.in_(which))
        .order_by(Applicant.id)
    )
    return {(row.dossier_id, row.role): (row.name, row.address, row.phone) for row in rows}


def _agencies(session: Session, which: Select[Any]) -> dict[int, str]:
    """The Vietnamese name of the first agency of each interlinked dossier."""
    rows = session.execute(
        select(DossierPart.dossier_id, Agency.names)
        .join(Agency, Agency.id == DossierPart.agency_id)
        .where(DossierPart.dossier_id.in_(which))
        .order_by(DossierPart.position.desc(), DossierPart.id.desc())
    )
    return {dossier_id: names["vi"] for dossier_id, names in rows}


def _happened(
    session: Session, which: Select[Any], office: Office
) -> Mapping[int, list[_Happened]]:
    """The steps in force that a line speaks of, in their order; of an apology, the new date."""
    step = aliased(DossierStep)
    rows = session.execute(
        select(step.dossier_id, step.kind, step.on_day, step.promised_at)
        .where(
            step.dossier_id.in_(which),
            step.kind.in_(("apologise", "finish", "withdraw", "return")),
            _in_force(step),
        )
        .order_by(step.seq, step.id)
    )
    found: dict[int, list[_Happened]] = {}
    for row in rows:
        on = _day(row.promised_at, office) if row.kind == "apologise" else None
        happened = _Happened(row.kind, on or date.fromisoformat(row.on_day))
        found.setdefault(row.dossier_id, []).append(happened)
    return found


def _method(channel: int, collected_on: date | None) -> str:
    if channel == BY_POST:
        return "Bưu chính công ích"
    # Who sent it online has not said yet how the result is to be had.
    return "Trực tiếp" if channel == 1 or collected_on else ""


def _remark(status: int, steps: Iterable[_Happened]) -> str:
    remarks = [STATUSES[status]["vi"]] if status in PAUSING else []
    for kind, on in steps:
        if kind == "apologise":
            remarks.append(f"Hẹn lại ngày {on:%d/%m/%Y}")
        if kind == "withdraw":
            remarks.append(f"Rút hồ sơ ngày {on:%d/%m/%Y}")
    return "; ".join(remarks)


def _day(moment: datetime | None, office: Office) -> date | None:
    return local(moment, office.timezone).date() if moment else None
